"""What findings tell an agency of: a prompt that it could ask at its next contact, and what it let run out.

Which agencies could ask is told as it is for the answer to a post: by the pack, by the sort of agency, by what of the
gap it may know of, and not so soon after it tried.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from ledger.domain.asking import Answered, candidates, to_ask
from ledger.domain.feed import Item, of_agency
from ledger.domain.pack import Pack
from ledger.services.told import Told
from ledger.store.append import Driver
from ledger.store.trip import ask

#: Gives the rule pack of a digest.
Packs = Callable[[str], Pack]
_GAPS: Final = "SELECT gaps::text FROM ledger.record_gaps WHERE record_id = %s"
# The agencies with a part in the record now, with what sort each is, and the pack in force.
_INVOLVED: Final = """
    SELECT DISTINCT a.agency_id, a.kind FROM ledger.involvements i JOIN ledger.agencies a USING (agency_id)
    WHERE i.record_id = %s AND i.person_id IS NULL AND (i.until IS NULL OR i.until > %s) ORDER BY a.agency_id"""
_PACK: Final = """
    SELECT p.digest FROM ledger.pack_activations p JOIN ledger.heads h USING (partnership_id)
    WHERE h.record_id = %s ORDER BY p.number DESC LIMIT 1"""


def tell_finding(driver: Driver, told: Told, *, packs: Packs | None) -> Iterable[Item]:
    """The items of a finding that was raised, or moved on."""
    if told.body.get("kind") == "gap" and told.kind == "finding_raised" and packs is not None:
        return _prompts(driver, told, packs)
    marks = told.body.get("marks", {})
    if told.body.get("kind") == "expectation" and marks.get("is_lapsed") and marks.get("owed_by"):
        return [_item(told, str(marks["owed_by"]), "notice.lapsed", f"{told.body['finding']}.lapsed")]
    return ()


def _prompts(driver: Driver, told: Told, packs: Packs) -> Iterator[Item]:
    finding = str(told.body["finding"])
    kept = [one for one in _gaps(driver, told) if one["id"] == finding]
    digest = ask(driver, _PACK, (told.record_id,))
    if not kept or not digest:
        return  # it is known by now
    pack, at = packs(str(digest[0][0])), told.recorded_at
    for agency, kind in ask(driver, _INVOLVED, (told.record_id, at)):
        found = candidates(kept, agency=str(agency), kind=kind, pack=pack)
        if to_ask(found, at=at, answered=Answered()):
            yield _item(told, str(agency), "prompt.opened", f"{finding}.prompt")


def _gaps(driver: Driver, told: Told) -> list[dict[str, Any]]:
    rows = ask(driver, _GAPS, (told.record_id,))
    return list(json.loads(rows[0][0])) if rows else []


def _item(told: Told, agency: str, kind: str, name: str) -> Item:
    return Item(
        of_agency(agency), agency, kind, name, told.recorded_at, told.record_id, told.number, str(told.body["finding"])
    )
