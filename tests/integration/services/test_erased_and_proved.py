"""Erasing by order takes words away and no proof: the log, the record's chain and every export hold as before, the
self-audit finds nothing wrong, and what a rebuild makes of the entries that are left is what stands.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from ledger.domain.role import Role
from ledger.services.export_files import Folder
from ledger.services.export_log import export_log
from ledger.services.rebuild import rebuilding
from ledger.services.rebuild_record import rebuild_record
from ledger.services.self_audit import audit
from ledger.store.database import connect_engine
from ledger.store.rebuilding import ROLE
from tests import sizes
from tests.exporting import REASON, cosign, sealed, taken
from tests.independent_reader import Brought, read
from tests.integration.services.test_erasing import Officers, everything
from tests.integration.services.test_export_record import checked
from tests.partnership import Partnership, default_pack, stored
from tests.sealing_log import LOG_VKEY, seal

#: What the entries of each name say and no other does.
WORDS = {
    "registration": ["Xanthippe-9731"],
    "details": ["9990000018", "Quirinus-4417"],
    "introducing": ["Zephyrine-2208"],
    "link": ["bruise-8841"],
    "action": ["Melchior-5520"],
    "consent": ["Ottoline-6605"],
    "correction": ["Barnabas-7719"],
}

ERASED = ["registration", "introducing", "correction", "whole"]
if sizes.is_full():
    ERASED += ["conflict", "details", "later details", "link", "action", "consent"]


def differing(partnership: Partnership) -> list[tuple[str, str, str]]:
    """(table, why, row) of what a rebuild of everything would make otherwise."""
    with rebuilding(partnership.database_url, lambda _digest: default_pack(), swaps=False) as made:
        found = [made.partnerships(), *made.records(), made.strays()]
    assert [one.why for one in found if one.why] == []
    return [(one.table, one.why, one.named) for each in found for one in each.differences]


@pytest.fixture
def officers(partnership: Partnership) -> Officers:
    return Officers(partnership)


@pytest.fixture
def rich(partnership: Partnership) -> tuple[str, dict[str, str]]:
    """A record with entries of the kinds that projections repeat: their ids, by what they are."""
    child = partnership.child(involve=["hv", "csc", "gp"], name=WORDS["registration"][0])
    ids: dict[str, str] = {}

    def send(what: str, where: str, agency: str = "hv", /, **body: Any) -> None:
        answer = stored(partnership.post(where, {"event_id": partnership.event(), **body}, agency))
        ids[what] = str(answer["id"])

    record = f"/children/{child}"
    alert = partnership.alert(child)
    ids["conflict"] = alert["finding"]["sides"][0]["statements"][0]["entry"]
    with partnership.acting("ledger_worker") as connection:
        pseudonym = connection.exec_driver_sql(
            "SELECT pseudonym FROM ledger.heads WHERE record_id = %s", (child,)
        ).scalar()
    ids["registration"] = f"{pseudonym}.1"
    nhs, name = WORDS["details"]
    send("details", f"{record}/details", "csc", nhs_number=nhs, name=name, mother={"ref": "m1"})
    send("later details", f"{record}/details", "csc", gestation_weeks=38)
    ref = WORDS["introducing"][0]
    people = [{"ref": ref, "role": "father", "name": ref, "born": "1990-01-01"}]
    said = {name: value for name, value in partnership.observation(child, people=people).items() if name != "event_id"}
    send("introducing", "/observations", "hv", **said)
    send("link", f"{record}/links", things=["bruise-1", f"csc/{WORDS['link'][0]}"], reason="One bruise.")
    send("action", f"{record}/actions", "csc", what=WORDS["action"][0], owner={"agency": "gp"}, due="2023-12-01")
    send("consent", f"{record}/consents", of="mother", answer="given", observed="2023-10-05", how="By word.",
         **{"for": f"early help, {WORDS['consent'][0]}"})  # fmt: skip
    corrected = {name: value for name, value in said.items() if name not in {"child", "people"}}
    again = corrected | {"narrative": WORDS["correction"][0]}
    send("correction", f"{record}/corrections", corrects=ids["introducing"], observation=again, reason="The day.")
    partnership.detect(child)
    return child, ids


@pytest.mark.parametrize("name", ERASED)
def test_a_rebuild_makes_what_stands(
    partnership: Partnership, officers: Officers, rich: tuple[str, dict[str, str]], superuser_url: str, name: str
) -> None:
    """After an entry of each sort, or the whole record, was erased: every projection is as the entries left make it,
    and nothing that the entry said is in any column of any table.
    """
    child, ids = rich
    assert differing(partnership) == []
    officers.erase(child, [] if name == "whole" else [ids[name]])
    assert differing(partnership) == []
    gone = [word for words in WORDS.values() for word in words] if name == "whole" else WORDS.get(name, [])
    left = {(table, word) for table, told in everything(superuser_url) for word in gone if word in told}
    assert left == set()
    partnership.detect(child)
    assert differing(partnership) == []


def test_a_rebuild_opens_nothing(partnership: Partnership, officers: Officers) -> None:
    """What an erased entry kept from somebody stays kept from them when the record is rebuilt and swapped in."""
    child = partnership.child(involve=["hv", "csc", "gp"])
    sharing = {"lawful_basis": "public task", "marking": "restricted", "to": []}
    people = [{"ref": "aunt", "role": "aunt", "name": "Jo", "sharing": sharing}]
    said = partnership.observation(child, people=people, claims=[], narrative="Jo keeps him.")
    marking = str(stored(partnership.post("/observations", said))["id"])
    claim = {"about": "aunt", "attribute": "address", "value": "1 Hidden Road", "basis": "seen"}
    stored(partnership.post("/observations", partnership.observation(child, claims=[claim], narrative="Seen.")))
    officers.erase(child, [marking])
    engine = connect_engine(partnership.database_url, ROLE, pool_size=1)
    rebuild_record(engine, UUID(child), lambda _digest: default_pack())
    engine.dispose()
    assert differing(partnership) == []
    assert "1 Hidden Road" not in partnership.get(f"/children/{child}/timeline", "gp").get_data(as_text=True)
    assert "1 Hidden Road" in partnership.get(f"/children/{child}/timeline", "hv").get_data(as_text=True)


def test_the_proofs_hold(
    partnership: Partnership, officers: Officers, rich: tuple[str, dict[str, str]], tmp_path: Path
) -> None:
    """Exports of the record and of the log are whole to both readers, before and after, vouched for by a checkpoint
    from before; the entry is there, erased; the self-audit finds nothing.
    """
    child, ids = rich
    auditor = partnership.person("gp", "aud", Role.AUDITOR)
    sealed(partnership)
    witness = cosign(partnership, int(datetime.now(UTC).timestamp()))
    before, _ = taken(partnership, auditor, child)
    kept = tmp_path / "kept"
    kept.write_bytes(before.files["checkpoint"])
    officers.erase(child, [ids["introducing"]])
    seal(partnership)
    number = int(ids["introducing"].rpartition(".")[2])
    after, _ = taken(partnership, auditor, child)
    assert (before.shown[number - 1], after.shown[number - 1]) == ("whole", "erased")
    assert [line["envelope"] for line in after.entries[: len(before.entries)]] == [
        line["envelope"] for line in before.entries
    ]
    code, told = checked(after, tmp_path / "record")
    assert (code, "1 erased by order" in told) == (3, True)
    assert read(tmp_path / "record", Brought(LOG_VKEY)).leaves == len(after.entries)
    assert WORDS["introducing"][0] not in "".join(
        data.decode() for name, data in after.files.items() if not name.endswith(".pdf")
    )
    log = tmp_path / "log"
    parcel = Folder(log)
    export_log(partnership.context, partnership.engine("ledger_admin"), auditor, "entries", REASON, parcel)
    parcel.close()
    assert checked(after, tmp_path / "again", "--log", str(log), "--checkpoint", str(kept))[0] == 0
    assert checked(before, tmp_path / "before", "--witness", witness)[0] == 0
    assert (
        read(log, Brought(LOG_VKEY, checkpoints=(kept.read_text(),))).size
        == json.loads((log / "export.json").read_text())["size"]
    )
    assert audit(partnership.engine("ledger_worker"), "all").problems == []
