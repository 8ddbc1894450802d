"""How fast eventsourcing reads one aggregate's events back: a script for a Python that has it, and nothing of ours.

Reads what to do as JSON and writes the events a second of each round; the database is in POSTGRES_… .
"""

import importlib
import json
import os
import sys
import time
from typing import Any

#: So many events are saved at once: of a thousand its driver waits for itself.
_EACH = 100


def main() -> None:
    """Save the events, then read them back."""
    wanted: dict[str, Any] = json.loads(sys.stdin.read())
    application, domain = (importlib.import_module(f"eventsourcing.{name}") for name in ("application", "domain"))
    env = {name: value for name, value in os.environ.items() if name.startswith("POSTGRES_")}
    app: Any = application.Application(env={"PERSISTENCE_MODULE": "eventsourcing.postgres", **env})

    def observe(self: Any, body: Any) -> None:
        self.last = len(body)

    kind: Any = type(
        "Record", (domain.Aggregate,), {"__module__": __name__, "observe": domain.event("Observed")(observe)}
    )
    globals()["Record"] = kind  # its events are found again by this name
    record = kind()
    for number in range(1, int(wanted["events"])):
        record.observe(body=wanted["body"])
        if number % _EACH == 0:
            app.save(record)
    app.save(record)
    rates = []
    for _ in range(int(wanted["rounds"])):
        began = time.perf_counter()
        count = sum(1 for _ in app.events.get(record.id))
        rates.append(count / (time.perf_counter() - began))
    sys.stdout.write(json.dumps(rates))


if __name__ == "__main__":
    main()
