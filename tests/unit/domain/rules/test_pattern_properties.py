"""Properties of the rules on patterns: order, loading and what else is said make no difference."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.finding import ENTRIES_MAX
from tests.folding import all_of, at_once, parts_suffice
from tests.saying import corrects, links, steps, voids
from tests.sizes import examples
from tests.unit.domain.rules.passing import FIRST, claim, said
from tests.unit.domain.rules.patterning import AROUND, born, contact, pack, stepped

Words = tuple[str, list[str], dict[str, Any]]
THING = {"thing": "x"}
MOTHER = {"about": "mother"}
#: What one record is about: of everything at once little meets.
THEMES: list[list[Words]] = [
    [
        ("engagement", ["refused", "hostile", "engaging", "good", "cancels", "partial"], MOTHER),
        ("engagement", ["refused", "good"], {"about": "father", "item": "health_visiting"}),
        ("visit_outcome", ["no_access", "held", "cancelled_by_family", "cancelled_by_service"], THING),
        ("school_attendance", ["persistent_absence", "good"], {}),
        ("child_not_seen_because", ["Asleep."], {}),
    ],
    [
        ("injury", ["bruise", "burn", "graze", "none"], THING),
        ("injury_site", ["knee", "cheek"], THING),
        ("fracture", ["present", "absent"], THING),
        ("cause_opinion", ["accident", "inflicted"], THING),
        ("mobility", ["not_mobile", "walks"], {}),
        ("death", ["happened"], {}),
        ("injury", ["burn"], {"about": "case/k", "thing": "case/k"}),
    ],
    [
        ("allegation", ["made", "withdrawn", "repeated", "denied"], {"about": "father", **THING}),
        ("domestic_abuse", ["withdrawn", "disclosed"], {"about": "father"}),
    ],
    [
        ("address", ["3 Elm Road, Leeds", "9 Oak Street, York", "4 Ash Close, Hull", "Leeds"], {}),
        ("address", ["3 Elm Road, Leeds", "9 Oak Street, York"], MOTHER),
        ("gp_registration", ["removed", "registered"], {"item": "elm practice"}),
        ("school_enrolment", ["off_roll", "on_roll"], {"item": "elm school"}),
        ("records_transfer", ["not_received", "received"], {"item": "school"}),
        ("name_used", ["Ann Fox", "Joy Hall"], {}),
    ],
    [
        ("weight", ["5.0", "5.5", "6.0", "6.6"], {}),
        ("growth", ["faltering", "losing", "gaining"], {}),
        ("attendance_percent", ["95", "88", "70"], {}),
        ("school_attendance", ["poor", "good"], {}),
    ],
]
WAYS: list[dict[str, Any]] = [
    {},
    {},
    {"basis": "own_record"},
    {"basis": "measured"},
    {"basis": "own_record", "valid": "2022-03-10/.."},
    {"basis": "agency", "from": "hospital"},
    {"told": "child"},
    {"told": "mother"},
]


@st.composite
def claims(draw: st.DrawFn, theme: list[Words]) -> dict[str, Any]:
    """A claim on one of the attributes that these rules read."""
    attribute, values, more = draw(st.sampled_from(theme))
    more = {**more, **draw(st.sampled_from(WAYS))}
    if more.get("thing") == "x":
        more["thing"] = draw(st.sampled_from(["csc/x", "hv/x", "hospital/y", "gp/z"]))
    if draw(st.integers(0, 7)) == 0:
        return claim(attribute, **{**more, "not_known": "unknown", "basis": "seen"})
    return claim(attribute, draw(st.sampled_from(values)), **more)


@st.composite
def spoken(draw: st.DrawFn, on: int, theme: list[Words]) -> dict[str, Any]:
    """What an agency says on the day of this number."""
    made = draw(st.lists(claims(theme), min_size=1, max_size=3))
    return said(draw(st.sampled_from(["csc", "hospital", "hv", "nursery"])), on, *made)


@st.composite
def records(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A record with corrections, voids, contacts, steps and links among what is said; no two on one day."""
    days = draw(st.lists(st.integers(0, 60), min_size=3, max_size=9, unique=True))
    theme = draw(st.sampled_from(THEMES))
    entries: list[dict[str, Any]] = []
    for number, on in enumerate(days):
        kind = draw(st.sampled_from(["say"] * 8 + ["correct", "void", "link", "step", "contact", "born", "people"]))
        earlier = [n + 1 for n in range(number) if entries[n]["kind"] == "observation"]
        agency = draw(st.sampled_from(["csc", "hospital", "hv"]))
        if kind == "link":
            sort = draw(st.sampled_from(["people", "things"]))
            names = ["father", "hv/k1"] if sort == "people" else ["csc/x", "hv/x"]
            entries.append(links(*names, sort=sort, kind=draw(st.sampled_from(["link", "unlink"]))))
        elif kind == "step":
            taken = draw(st.sampled_from(["made", "withdrawn"]))
            entries.append({"agency": "csc", "kind": "allegation", "body": {"step": taken, "thing": "csc/x"}})
        elif kind == "contact":
            outcome = draw(st.sampled_from(["held", "no_access", "cancelled", "refused"]))
            entries.append(contact(agency, on, outcome, planned="yes"))
        elif kind == "born":
            entries.append(born(-20))
        elif kind == "people":
            entries.append(said(agency, on))
            entries[-1]["body"]["people"] = [{"ref": "case/k", "role": "younger brother"}]
        elif kind == "correct" and earlier:
            entries.append(corrects(draw(st.sampled_from(earlier)), draw(spoken(on, theme))))
        elif kind == "void" and earlier:
            at = draw(st.sampled_from(earlier))
            entries.append(voids(at, entries[at - 1]["agency"]))
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
    """What is open at last is what every rule says of the finished record; what was voided counts no more."""
    entries = steps(*given_)
    verdicts = at_once(entries, entries[-1].at, pack(), AROUND)
    open_now = {one.key: one.basis for one in stepped(entries).findings.values()}
    assert verdicts == open_now
    withdrawn = set(all_of(entries, pack(), AROUND).withdrawn)
    for basis in open_now.values():
        assert len(basis.sides) == 1
        assert 0 < len({ref.number for ref in basis.sides[0]}) <= ENTRIES_MAX
        assert not withdrawn & {ref.number for ref in (*basis.sides[0], *basis.evidence)}


def _open_after(chosen: list[tuple[int, dict[str, Any]]]) -> set[Any]:
    at = [FIRST + timedelta(days=500)] * len(chosen)
    findings = stepped(steps(*(entry for _, entry in chosen), at=at)).findings.values()
    return {(one.rule, one.question, _names(one.sides[0], chosen), _names(one.evidence, chosen)) for one in findings}


def _names(refs: Any, chosen: list[tuple[int, dict[str, Any]]]) -> frozenset[tuple[int, int]]:
    return frozenset((chosen[ref.number - 1][0], ref.index) for ref in refs)


def _plain(given_: list[dict[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    apart = {"link", "unlink", "correction", "void"}
    return [(place, entry) for place, entry in enumerate(given_) if entry["kind"] not in apart]


@given(records(), st.randoms(use_true_random=False))
@settings(max_examples=examples(), deadline=None)
def test_the_order_of_arrival_decides_nothing(given_: list[dict[str, Any]], chance: Any) -> None:
    """The same statements and contacts in any order leave the same patterns, with the same entries."""
    plain = _plain(given_)
    other = list(plain)
    chance.shuffle(other)
    assert _open_after(plain) == _open_after(other)


@given(records(), st.integers(0, 9))
@settings(max_examples=examples(), deadline=None)
def test_what_else_is_said_changes_nothing(given_: list[dict[str, Any]], place: int) -> None:
    """A word on something that no pattern reads, wherever it comes in, leaves every pattern as it was."""
    plain = _plain(given_)
    else_ = said("hv", 7, claim("feeding", "good"), claim("presence", "lives_here", about="father"))
    with_it = [*plain[:place], (99, else_), *plain[place:]]
    assert _open_after(plain) == _open_after(with_it)
