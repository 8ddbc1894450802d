"""What falls due while nobody looks is stepped when somebody does: in order, once, and as of its own moment."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from ledger.domain.entry import written_time
from tests.integration.services.detecting import History, told
from tests.partnership import Partnership
from tests.sizes import database_examples
from tests.unit.domain.oracle_clocks import due, moment_of, wall

#: The Wednesday before an Easter week-end in which the clocks change as well.
BEGAN = datetime(2024, 3, 27, 9, tzinfo=UTC)
ENDS = BEGAN + timedelta(days=45)
HOUR = timedelta(hours=1)
_ASKED = ("dentist", "landlord", "grandmother", "nursery", "optician", "probation", "cousin", "neighbour")
Acts = Sequence[tuple[datetime, dict[str, Any]]]


@pytest.fixture
def partnership(database_url: str) -> Iterator[Partnership]:
    """One whose clock is the test's."""
    made = Partnership(database_url, clock_at=BEGAN - timedelta(days=1))
    yield made
    made.close()


def action(agency: str, owner: str, by: str | None = None, what: str = "Ring the school.") -> dict[str, Any]:
    """Something agreed, to be done by a day, or by the pack's clock where none was said."""
    body = {"what": what, "owner": {"agency": owner}} | ({"due": by} if by else {})
    return {"agency": agency, "path": "actions", "body": body}


def done(agency: str, place: int) -> dict[str, Any]:
    """That what was agreed in the act at this place is done."""
    return {"agency": agency, "path": "done", "body": {"of": place}}


def random_acts(random: Random, length: int) -> Acts:
    """Actions with and without a day, some of them done, and words that are to be checked, some of them voided."""
    acts: list[tuple[datetime, dict[str, Any]]] = []
    agreed, words, moment = list[int](), list[tuple[int, str]](), BEGAN
    for place in range(length):
        moment += timedelta(minutes=random.randint(20, 3 * 1440))
        kind = random.choice(("action", "action", "done", "void", "told"))
        if kind == "done" and agreed:
            acts.append((moment, done(random.choice(("hv", "csc")), random.choice(agreed))))
        elif kind == "void" and words:
            of, agency = words.pop(random.randrange(len(words)))
            acts.append(
                (moment, {"agency": agency, "path": "voids", "body": {"voids": of, "reason": "Another child."}})
            )
        elif kind == "told":
            value = random.choice(("absent", "stays_overnight", "visits"))
            agency = random.choice(("hv", "csc"))
            words.append((place, agency))
            acts.append((moment, told(agency, value, observed=f"{moment.date()}")))
        else:
            agency, owner = random.sample(("hv", "csc", "gp"), 2)
            by = random.choice((None, f"{(moment + timedelta(days=random.randint(0, 9))).date()}"))
            agreed.append(place)
            acts.append((moment, action(agency, owner, by, f"Ask {_ASKED[place % len(_ASKED)]}.")))
    return acts


def play(partnership: Partnership, acts: Acts, wakes: Sequence[Sequence[datetime]], ends: datetime) -> list[History]:
    """The same acts in several records, each of which is detected at its own moments, and all of them at the end."""
    histories = [History(partnership) for _ in wakes]
    times = sorted({*(at for at, _ in acts), *(at for some in wakes for at in some)})
    for moment in times:
        histories[0].move(moment)
        for history, some in zip(histories, wakes, strict=True):
            for at, act in acts:
                if at == moment:
                    history.post(act)
            if moment in some:
                history.detect()
    histories[0].move(ends)
    for history in histories:
        history.detect()
    return histories


def told_of(history: History) -> tuple[Any, ...]:
    """What was found and said, in order, but for names that begin with the record's own.

    An act has a question of its own, named by its number; that counts what the ledger wrote before it as well.
    """
    found = history.found()
    places = {one["id"]: place for place, one in enumerate(found)}
    notices = [(body["notice"], body["agency"], _moment(body["step"])) for body in history.bodies("notice")]
    said = [(kind, places.get(finding)) for kind, finding in history.said()]
    return [{name: one[name] for name in one.keys() - {"id", "key"}} for one in found], said, notices


def _moment(step: str) -> str:
    """The time of a moment's step, from its name; an entry's says only its number."""
    return step.split(":", 3)[-1] if step.startswith("due:") else ""


def test_a_worker_that_was_away_says_what_it_would_have_said(partnership: Partnership) -> None:
    """Over Easter and the change of the clock: the same findings, warnings and alerts, in order, of the same moments.

    One record is looked at every few hours, one not for days at a time, and one only when all is over.
    """
    for seed in range(max(2, database_examples() // 5)):
        random, later = Random(seed), seed * timedelta(days=70)
        acts = [(at + later, _later(act, later)) for at, act in random_acts(random, 12)]
        hours = range(0, 45 * 24, 7)
        all_along = [BEGAN + later + hour * HOUR for hour in hours]
        now_and_then = sorted(random.sample(all_along, 4))
        histories = play(partnership, acts, [all_along, now_and_then, []], ENDS + later)
        each, some, once = map(told_of, histories)
        for one in (some, once):
            for first, second in zip(each, one, strict=True):
                assert first == second, f"seed {seed}"
        assert each[0], f"seed {seed}"


def _later(act: dict[str, Any], by: timedelta) -> dict[str, Any]:
    return act | {"body": {name: _shifted(value, by) for name, value in act["body"].items()}}


def _shifted(value: Any, by: timedelta) -> Any:
    if isinstance(value, list):
        return [{name: _shifted(one, by) for name, one in said.items()} for said in value]
    try:
        text = str(value)
        return f"{datetime.fromisoformat(text[:10]).date() + by}{text[10:]}"
    except ValueError:
        return value


def test_what_is_agreed_before_easter_is_late_after_it(partnership: Partnership) -> None:
    """A warning and the lapse, each at its own moment, over four days off and a night that has an hour less.

    They are said when somebody looks again, weeks later, and told apart from when they were so.
    """
    history = History(partnership)
    history.move(BEGAN + timedelta(days=1, hours=7, minutes=30))
    history.post(action("csc", "hv", "2024-03-30"))
    history.post({"agency": "hv", "path": "referrals", "body": {"to": "csc", "reason": "A bruise."}})
    history.move(BEGAN + timedelta(days=60))
    history.detect()
    found = {one["rule"]: one["raised_at"] for one in history.found()}
    ((sent,),) = history.rows(
        "SELECT max(recorded_at) FROM ledger.entries WHERE record_id = :record AND agency_id = 'hv'"
    )
    assert found["action_not_done"] == moment_of(datetime.fromisoformat("2024-03-31T00:00"))
    assert found["referral_unanswered"] == due(sent, "1wd", "england")
    # Half past four on the Thursday before Easter, by the clock on the wall, and half past four on the Tuesday after.
    assert f"{wall(sent):%Y-%m-%d %H:%M}" == "2024-03-28 16:30"
    assert f"{wall(found['referral_unanswered']):%Y-%m-%d %H:%M}" == "2024-04-02 16:30"
    warned = [(body["agency"], _moment(body["step"])) for body in history.bodies("notice")]
    assert ("hv", written_time(datetime(2024, 3, 29, tzinfo=UTC))) in warned
    recorded = history.rows(
        "SELECT e.recorded_at FROM ledger.entries e JOIN ledger.contents c USING (record_id, number) "
        "WHERE e.record_id = :record AND c.kind IN ('finding_raised', 'notice')"
    )
    assert min(at for (at,) in recorded) >= BEGAN + timedelta(days=60)


def test_what_is_declined_again_and_again_is_asked_elsewhere_in_time(partnership: Partnership) -> None:
    """Declined twice, then an enquiry to another agency, then late: each at its moment, whenever it is worked out."""
    acts = [(BEGAN + timedelta(days=days), _declined("hv", BEGAN + timedelta(days=days))) for days in (0, 15, 30)]
    all_along = [BEGAN + hour * HOUR for hour in range(0, 60 * 24, 11)]
    each, once = play(partnership, acts, [all_along, []], BEGAN + timedelta(days=60))
    assert told_of(each) == told_of(once)
    [gap] = [one for one in once.bodies("finding_raised") if "father_not_named" in str(one.get("marks"))]
    ((asked,),) = once.rows(
        "SELECT e.recorded_at FROM ledger.entries e JOIN ledger.contents c USING (record_id, number) "
        "WHERE e.record_id = :record AND c.kind = 'observation' ORDER BY number OFFSET 1 LIMIT 1"
    )
    enquiries = [(body["agency"], body["notice"]) for body in once.bodies("notice") if body["notice"] == "enquiry"]
    assert enquiries == [("gp", "enquiry")]
    ((raised_at,),) = once.rows(
        f"SELECT raised_at FROM ledger.alerts WHERE record_id = :record AND finding_id = '{gap['finding']}'"
    )
    assert raised_at > asked + timedelta(days=13)


def _declined(agency: str, at: datetime) -> dict[str, Any]:
    """The mother would not say who the father is."""
    said = {"about": "child", "attribute": "father", "not_known": "declined", "basis": "told", "informant": "mother"}
    body = {"observed": f"{at.date()}", "statement": "fact", "narrative": "She would not say.", "claims": [said]}
    return {"agency": agency, "path": "observations", "body": body}
