"""Records of any length with a dozen people in them: what agencies write over the years, most of it unremarkable."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from tests.partnership import Partnership, stored

#: Beside the child.
PEOPLE: Final = (
    "mother", "father", "step-father", "grandmother", "grandfather", "aunt", "uncle", "brother", "sister", "lodger",
    "neighbour",
)  # fmt: skip
AGENCIES: Final = ("hv", "csc", "gp", "police")
_FIRST: Final = date(2022, 9, 1)
_LAST: Final = date(2026, 9, 1)
_BATCH: Final = 100
_ROLES: Final = ("mother", "father")
_NARRATIVE: Final = (
    "Visited at home in the morning. {who} was there and let us in. The child had eaten, was warm and looked cared "
    "for; the kitchen was in order. {who} spoke about the week and about sleep. We agreed to meet again in a fortnight."
)


def write_record(partnership: Partnership, entries: int, *, seed: int = 7) -> str:
    """Register a child, involve four agencies, name a lead, and post so many observations; the record's id.

    The same seed writes the same. Half way two accounts of one man part, so that something is found.
    """
    chance = Random(seed)
    record = partnership.child(involve=AGENCIES)
    lead = {"event_id": partnership.event(), "agency": "csc", "person": "sw1"}
    stored(partnership.post(f"/children/{record}/leads", lead, "csc"))
    written = list(_bodies(partnership, record, entries, chance))
    for agency in AGENCIES:
        mine = [body for who, body in written if who == agency]
        for first in range(0, len(mine), _BATCH):
            results = stored(partnership.post("/observations/batch", mine[first : first + _BATCH], agency))["results"]
            assert {one["status"] for one in results} == {201}, results[:3]
    for who in PEOPLE:
        named = [
            f"{agency}/{who}" for agency in AGENCIES if any(_names(body, who) for by, body in written if by == agency)
        ]
        if who not in _ROLES and len(named) > 1:
            body = {"event_id": partnership.event(), "people": named, "reason": "seen together by two workers"}
            stored(partnership.post(f"/children/{record}/links", body, "csc"))
    return record


def _names(body: dict[str, Any], who: str) -> bool:
    return any(one["ref"] == who for one in body.get("people", ()))


def _bodies(
    partnership: Partnership, record: str, entries: int, chance: Random
) -> Iterator[tuple[str, dict[str, Any]]]:
    days = (_LAST - _FIRST).days
    for number in range(entries):
        day = _FIRST + timedelta(days=1 + number * (days - 2) // entries)
        agency, who = AGENCIES[number % len(AGENCIES)], PEOPLE[number % len(PEOPLE)]
        people = [] if who in _ROLES else [{"ref": who, "role": "other", "name": who.title()}]
        yield (
            agency,
            partnership.observation(
                record,
                observed=day.isoformat(),
                narrative=_NARRATIVE.format(who=who.title()),
                claims=list(_claims(who, day, number, entries, chance)),
                author={"ref": f"{agency}-{number % 5}", "role": "worker"},
                **({"people": people} if people else {}),
            ),
        )


def _claims(who: str, day: date, number: int, entries: int, chance: Random) -> Iterator[dict[str, Any]]:
    since = f"{day.isoformat()}/.."
    parted = who == "father" and number > entries // 2 and number % 4 == 1
    told = {"basis": "told", "informant": "mother"}
    yield {"about": who, "attribute": "presence", "valid": since} | (
        {"value": "stays_overnight", **told} if parted else {"value": "visits", "basis": "seen"}
    )
    kilograms = 3.2 + number * 12 / entries + chance.random() / 50
    yield {"about": "child", "attribute": "weight", "value": f"{kilograms:.2f}", "basis": "measured"}
    if number % 2:
        yield {"about": "child", "attribute": "feeding", "value": "good", "valid": since, **told}
    if number % 3 == 0:
        yield {"about": "child", "attribute": "seen", "value": "happened", "basis": "seen"}
        yield {"about": who, "attribute": "mental_health", "value": "well", "valid": since, **told}
