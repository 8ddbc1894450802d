"""The picture as a whole: who is in it, and that it says what beliefs say, in whatever order claims come."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.belief import Beliefs
from ledger.domain.conflict import conflicts_in
from ledger.domain.picture import Frame, picture
from ledger.domain.question import question_of
from ledger.domain.statement import END, statements_of
from tests.saying import links, says
from tests.sizes import examples
from tests.unit.domain.picturing import PACK, claims_in, drawn, links_of
from tests.unit.domain.test_fold_properties import FIRST, VALUES, day


@st.composite
def entries(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A few agencies' words about two men who may be one, among them that it is not known, and plans."""
    made = []
    for _ in range(draw(st.integers(1, 10))):
        start = draw(st.integers(0, 120))
        end = draw(st.integers(start, 120))
        valid = draw(st.sampled_from([day(start), f"{day(start)}/{day(end)}", f"{day(start)}/..", day(start)[:7]]))
        said: dict[str, Any] = {"about": draw(st.sampled_from(["father", "k1"]))}
        said |= {"statement": draw(st.sampled_from(["fact", "fact", "fact", "finding", "intention"]))}
        if draw(st.booleans()):
            said["told"] = draw(st.sampled_from(["mother", "father"]))
        value: str | None = draw(st.sampled_from(VALUES))
        if draw(st.integers(0, 5)) == 0:
            value, said["not_known"] = None, draw(st.sampled_from(["unknown", "not_asked", "declined", "evaded"]))
        observed = day(draw(st.integers(end, 130)))
        made.append(says(draw(st.sampled_from(["csc", "hv"])), value, observed, valid, **said))
    if draw(st.booleans()):
        made.append(links("csc/k1", "father"))
    return made


@given(entries(), st.integers(-5, 140), st.booleans(), st.randoms(use_true_random=False))
@settings(max_examples=examples(), deadline=None)
def test_order_does_not_matter(made: list[dict[str, Any]], at: int, history: bool, chance: Any) -> None:
    """The same claims in any order give the same picture."""
    claims, frame = claims_in(*made), Frame(links_of(made), links_of([]), PACK)
    moment = FIRST + timedelta(days=at, hours=12)
    expected = picture(claims, frame, moment, history=history)
    chance.shuffle(claims)
    assert picture(claims, frame, moment, history=history) == expected


@given(entries(), st.integers(-5, 140))
@settings(max_examples=examples(), deadline=None)
def test_it_says_what_beliefs_say(made: list[dict[str, Any]], at: int) -> None:
    """A history has every stretch and conflict of the beliefs; at a moment, all that covers it, in its right state."""
    claims, people, things = claims_in(*made), links_of(made), links_of([])
    frame = Frame(people, things, PACK)
    moment = FIRST + timedelta(days=at, hours=12)
    attribute = PACK.attributes["presence"]
    now = _rows(picture(claims, frame, moment))
    for question, row in _rows(picture(claims, frame, moment, history=True)).items():
        asked = [claim for claim in claims if question_of(claim, people, things) == question]
        beliefs = Beliefs(statements_of(asked, attribute, people))
        stretches = {(h.key.agency, h.key.source, h.statement.ref, h.start, h.end) for h in beliefs.held}
        assert stretches == {stretch for _, stretch in _held(row)}
        assert len(row.clashes) == len(conflicts_in(beliefs, attribute))
        covering = {stretch for stretch in stretches if stretch[3] <= moment < stretch[4]}
        shown = set(_held(now[question])) if question in now else set()
        assert {stretch for state, stretch in shown if state not in {"ended", "later"}} == covering
        asserted = {h.statement.ref for h in beliefs.held if h.start <= moment < h.asserted_until}
        assert asserted <= {stretch[2] for state, stretch in shown if state == "asserted"}
        not_known = [claim.ref for cell in row.cells for claim in cell.not_known]
        assert sorted(not_known) == sorted(claim.ref for claim in asked if claim.not_known is not None)


def _rows(of: Any) -> dict[Any, Any]:
    return {row.question: row for person in of.people for row in person.rows}


def _held(row: Any) -> list[tuple[str, tuple[Any, ...]]]:
    return [
        (
            hold.state,
            (cell.agency, cell.source.key, hold.claim.ref, hold.time.earliest_start, _end(hold)),
        )
        for cell in row.cells
        for hold in cell.holds
    ]


def _end(hold: Any) -> Any:
    return hold.time.latest_end or END


def test_everybody_is_in_it() -> None:
    """The child first, then mother and father, then others by name; who is only introduced is there too."""
    met = says("hv", "visits", "2022-03-10", about="p2", told="mother")
    met["body"]["people"] = [{"ref": "p1", "role": "grandfather"}]
    found = drawn(met, says("csc", "absent", "2022-03-10", told="mother"), at="2022-03-10")
    assert [(person.name, len(person.rows)) for person in found.people] == [
        ("child", 0),
        ("father", 1),
        ("hv/p1", 0),
        ("hv/p2", 1),
    ]
    assert [claim.value for claim in found.people[2].introduced] == ['{"role":"grandfather"}']


def test_a_link_makes_two_men_one_and_an_unlink_two_again() -> None:
    """Statements about linked people stand in one row, where they may conflict; unlinked, in two that do not."""
    said = [says("csc", "absent", "2022-03-10", about="k1"), says("hv", "lives_here", "2022-03-10")]
    linked = drawn(*said, links("csc/k1", "father"), at="2022-03-10")
    assert [(person.name, [len(row.clashes) for row in person.rows]) for person in linked.people] == [
        ("child", []),
        ("father", [1]),
    ]
    parted = drawn(*said, links("csc/k1", "father"), links("csc/k1", "father", kind="unlink"), at="2022-03-10")
    assert [(person.name, [len(row.clashes) for row in person.rows]) for person in parted.people] == [
        ("child", []),
        ("father", [0]),
        ("csc/k1", [0]),
    ]


def test_what_a_decision_relies_on_is_not_held() -> None:
    """A decision's assumption is nobody's belief."""
    decision = {
        "agency": "csc",
        "kind": "decision",
        "body": {
            "kind": "step_down",
            "reason": "He has gone.",
            "relies_on": [{"about": "father", "attribute": "presence", "value": "absent"}],
        },
    }
    assert [person.rows for person in drawn(decision, at="2022-03-10").people] == [(), ()]
