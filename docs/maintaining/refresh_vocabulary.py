#!/usr/bin/env python3
"""Writes the references of the rule packs anew: docs/vocabulary.md, and the families in docs/rule-packs.md.

Run by `make vocabulary`. A test holds the committed files equal to what this writes.
"""

import sys
from pathlib import Path

from ledger.domain.families import FAMILIES
from ledger.services.describe_pack import describe_pack
from ledger.services.describe_rule import describe_families
from ledger.services.load_pack import load_pack_with_places

ROOT = Path(__file__).resolve().parents[2]
VOCABULARY = ROOT / "docs" / "vocabulary.md"
RULE_PACKS = ROOT / "docs" / "rule-packs.md"
_BEGIN = "<!-- Written by `make vocabulary` from the families' own words; a change made here is lost. -->\n"
_END = "<!-- To here. -->\n"


def pages() -> dict[Path, str]:
    """Each page as it should be."""
    page = RULE_PACKS.read_text(encoding="utf-8")
    before, _, rest = page.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return {
        VOCABULARY: describe_pack(load_pack_with_places(ROOT / "config" / "packs" / "default")),
        RULE_PACKS: f"{before}{_BEGIN}\n{describe_families(FAMILIES)}\n{_END}{after}",
    }


def main() -> None:
    """Write the pages."""
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path.relative_to(ROOT)} is written.\n")


if __name__ == "__main__":
    main()
