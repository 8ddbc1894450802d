import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from ledger.domain.entry import commitment_of
from ledger.domain.role import Role
from ledger.domain.verify.command import run as verify
from ledger.services.export_record import LOOK
from ledger.services.refusal import RefusedError
from ledger.store.append import Caller
from tests.exporting import REASON, Read, cosign, sealed, taken
from tests.integration.api.test_every_view import made, whence
from tests.marked_oracle import Oracle, Sees
from tests.marked_views import canaries_in
from tests.marked_world import MarkedWorld
from tests.partnership import Partnership, stored
from tests.pdf_text import pdf_text
from tests.sealing_log import LOG_VKEY, seal
from tests.sizes import marked_histories

HIDDEN = {"marking": "restricted", "to": ["hv"], "lawful_basis": "public task"}
POINTER = {"marking": "pointer", "lawful_basis": "public task"}


@pytest.fixture
def record(partnership: Partnership) -> str:
    """Entries of three agencies: shared, restricted to hv, and a pointer; entries 4, 5 and 6."""
    record_id = partnership.child(involve=("hv", "csc"), name="Zoë Łukasz 李")
    for agency, sharing in (("hv", None), ("csc", HIDDEN), ("csc", POINTER)):
        more = {"sharing": sharing} if sharing else {}
        body = partnership.observation(record_id, narrative=f"Written by {agency}, {more and 'marked'}.", **more)
        stored(partnership.post("/observations", body, agency))
    sealed(partnership)
    return record_id


def auditor(partnership: Partnership) -> Caller:
    return partnership.person("gp", "aud", Role.AUDITOR)


def officer(partnership: Partnership, agency: str) -> Caller:
    return partnership.person(agency, "officer", Role.RECORDS_OFFICER)


def entry_of(partnership: Partnership, record_id: str, number: int) -> dict[str, Any]:
    """Kind, agency and body of an entry as it is stored."""
    with partnership.acting("ledger_worker") as connection:
        content = connection.exec_driver_sql(
            "SELECT content FROM ledger.contents WHERE record_id = %s AND number = %s", (record_id, number)
        ).scalar_one()
    told: dict[str, Any] = json.loads(content)
    return told


def checked(read: Read, folder: Path, *more: str) -> tuple[int, str]:
    """What the verifier says of an export: exit code and words."""
    out = StringIO()
    code = verify([str(read.unpacked(folder)), "--key", LOG_VKEY, *more], out, StringIO())
    return code, out.getvalue()


def test_what_may_be_seen_whole_goes_whole(partnership: Partnership, record: str) -> None:
    """To an auditor what any involved agency sees goes with salt and content, which meet the commitment; to an agency
    its own does, and others' is told as far as it may be seen: what others call it is nowhere. The rest are envelopes.
    """
    read, _ = taken(partnership, auditor(partnership), record)
    assert read.shown == ["whole"] * 4 + ["withheld"] * 2
    for line in read.entries[:4]:
        envelope = json.loads(line["envelope"])
        salt, content = bytes.fromhex(line["salt"]), line["content"].encode()
        assert commitment_of(salt, content).hex() == envelope["commitment"]
    # One that may be known of and one that may not are the same but for what an envelope says of itself.
    assert [line.keys() for line in read.entries[4:]] == [{"envelope", "index", "proof", "shown"}] * 2
    assert "Zoë Łukasz 李" in read.text("chronology.html")
    assert "Zoë Łukasz [U+674E]" in pdf_text(read.files["chronology.pdf"])
    read, _ = taken(partnership, officer(partnership, "csc"), record, number=6)
    assert read.shown == ["part", "part", "whole", "part", "whole", "whole"]
    theirs = [entry_of(partnership, record, number)["event_id"] for number in (1, 2, 4)]
    own = [entry_of(partnership, record, number)["event_id"] for number in (3, 5, 6)]
    text = read.text("entries.jsonl")
    assert [name in text for name in own] == [True] * 3
    assert not [name for name in theirs for data in read.files.values() if name.encode() in data]
    assert "Written by hv" in read.text("entries.csv")
    assert "Not provable from this export" in read.text("chronology.html")


def test_the_same_point_gives_the_same_bytes(partnership: Partnership, record: str) -> None:
    """As of one number, for one reader and under one checkpoint every file is the same, but for when it was made.

    A moment finds the number; before the first entry there is nothing to take.
    """
    who = auditor(partnership)
    one, _ = taken(partnership, who, record, number=5)
    other, _ = taken(partnership, who, record, number=5)
    differing = {name for name in one.files if one.files[name] != other.files[name]}
    assert one.files.keys() == other.files.keys()
    assert differing <= {"export.json", "export.note"}
    assert {**one.about, "made_at": ""} == {**other.about, "made_at": ""}
    assert one.about["as_of"] == {"number": 5, "hash": other.about["as_of"]["hash"]}
    times = [datetime.fromisoformat(json.loads(envelope)["recorded_at"]) for envelope in partnership.envelopes(record)]
    read, copy = taken(partnership, auditor(partnership), record, known_at=times[2])
    assert (copy.number, len(read.entries)) == (3, 3)
    with pytest.raises(RefusedError) as refused:
        taken(partnership, auditor(partnership), record, known_at=datetime.fromisoformat("2000-01-01T00:00:00Z"))
    assert refused.value.refusal.code == "as_of_not_reached"


def test_taking_a_copy_is_recorded_and_not_part_of_it(partnership: Partnership, record: str) -> None:
    """Who took it and why stands in an access record; to whom, and under which hash, in an entry behind the copy.

    Who does not lead, or has no part in it, takes none.
    """
    seen = partnership.person("hv", "p1", Role.PRACTITIONER)
    with pytest.raises(RefusedError) as refused:
        taken(partnership, seen, record)
    assert refused.value.refusal.code in {"role_missing", "not_known"}
    with pytest.raises(RefusedError) as refused:
        taken(partnership, officer(partnership, "police"), record)
    assert refused.value.refusal.code == "not_known"
    assert len(partnership.envelopes(record)) == 6
    who = auditor(partnership)
    read, copy = taken(partnership, who, record)
    assert (copy.number, copy.entry.number) == (6, 7)
    entry = entry_of(partnership, record, 7)
    about = {"to": "auditor", "up_to": 6, "log_size": read.about["size"], "sha256": copy.sha256}
    assert (entry["kind"], entry["body"]) == ("export", about | {"author": {"ref": "aud"}})
    with partnership.acting("ledger_auditor", "auditor") as connection:
        looks = connection.exec_driver_sql(
            "SELECT person_id, what, purpose, up_to_number FROM ledger.access_records "
            "WHERE record_id = %s AND outcome = 'answered'",
            (record,),
        ).all()
    assert looks == [(who.person_id, LOOK, REASON, 6)]


def test_what_is_not_sealed_is_said_and_not_given(partnership: Partnership, record: str) -> None:
    """Entries that no checkpoint covers yet are named, and no copy is made nor recorded as an entry."""
    stored(partnership.post("/observations", partnership.observation(record), "hv"))
    with pytest.raises(RefusedError) as refused:
        taken(partnership, auditor(partnership), record)
    assert refused.value.refusal.code == "not_sealed_yet"
    assert "Entry 7 is not" in refused.value.refusal.detail
    assert len(partnership.envelopes(record)) == 7
    assert taken(partnership, auditor(partnership), record, number=6)[1].number == 6


def test_what_was_erased_is_a_tombstone(partnership: Partnership, record: str, tmp_path: Path) -> None:
    """Of an erased entry the envelope and its proof are there, and no word of it, as a copy from before has them.

    In that copy a word that is changed is found, and the entry named.
    """
    read, _ = taken(partnership, auditor(partnership), record)
    changed = read.text("entries.jsonl").replace("Written by hv", "Written by xx").encode()
    code, words = checked(Read({**read.files, "entries.jsonl": changed}), tmp_path / "changed")
    assert code == 1
    assert "4" in words
    partnership.erase(record, 4)
    seal(partnership)
    read, _ = taken(partnership, auditor(partnership), record, number=6)
    assert read.shown[3] == "erased"
    assert not [name for name, data in read.files.items() if b"Written by hv" in data]
    assert "Erased by order" in read.text("chronology.html")


def test_siblings_are_named_to_nobody_else(partnership: Partnership) -> None:
    """What was sent for several children at once goes whole to its sender alone: it names them."""
    record_id, sibling = partnership.child(involve=("hv",)), partnership.child(involve=("hv",))
    stored(partnership.post("/observations", partnership.observation(record_id, also=[{"id": sibling}]), "hv"))
    sealed(partnership)
    read, _ = taken(partnership, auditor(partnership), record_id)
    assert read.shown == ["whole", "whole", "part"]
    assert not [name for name, data in read.files.items() if sibling.encode() in data]
    own, _ = taken(partnership, officer(partnership, "hv"), record_id, number=3)
    assert own.shown == ["whole"] * 3


def test_what_the_ledger_found_is_whole_where_nothing_is_hidden(partnership: Partnership) -> None:
    """Findings and alerts hold references: they go whole as long as the reader sees all that stands before them."""
    record_id = partnership.child(involve=("hv", "csc"))
    alert = partnership.alert(record_id)
    sealed(partnership)
    who = partnership.person("csc", "sw1", Role.PRACTITIONER)
    read, _ = taken(partnership, who, record_id)
    kinds = [
        entry_of(partnership, record_id, number)["kind"]
        for number, shown in enumerate(read.shown, start=1)
        if shown == "whole"
    ]
    assert {"finding_raised", "alert_raised"} <= set(kinds)
    assert alert["finding"]["headline"] in read.text("chronology.html").replace("&#x27;", "'")
    body = partnership.observation(record_id, sharing=HIDDEN)
    stored(partnership.post("/observations", body, "gp"))
    other = partnership.observation(record_id, observed="2023-10-09", narrative="He is back.")
    other["claims"][0] |= {"value": "lives_here", "informant": "father"}
    stored(partnership.post("/observations", other, "hv"))
    partnership.detect(record_id)
    seal(partnership)
    later, _ = taken(partnership, who, record_id)
    found = [
        shown
        for number, shown in enumerate(later.shown, start=1)
        if number > len(read.shown) + 1 and entry_of(partnership, record_id, number)["agency"] == "ledger"
    ]
    assert found
    assert "whole" not in found


def test_a_copy_verifies_and_nothing_is_claimed_that_is_not_so(
    partnership: Partnership, record: str, tmp_path: Path
) -> None:
    """By the log's key alone it is whole and nobody vouches for the log; by a witness it is, and between two times."""
    began = int(datetime.now(UTC).timestamp())
    read, _ = taken(partnership, auditor(partnership), record)
    code, words = checked(read, tmp_path / "one", "--receipt-key", read.about["keys"]["receipts"])
    assert code == 3, words
    assert read.files["brackets.jsonl"] == b""
    witness = cosign(partnership, began)
    stored(partnership.post("/observations", partnership.observation(record), "hv"))
    seal(partnership)
    assert cosign(partnership, began + 60) == witness
    first = str(read.about["size"])
    read, copy = taken(partnership, officer(partnership, "hv"), record)
    brackets = [json.loads(line)["checkpoint"].split("\n")[1] for line in read.files["brackets.jsonl"].splitlines()]
    assert brackets == [first, str(copy.size)]
    code, words = checked(read, tmp_path / "two", "--witness", witness, "--skew", "600")
    assert code == 0, words


def allowed_to(world: MarkedWorld, agency: str, *, leads: bool) -> set[str]:
    """What a reader may see of a history; an auditor besides what the senders of entries call those given whole."""
    oracle = Oracle(world, agency, leads)
    found = oracle.canaries()
    if agency != "-":
        return found
    for one in world.entries:
        if oracle.entry(one) is Sees.ALL:
            found.add(one.event)
    return found


@pytest.mark.parametrize("seed", range(marked_histories()))
def test_no_file_has_what_its_reader_may_not_see(partnership: Partnership, seed: int) -> None:
    """Of a random history with random markings no file of any copy has a word that is kept from who gets it."""
    world = made(partnership, seed)
    sealed(partnership)
    leads = world.has_lead
    readers = [
        (auditor(partnership), "-", False),
        (officer(partnership, "hv"), "hv", False),
        (partnership.person("csc", "sw1", Role.MANAGER), "csc", leads),
    ]
    for who, agency, is_lead in readers:
        read, copy = taken(partnership, who, world.child)
        seal(partnership)
        allowed = allowed_to(world, agency, leads=is_lead)
        for name, data in read.files.items():
            text = pdf_text(data) if name.endswith(".pdf") else data.decode()
            found = canaries_in(text)
            assert found <= allowed, (agency, name, whence(world, found - allowed))
        words = {word for one in world.entries for part in one.parts if part.sort == "words" for word in part.canaries}
        missing = (words & Oracle(world, agency, is_lead).canaries()) - canaries_in(read.text("chronology.html"))
        assert not missing, (agency, whence(world, missing))
        oracle = Oracle(world, agency, is_lead)
        for one in world.entries:
            if one.number <= copy.number and oracle.entry(one) is not Sees.ALL and one.agency != agency:
                assert read.shown[one.number - 1] == "withheld", (agency, one.kind, one.number)
