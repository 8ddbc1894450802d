#!/usr/bin/env python3
"""Writes docs/api/openapi.json anew from the code; needs neither a database nor a network.

Run by `make openapi`. A test holds the committed file equal to what this writes.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ledger.app import application
from ledger.services.context import Context
from ledger.services.load_pack import load_pack
from ledger.services.ring import NullBell
from ledger.store.database import connect_engine

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "docs" / "api" / "openapi.json"


def describe() -> str:
    """The description as the application serves it, with sorted names, so that a change is a small difference."""
    app = application(
        Context(
            engine=connect_engine("postgresql://nowhere.invalid/ledger", "ledger_web"),  # connects when first used
            pack=load_pack(ROOT / "config" / "packs" / "default"),
            chance=bytes,
            real_now=lambda: datetime.fromtimestamp(0, UTC),
            bell=NullBell(),
        )
    )
    with app.test_client() as client:
        answer: dict[str, Any] = client.get("/api/v1/openapi.json").get_json()
    return json.dumps(answer, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the file."""
    FILE.write_text(describe(), encoding="utf-8")
    sys.stdout.write(f"{FILE.relative_to(ROOT)} is written.\n")


if __name__ == "__main__":
    main()
