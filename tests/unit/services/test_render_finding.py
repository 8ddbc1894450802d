import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from ledger.domain.pack import Pack
from ledger.services.load_pack import load_pack
from ledger.services.render_finding import places_of, render_finding
from ledger.services.see import Eyes, Reader, Seen
from ledger.store.findings import StoredFinding
from ledger.store.people import Agency
from ledger.store.timeline import StoredEntry

RECORD = UUID(int=1)
CANARY = "QUETZALCOATLUS"
DIRECTORY = {
    "hv": Agency("hv", "Health visiting", "01743 000111"),
    "csc": Agency("csc", "Children’s social care", "0345 678 9021"),
    "police": Agency("police", "Police", "101"),
}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(Path(__file__).resolve().parents[3] / "config" / "packs" / "default")


def observation(
    number: int, agency: str, value: str, *, narrative: str = "as told", marking: str | None = None, **claim: Any
) -> StoredEntry:
    body: dict[str, Any] = {
        "observed": "2022-10-05",
        "statement": "fact",
        "narrative": narrative,
        "author": {"ref": "w1", "role": "worker"},
        "claims": [
            {
                "about": "father",
                "attribute": "presence",
                "value": value,
                "valid": "2022-10/..",
                "basis": "told",
                "informant": "mother",
            }
            | claim
        ],
    }
    if marking:
        body["sharing"] = {"marking": marking}
    sealed = json.dumps({"agency": agency, "kind": "observation", "event_id": "e", "body": body}).encode()
    at = datetime(2022, 10, number, 11, 0, tzinfo=UTC)
    return StoredEntry(RECORD, number, at, agency, "e", b"\1" * 32, "observation", sealed)


def finding(*sides: list[int], kind: str = "same_informant", evidence: list[int] | None = None) -> StoredFinding:
    return StoredFinding(
        "f1",
        RECORD,
        kind,
        "presence",
        "1",
        [[[number, 0] for number in side] for side in sides],
        [[number, 0] for number in evidence or []],
        certain=True,
        change_since=date(2022, 3, 10),
        raised_at=datetime(2022, 10, 9, 11, 0, tzinfo=UTC),
        opened_number=9,
    )


def render(
    found: StoredFinding, entries: list[StoredEntry], pack: Pack, agency: str = "csc", *, named: bool = True
) -> dict[str, Any]:
    reader = Reader(agency)
    looking = Eyes(reader, {}, {})
    seen: dict[int, Seen] = {entry.number: looking.look(entry) for entry in entries}
    return render_finding(found, seen, pack, DIRECTORY if named else {}, reader, "p" * 26)


def test_both_statements_stand_with_who_said_them_and_since_when(pack: Pack) -> None:
    """A lead sees who said what to whom, since when each agency has held it, whom to ring and what to ask."""
    entries = [
        observation(1, "csc", "absent"),
        observation(5, "hv", "stays_overnight"),
        observation(6, "hv", "present"),
    ]
    told = render(finding([1], [5, 6]), entries, pack)
    assert told["headline"] == "The mother gave two accounts of the father’s presence that cannot both be so"
    assert told["severity"] == "high"
    assert told["change_words"] == "This may be a change since 10 March 2022."
    first, second = told["sides"]
    assert first["statements"][0]["said"] == "Told by the mother"
    assert first["statements"][0]["agency_name"] == "Children’s social care"
    assert first["statements"][0]["words"] == "The father’s presence: absent"
    assert first["statements"][0]["valid_words"] == "from October 2022, still so when observed"
    assert [(held["agency"], held["since"]) for held in second["held_since"]] == [("hv", "2022-10-05T11:00:00.000000Z")]
    assert told["ring"] == [{"agency": "hv", "name": "Health visiting", "contact": "01743 000111"}]
    assert told["why"]
    assert told["ask"]


def test_what_could_still_be_is_the_and_of_the_masks(pack: Pack) -> None:
    """The states that all statements allow together, or, where none is left, what each side allows."""
    vague = render(finding([1], [2]), [observation(1, "csc", "present"), observation(2, "hv", "visits")], pack)
    assert vague["possible"]["together"] == ["overnight", "visits"]
    torn = render(finding([1], [2]), [observation(1, "csc", "absent"), observation(2, "hv", "stays_overnight")], pack)
    assert torn["possible"]["together"] == []
    assert [side["allows"] for side in torn["sides"]] == [["away contact", "none"], ["resident", "overnight"]]


@pytest.mark.parametrize("marking", ["restricted", "pointer"])
def test_a_side_that_is_withheld_leaves_a_pointer_and_nothing_else(pack: Pack, marking: str) -> None:
    """No attribute, value, severity, kind or rule, and not even the visible side: each would tell what the other is."""
    hidden = observation(5, "police", "stays_overnight", narrative=CANARY, marking=marking)
    told = render(finding([1], [5]), [observation(1, "csc", "absent"), hidden], pack)
    assert told["headline"] == "Information held by Police bears on this: ring them"
    assert told["ring"] == [{"agency": "police", "name": "Police", "contact": "101"}]
    assert told["severity"] is None
    written = json.dumps(told)
    for word in (CANARY, "presence", "absent", "overnight", "father", "same_informant", "change"):
        assert word not in written


def test_a_withheld_statement_beside_visible_ones_goes_unmentioned(pack: Pack) -> None:
    """Where the finding stands without it, nothing tells that more is held, and no contact of its holder is given."""
    visible = [observation(1, "csc", "absent"), observation(5, "hv", "stays_overnight")]
    hidden = observation(6, "police", "stays_overnight", narrative=CANARY, marking="pointer")
    told = render(finding([1], [5, 6]), [*visible, hidden], pack)
    assert told == render(finding([1], [5]), visible, pack)
    assert "olice" not in json.dumps(told)


def test_what_only_the_withheld_statement_makes_a_conflict_is_a_pointer(pack: Pack) -> None:
    """Two visible statements that can both be so are not shown as if they could not: that would tell of a third."""
    entries = [
        observation(1, "csc", "visits"),
        observation(5, "hv", "stays_overnight"),
        observation(6, "police", "lives_here", narrative=CANARY, marking="restricted"),
    ]
    told = render(finding([1], [5, 6], kind="contradiction"), entries, pack)
    assert told["withheld"] is True
    assert [one["agency"] for one in told["ring"]] == ["police"]
    assert "presence" not in json.dumps(told)


def test_the_sharper_name_needs_its_evidence_to_be_visible(pack: Pack) -> None:
    """`same informant` is only said where the statements that are seen are one person's."""
    entries = [
        observation(1, "csc", "absent"),
        observation(5, "hv", "stays_overnight", basis="seen", informant=None),
        observation(6, "police", "stays_overnight", narrative=CANARY, marking="restricted"),
    ]
    told = render(finding([1], [5, 6]), entries, pack)
    assert (told["kind"], told["rule"]) == ("contradiction", None)
    assert CANARY not in json.dumps(told)


def test_withheld_evidence_is_left_out(pack: Pack) -> None:
    """Evidence that a reader may not see is not counted before them either."""
    entries = [
        observation(1, "csc", "absent"),
        observation(5, "hv", "stays_overnight"),
        observation(6, "police", "present", narrative=CANARY, marking="pointer"),
        observation(7, "hv", "present"),
    ]
    told = render(finding([1], [5], evidence=[6, 7]), entries, pack)
    assert [said["number"] for said in told["evidence"]] == [7]
    assert CANARY not in json.dumps(told)


def test_the_holder_of_what_is_withheld_sees_it_all(pack: Pack) -> None:
    """A marking keeps nothing from its own agency, which is told to ring the others."""
    entries = [observation(1, "csc", "absent"), observation(5, "police", "stays_overnight", marking="restricted")]
    told = render(finding([1], [5]), entries, pack, agency="police")
    assert told["severity"] == "high"
    assert [one["agency"] for one in told["ring"]] == ["csc"]


def test_erased_sides_say_so(pack: Pack) -> None:
    """A finding on erased content keeps its place and says why there is no more."""
    first = observation(1, "csc", "absent")
    erased = StoredEntry(RECORD, 5, first.recorded_at, "hv", "e", b"\1" * 32, None, None)
    told = render(finding([1], [5]), [first, erased], pack)
    assert told["headline"] == "What this rested on was erased"
    assert told["ring"] == []


def test_a_name_only_in_a_withheld_entry_never_labels_anybody(pack: Pack) -> None:
    """Labels of people come from bodies that the reader sees."""
    shown = observation(1, "csc", "absent", about="uncle", informant="nan")
    hidden = observation(5, "police", "stays_overnight", marking="pointer", about="csc/uncle")
    named = json.loads(hidden.sealed or b"{}")
    named["body"]["people"] = [{"ref": "uncle", "name": CANARY}]
    told = render(
        finding([1], [2]),
        [
            shown,
            observation(2, "hv", "stays_overnight", about="csc/uncle"),
            StoredEntry(
                RECORD, 5, hidden.recorded_at, "police", "e", hidden.hash, "observation", json.dumps(named).encode()
            ),
        ],
        pack,
    )
    assert "the person whom Children’s social care calls uncle" in told["headline"]
    assert CANARY not in json.dumps(told)


def test_without_a_directory_agencies_are_ids(pack: Pack) -> None:
    """The form for the interface's timeline names nothing that could change."""
    entries = [observation(1, "csc", "absent"), observation(5, "hv", "stays_overnight")]
    told = render(finding([1], [5]), entries, pack, named=False)
    assert told["ring"] == [{"agency": "hv", "name": "hv", "contact": None}]


def test_rendering_asks_for_every_entry_it_needs() -> None:
    """Sides and evidence are all loaded."""
    assert places_of(finding([1], [5, 6], evidence=[9])) == {1, 5, 6, 9}
