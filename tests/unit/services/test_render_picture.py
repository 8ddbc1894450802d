"""A picture in words and JSON: people told apart, values readable, findings named where they belong."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from ledger.domain.pack import Pack
from ledger.domain.picture import Frame, picture
from ledger.services.render_picture import Sheet, columns_of, render_people
from ledger.services.see import Seen, Sight
from ledger.services.word_claim import Wording
from ledger.services.word_picture import word_withheld
from ledger.store.people import Agency
from tests.saying import PRESENCE, links, pack_with, says
from tests.unit.domain.picturing import PACK, claims_in, links_of, noon

PSEUDONYM = "p" * 26


def rendered(
    *entries: dict[str, Any],
    at: str,
    pack: Pack = PACK,
    people: dict[str, str] | None = None,
    findings: Sequence[dict[str, Any]] = (),
) -> dict[str, dict[str, Any]]:
    """The people of a picture of these entries, by name; `people` is what visible entries call them."""
    frame = Frame(links_of(entries), links_of(entries, "things"), pack)
    drawn = picture(claims_in(*entries), frame, noon(at))
    sheet = Sheet(drawn, frame.people, pack, Wording({}, people or {}), PSEUDONYM, findings)
    assert {column["agency"] for column in columns_of(sheet)} <= {"csc", "hv", "police", "gp"}
    return {person["person"]: person for person in render_people(sheet)}


def place(number: int, index: int = 0) -> dict[str, Any]:
    return {"entry": f"{PSEUDONYM}.{number}", "index": index}


def finding(*sides: list[dict[str, Any]]) -> dict[str, Any]:
    """A finding as it is rendered, as far as a picture reads it."""
    return {"finding": "f1", "sides": [{"statements": side} for side in sides]}


def statement(number: int, attribute: str = "presence") -> dict[str, Any]:
    return {**place(number), "attribute": attribute}


def test_two_people_of_one_name_stay_two() -> None:
    """Each is called by the name and by whose reference it is; linked, they are one and the name is enough."""
    said = [says("hv", "visits", "2022-03-10", about="m1"), says("csc", "absent", "2022-03-10", about="m2")]
    names = {"hv/m1": "John Reed", "csc/m2": "John Reed"}
    apart = rendered(*said, at="2022-03-10", people=names)
    assert [apart[name]["label"] for name in ("hv/m1", "csc/m2")] == [
        "John Reed, whom hv calls m1",
        "John Reed, whom csc calls m2",
    ]
    linked = rendered(*said, links("hv/m1", "csc/m2"), at="2022-03-10", people=names | {"hv/m1": "Jon Reed"})
    assert linked.keys() == {"child", "csc/m2"}
    assert linked["csc/m2"]["label"] == "John Reed"
    assert linked["csc/m2"]["also_called"] == ["Jon Reed"]


def test_a_role_is_called_by_its_role() -> None:
    """The father is the father, whatever else he is called."""
    said = [says("hv", "visits", "2022-03-10"), links("father", "hv/m1")]
    father = rendered(*said, at="2022-03-10", people={"hv/m1": "John Reed"})["father"]
    assert (father["label"], father["also_called"]) == ("the father", ["John Reed"])


def test_values_are_readable() -> None:
    """Dates are written out, measurements have their unit, people are called by their names."""
    pack = pack_with(
        weight={"about": "child", "type": "quantity", "unit": "kg", "tolerance": "0.1", "meaning": "Weight."},
        born={"about": "child", "type": "date", "meaning": "When the child was born."},
        carer={"about": "child", "type": "person", "meaning": "Who looks after the child."},
    )
    claims: dict[str, Any] = {"weight": "3.42", "born": "2022-09", "carer": {"is_not": "m1"}}
    said = [says("hv", value, "2022-10-04", attribute=name, about="child") for name, value in claims.items()]
    child = rendered(*said, at="2022-10-04", pack=pack, people={"hv/m1": "Ann Low"})["child"]
    words = {row["attribute"]: row["cells"][0]["holds"][0]["words"] for row in child["attributes"]}
    assert words == {"weight": "3.42 kg", "born": "September 2022", "carer": "not Ann Low"}


def test_each_end_is_as_written_and_as_resolved() -> None:
    """A vague start keeps its words beside its bounds; a stretch that a later word cut has no written end."""
    said = [
        says("csc", "absent", "2022-03-10", "2022-02~/..", told="mother"),
        says("csc", "visits", "2022-05-10", "2022-05-01/..", told="mother"),
    ]
    frame = Frame(links_of([]), links_of([]), PACK)
    drawn = picture(claims_in(*said), frame, datetime(2022, 6, 1, tzinfo=UTC), history=True)
    people = render_people(Sheet(drawn, frame.people, PACK, Wording(), PSEUDONYM, []))
    first, second = people[1]["attributes"][0]["cells"][0]["holds"]
    assert first["since"] == {
        "written": "2022-02~",
        "earliest": "2022-01-01T00:00:00.000000Z",
        "latest": "2022-03-11T00:00:00.000000Z",
    }
    assert first["until"]["written"] is None
    assert first["until"]["latest"] == second["since"]["earliest"]
    assert second["until"] is None


def test_what_cannot_change_is_said_for_good() -> None:
    """It has no start and no end, and the day on which it was said."""
    pack = pack_with(presence={**PRESENCE, "compare_within": "always"})
    (row,) = rendered(says("hv", "visits", "2022-03-10"), at="2023-01-01", pack=pack)["father"]["attributes"]
    (hold,) = row["cells"][0]["holds"]
    assert (hold["since"], hold["until"], hold["last_said"]) == (None, None, "2022-03-10")
    assert hold["state_words"] == "said on 10 March 2022, of what does not change"
    assert row["possible"]["words"] == "All that is held of this time leaves: overnight or visits."


def test_a_conflict_is_told_in_a_sentence() -> None:
    """Who holds what and from whom, and whether it may be a change."""
    said = [
        says("csc", "absent", "2022-03-10", "2022-03-10/..", told="mother"),
        says("hv", "stays_overnight", "2022-10-05", "2022-10/..", told="mother"),
    ]
    (row,) = rendered(*said, at="2022-10-06")["father"]["attributes"]
    assert row["conflict"]["words"] == (
        "These cannot both be so: csc “absent” (told by the mother) and hv “stays overnight” (told by the mother). "
        "It may be a change since 10 March 2022."
    )
    (only,) = row["conflict"]["sets"]
    assert only["statements"] == [place(1), place(2)]
    assert only["change_since"] == "2022-03-10"
    assert row["possible"] == {"states": [], "words": "Not all of it can be true at this time."}


def test_a_finding_across_attributes_is_in_both_rows() -> None:
    """What a constraint sets against each other is named in each cell, and the finding in each row."""
    pack = pack_with(
        presence={"about": "person", "type": "text", "meaning": "x"},
        contact={"about": "person", "type": "text", "meaning": "x"},
    )
    said = [
        says("csc", "none", "2022-03-10"),
        says("hv", "slept here", "2022-03-10", attribute="contact"),
        says("gp", "registered", "2022-03-10", attribute="contact"),
    ]
    found = finding([statement(1)], [statement(2, "contact")])
    presence, contact = rendered(*said, at="2022-03-10", pack=pack, findings=[found])["father"]["attributes"]
    assert (presence["findings"], contact["findings"]) == (["f1"], ["f1"])
    assert presence["cells"][0]["holds"][0]["conflicts_with"] == [place(2)]
    assert {cell["agency"]: cell["holds"][0]["conflicts_with"] for cell in contact["cells"]} == {
        "hv": [place(1)],
        "gp": [],
    }


def test_a_finding_about_one_of_two_people_is_in_that_ones_row() -> None:
    """A claim about two people stands in two rows; the finding is in the row in which its other side is, too."""
    both = says("csc", "absent", "2022-03-10", about=["father", "m1"])
    people = rendered(
        both,
        says("hv", "lives_here", "2022-03-10"),
        at="2022-03-10",
        findings=[finding([statement(1)], [statement(2)])],
    )
    assert people["father"]["attributes"][0]["findings"] == ["f1"]
    (other,) = people["csc/m1"]["attributes"]
    assert (other["findings"], other["cells"][0]["holds"][0]["conflicts_with"]) == ([], [])


def test_a_finding_without_statements_is_in_no_row() -> None:
    """A pointer, or a check that failed, has no sides."""
    (row,) = rendered(says("csc", "absent", "2022-03-10"), at="2022-03-10", findings=[finding()])["father"][
        "attributes"
    ]
    assert row["findings"] == []


def test_what_is_withheld_is_counted_by_agency_alone() -> None:
    """One word for each agency, with its entries, its name and its contact where these are at hand."""
    at = datetime(2022, 3, 10, tzinfo=UTC)
    seen = [
        Seen(UUID(int=1), number, at, agency, b"", sight)
        for number, agency, sight in (
            (3, "police", Sight.WITHHELD),
            (4, "csc", Sight.FULL),
            (5, "police", Sight.WITHHELD),
            (6, "hv", Sight.ERASED),
        )
    ]
    (told,) = word_withheld(seen, {"police": Agency("police", "Police", "101")}, PSEUDONYM)
    assert (told["agency"], told["name"], told["contact"]) == ("police", "Police", "101")
    assert told["entries"] == [f"{PSEUDONYM}.3", f"{PSEUDONYM}.5"]
    assert json.dumps(word_withheld(seen, {}, PSEUDONYM)).count("101") == 0


def test_what_agencies_do_is_no_attribute_of_anybody() -> None:
    """Contacts, referrals, actions and hand-overs are acts: the picture has what is held, and none of them."""
    contact = {"depth": "seen", "outcome": "no_access", "present": ["mother"]}
    held = says("hv", "visits", "2022-03-10")
    held["body"]["contact"] = contact
    acts = [
        {"agency": "csc", "kind": "referral", "body": {"to": "hv", "reason": "A bruise."}},
        {"agency": "csc", "kind": "action", "body": {"what": "A visit.", "owner": {"agency": "hv"}}},
        {"agency": "csc", "kind": "check", "body": {"with": "police", "about": "father"}},
        {"agency": "hv", "kind": "contact", "body": {"observed": "2022-03-10", **contact}},
    ]
    people = rendered(held, *acts, at="2022-03-10")
    shown = [row["attribute"] for person in people.values() for row in person["attributes"]]
    assert shown == ["presence"]
    assert "entry:" not in json.dumps(people)
