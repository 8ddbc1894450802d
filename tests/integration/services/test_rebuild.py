"""Projections made again from the entries are what stands, byte for byte; and what does not stand is put right."""

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from ledger.cli import main
from ledger.domain.role import Role
from ledger.services.allow_webhooks import allow_webhooks
from ledger.services.partnership_people import set_hours, set_partnership_rung
from ledger.services.people_leave import come_back, leave
from ledger.services.people_say import as_agency, be_absent, be_back, set_reach, set_rung, set_team
from ledger.services.rebuild import Rebuilding, Remade, rebuilding
from ledger.services.rebuild_record import rebuild_record
from ledger.services.set_rule import Change, write_change
from ledger.store.database import connect_engine, driver_url
from ledger.store.rebuilding import ROLE
from ledger.store.tables.sorts import OF_CHILDREN, OF_PARTNERSHIPS
from tests.partnership import Partnership, default_pack, stored


@contextmanager
def under_way(partnership: Partnership, *, swaps: bool = False) -> Iterator[Rebuilding]:
    """A rebuild of everything."""
    with rebuilding(partnership.database_url, lambda _digest: default_pack(), swaps=swaps) as made:
        yield made


def rebuilt(partnership: Partnership, *, swaps: bool = False) -> list[Remade]:
    """What a rebuild of everything found."""
    with under_way(partnership, swaps=swaps) as made:
        return [made.partnerships(), *made.records(), made.strays()]


def differing(found: list[Remade]) -> list[tuple[str, str, str]]:
    """(table, why, row) of all that is not the same."""
    assert [one.why for one in found if one.why] == []
    return [(one.table, one.why, one.named) for each in found for one in each.differences]


def disagree(partnership: Partnership, record: str, about: str) -> None:
    """A disagreement from its beginning to its end."""

    def send(where: str, agency: str = "hv", **body: Any) -> str:
        return str(
            stored(partnership.post(f"{record}/{where}", {"event_id": partnership.event(), **body}, agency))["id"]
        )

    asked: dict[str, Any] = {"with": ["csc"]}
    disputed = send("disagreements", about=about, kind="what_is_so", view="Not so.", **asked)
    send("disagreement-replies", "csc", of=disputed, answer="not_agreed", view="It is.")
    send("disagreement-step-ups", "csc", of=disputed, reason="We differ.")
    send("disagreement-settlements", of=disputed, outcome="decided", what="Asked of her.")


def link_adults(partnership: Partnership, child: str, sibling: str) -> None:
    """Who is in both records, who is not, and what was said of it and taken back."""
    partnership.involve(sibling, "hv")
    father = {"person": "father", "other": {"child": sibling, "person": "father"}, "reason": "One man."}
    mother = {**father, "person": "mother"}

    def send(where: str, body: dict[str, Any]) -> str:
        sent = {"event_id": partnership.event(), **body}
        return str(stored(partnership.post(f"/children/{child}/{where}", sent))["id"])

    for stood in (send("adults-apart", father), send("adult-links", mother)):
        send("adult-unlinks", {"of": stood, "reason": "Not so."})
    send("adult-links", father)


@pytest.fixture
def rich(partnership: Partnership) -> tuple[Partnership, str]:
    """A record with entries of most kinds, in every state that detection gives them."""
    post = partnership.post
    child = partnership.child(involve=["hv", "csc", "gp"])
    sibling = partnership.child(agency="csc")
    alert = partnership.alert(child)
    record = f"/children/{child}"

    def send(where: str, agency: str = "hv", **body: Any) -> dict[str, Any]:
        return stored(post(f"{record}/{where}", {"event_id": partnership.event(), **body}, agency))

    def entry(answer: dict[str, Any]) -> str:
        return str(answer["id"])

    send("details", born="2022-09-01", nhs_number="9990000018", mother={"ref": "m1"})
    again = {"nhs_number": "9990000018", "reference": "R1", "born": "2021-01-01"}
    stored(post("/children", {"event_id": partnership.event(), **again}, "police"))
    sharing = {"marking": "restricted", "to": ["gp"], "lawful_basis": "public task"}
    people = [{"ref": "f9", "role": "father", "born": "1990-01-01", "sharing": sharing}]
    seen = stored(post("/observations", partnership.observation(child, people=people, also=[{"id": sibling}])))
    hidden = partnership.observation(child, sharing={"marking": "pointer", "lawful_basis": "public task"})
    void = stored(post("/observations", hidden, "gp"))
    send("markings", of=entry(seen), sharing=sharing, reason="She has moved.")
    corrected = {
        name: said for name, said in partnership.observation(child).items() if name not in {"event_id", "child"}
    }
    send("corrections", corrects=entry(seen), observation=corrected, reason="The wrong day.")
    send("voids", "gp", voids=entry(void), reason="Another child.")
    send("links", things=["bruise-1", "csc/bruise-2"], reason="One bruise.")
    send("actions", "csc", what="Ask the GP.", owner={"agency": "gp"}, due="2023-12-01")
    asked = send("information-requests", "csc", to="gp", about="father", asks="Anything known?", purpose="A check.",
                 lawful_basis="public_task")  # fmt: skip
    send("information-answers", "gp", of=entry(asked), answer="nothing_held", lawful_basis="public_task")
    send("consents", of="mother", answer="given", observed="2023-10-05", how="By word.", **{"for": "early help"})
    send("rectifications", of=entry(seen), asked_by="mother", says="It was Tuesday.", on="2023-10-06")
    link_adults(partnership, child, sibling)
    about = alert["finding"]["finding"]
    disagree(partnership, record, str(about))
    glass = {"reason": "A crisis in the night, nobody answers.", "author": {"ref": "pc1"}}
    broken = send("glass-breakings", "police", **glass)
    stored(post(f"/alerts/{alert['id']}/acknowledgements", {"event_id": partnership.event()}, "csc"))
    partnership.detect(child)
    send("glass-reviews", "csc", of=entry(broken), verdict="justified", reason="It was needed.", author={"ref": "sw1"})
    outcome = {"event_id": partnership.event(), "outcome": "explained_by_change", "reason": "He had moved out by then."}
    stored(post(f"/alerts/{alert['id']}/outcomes", outcome, "csc"))
    partnership.person("csc", "sw1", Role.PRACTITIONER, Role.MANAGER)
    partnership.detect(child)
    partnership.detect(sibling)
    return partnership, child


def say_of_people(partnership: Partnership, child: str) -> None:
    """Everything that can be said of an agency's people, and that the lead of the child has left."""
    engine, admin = partnership.context.engine, partnership.engine("ledger_admin")
    csc = as_agency(engine, "csc")
    partnership.person("csc", "sw2", Role.PRACTITIONER)
    away = {"since": "2026-10-01", "cover": "sw1"}
    be_absent(engine, csc, "sw2", away, chance=os.urandom)
    be_back(engine, csc, "sw2", chance=os.urandom)
    be_absent(engine, csc, "sw2", {**away, "until": "2090-01-01"}, chance=os.urandom)
    team = {"team": "t1", "name": "Team 1", "manager": "sw1", "members": ["sw2"]}
    set_team(engine, csc, team, chance=os.urandom)
    set_rung(engine, csc, "senior", "sw1", chance=os.urandom)
    set_rung(engine, csc, "senior", None, chance=os.urandom)
    set_partnership_rung(admin, os.urandom, partnership="demo", rung="chair", agency="csc", person="sw1")
    set_hours(admin, os.urandom, partnership="demo", opens="08:00", closes="18:00", desk="police")
    set_reach(engine, csc, "sw1", mail="sw1@csc.example", phone=None, chance=os.urandom)
    set_reach(engine, csc, None, mail=None, phone="020 7946 0000", chance=os.urandom)
    for _ in range(2):
        leave(engine, csc, "sw1", chance=os.urandom, now=datetime.now(UTC))
        come_back(engine, csc, "sw1", chance=os.urandom)
    partnership.detect(child)


def test_what_stands_is_what_the_entries_make(rich: tuple[Partnership, str]) -> None:
    """Every row of every projection, of children's records and of the partnership's own, is made again the same."""
    partnership, child = rich
    say_of_people(partnership, child)
    allow_webhooks(partnership.engine("ledger_admin"), os.urandom, agency="hv", hosts=["hooks.hv.example"])
    shadowed = Change("handover_not_taken", is_live=False, reason="as agreed")
    write_change(partnership.engine("ledger_admin"), partnership.partnership_record, shadowed, os.urandom)
    found = rebuilt(partnership)
    assert differing(found) == []
    made = {table.table for one in found for table in one.tables if table.rows}
    # Those of retention and of records that moved have tests of their own; nothing fails here.
    assert {*OF_PARTNERSHIPS, *OF_CHILDREN} - made == {
        "photograph_policies", "retentions", "holds", "erasure_orders", "check_failures", "record_moves"
    }  # fmt: skip


def _records(partnership: Partnership) -> list[Any]:
    with partnership.acting("ledger_worker") as connection:
        return list(connection.scalars(text("SELECT record_id FROM ledger.heads WHERE kind = 'child'")))


def answers(partnership: Partnership, child: str) -> list[bytes]:
    """What its readers are answered."""
    asked = ("timeline", "picture?valid_at=2024-01-01", "gaps", "links")
    paths = [f"/children/{child}/{what}" for what in asked] + ["/alerts"]
    readers = ("hv", "csc", "gp", "duty")
    given = [partnership.get(path, agency).get_data() for path in paths for agency in readers]
    # When it was asked is in some of the answers.
    return [re.sub(rb'"at":"[^"]*"', b"", one) for one in given]


_DAMAGE = (
    "UPDATE ledger.claims SET attribute = 'weight' WHERE index = 0",
    "DELETE FROM ledger.findings",
    "UPDATE ledger.alerts SET to_agency = 'police'",
    "DELETE FROM ledger.due_moments",
    "DELETE FROM ledger.markings",
    "INSERT INTO ledger.involvements (record_id, agency_id, number) SELECT record_id, 'police', 1 FROM ledger.children",
    "UPDATE ledger.children SET details = '{}'",
    "DELETE FROM ledger.record_gaps",
    "UPDATE ledger.agencies SET contact = 'somebody else'",
)


def test_what_does_not_stand_is_named_and_put_right(rich: tuple[Partnership, str], superuser_url: str) -> None:
    """Rows that are missing, extra or changed are named without a word of them; a swap puts all right, and so does the
    role that may for one record in its place; and what anybody is answered is as it was, to the byte.
    """
    partnership, child = rich
    before = answers(partnership, child)
    _damage(superuser_url, *_DAMAGE)
    assert answers(partnership, child) != before
    differ = differing(rebuilt(partnership))
    assert {table for table, _, _ in differ} >= {
        "claims", "findings", "alerts", "due_moments", "markings", "involvements", "children", "agencies"
    }  # fmt: skip
    assert {why for _, why, _ in differ} == {"missing", "extra", "different"}
    assert "weight" not in str(differ)
    swapped = rebuilt(partnership, swaps=True)
    assert any(one.is_swapped for one in swapped)
    assert answers(partnership, child) == before
    _damage(superuser_url, "DELETE FROM ledger.findings", "DELETE FROM ledger.claims")
    role = connect_engine(partnership.database_url, ROLE, pool_size=1)
    for record_id in _records(partnership):
        rebuild_record(role, record_id, lambda _digest: default_pack())
    role.dispose()
    assert differing(rebuilt(partnership)) == []
    assert answers(partnership, child) == before


def _damage(superuser_url: str, *statements: str) -> None:
    engine = create_engine(driver_url(superuser_url))
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_posts_and_detection_go_on_meanwhile(rich: tuple[Partnership, str]) -> None:
    """Whatever is posted and detected while projections are made again is in neither of the two that are compared."""
    partnership, child = rich
    stop, posted = threading.Event(), []

    def post_on() -> None:
        while not stop.is_set():
            posted.append(partnership.post("/observations", partnership.observation(child)).status_code)
            partnership.detect(child)

    poster = threading.Thread(target=post_on)
    poster.start()
    try:
        for swaps in (False, True, False):
            assert differing(rebuilt(partnership, swaps=swaps)) == []
    finally:
        stop.set()
        poster.join()
    assert set(posted) == {201}
    assert differing(rebuilt(partnership)) == []


def test_the_command_says_it_by_its_code(
    partnership: Partnership, superuser_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """0 where all is the same or was swapped, 1 where something differs, 2 where it cannot be told."""
    monkeypatch.setattr("ledger.services.packs_by_digest.load_pack", lambda _folder: default_pack())
    partnership.child(involve=["gp"])

    def run(*options: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, ["rebuild", *options], env={"DATABASE_URL": partnership.database_url})
        return result.exit_code, result.output

    assert run()[0] == 0
    _damage(superuser_url, "DELETE FROM ledger.involvements")
    code, said = run("--json")
    assert (code, '"table": "involvements", "why": "missing"' in said) == (1, True)
    assert run("--swap")[0] == 0
    assert run()[0] == 0
    assert run("--record", "nobody")[0] == 2
