"""The digest of the day as a page: where its mail leads."""

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
    return render_template("digest.html", digest=digest, counted=word_counts(digest["counts"]))
