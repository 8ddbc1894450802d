"""What auditors, administrators and operators see of the scene: looks at records, a sealed log, and that it holds."""

import os
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import text

from ledger.services.announce_log import Announcement, announce_log
from ledger.services.keep_rules import keep_rules
from ledger.services.kept_head import KeptHeads
from ledger.services.people_say import as_agency, be_absent
from ledger.services.seal_log import LogSealer
from ledger.services.self_audit import Scope, audit_when_due
from ledger.services.sign_log import LogSigner, origin_of_log
from ledger.store.database import SYSTEM, connect_engine, transaction
from tests.scene import ORIGIN, REAL_NOW, Scene
from tests.sealing_log import LOG_SEED
from tests.shipped import shipped_pack

SCOPES: Final[tuple[Scope, Scope]] = ("all", "lately")


def tell_overseeing(scene: Scene) -> None:
    """People open records, one is refused, one breaks the glass, one is away; the log is sealed and holds."""
    child = scene.places["child"]
    for person in ("sw1", "hv1", "sw1"):
        assert scene.send_as(person, "GET", f"/api/v1/children/{child}/timeline").status_code == 200
    assert scene.send_as("dsl1", "GET", f"/api/v1/children/{child}/timeline").status_code == 404
    broken = {"child": {"id": child}, "reason": "Asked for by the sister’s school in the holidays, nobody answers."}
    answer = scene.send_as(
        "dsl1", "POST", "/api/v1/glass-breakings", json={"event_id": scene.event(), **broken, "hours": 2}
    )
    assert answer.status_code == 201, answer.get_data(as_text=True)
    engine = scene.context.engine
    be_absent(
        engine,
        as_agency(engine, "csc"),
        "sw2",
        {"since": "2027-01-04", "until": "2027-01-15", "cover": "sw1"},
        chance=os.urandom,
    )
    scene.places["sw2"] = scene.told.people["sw2"]
    scene.places["key"] = ".".join(scene.told.keys["nursery"].split(".")[1:3])
    keep_rules(scene.worker, lambda _digest: shipped_pack(), os.urandom)
    _tell_operators(scene)
    receipts = scene.context.receipts
    assert receipts is not None
    announce_log(scene.admin, os.urandom, Announcement(ORIGIN, *_keys(), receipts.vkey, None))
    with tempfile.TemporaryDirectory(prefix="ledger-scene-") as folder:
        _seal(scene, Path(folder))
        for scope in SCOPES:
            audit_when_due(scene.worker, scope, os.urandom, lambda: REAL_NOW - timedelta(minutes=3))
        _seal(scene, Path(folder))


def _tell_operators(scene: Scene) -> None:
    """Processes that live, and mail that nobody took."""
    with transaction(scene.worker, party=SYSTEM) as connection:
        for part, pid in (("worker", 4021), ("sealer", 4022), ("beat", 4023)):
            given = {"part": part, "pid": pid}
            connection.execute(
                text("INSERT INTO ledger.heartbeats (part, host, pid, release) VALUES (:part, 'ledger1', :pid, 'one')"),
                given,
            )
        connection.execute(
            text("""
            INSERT INTO ledger.deliveries (delivery_id, party, agency_id, item_id, channel, endpoint, type, not_before,
                dead_at, fault, tries)
            SELECT 'mail-' || n, 'desk:eh', 'eh', 'item-' || n, 'mail', 'desk', 'notice', clock_timestamp(),
                clock_timestamp(), 'refused', 9 FROM generate_series(1, 3) n""")
        )


def _keys() -> tuple[str, str]:
    signer = LogSigner(LOG_SEED)
    return signer.vkey(origin_of_log(ORIGIN, "entries")), signer.vkey(origin_of_log(ORIGIN, "access"))


def _seal(scene: Scene, folder: Path) -> None:
    """Seal all that waits, as the sealer does."""
    sealing = connect_engine(scene.database_url, "ledger_sealer", pool_size=1)
    with KeptHeads(folder) as kept, sealing.connect() as connection:
        sealer = LogSealer(connection, kept, LogSigner(LOG_SEED), ORIGIN, lambda: REAL_NOW)
        sealer.begin()
        while not sealer.round().is_idle:
            pass
    sealing.dispose()
