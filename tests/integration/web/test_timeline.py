import json
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from ledger.services.read_timeline import Question, read_timeline
from ledger.services.refusal import RefusedError
from ledger.services.see import NotKnownError, Reader
from ledger.store.append import SYSTEM_ROLES
from ledger.store.database import transaction
from tests.integration.web.seeding import ALERT, FINDING, PSEUDONYM, RECORD, Seeded, presence

CANARY = "QUETZALCOATLUS"


def read(ledger: Seeded, agency: str = "csc", **asked: Any) -> dict[str, Any]:
    with transaction(ledger.context.engine, party=agency) as connection:
        return read_timeline(
            connection,
            Reader(agency, roles=SYSTEM_ROLES),
            RECORD,
            Question(**asked),
            pack=ledger.context.pack,
            chance=ledger.context.chance,
        )


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_the_same_point_gives_the_same_bytes_for_ever(shropshire: Seeded) -> None:
    """What comes later, a statement, a correction or the finding's end, changes nothing that was known before."""
    asked: dict[str, Any] = {
        "number": shropshire.numbers[f"finding.{FINDING}"],
        "valid_at": moment("2022-10-05T12:00:00"),
    }
    before, whole = json.dumps(read(shropshire, **asked)), json.dumps(read(shropshire, number=asked["number"]))
    shropshire.observe("2022-11-02T09:00:00+00:00", "hv", "o9", "He is there.", presence("lives_here", "2022-10-01/.."))
    shropshire.withdraw("2022-11-03T09:00:00+00:00", "csc", "c2", "o2", observed="2022-03-10", statement="fact")
    joined = {"finding": FINDING, "sides": [[[6, 0]], [[10, 0], [shropshire.numbers["o9"], 0]]], "certain": False}
    shropshire.entry("2022-11-04T09:00:00+00:00", "ledger", "finding_joined", "j1", joined | {"evidence": []})
    shropshire.entry(
        "2022-11-05T09:00:00+00:00", "ledger", "finding_closed", "x1", {"finding": FINDING, "why": "agree"}
    )
    assert json.dumps(read(shropshire, **asked)) == before
    assert json.dumps(read(shropshire, number=asked["number"])) == whole
    now = next(entry for entry in read(shropshire)["entries"] if entry["kind"] == "finding_raised")
    assert now["finding"]["closed"] is True
    assert now["finding"]["sides"][0]["statements"][0]["withdrawn"] is True
    assert len(now["finding"]["sides"][1]["statements"]) == 2


def test_a_moment_is_resolved_to_a_number_once(shropshire: Seeded) -> None:
    """`known_at` gives a number and a hash, and those give the same page back."""
    by_moment = read(shropshire, known_at=moment("2022-10-04T12:00:00"))
    assert by_moment["as_of"]["number"] == shropshire.numbers["o3-typo"]
    point = by_moment["as_of"]
    assert read(shropshire, number=point["number"], hash=point["hash"]) == by_moment
    assert "withdrawn_by" not in by_moment["entries"][-1]
    assert read(shropshire, known_at=moment("2020-01-01T00:00:00"))["entries"] == []


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"number": 999}, "as_of_not_reached"),
        ({"number": 3, "hash": "0" * 64}, "as_of_differs"),
        ({"number": 3, "known_at": datetime(2022, 1, 1, tzinfo=UTC)}, "two_points"),
        ({"limit": 0}, "limit_out_of_range"),
    ],
)
def test_a_point_that_is_not_there_is_refused(shropshire: Seeded, asked: dict[str, Any], code: str) -> None:
    """A number beyond the end, another history's hash, two points at once."""
    with pytest.raises(RefusedError) as refused:
        read(shropshire, **asked)
    assert refused.value.refusal.code == code


def test_pages_follow_each_other_without_gap(shropshire: Seeded) -> None:
    """Small pages put together are the large one."""
    whole, found, after = read(shropshire), list[dict[str, Any]](), 0
    while True:
        page = read(shropshire, after=after, limit=3, number=whole["as_of"]["number"])
        found += page["entries"]
        if page["next"] is None:
            break
        after = page["next"]
    assert found == whole["entries"]


def test_valid_at_keeps_what_was_said_of_that_moment(shropshire: Seeded) -> None:
    """Of observations, those with a claim that holds then, and which; entries of other kinds stay."""
    entries = read(shropshire, valid_at=moment("2022-05-01T12:00:00"))["entries"]
    observations = [entry for entry in entries if entry["kind"] == "observation"]
    assert [entry["number"] for entry in observations] == [shropshire.numbers["o2"]]
    assert observations[0]["holds"] == [{"index": 0, "holds": "possibly"}]
    assert any(entry["kind"] == "decision" for entry in entries)


def test_who_is_not_involved_knows_of_nothing(shropshire: Seeded) -> None:
    """Not even an agency with an entry of its own in the record reads others'; nor one that does not exist."""
    shropshire.observe("2022-11-02T09:00:00+00:00", "school", "s1", "Sibling spoke of a new baby.")
    for agency in ("school", "nobody"):
        with pytest.raises(NotKnownError):
            read(shropshire, agency)


def test_every_read_leaves_an_access_record(shropshire: Seeded, superuser_url: str) -> None:
    """Who, what, why and how far, by the ledger's clock; a refused read leaves none."""
    read(shropshire, "hv", number=5)
    with pytest.raises(NotKnownError):
        read(shropshire, "school")
    with psycopg.connect(superuser_url) as connection:
        rows = connection.execute(
            "SELECT agency_id, what, up_to_number, at FROM ledger.access_records WHERE record_id = %s", (RECORD,)
        ).fetchall()
    assert rows == [("hv", "timeline", 5, moment("2022-11-01T09:00:00"))]


def test_marked_entries_are_seen_by_their_agency_alone(shropshire: Seeded) -> None:
    """Others learn that the agency holds something, at this place, and no more; corrections are no way round."""
    shropshire.observe(
        "2022-11-02T09:00:00+00:00",
        "police",
        CANARY,
        f"Intelligence {CANARY}",
        presence("lives_here", "2022-10-01/..", basis="seen", informant=None),
        sharing={"marking": "pointer", "lawful_basis": "public task"},
    )
    shropshire.withdraw(
        "2022-11-02T10:00:00+00:00", "police", "pc", CANARY, observed="2022-11-02", statement="fact", narrative=CANARY
    )
    shropshire.find("2022-11-02T11:00:00+00:00", "contradiction", ["o2"], [CANARY], finding="e" * 32)
    assert CANARY in json.dumps(read(shropshire, "police"))
    for asked in ({}, {"valid_at": moment("2022-11-01T12:00:00")}):
        for agency in ("csc", "hv"):
            page = read(shropshire, agency, **asked)
            assert CANARY not in json.dumps(page)
            hidden = [entry for entry in page["entries"] if entry["sight"] == "withheld"]
            assert [entry["agency"] for entry in hidden] == ["police", "police"]
            assert all(entry["kind"] is None and "body" not in entry for entry in hidden)
    raised = [entry for entry in read(shropshire, "csc")["entries"] if entry["kind"] == "finding_raised"]
    assert raised[1]["finding"]["withheld"] is True
    assert "presence" not in json.dumps(raised[1])


def test_erased_content_leaves_a_tombstone(shropshire: Seeded, superuser_url: str) -> None:
    """The place, time and hash stand; the words and the kind are gone; what rested on it says so."""
    with psycopg.connect(superuser_url) as connection:
        connection.execute(
            """INSERT INTO ledger.erasure_orders (record_id, number, agency_id, person_id, ground, is_whole, numbers,
                answer, answered_number, answered_agency, answered_by)
            VALUES (%(record)s, 1, 'hv', gen_random_uuid(), 'court_order', false, ARRAY[%(number)s::bigint],
                'approve', 1, 'csc', gen_random_uuid())""",
            {"record": RECORD, "number": shropshire.numbers["o3"]},
        )
        connection.execute("SET ROLE ledger_erasure")
        connection.execute("SET ledger.party = 'erasure'")
        connection.execute(
            "DELETE FROM ledger.contents WHERE record_id = %s AND number = %s", (RECORD, shropshire.numbers["o3"])
        )
    entries = {entry["number"]: entry for entry in read(shropshire)["entries"]}
    gone = entries[shropshire.numbers["o3"]]
    assert (gone["sight"], gone["kind"], gone["id"]) == ("erased", None, f"{PSEUDONYM}.{gone['number']}")
    assert "some nights" not in json.dumps(entries)
    assert entries[shropshire.numbers[f"finding.{FINDING}"]]["finding"]["headline"] == "What this rested on was erased"


def test_alerts_and_acknowledgements_are_entries_too(shropshire: Seeded) -> None:
    """The chronology shows who was told."""
    told = next(entry for entry in read(shropshire)["entries"] if entry["kind"] == "alert_raised")
    assert (told["alert"], told["to"]) == (ALERT, {"agency": "csc", "person": "sw1"})


def test_notices_name_entries_only_to_who_sees_both(shropshire: Seeded) -> None:
    """That an agency's picture changed is shown; what changed it only where it may be seen."""
    shropshire.observe(
        "2022-11-02T09:00:00+00:00",
        "police",
        CANARY,
        CANARY,
        presence("absent", "2022-10-01/.."),
        sharing={"marking": "pointer"},
    )
    for number, newer in enumerate(("o3", CANARY)):
        body = {
            "notice": "overtaken",
            "agency": "csc",
            "question": "q",
            "held": [shropshire.numbers["o2"], 0],
            "newer": [shropshire.numbers[newer], 0],
            "step": "s",
        }
        shropshire.entry("2022-11-02T10:00:00+00:00", "ledger", "notice", f"n{number}", body)
    open_, hidden = (entry for entry in read(shropshire)["entries"] if entry["kind"] == "notice")
    assert (open_["held"], open_["newer"]) == (f"{PSEUDONYM}.6", f"{PSEUDONYM}.10")
    assert open_["to"] == hidden["to"] == {"agency": "csc"}
    assert "held" not in hidden
    assert "newer" not in hidden


def test_a_check_that_fails_says_nothing_of_what_it_failed_on(shropshire: Seeded) -> None:
    """The lead learns that a check does not run, whatever the statement at which it stopped."""
    shropshire.observe(
        "2022-11-02T09:00:00+00:00",
        "police",
        CANARY,
        CANARY,
        presence("absent", "2022-10-01/.."),
        sharing={"marking": "pointer"},
    )
    shropshire.find("2022-11-02T10:00:00+00:00", "check_failed", [CANARY], finding="c" * 32)
    told = read(shropshire)["entries"][-1]["finding"]
    assert told["headline"] == "One of the checks on this child is not running"
    assert "presence" not in json.dumps(told)
    assert told["ring"] == []


def test_the_ledgers_own_entries_show_no_stored_references(shropshire: Seeded) -> None:
    """What detection stored of a question or a side stays where it is; an involvement it began is shown."""
    shropshire.entry(
        "2022-11-02T10:00:00+00:00",
        "ledger",
        "involvement",
        "desk",
        {"agency": "csc", "role": "duty_desk", "reason": "no lead professional"},
    )
    entries = [entry for entry in read(shropshire)["entries"] if entry["agency"] == "ledger"]
    assert [entry["kind"] for entry in entries] == ["finding_raised", "alert_raised", "involvement"]
    assert [("body" in entry) for entry in entries] == [False, False, True]
