"""How what must follow moves through the fold: warned, late, come; and what only two people close."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from ledger.domain.entry import entry_id
from ledger.domain.event import EntryStep
from ledger.domain.finding import Finding
from ledger.domain.fold import run
from ledger.domain.outcome import Closed, Due, Joined, Notice, Raised
from ledger.domain.pack import Pack
from ledger.domain.record_state import RecordState, Surroundings
from tests.saying import PRESENCE

AROUND = Surroundings("england", {"hv": "health_visiting", "csc": "childrens_social_care"})
RULE: dict[str, Any] = {
    "family": "expects",
    "when": [{"entry": "referral"}],
    "awaits": "reply",
    "until": [{"entry": "reply", "of": "trigger"}],
    "within": "1wd",
    "warn": "PT4H",
    "from": "receiver",
    "meaning": "A referral is answered.",
    "source": "A guide",
    "examples": [
        {
            "shows": "no answer",
            "finds": "expectation",
            "until": "2022-03-16",
            "entries": [
                {
                    "agency": "hv",
                    "recorded": "2022-03-10",
                    "kind": "referral",
                    "body": {"to": "csc", "reason": "A bruise."},
                }
            ],
        },
        {
            "shows": "answered",
            "finds": "nothing",
            "entries": [
                {
                    "agency": "hv",
                    "recorded": "2022-03-10",
                    "kind": "referral",
                    "body": {"to": "csc", "reason": "A bruise."},
                },
                {"agency": "csc", "recorded": "2022-03-10", "kind": "reply", "body": {"of": "1", "answer": "accepted"}},
            ],
        },
    ],
}


def pack(**changes: Any) -> Pack:
    """A pack whose one rule awaits the answer to a referral."""
    content = {
        "pack": "test",
        "version": "1",
        "attributes": {"presence": PRESENCE},
        "rules": {"answered": {**RULE, **changes}},
    }
    return Pack.from_mapping(content)


def at(day: int, hour: int) -> datetime:
    return datetime(2022, 3, day, hour, tzinfo=UTC)


LATER = at(31, 0)


def entry(number: int, when: datetime, kind: str, agency: str, **body: Any) -> EntryStep:
    return EntryStep(number, when, kind, agency, body)


REFERRAL = entry(1, at(10, 12), "referral", "hv", to="csc", reason="A bruise.")
REPLY = entry(2, at(14, 9), "reply", "csc", of=entry_id("a" * 26, 1), answer="accepted")


def stepped(entries: Iterable[EntryStep], rules: Pack, until: datetime = LATER) -> list[tuple[datetime, Any]]:
    """What each step said, with the time of the step."""
    said = run(RecordState("r", around=AROUND), entries, rules, until=until)
    return [(event.at, outcome) for event, _, outcomes in said for outcome in outcomes]


def test_warned_then_late_then_come() -> None:
    """One trigger asks for its next moment only, each moment asks for the one after, and the answer closes."""
    told = stepped([REFERRAL, REPLY], pack())
    assert [(when, type(outcome)) for when, outcome in told] == [
        (at(10, 12), Due),
        (at(11, 8), Notice),
        (at(11, 8), Due),
        (at(11, 12), Raised),
        (at(14, 9), Closed),
    ]
    notice = told[1][1]
    assert (notice.kind, notice.agency, notice.rule) == ("due_soon", "csc", "answered")


def test_a_moment_says_nothing_that_was_said_before() -> None:
    """A moment that is stepped again after an entry changed nothing warns nobody twice."""
    repeated = entry(2, at(11, 9), "involvement", "hv", role="visits")
    told = stepped([REFERRAL, repeated], pack())
    assert sum(isinstance(outcome, Notice) for _, outcome in told) == 1


def test_the_finding_says_what_is_awaited_from_whom_and_by_when() -> None:
    """Topic, due moment and whoever owes it are in what the finding rests on."""
    raised = next(outcome for _, outcome in stepped([REFERRAL], pack()) if isinstance(outcome, Raised))
    basis = raised.finding.basis
    assert (raised.finding.topic, basis.due, basis.owed_by, basis.is_lapsed) == ("reply", at(11, 12), "csc", True)


def test_before_it_is_late_it_may_be_asked_for_and_then_alerts() -> None:
    """A finding that is only asked for while the clock runs is raised with its trigger, and its tier rises late."""
    told = stepped([REFERRAL], pack(before="prompt"))
    raised = next((when, one.finding.tier) for when, one in told if isinstance(one, Raised))
    joined = [(when, one.finding.tier) for when, one in told if isinstance(one, Joined)]
    assert raised == (at(10, 12), "prompt")
    assert joined == [(at(11, 12), "queue")]


def concluded(number: int, when: datetime, finding: Finding, person: str) -> EntryStep:
    return entry(number, when, "outcome", "csc", finding=finding.id, outcome="known_and_assessed", person=person)


def opened(rules: Pack) -> Finding:
    """The finding that an answered referral leaves where two people have to close it."""
    return next(one.finding for _, one in stepped([REFERRAL], rules) if isinstance(one, Raised))


TWO = pack(close="two_people", before="interrupt")


def test_what_came_does_not_close_what_two_people_close() -> None:
    """When all has come the finding stands, and says that it came."""
    told = stepped([REFERRAL, REPLY], TWO)
    assert not [one for _, one in told if isinstance(one, Closed)]
    assert [one.finding.basis.is_met for _, one in told if isinstance(one, Joined)][-1]


def test_one_person_signs_and_another_closes() -> None:
    """The first outcome is kept as a signature, the same person's second changes nothing, another's closes."""
    finding = opened(TWO)
    steps = [
        REFERRAL,
        concluded(2, at(10, 13), finding, "first"),
        concluded(3, at(10, 14), finding, "first"),
        concluded(4, at(10, 15), finding, "second"),
    ]
    told = [(when, one) for when, one in stepped(steps, TWO, until=at(10, 16)) if not isinstance(one, Raised | Due)]
    assert [(when, type(one)) for when, one in told] == [(at(10, 13), Joined), (at(10, 15), Closed)]
    assert told[0][1].finding.basis.signed == ("csc/first",)


def test_a_signature_outlives_what_joins_the_finding() -> None:
    """New evidence leaves who has signed as it was."""
    finding = opened(TWO)
    steps = [REFERRAL, concluded(2, at(10, 13), finding, "first"), entry(3, at(14, 9), "reply", "csc", **REPLY.body)]
    joined = [one.finding for _, one in stepped(steps, TWO) if isinstance(one, Joined)]
    assert joined[-1].basis.signed == ("csc/first",)
    assert joined[-1].basis.is_met


def test_a_moment_can_be_stepped_twice() -> None:
    """The same moment, stepped once more, has nothing to add."""
    rules = pack()
    state = RecordState("r", around=AROUND)
    for _, after, _ in run(state, [REFERRAL], rules, until=LATER):
        state = after
    [*_, (_, _, outcomes)] = run(state, [], rules, due=[Due(at(11, 12), "answered", 1, 0)], until=LATER)
    assert not [one for one in outcomes if isinstance(one, Raised | Joined)]


def test_what_the_ledger_wrote_between_changes_no_name() -> None:
    """An act that stands further on in its record, for what was written before it meanwhile, gives the same finding."""
    later = entry(7, REFERRAL.at, "referral", "hv", **REFERRAL.body)
    one, other = (
        next(said.finding for _, said in stepped([act], pack()) if isinstance(said, Raised))
        for act in (REFERRAL, later)
    )
    assert (one.id, one.key, one.question) == (other.id, other.key, other.question)
