"""Everything that can be read of a record with markings, by every sort of reader, against an oracle of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from random import Random

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from ledger.api.notices import BATCH
from ledger.domain.role import Role
from ledger.services.fan_out import fan_out
from ledger.services.plan_deliveries import nothing
from tests.marked_oracle import Oracle, Sees
from tests.marked_views import READ, Places, canaries_in, ids_in
from tests.marked_world import AGENCIES, MarkedWorld, Part
from tests.partnership import DUTY_DESK, Partnership, default_pack
from tests.pdf_text import pdf_text
from tests.sizes import is_full, marked_histories, points_asked

STEPS = 24
#: The share of people who ask for a route of the interface, and who open a page, at the small size.
ASKING, OPENING_A_PAGE = 0.6, 0.25
#: So many addresses of one route are asked by half the systems each, at the small size.
FEW_ADDRESSES = 4
_NOBODY = "-"


@dataclass(frozen=True)
class Looker:
    """A sort of reader: the agency as which they see, whether a pointer is theirs, and their session if a person's."""

    name: str
    agency: str
    leads: bool = False
    session: str | None = None
    is_auditor: bool = False

    def get(self, partnership: Partnership, address: str) -> TestResponse | None:
        """Ask; None where it is a page and this is an agency's system."""
        if self.session is None:
            if not address.startswith("/api/v1"):
                return None
            return partnership.get(address.removeprefix("/api/v1"), self.agency)
        headers = {"Access-Purpose": "a look at how it is kept"} if self.is_auditor else {}
        return partnership.send_as(self.session, "GET", address, headers=headers)


def lookers(world: MarkedWorld) -> Iterator[Looker]:
    """Every sort of reader there is of this record."""
    partnership, desk = world.partnership, not world.has_lead
    for agency in AGENCIES:
        yield Looker(f"{agency}'s system", agency, leads=agency == "csc" and world.has_lead)
    yield Looker("the desk", DUTY_DESK, leads=desk)
    for ref, leads in (("sw1", True), ("sw2", True), ("sw3", False)):
        session = partnership.session(partnership.person("csc", ref, Role.PRACTITIONER))
        yield Looker(f"csc's {ref}", "csc", leads=leads and world.has_lead, session=session)
    managing = partnership.session(partnership.person("csc", "boss", Role.MANAGER))
    yield Looker("csc's manager", "csc", session=managing)
    at_desk = partnership.session(partnership.person(DUTY_DESK, "d1", Role.PRACTITIONER))
    yield Looker("somebody at the desk", DUTY_DESK, leads=desk, session=at_desk)
    for agency in ("hv", "csc"):
        officer = partnership.session(partnership.person(agency, "officer", Role.RECORDS_OFFICER))
        yield Looker(f"{agency}'s records officer", agency, session=officer)
    gp = partnership.session(partnership.person("gp", "dr1", Role.PRACTITIONER))
    yield Looker("a GP", "gp", session=gp)
    auditing = partnership.session(partnership.person("hv", "aud", Role.AUDITOR))
    yield Looker("an auditor", _NOBODY, session=auditing, is_auditor=True)


def places_in(world: MarkedWorld, random: Random) -> Places:
    with world.partnership.acting("ledger_worker") as connection:
        found = connection.execute(
            text("SELECT alert_id, finding_id FROM ledger.alerts WHERE record_id = :record"), {"record": world.child}
        )
        alerts = {row.alert_id: row.finding_id for row in found}
        top = connection.scalar(
            text("SELECT max(number) FROM ledger.entries WHERE record_id = :record"), {"record": world.child}
        )
    numbers = tuple(sorted(random.sample(range(2, top + 1), points_asked())))
    files = [one.entry_id for one in world.entries if one.kind == "attachment"]
    others = [one.entry_id for one in world.entries if one.kind != "attachment"]
    entries = (*files[:2], *random.sample(others, 4))
    return Places(world.child, entries, tuple(alerts)[:3], numbers, "2030-01-01", alerts)


@contextmanager
def told(world: MarkedWorld, looker: Looker, address: str) -> Iterator[None]:
    """Say of a failure who asked what of which history."""
    try:
        yield
    except AssertionError as error:
        words = f"{looker.name} at {address.replace(world.child, 'CHILD')}"
        raise AssertionError(f"{words}: {error}") from None


def made(partnership: Partnership, seed: int) -> MarkedWorld:
    """A history, with detection in between."""
    random = Random(seed)
    involved = ("hv", "csc", "gp", "police", DUTY_DESK) if random.random() < 0.7 else ("hv", "csc", "police", DUTY_DESK)
    world = MarkedWorld(partnership, random, involved=involved, has_lead=random.random() < 0.7)
    for _ in range(STEPS):
        world.step()
        if random.random() < 0.3:
            partnership.detect(world.child)
    partnership.detect(world.child)
    # Into feeds, which are views too.
    fan_out(partnership.engine("ledger_worker"), nothing, packs=lambda _digest: default_pack())
    return world


def check(world: MarkedWorld, looker: Looker, address: str, up_to: int | None, answer: TestResponse) -> None:
    """That nothing is in an answer but what its reader may see."""
    is_print = answer.mimetype == "application/pdf"
    body = pdf_text(answer.get_data()) if is_print else answer.get_data(as_text=True)
    assert answer.status_code < 500, (answer.status_code, body)
    oracle = Oracle(world, looker.agency, looker.leads, up_to)
    now = Oracle(world, looker.agency, looker.leads)
    is_involved = looker.agency in world.involved or looker.is_auditor
    allowed = oracle.canaries() if is_involved else own_canaries(world, looker)
    if "/requests" in address or address.startswith("/work?"):
        allowed |= asked_canaries(world, looker)
    if "/replay" in address and is_involved:
        # Each frame is as things stood at its entry, which may be asked for by itself.
        last = up_to or max(one.number for one in world.entries)
        for number in range(1, last):
            allowed |= Oracle(world, looker.agency, looker.leads, number).canaries()
    found = canaries_in(body) | canaries_in(str(answer.headers))
    assert found <= allowed, whence(world, found - allowed)
    if answer.mimetype in ("application/json", BATCH) and "/requests" not in address:
        named = set(ids_in(answer.get_json(force=True)))
        own = {text for one in world.entries if one.agency == looker.agency for text in ids_in(one.body)}
        hidden = {one.entry_id for one in world.entries if now.entry(one) is Sees.NOTHING}
        assert not named & hidden - own, sorted(named & hidden - own)


def is_whole(address: str) -> bool:
    """Whether a timeline is asked for all that there was at a point."""
    return not any(name in address for name in ("limit", "valid_at", "known_by"))


def check_whole(world: MarkedWorld, looker: Looker, up_to: int | None, answer: TestResponse) -> None:
    """That everything is in a timeline that its reader may see."""
    assert answer.status_code == 200, answer.get_data(as_text=True)
    events = {one.event for one in world.entries if one.agency != looker.agency}
    wanted = Oracle(world, looker.agency, looker.leads, up_to).canaries() - events
    missing = wanted - canaries_in(answer.get_data(as_text=True))
    assert not missing, whence(world, missing)


def whence(world: MarkedWorld, words: set[str]) -> list[str]:
    """Where canaries were sent, for whoever reads of a failure."""
    return [
        f"{word}: entry {one.number}, {one.kind} of {one.agency}, {part.sort} {part.index}"
        for word in sorted(words)
        for one in world.entries
        for part in [*one.parts, Part("event", {one.event})]
        if word in part.canaries
    ] or sorted(words)


def own_canaries(world: MarkedWorld, looker: Looker) -> set[str]:
    mine = replace(world, entries=[one for one in world.entries if one.agency == looker.agency])
    return Oracle(mine, looker.agency, leads=False).canaries()


def asked_canaries(world: MarkedWorld, looker: Looker) -> set[str]:
    """The words of requests to the reader's agency, and of answers to its own."""
    asked = {one.number: one for one in world.entries if one.kind == "information_request"}
    words = set[str]()
    for one in world.entries:
        if one.kind == "information_request" and one.body["to"] == looker.agency:
            words |= {word for part in one.parts for word in part.canaries}
        if one.kind == "information_answer" and one.of in asked and asked[one.of].agency == looker.agency:
            words |= {word for part in one.parts for word in part.canaries}
    return words


def some_of(addresses: list[tuple[str, int | None]], looker: Looker, seed: int) -> list[tuple[str, int | None]]:
    """For agencies' systems all addresses of a route, or half of many; of people, who see as they do, some ask one.

    Which one is each time another: among all of them nearly every one is asked. A page, which shows what a route of the
    interface answers, is opened by fewer. At full size everybody asks all.
    """
    if is_full() or not addresses:
        return addresses
    turn = Random(f"{seed} {looker.name} {addresses[0][0]}")
    if looker.session is None:
        return addresses if len(addresses) < FEW_ADDRESSES else turn.sample(addresses, len(addresses) // 2)
    if turn.random() > (ASKING if addresses[0][0].startswith("/api/") else OPENING_A_PAGE):
        return []
    return [turn.choice(addresses)]


@pytest.mark.parametrize("seed", range(marked_histories()))
def test_each_is_shown_what_is_for_them_and_nothing_else(partnership: Partnership, seed: int) -> None:
    """Of a random history no address gives a reader a word that markings hold back, and the timeline all others."""
    world = made(partnership, seed)
    places = places_in(world, Random(seed))
    asked = set[str]()
    for looker in lookers(world):
        for endpoint in READ:
            for address, up_to in some_of([*places.addresses(endpoint)], looker, seed):
                answer = looker.get(partnership, address)
                if answer is None:
                    continue
                asked.add(endpoint)
                with told(world, looker, address):
                    check(world, looker, address, up_to, answer)
                    if endpoint == "timelines.get_timeline" and looker.agency in world.involved and is_whole(address):
                        check_whole(world, looker, up_to, answer)
                answer.close()
    left = {one for one in READ.keys() - asked if is_full() or not one.startswith("web.")}
    assert left <= (set() if places.alerts else {"alerts.get_alert", "web.alert"}), left


@pytest.mark.parametrize("seed", range(marked_histories()))
def test_nothing_reaches_whom_it_is_not_to_reach(partnership: Partnership, seed: int) -> None:
    """What is given to the father has nothing that is marked as not to reach him, by whichever agency."""
    world = made(partnership, seed)
    for agency in ("hv", "csc"):
        session = partnership.session(partnership.person(agency, "officer", Role.RECORDS_OFFICER))
        whole = {"for": ["father"], "relationship": "father", "reason": "He asks; seen with his passport."}
        notice = {"for": ["father"], "decision": "given"}
        allowed = Oracle(world, agency, leads=False, reaches_father=True).canaries()
        for path, asked in (("subject-access", whole), ("family-notice", notice)):
            body = {"event_id": partnership.event(), **asked}
            address = f"/api/v1/children/{world.child}/{path}"
            answer = partnership.send_as(session, "POST", address, json=body)
            assert answer.status_code == 201, answer.get_data(as_text=True)
            found = canaries_in(answer.get_data(as_text=True))
            assert found <= allowed, whence(world, found - allowed)


@pytest.mark.parametrize("seed", range(marked_histories()))
def test_a_guess_tells_nothing(partnership: Partnership, seed: int) -> None:
    """Whoever names an entry that they may not know of is answered as if there were no such entry."""
    world = made(partnership, seed)
    pseudonym = world.entries[0].entry_id.rsplit(".", 1)[0]
    for agency in [one for one in AGENCIES if one in world.involved]:
        hidden = [
            one for one in world.entries
            if Oracle(world, agency, leads=agency == "csc" and world.has_lead).entry(one) is Sees.NOTHING
        ]  # fmt: skip
        for one in hidden[:6]:
            for path, body in guesses(world):
                if "answers" in path and one.body.get("to") == agency:
                    continue  # it was asked, and may know of that
                answers = [
                    partnership.post(path, {"event_id": partnership.event(), **body(entry)}, agency)
                    for entry in (one.entry_id, f"{pseudonym}.99999")
                ]
                said = [answer.get_data(as_text=True).replace(one.entry_id, f"{pseudonym}.99999") for answer in answers]
                assert answers[0].status_code == answers[1].status_code, (path, agency, one.kind, said)
                if answers[0].status_code >= 400:
                    assert said[0] == said[1]
                visible = Oracle(world, agency, leads=agency == "csc" and world.has_lead).canaries()
                assert canaries_in(said[0]) <= visible


def guesses(world: MarkedWorld) -> Iterator[tuple[str, partial[dict[str, object]]]]:
    """Bodies that name an entry, each of a route of its own."""

    def naming(field: str, entry: str, **more: object) -> dict[str, object]:
        return {field: entry, **more}

    here = f"/children/{world.child}"
    seen = {"observed": "2023-10-05", "statement": "fact", "narrative": "So."}
    marking = {"marking": "pointer", "lawful_basis": "public task"}

    def by(path: str, field: str, **more: object) -> tuple[str, partial[dict[str, object]]]:
        return f"{here}/{path}", partial(lambda entry, **said: naming(field, entry, **said), **more)

    yield by("corrections", "corrects", reason="why", observation=seen)
    yield by("voids", "voids", reason="why")
    yield by("markings", "of", sharing=marking, reason="why")
    yield by("disputes", "of", by="mother", says="No.", on="2023-11-01")
    yield by("rectifications", "of", asked_by="mother", says="No.", on="2023-11-01")
    yield by("information-answers", "of", answer="nothing_held", lawful_basis="public_task")
    yield by("assessment-requests", "of", agency="police")
    yield by("assessment-signatures", "of", author={"ref": "m1"})
    yield by("concern-answers", "of", answer="in_part", reason="why")
