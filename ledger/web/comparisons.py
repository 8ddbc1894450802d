"""Auditors' page that sets the rule packs which lie here beside the one in force: what a change would change."""

from flask import Blueprint, render_template, request

from ledger.domain.role import Right
from ledger.services.choose_pack import list_packs
from ledger.services.compare_chosen import compare_on_records, compare_on_scenarios
from ledger.services.read_rules import read_rules
from ledger.services.refusal import RefusedError
from ledger.web.packs import COMPARED_ON, rows_of
from ledger.web.sessions import acting, check_form
from ledger.web.words import context


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/audit/comparisons", endpoint="comparisons")(show_comparisons)
    blueprint.post("/audit/comparisons", endpoint="compare")(press_compare)


def show_comparisons() -> str:
    """Which packs lie here, when each came into force, and which rules find without alerting anybody."""
    with acting():
        pass
    return _page()


def press_compare() -> str | tuple[str, int]:
    """Compare one with the pack in force, on scenarios or on the partnership's records: in counts alone."""
    with acting() as (_, person):
        check_form(person)
    pack, on = request.form.get("pack", ""), request.form.get("on", "scenarios")
    compare = compare_on_records if on == "records" else compare_on_scenarios
    try:
        totals = compare(context(), person.caller, pack, Right.OVERSEE)
    except RefusedError as error:
        return _page(errors={"pack": error.refusal.detail}, pack=pack), 409
    return _page(totals=totals, rows=rows_of(totals), on=COMPARED_ON.get(on, ""), pack=pack)


def _page(**values: object) -> str:
    given = context()
    with acting() as (connection, person):
        rules = read_rules(connection, person.caller.partnership, given.pack)["rules"]
    found = list_packs(given, person.caller, Right.OVERSEE)
    silent = [rule for rule in rules if rule["state"] == "shadow"]
    return render_template("comparisons.html", found=found, silent=silent, **{"errors": {}, "totals": None, **values})
