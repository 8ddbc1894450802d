#!/usr/bin/env python3
"""Writes docs/roles.md anew from the table of rights and the table of routes; needs no database.

Run by `make roles`. A test holds the committed page equal to what this writes.
"""

import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from refresh_openapi import describe_routes

from ledger.api.rights import PUBLIC, ROUTES
from ledger.domain.role import LEADING, MEANS, RIGHTS, STANDING, Reach, Right, Role, reach_of, stands_against

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "docs" / "roles.md"

#: A part of an address that changes, as the program writes it.
_PLACE = re.compile(r"<(?:[a-z]+:)?([a-z_]+)>")
_REACHES = {Reach.NONE: "", Reach.LED: "led", Reach.INVOLVED: "involved", Reach.ANY: "any"}
_COMES = {
    Role.AGENCY_SYSTEM: (
        "an agency's program, by key or token, as far as its scopes go; `involve`, `glass` and `review` by `work`; "
        "`monitor` only by a key that was given that scope by name"
    ),
    Role.LEAD: "whoever was named lead of a child last, there",
    Role.DEPUTY: "whoever was named their deputy, there",
    Role.DUTY_DESK: "every practitioner of the partnership's duty desk",
}
_GIVEN = "given by `ledger person give`, taken by `ledger person take`"

_HEAD = """\
# Roles

<!-- Written by `make roles` from ledger/domain/role.py and ledger/api/rights.py; a change made here is lost. -->

Who may do what. The first table is the one that the program itself asks; a test sends every route as each role, on a
child's record that they lead, that their agency is involved with, and that it is not, and compares.

A role says *what*; [markings](../GLOSSARY.md) say *which part of an entry*: nobody sees by a role what is marked for
others. What one may not know of answers 404, what one may never do answers 403.
"""

_AFTER = """\
- **led**: children whom they lead, or whose lead's deputy they are.
- **involved**: children that their agency is involved with now; after breaking the glass, for that person alone.
- **any**: every child of their partnership, and what is about no child.

Somebody in several roles reaches as far as the farthest. Being named lead lets only a {leading} see
anything: a name in an entry gives nobody a role. {alone}

An auditor reads as no agency: what is restricted to any is not shown, not even of their own. They say why, in the
header `Access-Purpose`, and each look is recorded like everybody's. On the pages they have only their account and the
audit.

What an agency's own people and programs wrote stays theirs to read back ([entries](guides/agencies.md)), whether or not
the agency is involved any longer.
"""


def page() -> str:
    """The page as it should be."""
    leading = " or ".join(sorted(role.replace("_", " ") for role in LEADING))
    alone = sorted(role for role in STANDING if all(stands_against([other], role) for other in STANDING - {role}))
    alone_words = f"Whoever is {' or '.join(alone)} is nothing else."
    return "\n".join(
        [
            _HEAD,
            "## Rights\n",
            *_table(["right", "what it is"], ([f"`{right}`", MEANS[right]] for right in Right)),
            "",
            "## Who has them, and how far\n",
            *_table(["", *(f"`{right}`" for right in Right)], (_row(role) for role in Role)),
            "",
            _AFTER.format(leading=leading, alone=alone_words),
            "## Who is what\n",
            *_table(["role", "who"], ([f"`{role}`", _COMES.get(role, _GIVEN)] for role in Role)),
            "",
            "## Routes\n",
            *_routes(),
            "Open to anybody, as they say nothing of anybody or are how one comes in:",
            "",
            *_listed(PUBLIC),
            "",
        ]
    )


def _row(role: Role) -> list[str]:
    reaches = [_REACHES[reach_of([role], right)] for right in Right]
    assert any(reaches) == bool(RIGHTS[role])
    return [f"`{role}`", *reaches]


def _routes() -> Iterable[str]:
    for right in Right:
        asking = [endpoint for endpoint, asked in ROUTES.items() if asked is right]
        yield from (f"`{right}`:", "", *_listed(asking), "")


def _listed(endpoints: Iterable[str]) -> list[str]:
    routes = describe_routes()
    told = {_PLACE.sub(r"{\1}", route) for endpoint in endpoints for route in routes[endpoint]}
    return [f"- `{route}`" for route in sorted(told, key=lambda route: route.split()[::-1])]


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    return [*lines, *(f"| {' | '.join(row)} |" for row in rows)]


def main() -> None:
    """Write the page."""
    FILE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{FILE.relative_to(ROOT)} is written.\n")


if __name__ == "__main__":
    main()
