"""When several agencies at work should have a lead, and when a case whose worker is away should have another."""

import pytest

from tests.unit.domain.rules.following import AWAY, LEAD, Entry, acts, at, claim, found, said


def comes(agency: str, on: int, **more: str) -> Entry:
    return acts(agency, "involvement", on, role="at work", **more)


THREE = (comes("gp", 0), comes("school", 3), comes("housing", 6))


def lapses(*posted: Entry, until: int = 300) -> bool:
    return bool(found(*posted, until=until, rule=LEAD))


def test_three_at_work_for_four_weeks_and_nobody_leads() -> None:
    """The clock runs from the third of them; the entries are those by which they came."""
    assert not lapses(*THREE, until=33)
    (finding,) = found(*THREE, until=35, rule=LEAD)
    assert (finding.topic, finding.tier, finding.question.about) == ("lead", "queue", "child")
    assert finding.raised_at.date() == at(34).date()
    assert {ref.number for side in finding.sides for ref in side} == {1, 2, 3}


@pytest.mark.parametrize(
    "answer",
    [
        acts("gp", "lead", 1, agency="gp", person="g"),
        acts("gp", "lead", 20, agency="gp", person="g"),
        said("csc", 9, claim("plan", "active", item="child in need", valid="2022-03-10/..", basis="own_record")),
        said("police", 9, claim("death", "happened", basis="own_record")),
    ],
)
def test_who_leads_a_plan_and_a_death_end_it(answer: Entry) -> None:
    """A lead at any time before it lapses, and a plan, which has a worker who leads."""
    assert not lapses(*THREE, answer)


def test_a_lead_closes_what_had_lapsed() -> None:
    """Late is better than never, and the finding goes."""
    assert lapses(*THREE, until=60)
    assert not lapses(*THREE, acts("gp", "lead", 60, agency="gp", person="g"))


@pytest.mark.parametrize(
    "posted",
    [
        (comes("gp", 0), comes("school", 3), comes("hv", 6)),
        (comes("gp", 0), comes("housing", 6)),
        (comes("gp", 0), comes("school", 3), comes("housing", 100)),
        (comes("gp", 0), comes("school", 3), comes("housing", 6, until="2022-03-12")),
        (comes("gp", 0), comes("gp", 3), comes("housing", 6)),
    ],
)
def test_what_asks_for_no_lead(posted: tuple[Entry, ...]) -> None:
    """What every child has, two, three that were never at work together, one that soon goes, one that comes twice."""
    assert not lapses(*posted)


def test_contacts_count_as_being_at_work() -> None:
    """Who sees the child is at work with it, whether it has said so or not."""
    assert lapses(comes("gp", 0), comes("school", 3), acts("drugs", "contact", 6, depth="seen", outcome="held"))


def away(agency: str, on: int, word: str = "absent") -> Entry:
    return said(agency, on, claim("worker", word, basis="own_record"))


@pytest.mark.parametrize(
    ("posted", "is_found"),
    [
        ((away("csc", 0),), True),
        ((away("csc", 0, "unallocated"),), True),
        ((away("csc", 0), away("csc", 1, "covered")), False),
        ((away("csc", 0), away("hv", 1, "covered")), True),
        ((away("csc", 0), acts("csc", "lead", 1, agency="csc", person="b")), False),
        ((away("csc", 0), acts("csc", "handover", 1, of="work", to={"agency": "csc", "person": "b"})), False),
        ((away("csc", 0, "allocated"),), False),
    ],
)
def test_a_worker_away_is_covered_within_two_working_days(posted: tuple[Entry, ...], is_found: bool) -> None:
    """By their own agency, by a hand-over or by a new lead; what another agency has says nothing of it."""
    hits = found(*posted, until=20, rule=AWAY)
    assert bool(hits) is is_found
    assert {one.topic for one in hits} <= {"handover"}
