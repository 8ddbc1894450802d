"""The ledger's look through itself in one worker process: whichever worker comes first does it for all of them.

In a thread of its own what takes minutes each day holds up no detection.
"""

import os
from datetime import UTC, datetime

from ledger.services.self_audit import audit_when_due
from workers.poll import Pace, Part


class Auditing(Part):
    """One connection holds the duty, one reads, and one writes what was found."""

    pace = Pace(10.0, "what is to be audited", connections=3)

    def look(self) -> None:
        for scope in ("lately", "all"):
            audit_when_due(self.engine, scope, os.urandom, lambda: datetime.now(UTC))
