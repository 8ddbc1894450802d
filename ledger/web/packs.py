"""Administrators' pages about rule packs: which lie here, whether each holds, what it would change, its activation."""

from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ledger.services.choose_pack import check_pack, list_packs, put_in_force, read_pack
from ledger.services.compare_chosen import Totals, compare_on_records, compare_on_scenarios
from ledger.services.refusal import NOT_KNOWN, RefusedError
from ledger.web.sessions import acting, check_form
from ledger.web.words import context

#: On what a pack is tried, and what that is called.
COMPARED_ON: Final = {"scenarios": "the program’s scenarios", "records": "your partnership’s records"}


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/administration/packs", endpoint="packs")(show_packs)
    one = "/administration/packs/<pack>"
    blueprint.get(one, endpoint="pack")(show_pack)
    blueprint.post(f"{one}/trials", endpoint="try_pack")(press_try)
    blueprint.get(f"{one}/activation", endpoint="ask_activation")(ask_activation)
    blueprint.post(f"{one}/activation", endpoint="activate_pack")(press_activation)


def show_packs() -> str:
    """Those that lie here, the one in force, and those that were."""
    with acting() as (_, person):
        pass
    found = list_packs(context(), person.caller)
    return render_template("packs.html", found=found, said=request.args.get("said"))


def show_pack(pack: str) -> str:
    """One pack, with the ways to try it."""
    return _page(pack)


def press_try(pack: str) -> str | tuple[str, int]:
    """Check it, or compare it with the one in force; what came of it is on the page."""
    with acting() as (_, person):
        check_form(person)
    what, given = request.form.get("what", ""), context()
    try:
        if what == "check":
            return _page(pack, checked=check_pack(given, person.caller, pack))
        compare = compare_on_records if what == "records" else compare_on_scenarios
        on = COMPARED_ON["records" if what == "records" else "scenarios"]
        return _page(pack, totals=compare(given, person.caller, pack), on=on)
    except RefusedError as error:
        if error.refusal.code == NOT_KNOWN.code:
            raise
        return _page(pack, errors={"form": error.refusal.detail}), 409


def ask_activation(pack: str) -> str:
    """What putting it in force would do, in numbers, before the button."""
    return _page(pack, template="activate_pack.html")


def press_activation(pack: str) -> Response | tuple[str, int]:
    """Put it in force, if it is still what was shown."""
    with acting() as (_, person):
        check_form(person)
    try:
        put_in_force(context(), person.caller, pack, request.form.get("digest", ""))
    except RefusedError as error:
        if error.refusal.code == NOT_KNOWN.code:
            raise
        return _page(pack, template="activate_pack.html", errors={"form": error.refusal.detail}), 409
    return redirect(url_for("web.packs", said="activated"), 303)


def rows_of(totals: Totals) -> list[dict[str, Any]]:
    """What a comparison came to, most often first."""
    rows = sorted(totals.changes.items(), key=lambda row: (-row[1], row[0]))
    return [{"change": change, "kind": kind, "rule": rule, "count": count} for (change, kind, rule), count in rows]


def _page(
    pack: str,
    *,
    template: str = "pack.html",
    checked: dict[str, Any] | None = None,
    totals: Totals | None = None,
    on: str = "",
    errors: dict[str, str] | None = None,
) -> str:
    with acting() as (_, person):
        pass
    return render_template(
        template,
        one=read_pack(context(), person.caller, pack),
        checked=checked,
        totals=totals,
        rows=rows_of(totals) if totals else [],
        on=on,
        errors=errors or {},
    )
