"""What detection raises, and what it leaves alone."""

from typing import Any

import pytest

from ledger.domain.fold import run
from ledger.domain.outcome import Notice, Raised
from ledger.domain.pack import Pack
from ledger.domain.record_state import RecordState
from ledger.domain.weight import weigh
from tests.saying import PRESENCE, corrects, links, pack_with, presence_pack, says, steps, voids

PACK = presence_pack()
TOLD = {"told": "mother"}


def found(*entries: dict[str, Any], pack: Pack = PACK) -> list[str]:
    """The kinds of the findings that are open in the end, gaps aside."""
    state = RecordState("r")
    for _, after, _ in run(state, steps(*entries), pack):
        state = after
    return sorted(finding.kind for finding in state.findings.values() if finding.kind != "gap")


GONE = says("csc", "absent", "2022-03-10", "2022-03-10/..", **TOLD)

FINDINGS = {
    "one informant, two agencies, months apart": (
        "same_informant",
        [GONE, says("hv", "stays_overnight", "2022-10-05", "2022-10/..", **TOLD)],
    ),
    "two sources on overlapping dates": ("contradiction", [GONE, says("police", "lives_here", "2022-04-02")]),
    "told and seen on one day by one agency": (
        "contradiction",
        [says("hv", "absent", "2022-10-05", "2022-03/..", **TOLD), says("hv", "present", "2022-10-05")],
    ),
    "seen otherwise after being told, within one agency": (
        "contradiction",
        [GONE, says("csc", "present", "2022-03-20")],
    ),
    "told otherwise after seeing, within one agency": (
        "contradiction",
        [says("hv", "present", "2022-10-05"), says("hv", "absent", "2022-10-06", "2022-03/..", **TOLD)],
    ),
    "reassured again after a sighting elsewhere": (
        "contradiction",
        [GONE, says("police", "lives_here", "2022-04-02"), says("csc", "absent", "2022-04-20", "2022-03/..", **TOLD)],
    ),
    "a word repeated for a day still stands afterwards": (
        "contradiction",
        [GONE, says("csc", "absent", "2022-08-01", **TOLD), says("police", "lives_here", "2022-08-20")],
    ),
    "both open from the same day on": (
        "contradiction",
        [says("csc", "absent", "2022-03-10", "2022-03-10/.."), says("hv", "present", "2022-03-10", "2022-03-10/..")],
    ),
    "two spells that overlap, both over": (
        "contradiction",
        [
            says("csc", "absent", "2022-09-01", "2022-01-01/2022-03-31"),
            says("police", "lives_here", "2022-09-01", "2022-02-01/2022-02-20"),
        ],
    ),
    "three that agree two by two": (
        "contradiction",
        [
            says("csc", "not_resident", "2022-03-10", "2022-03-01/.."),
            says("hv", "stays_overnight", "2022-03-10", "2022-03-01/.."),
            says("police", "lives_here", "2022-03-10", "2022-03-01/.."),
        ],
    ),
    "an allegation counts as somebody's word": (
        "contradiction",
        [GONE, says("csc", "lives_here", "2022-03-12", told="anonymous", statement="allegation")],
    ),
    "one person's two versions of one day, to one agency": (
        "same_informant",
        [says("hv", "absent", "2022-03-01", **TOLD), says("hv", "present", "2022-04-10", "2022-03-01", **TOLD)],
    ),
    "an account of one day, and the agency's own record of that day": (
        "contradiction",
        [
            says("police", "absent", "2022-03-11", "2022-03-05", told="father"),
            says("police", "lives_here", "2022-03-15", "2022-03-05", basis="own_record"),
        ],
    ),
    "two offices of one agency about one day": (
        "contradiction",
        [
            says("hv", "present", "2022-03-10", author={"ref": "a", "role": "health visitor"}),
            says("hv", "absent", "2022-03-14", "2022-03-10", author={"ref": "b", "role": "nursery nurse"}),
        ],
    ),
    "hearsay counts as the first speaker's word": (
        "same_informant",
        [
            says("gp", "absent", "2022-03-10", "2022-03-01/..", basis="agency", **{"from": "csc"}, informant="mother"),
            says("hv", "present", "2022-03-12", **TOLD),
        ],
    ),
    "one informant under two references that are linked": (
        "same_informant",
        [
            links("csc/m", "mother"),
            says("csc", "absent", "2022-03-10", "2022-03-10/..", told="m"),
            says("hv", "present", "2022-03-20", **TOLD),
        ],
    ),
    "two references of one man, linked afterwards": (
        "contradiction",
        [
            GONE,
            says("police", "lives_here", "2022-03-20", about="k77"),
            links("police/k77", "father"),
        ],
    ),
}

SILENT = {
    "the same source to the same agency later": [
        GONE,
        says("csc", "lives_here", "2022-03-20", "2022-03-15/..", **TOLD),
    ],
    "the agency's own sight, with the day since when, ends what it was told": [
        GONE,
        says("csc", "lives_here", "2022-03-20", "2022-03-15/.."),
    ],
    "an earlier word with a stated end": [
        says("csc", "absent", "2022-06-01", "2022-03-10/2022-05-20"),
        says("hv", "lives_here", "2022-06-10", "2022-06-01/.."),
    ],
    "vague and precise": [
        says("csc", "in_contact", "2022-03-10", "2022-03/.."),
        says("hv", "stays_overnight", "2022-03-20"),
    ],
    "an office that revises what it said of one day": [
        says("hv", "present", "2022-03-10", author={"ref": "a", "role": "health visitor"}),
        says("hv", "absent", "2022-03-14", "2022-03-10", author={"ref": "a", "role": "health visitor"}),
    ],
    "unknown and known": [GONE, says("gp", None, "2022-03-12", not_known="unknown", basis="own_record")],
    "a plan": [GONE, says("hv", "lives_here", "2022-03-12", "2022-03-12/..", statement="plan", **TOLD)],
    "an intention": [GONE, says("hv", "lives_here", "2022-03-12", "2022-03-12/..", statement="intention", **TOLD)],
    "what was left undone": [GONE, says("hv", "lives_here", "2022-03-12", "2022-03-12/..", statement="omission")],
    "two people of one word": [
        says("csc", "absent", "2022-03-10", "2022-03-10/..", about="partner"),
        says("hv", "lives_here", "2022-03-12", about="partner"),
    ],
    "there at one visit, away at the next": [
        says("hv", "present", "2022-03-10"),
        says("midwifery", "absent", "2022-03-17"),
    ],
    "a correction by its author": [
        GONE,
        says("police", "lives_here", "2022-03-20"),
        corrects(2, says("police", "absent", "2022-03-20")),
    ],
    "a void by its author": [GONE, says("police", "lives_here", "2022-03-20"), voids(2, "police")],
    "a corrected correction": [
        GONE,
        says("police", "lives_here", "2022-03-20"),
        corrects(2, says("police", "present", "2022-03-20")),
        corrects(2, says("police", "absent", "2022-03-20")),
    ],
    "the change-over day": [
        says("hv", "lives_here", "2022-05-20", "2022-03-01/2022-05-20"),
        says("csc", "absent", "2022-06-01", "2022-05-20/.."),
    ],
    "one entry is one account": [
        {
            "agency": "hv",
            "kind": "observation",
            "body": {
                "observed": "2022-03-10",
                "statement": "fact",
                "claims": [
                    {"about": "father", "attribute": "presence", "value": value, "basis": "told", "informant": "mother"}
                    for value in ("absent", "present")
                ],
            },
        }
    ],
    "said to last beyond the observation": [
        says("csc", "absent", "2022-03-10", "2022-03-01/2022-12-31"),
        says("hv", "lives_here", "2022-08-01"),
    ],
    "an attribute that is not compared": [
        says("csc", "a", "2022-03-10", attribute="nickname"),
        says("hv", "b", "2022-03-10", attribute="nickname"),
    ],
    "a link taken back": [
        links("police/k77", "father"),
        GONE,
        says("police", "lives_here", "2022-03-20", about="k77"),
        links("police/k77", "father", kind="unlink"),
    ],
    "an agency's own father who is not the record's": [
        links("father", "police/father", kind="unlink"),
        GONE,
        says("police", "lives_here", "2022-03-20"),
    ],
}


@pytest.mark.parametrize("case", FINDINGS)
def test_what_cannot_all_be_true_is_one_open_finding(case: str) -> None:
    """Each of these is one open finding, under its sharpest name."""
    kind, entries = FINDINGS[case]
    assert [kind] == found(*entries)


@pytest.mark.parametrize("case", SILENT)
def test_what_is_no_disagreement_raises_nothing(case: str) -> None:
    """None of these leaves a finding open."""
    assert found(*SILENT[case]) == []


def test_a_correction_of_another_agencys_entry_changes_nothing() -> None:
    """Only its author's agency can withdraw an entry, whatever reaches detection."""
    other = corrects(2, says("hv", "absent", "2022-03-20"))
    assert found(GONE, says("police", "lives_here", "2022-03-20"), other) == ["contradiction"]


def test_the_present_agreeing_closes_and_a_difference_afterwards_is_another_finding() -> None:
    """A finding closes when its agencies' words by now agree; what is raised after that has an id of its own."""
    said = [
        GONE,
        says("police", "lives_here", "2022-03-20", "2022-03-20/.."),
        says("csc", "lives_here", "2022-04-01", "2022-03-20/.."),
        says("gp", "absent", "2022-04-10"),
    ]
    outcomes = [o for _, _, said_ in run(RecordState("r"), steps(*said), PACK) for o in said_]
    raised = [outcome.finding.id for outcome in outcomes if isinstance(outcome, Raised)]
    assert len(raised) == len(set(raised)) == 2
    assert found(*said) == ["contradiction"]
    assert found(*said[:3]) == []


def test_the_past_keeps_a_finding_open_only_where_it_matters() -> None:
    """The same statements stay open on an attribute whose past matters, and close on one whose past does not."""
    back = says("csc", "lives_here", "2022-04-01", "2022-03-30/..")
    said = [GONE, says("police", "lives_here", "2022-03-20"), back]
    assert found(*said) == []
    assert found(*said, pack=presence_pack(past_matters="yes")) == ["contradiction"]


CHECKED = pack_with(presence={**PRESENCE, "corroborate": {"absent": "within_10wd", "no_contact": "within_10wd"}})
LIVES_HERE = says("csc", "lives_here", "2022-03-10", "2022-02/..")


@pytest.mark.parametrize(
    ("newer", "severity"),
    [
        (says("hv", "absent", "2022-04-10", "2022-04-01/..", **TOLD), "medium"),
        (says("hv", "absent", "2022-04-10", "2022-04/..", **TOLD), "medium"),
        (says("hv", "absent", "2022-04-10", "2022-03-01/..", **TOLD), "high"),
        (says("hv", "absent", "2022-04-10", "2022-04-10/..", **TOLD), "high"),
        (says("hv", "stays_overnight", "2022-04-10", "2022-04-01/..", **TOLD), None),
    ],
)
def test_a_change_that_is_told_with_its_date_is_a_tier_lower(newer: dict[str, Any], severity: str | None) -> None:
    """He moved out after he was last seen to live there: raised, and lower. Gone since before then, or gone with no
    date but that of the word itself, is as high as ever.
    """
    raised = [o.finding for o in _outcomes(LIVES_HERE, newer, pack=CHECKED) if isinstance(o, Raised)]
    weights = [weigh(one.basis, "presence", one.rule, CHECKED).severity for one in raised if one.sides[1:]]
    assert weights == ([severity] if severity else [])


def test_somebody_who_is_back_is_no_lower_for_a_date() -> None:
    """That he lives there since a day is not what is checked in any case: it is set against his being gone."""
    back = says("police", "lives_here", "2022-04-10", "2022-04-01/..")
    raised = [o.finding for o in _outcomes(GONE, back, pack=CHECKED) if isinstance(o, Raised)]
    (finding,) = [one for one in raised if one.sides[1:]]
    assert weigh(finding.basis, "presence", finding.rule, CHECKED).severity == "high"


def test_beyond_compare_within_any_other_attribute_tells_its_holder_once() -> None:
    """On an attribute that is not critical it is no finding: the agency with the old word is told, and only once."""
    pack = presence_pack(critical="no")
    said = [GONE, says("police", "lives_here", "2022-10-05"), says("police", "lives_here", "2022-10-20")]
    notices = [outcome for outcome in _outcomes(*said, pack=pack) if isinstance(outcome, Notice)]
    assert [(n.agency, n.held.number, n.newer.number) for n in notices] == [("csc", 1, 2)]
    assert found(*said, pack=pack) == []


@pytest.mark.parametrize(
    ("said", "since", "within", "expected"),
    [
        ("2022-02-10", "2022-04-11/..", "P60D", ["contradiction"]),
        ("2022-02-10", "2022-04-12/..", "P60D", []),
        ("2022-09-10", "2022-11-09/..", "P60D", ["contradiction"]),
        ("2022-09-10", "2022-11-10/..", "P60D", []),
        ("2022-03-10", "2022-03-10/..", "P0D", ["contradiction"]),
        ("2022-03-10", "2022-03-11/..", "P0D", []),
        ("2022-03-10T10:00Z", "2022-03-10T10:30Z/..", "P0D", []),
        ("2022-03-10T10:00Z", "2022-03-10T10:30Z/..", "PT1H", ["contradiction"]),
        ("2022-03-10T10:00Z", "2022-03-10T11:30Z/..", "PT1H", []),
    ],
)
def test_compare_within_counts_civil_days(said: str, since: str, within: str, expected: list[str]) -> None:
    """Days are counted from the last day that was asserted, over a clock change too; hours to the moment."""
    entries = [says("csc", "absent", said, "2022/.."), says("police", "lives_here", "2022-12-01", since)]
    assert found(*entries, pack=presence_pack(critical="no", compare_within=within)) == expected


@pytest.mark.parametrize("old", ["2022-10-10/..", "2022-09/..", "2022-09/"])
def test_what_began_within_a_month_may_have_begun_after_the_others_word_in_it(old: str) -> None:
    """Where nothing may be put down to a change but what is said on one day, a vague month settles nothing."""
    before, after = says("csc", "absent", "2022-10-10", old), says("hv", "lives_here", "2022-10-25", "2022-10/..")
    pack = presence_pack(critical="no", compare_within="P0D")
    assert found(before, after, pack=pack) == []
    of_that_day = says("police", "lives_here", "2022-10-10", "2022-10/..")
    assert found(before, of_that_day, pack=pack) == ["contradiction"]


def test_a_start_too_vague_to_tell_a_change_from_a_conflict_is_possible_only() -> None:
    """It is certain when the latest reading of the start is near enough too."""
    pack = presence_pack(critical="no")
    before = says("csc", "absent", "2022-03-10", "2022-01/..")
    certain = [
        outcome.finding.certain
        for since in ("2022-04/..", "2022-05/..")
        for outcome in _outcomes(before, says("hv", "lives_here", "2022-07-01", since), pack=pack)
        if isinstance(outcome, Raised)
    ]
    assert certain == [True, False]


def test_what_only_goes_forward_is_not_gone_back_from() -> None:
    """A step back in the pack's order is no change, however long after; a step on is one."""
    pack = presence_pack(critical="no", compare_within="P0D", only_forward="yes")
    further = says("csc", "absent", "2022-03-10", "2022-03-01/..", **TOLD)
    assert found(further, says("police", "lives_here", "2022-09-10"), pack=pack) == ["contradiction"]
    assert found(further, says("csc", "lives_here", "2022-09-10"), pack=pack) == []
    before = says("csc", "lives_here", "2022-03-10", "2022-03-01/..", **TOLD)
    assert found(before, says("police", "absent", "2022-09-10"), pack=pack) == []


def test_items_differ_by_their_words_alone() -> None:
    """How an item is spaced or capitalised does not part two statements on it."""
    pack = presence_pack(item="required")
    said = says("csc", "absent", "2022-03-10", item="Child  protection")
    assert found(said, says("hv", "present", "2022-03-10", item="child protection"), pack=pack) == ["contradiction"]
    assert found(said, says("hv", "present", "2022-03-10", item="child in need"), pack=pack) == []


@pytest.mark.parametrize(
    ("value", "is_confirmed"), [("absent", True), ("no_contact", True), ("not_resident", False), (None, False)]
)
def test_anybody_who_says_it_again_keeps_a_word_from_growing_stale(value: str | None, is_confirmed: bool) -> None:
    """What matters is whether anyone has asked: a word as precise or more so confirms it, whoever says it."""
    not_known = None if value else "not_asked"
    seen = says(
        "csc", value, "2022-05-20", not_known=not_known, basis="judgement", author={"ref": "a", "role": "nurse"}
    )
    at = steps(GONE, says("csc", None, "2022-06-20", not_known="unknown"))[1].at
    *_, (_, state, _) = run(RecordState("r"), steps(GONE, seen), PACK, until=at)
    assert [finding.kind for finding in state.findings.values()] == ([] if is_confirmed else ["gap"])


def test_two_accounts_of_one_person_outweigh_that_one_of_them_is_old() -> None:
    """One person's two accounts on a critical attribute are high though the first was stale by then."""
    said = [GONE, says("hv", "stays_overnight", "2022-10-05", "2022-10/..", **TOLD)]
    (finding,) = [o.finding for o in _outcomes(*said, pack=PACK) if isinstance(o, Raised) if o.finding.sides[1:]]
    assert finding.basis.is_stale
    assert weigh(finding.basis, "presence", finding.rule, PACK).severity == "high"


def test_sides_hold_at_most_eight_entries_and_only_what_cannot_both_be_so() -> None:
    """Many who agree stand on one side; eight entries are shown, the rest is evidence."""
    said = [GONE, *(says(f"a{n}", "lives_here", "2022-03-20") for n in range(12))]
    *_, (_, state, _) = run(RecordState("r"), steps(*said), PACK)
    (finding,) = state.findings.values()
    assert sorted(len(side) for side in finding.sides) == [1, 7]
    assert len(finding.evidence) == 5


def test_nothing_is_stale_twice_and_a_refreshed_word_closes_its_gap() -> None:
    """A critical word nobody has said for longer than it holds is one gap, closed when it is said again."""
    said = [GONE, says("csc", "absent", "2022-10-05", **TOLD)]
    kinds = [
        [finding.kind for finding in state.findings.values()]
        for _, state, _ in run(RecordState("r"), steps(*said), PACK, until=steps(*said)[-1].at)
    ]
    assert kinds == [[], ["gap"], []]


def test_a_word_already_stale_when_recorded_is_a_gap_at_once() -> None:
    """Recording late does not hide that nobody has asked since."""
    late = steps(GONE, says("gp", None, "2022-12-01", not_known="unknown"))[1].at
    (step,) = steps(GONE, at=[late])
    ((_, state, _),) = run(RecordState("r"), [step], PACK)
    assert [finding.kind for finding in state.findings.values()] == ["gap"]


def _outcomes(*entries: dict[str, Any], pack: Pack) -> list[Any]:
    return [outcome for _, _, outcomes in run(RecordState("r"), steps(*entries), pack) for outcome in outcomes]
