"""The digest of the day as a page: where its mail leads."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, render_template

from ledger.services.read_digest import read_digest
from ledger.services.word_mail import word_counts
from ledger.web.sessions import acting, reader_of
from ledger.web.words import context


def register(blueprint: Blueprint) -> None:
    """Add the route."""
    blueprint.get("/digest", endpoint="digest")(show_digest)


def show_digest() -> str:
    """What there is for the signed-in person today."""
    given = context()
    with acting() as (connection, person):
        digest = read_digest(connection, reader_of(person), pack=given.pack, chance=given.chance)
    return render_template(
        "digest.html",
        alerts=sorted(digest["alerts"], key=_order),
        asking=_by_child(digest["prompts"]),
        more=digest["more"],
        counted=word_counts(digest["counts"]),
    )


def _order(alert: Mapping[str, Any]) -> tuple[bool, str]:
    """What interrupts first, then the soonest clock."""
    return alert["tier"] != "interrupt", alert["act_by"] or "9"


def _by_child(prompts: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What to ask, child by child: a contact is with one of them."""
    found: dict[str, dict[str, Any]] = {}
    for prompt in prompts:
        child = prompt["child"]
        found.setdefault(child["id"], {"child": child, "prompts": []})["prompts"].append(prompt)
    return list(found.values())
