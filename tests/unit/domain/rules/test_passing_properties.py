"""Properties of the rules on passing on, allegations and judgements: order and loading make no difference."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.folding import at_once, parts_suffice
from tests.saying import corrects, links, steps, voids
from tests.sizes import examples
from tests.unit.domain.rules.passing import AROUND, FIRST, claim, decided, pack, said, stepped

THING = {"thing": "x"}
Words = tuple[str, list[str], dict[str, Any]]
INJURY: Words = ("injury", ["bruise", "burn", "multiple", "none"], THING)
ALLEGED: Words = ("allegation", ["made", "withdrawn", "unfounded", "substantiated"], {"about": "father", **THING})
#: What one record is about: of everything at once little meets.
THEMES: list[list[Words]] = [
    [
        INJURY,
        INJURY,
        ("injury_site", ["knee", "cheek"], THING),
        ("injury_count", ["1", "3"], THING),
        ("fracture", ["present", "absent"], THING),
        ("cause_opinion", ["accident", "inflicted"], THING),
        ("disclosure", ["He hit me."], {}),
        ("assessment_omits", ["the bruise"], {}),
    ],
    [
        ("information_shared", ["shared", "not_shared"], {"item": "school"}),
        ("referral", ["made", "not_received", "received"], {"item": "early help"}),
    ],
    [
        ALLEGED,
        ("risk_position", ["poses_risk", "none_known"], {"about": "father", "valid": "2022-03-01/.."}),
        ("criminal_history", ["convicted", "arrested"], {"about": "father", "item": "assault"}),
    ],
    [
        ("judgement", ["no_concerns", "approved", "concerns"], {"topic": "care"}),
        ("carer_approval", ["approved", "refused"], {"about": "father"}),
        INJURY,
        ("judgement_carers", ["father"], {}),
        ("presence", ["lives_here", "absent"], {"about": "father", "valid": "2022-03-05/.."}),
        ("placement", ["foster_care", "with_parents"], {}),
        ("account", ["fall", "inflicted"], THING),
        ALLEGED,
        ("death", ["happened"], {}),
    ],
]
WAYS: list[dict[str, Any]] = [
    {},
    {},
    {"basis": "own_record", "valid": "2022-03-10"},
    {"basis": "agency", "from": "hospital"},
    {"basis": "agency", "from": "hospital", "valid": "2022-03-10"},
    {"basis": "document", "from": "csc"},
    {"told": "father"},
    {"told": "child"},
    {"basis": "told", "informant": {"agency": "hv", "role": "nurse"}},
]


@st.composite
def claims(draw: st.DrawFn, theme: list[Words]) -> dict[str, Any]:
    """A claim on one of the attributes that these rules read."""
    attribute, values, more = draw(st.sampled_from(theme))
    more = {**more, **draw(st.sampled_from(WAYS))}
    if "thing" in more:
        more["thing"] = draw(st.sampled_from(["csc/x", "hv/x", "hospital/y"]))
    if more.get("about") == "father" and draw(st.integers(0, 9)) == 9:
        more["about"] = "k1"
    if draw(st.integers(0, 5)) == 0:
        return claim(
            attribute, **{**more, "not_known": "unknown", "basis": draw(st.sampled_from(["searched", "seen"]))}
        )
    return claim(attribute, draw(st.sampled_from(values)), **more)


@st.composite
def spoken(draw: st.DrawFn, on: int, theme: list[Words]) -> dict[str, Any]:
    """What an agency says on the day of this number."""
    made = draw(st.lists(claims(theme), min_size=1, max_size=3))
    return said(draw(st.sampled_from(["csc", "hospital", "hv"])), on, *made)


@st.composite
def records(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A record with corrections, voids, decisions, steps and links among what is said; no two on one day."""
    days = draw(st.lists(st.integers(0, 20), min_size=3, max_size=9, unique=True))
    theme = draw(st.sampled_from(THEMES))
    entries: list[dict[str, Any]] = []
    for number, on in enumerate(days):
        kind = draw(st.sampled_from(["say"] * 7 + ["correct", "void", "link", "step", "decide", "born"]))
        earlier = [n + 1 for n in range(number) if entries[n]["kind"] == "observation"]
        if kind == "link":
            sort = draw(st.sampled_from(["people", "things"]))
            names = ["father", "hv/k1"] if sort == "people" else ["csc/x", "hv/x"]
            entries.append(links(*names, sort=sort, kind=draw(st.sampled_from(["link", "unlink"]))))
        elif kind == "step":
            taken = draw(st.sampled_from(["made", "withdrawn", "unfounded"]))
            entries.append({"agency": "csc", "kind": "allegation", "body": {"step": taken, "thing": "x"}})
        elif kind == "decide":
            relied = [{"about": "child", "attribute": "judgement", "value": "no_concerns"}]
            entries.append(decided("csc", "close", **draw(st.sampled_from([{}, {"relies_on": relied}]))))
        elif kind == "born":
            entries.append({"agency": "hv", "kind": "child", "body": {"born": "2018-03"}})
        elif kind == "correct" and earlier:
            entries.append(corrects(draw(st.sampled_from(earlier)), draw(spoken(on, theme))))
        elif kind == "void" and earlier:
            entries.append(voids(draw(st.sampled_from(earlier)), draw(st.sampled_from(["csc", "hospital", "hv"]))))
        else:
            entries.append(draw(spoken(on, theme)))
    return entries


@given(records())
@settings(max_examples=examples(), deadline=None)
def test_loading_only_what_a_step_needs_gives_the_same_outcomes(given_: list[dict[str, Any]]) -> None:
    """Every step says the same whether the whole record is at hand or only what it asked for."""
    assert parts_suffice(steps(*given_), pack(), AROUND)


@given(records())
@settings(max_examples=examples(), deadline=None)
def test_one_by_one_leaves_what_detecting_over_the_whole_record_at_once_finds(given_: list[dict[str, Any]]) -> None:
    """What is open after the last step is what every rule says of the finished record, and nothing else."""
    entries = steps(*given_)
    verdicts = at_once(entries, entries[-1].at, pack(), AROUND)
    assert verdicts == {one.key: one.basis for one in stepped(entries)[0].findings.values()}


@given(records(), st.randoms(use_true_random=False))
@settings(max_examples=examples(), deadline=None)
def test_the_order_of_arrival_decides_nothing(given_: list[dict[str, Any]], chance: Any) -> None:
    """The same statements, decisions and steps in any order leave the same findings, with the same sides."""
    apart = {"link", "unlink", "correction", "void"}
    plain = [(place, entry) for place, entry in enumerate(given_) if entry["kind"] not in apart]
    other = list(plain)
    chance.shuffle(other)
    at = [FIRST + timedelta(days=500)] * len(plain)

    def open_after(chosen: list[tuple[int, dict[str, Any]]]) -> set[Any]:
        findings = stepped(steps(*(entry for _, entry in chosen), at=at))[0].findings.values()
        return {
            (one.rule, one.question, frozenset(_names(side, chosen) for side in one.sides), one.basis.is_pending)
            for one in findings
        }

    assert open_after(plain) == open_after(other)


def _names(side: Any, chosen: list[tuple[int, dict[str, Any]]]) -> frozenset[tuple[int, int]]:
    return frozenset((chosen[ref.number - 1][0], ref.index) for ref in side)
