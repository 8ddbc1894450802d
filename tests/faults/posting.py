"""Agencies that post through everything: each observation again and again until it is acknowledged."""

import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from ledger.services.authenticate import SCOPES
from ledger.services.issue_key import issue_key
from ledger.store.database import connect_engine
from tests.chance import chance
from tests.plain_http import NO_TLS
from tests.running_stack import RunningStack

AGENCIES = ("csc", "hv")


@dataclass
class Posting:
    """Two agencies, their keys, and what has been acknowledged to them."""

    stack: RunningStack
    keys: dict[str, str] = field(default_factory=dict)
    acknowledged: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    attempts: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        engine = connect_engine(self.stack.env["DATABASE_URL"], "ledger_admin", pool_size=1)
        for agency in AGENCIES:
            _id, self.keys[agency] = issue_key(
                engine,
                chance,
                agency=agency,
                scopes=list(SCOPES),
                now=datetime.now(UTC),
                lifetime=timedelta(hours=2),
            )
        engine.dispose()

    def children(self, count: int, first: int = 0) -> list[str]:
        """Register children, the `first` one and so many in all from there, each with its lead at social care."""
        made = []
        for place in range(first, first + count):
            child = self.send("csc", "/children", {"event_id": f"child{place}", "born": "2026-09-01"})["child"]
            involved = {"role": "social work", "reason": "Open case.", "lawful_basis": "public task"}
            self.send("csc", f"/children/{child}/involvements", {"event_id": f"involved{place}", **involved})
            lead = {"event_id": f"lead{place}", "agency": "csc", "person": "sw1"}
            self.send("csc", f"/children/{child}/leads", lead)
            made.append(child)
        return made

    def contradict(self, place: int, child: str) -> None:
        """Have the mother tell one agency that the father is gone and the other that he stays."""
        for agency, value in (("csc", "absent"), ("hv", "stays_overnight")):
            self.observe(agency, f"father{place}", child, [_father(value)])

    def observe(self, agency: str, event_id: str, child: str, claims: list[dict[str, str]]) -> None:
        """Post one observation until it is acknowledged."""
        body = {
            "event_id": event_id,
            "child": {"id": child},
            "observed": _today(),
            "statement": "fact",
            "narrative": "Said at a visit.",
            "claims": claims,
        }
        self.send(agency, "/observations", body)

    def send(self, agency: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send until the answer says that it is stored; any other refusal than 503 fails the test."""
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            self.attempts += 1
            try:
                answer = httpx.post(
                    f"{self.stack.url}/api/v1{path}",
                    json=body,
                    headers={"Authorization": f"Bearer {self.keys[agency]}"},
                    timeout=10,
                    trust_env=False,
                    verify=NO_TLS,
                )
            except httpx.TransportError:
                time.sleep(0.05)
                continue
            if answer.status_code in {200, 201}:
                told: dict[str, Any] = answer.json()
                with self._lock:
                    self.acknowledged[agency, body["event_id"]] = told
                return told
            assert answer.status_code in {500, 503}, f"{path}: {answer.status_code} {answer.text}"
            time.sleep(0.05)
        raise AssertionError(f"{path} was not acknowledged in two minutes\n{self.stack.said()}")


def _father(value: str) -> dict[str, str]:
    valid = f"{_today()}/.."
    return {"about": "father", "attribute": "presence", "value": value, "valid": valid, "basis": "told",
            "informant": "mother"}  # fmt: skip


def _today() -> str:
    # Yesterday is over in every zone; a test that runs at midnight must not observe the future.
    return (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
