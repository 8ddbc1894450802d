"""Properties of the rules on adults and of constraints: order and loading make no difference."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.folding import at_once, parts_suffice
from tests.saying import corrects, links, steps, voids
from tests.sizes import examples
from tests.unit.domain.rules.adults import AROUND, FIRST, claim, day, pack, said, stepped

Words = tuple[str, list[Any], dict[str, Any]]
PRESENCE: Words = ("presence", ["lives_here", "present", "absent", "no_contact"], {})
#: What one record is about: of everything at once little meets.
THEMES: list[list[Words]] = [
    [
        PRESENCE,
        ("contact_condition", ["no_contact", "supervised_only", "lifted"], {"item": "bail"}),
        ("contact_with_child", ["none", "overnight", "supervised"], {}),
        ("in_care_of", ["father", {"one_of": ["father", "mother"]}], {"about": "child"}),
        ("custody", ["in_custody", "at_liberty"], {}),
    ],
    [
        PRESENCE,
        ("household", [{"one_of": ["mother"]}, {"one_of": ["mother", "father"]}, {"is_not": "m1"}], {"about": "child"}),
        ("household_member", ["member", "not_member"], {}),
        ("same_person_as", [{"is_not": "hv/m1"}], {}),
    ],
    [
        PRESENCE,
        ("relationship", ["together", "separated"], {"with": "mother"}),
        ("risk_position", ["poses_risk", "none_known"], {}),
        ("criminal_history", ["convicted", "quashed", "none"], {"item": "assault"}),
        ("criminal_history", ["none"], {}),
        ("intelligence", ["Said to deal."], {}),
    ],
    [
        ("name_used", ["Lee Carter", "Jason Booth", "Jason Carter"], {}),
        ("identity_checked", ["false", "verified", "doubted"], {}),
        ("date_of_birth", ["1990-02-03", "2006", "1990~"], {}),
        ("age_stated", ["20", "31"], {}),
    ],
    [
        ("kinship", ["aunt_or_uncle", "not_related"], {}),
        ("care_arrangement", ["main", "helps"], {}),
        ("main_carer", ["m1"], {"about": "child"}),
        ("relationship_to_child", ["lodger", "grandparent", "relative"], {}),
    ],
]
WAYS: list[dict[str, Any]] = [{}, {"basis": "own_record"}, {"basis": "document"}, {"told": "mother"}, {"told": "m1"}]
ROLES = ["friend of the family", "mother's partner", "grandfather", "father"]


@st.composite
def spoken(draw: st.DrawFn, on: int, theme: list[Words]) -> dict[str, Any]:
    """What an agency says on the day of this number, and whom it introduces."""
    made = []
    for attribute, values, more in draw(st.lists(st.sampled_from(theme), min_size=1, max_size=3)):
        valid = draw(st.sampled_from([{}, {"valid": f"{day(max(on - 5, 0))}/.."}, {"valid": day(max(on - 3, 0))}]))
        about = {"about": draw(st.sampled_from(["father", "m1", "m1"]))}
        value = draw(st.sampled_from(values))
        made.append(claim(attribute, value, **{**about, **more, **valid, **draw(st.sampled_from(WAYS))}))
    people: dict[str, Any] = {}
    if draw(st.booleans()):
        names = draw(st.sampled_from([{}, {"name": "Jason Booth"}]))
        people = {"people": [{"ref": "m1", "role": draw(st.sampled_from(ROLES)), **names}]}
    return said(draw(st.sampled_from(["csc", "hv", "police", "court"])), on, *made, **people)


@st.composite
def records(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A record with corrections, voids and links among what is said; no two observed on one day."""
    days = draw(st.lists(st.integers(0, 90), min_size=2, max_size=8, unique=True))
    theme = draw(st.sampled_from(THEMES))
    entries: list[dict[str, Any]] = []
    for number, on in enumerate(days):
        kind = draw(st.sampled_from(["say"] * 8 + ["correct", "void", "link"]))
        earlier = [n + 1 for n in range(number) if entries[n]["kind"] == "observation"]
        if kind == "link":
            names = draw(st.sampled_from([["hv/m1", "police/m1"], ["csc/m1", "father"], ["hv/m1", "csc/m1"]]))
            entries.append(links(*names, kind=draw(st.sampled_from(["link", "link", "unlink"]))))
        elif kind == "correct" and earlier:
            entries.append(corrects(draw(st.sampled_from(earlier)), draw(spoken(on, theme))))
        elif kind == "void" and earlier:
            entries.append(voids(draw(st.sampled_from(earlier)), draw(st.sampled_from(["csc", "hv", "police"]))))
        else:
            entries.append(draw(spoken(on, theme)))
    return entries


@given(records())
@settings(max_examples=2 * examples(), deadline=None)
def test_loading_only_what_a_step_needs_gives_the_same_outcomes(given_: list[dict[str, Any]]) -> None:
    """Every step says the same whether the whole record is at hand or only what it asked for."""
    assert parts_suffice(steps(*given_), pack(), AROUND)


@given(records())
@settings(max_examples=2 * examples(), deadline=None)
def test_one_by_one_leaves_what_detecting_over_the_whole_record_at_once_finds(given_: list[dict[str, Any]]) -> None:
    """What is open after the last step is what every rule says of the finished record, and nothing else."""
    entries = steps(*given_)
    verdicts = at_once(entries, entries[-1].at, pack(), AROUND)
    assert verdicts == {one.key: one.basis for one in stepped(entries).findings.values()}


@given(records(), st.randoms(use_true_random=False))
@settings(max_examples=2 * examples(), deadline=None)
def test_the_order_of_arrival_decides_nothing(given_: list[dict[str, Any]], chance: Any) -> None:
    """The same statements in any order leave the same findings, with the same sides."""
    plain = [(place, entry) for place, entry in enumerate(given_) if entry["kind"] == "observation"]
    other = list(plain)
    chance.shuffle(other)
    at = [FIRST + timedelta(days=500)] * len(plain)

    def open_after(chosen: list[tuple[int, dict[str, Any]]]) -> set[Any]:
        findings = stepped(steps(*(entry for _, entry in chosen), at=at)).findings.values()
        return {
            (one.rule, one.question, frozenset(_names(side, chosen) for side in one.sides), one.tier, one.kind)
            for one in findings
        }

    assert open_after(plain) == open_after(other)


def _names(side: Any, chosen: list[tuple[int, dict[str, Any]]]) -> frozenset[tuple[int, int]]:
    return frozenset((chosen[ref.number - 1][0], ref.index) for ref in side)
