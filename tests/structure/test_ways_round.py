"""What the sources may not use, for it would go round what the database enforces."""

import re
from pathlib import Path


def test_the_sources_use_none_of_the_ways_round(modules: list[Path], root: Path) -> None:
    """Who acts is set in one module, roles are taken in two, and nothing is sent or kept beside the tables."""
    paths = {*modules, *(root / "migrations").rglob("*.py")}
    sources = {path.relative_to(root).as_posix(): path.read_text() for path in paths}
    ours = {name: text for name, text in sources.items() if not name.startswith("tests/")}
    only = {
        r"set_config\('ledger\.": {"ledger/store/party.py"},
        r"set_config\(": {"ledger/store/party.py", "ledger/store/migrate.py"},
        r"\bSET ROLE\b": {"ledger/store/migrate.py", "ledger/store/rebuilding.py"},
        r"(?i)\bsecurity definer\b": set(),
        # What wakes open streams carries nothing: who hears it looks for themselves, as they may.
        r"\bWITH HOLD\b|\bpg_notify\b|\b(UN)?LISTEN [a-z{]|\bNOTIFY [a-z]": {
            "ledger/store/telling.py",
            "ledger/live/hearing.py",
        },
        r"\blo_[a-z]+\(|\bsession_replication_role\b|\brow_security\s*=\s*off": set(),
        # To give readings that were recorded before there was a log what each is given since: once, by the owner.
        r"\bDISABLE TRIGGER\b": {"migrations/versions/0012_log.py"},
        r"(?i)\bcreate (or replace )?(view|materialized|rule|foreign)": set(),
    }
    for pattern, expected in only.items():
        assert {name for name, text in ours.items() if re.search(pattern, text)} == expected, pattern
    # A lock's name can be read by every session: it is a number of this program, or a hash.
    for name, text in ours.items():
        for call in re.findall(r"pg_(?:try_)?advisory_(?:xact_)?(?:un)?lock\(([^)]*)", text):
            assert call.startswith(("hashtextextended(", ":lock")), (name, call)
