#!/usr/bin/env python3
"""Writes docs/api/openapi.json anew from the code; needs neither a database nor a network.

Run by `make openapi`. A test holds the committed file equal to what this writes.
"""

import functools
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask

from ledger.app import application
from ledger.services.context import Context
from ledger.services.load_pack import load_pack
from ledger.services.ring import NullBell
from ledger.store.database import connect_engine

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "docs" / "api" / "openapi.json"


@functools.cache
def _app() -> Flask:
    """The application, over a database that is never asked."""
    return application(
        Context(
            engine=connect_engine("postgresql://nowhere.invalid/ledger", "ledger_web"),  # connects when first used
            pack=load_pack(ROOT / "config" / "packs" / "default"),
            chance=bytes,
            real_now=lambda: datetime.fromtimestamp(0, UTC),
            bell=NullBell(),
        )
    )


def describe() -> str:
    """The description as the application serves it, with sorted names, so that a change is a small difference."""
    with _app().test_client() as client:
        answer: dict[str, Any] = client.get("/api/v1/openapi.json").get_json()
    return json.dumps(answer, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def describe_routes() -> dict[str, list[str]]:
    """Each endpoint's routes: method and address."""
    routes: dict[str, list[str]] = {}
    for rule in sorted(_app().url_map.iter_rules(), key=lambda rule: rule.rule):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            routes.setdefault(rule.endpoint, []).append(f"{method} {rule.rule}")
    return routes


def main() -> None:
    """Write the file."""
    FILE.write_text(describe(), encoding="utf-8")
    sys.stdout.write(f"{FILE.relative_to(ROOT)} is written.\n")


if __name__ == "__main__":
    main()
