"""The open alerts of whoever reads as a list to work through: counted, narrowed down, in order, page by page.

What waits comes before what rests, what interrupts before the queue, and then the clock. All of them are rendered for
each page: how many there are, and of which child, is counted of what its reader may know of and of nothing else. That
takes the same few queries for one alert and for hundreds.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.alert import State
from ledger.domain.entry import Chance
from ledger.domain.pack import Pack
from ledger.domain.pack_alerts import Tier
from ledger.domain.rule import GLASS_BROKEN
from ledger.services.line_of_finding import line_of_finding
from ledger.services.read_alerts import render_alerts, whose
from ledger.services.see import Reader
from ledger.store.alerts import most_pressing

#: Which of them by how they stand, and by whose they are: a person's own, another's in whose place they stand.
Standing = Literal["waits", "late", "unopened", "put_off", "acted_on"]
Part = Literal["mine", "stand_in", "others"]
STANDINGS: Final[tuple[Standing, ...]] = get_args(Standing)
PARTS: Final[tuple[Part, ...]] = get_args(Part)
#: So many on a page: whoever has forty has them at a glance.
PAGE: Final = 50
#: More are not looked through at once; which are left out are those that can wait longest.
MOST: Final = 1_000
_AT_REST: Final = frozenset({State.ACTED_ON, State.SNOOZED})
_UNOPENED: Final = frozenset({State.RAISED, State.SENT})
_STAND_IN: Final = frozenset({"deputy", "cover"})
_WEIGHTS: Final = {"high": 0, None: 1, "medium": 2, "low": 3}


@dataclass(frozen=True, slots=True)
class InboxAsked:
    """Which alerts, and which page of them; what is None is not asked about."""

    child: UUID | None = None
    tier: Tier | None = None
    standing: Standing | None = None
    part: Part | None = None
    page: int = 1


def read_inbox(
    connection: Connection, reader: Reader, asked: InboxAsked, *, pack: Pack, chance: Chance
) -> dict[str, Any]:
    """One page of the reader's open alerts, each with its one line; and how many there are, of which sorts.

    The connection acts for the reader's agency. Each record that the answer says anything of gets its access record.
    A page after the last is the last.
    """
    found = most_pressing(connection, reader.agency, whose(reader), limit=MOST + 1)
    rendered = render_alerts(connection, reader, found[:MOST], "alerts", pack, chance, has_managers=False)
    alerts = sorted(rendered, key=order_of)
    chosen = [alert for alert in alerts if _is_asked(alert, asked)]
    pages = max(1, -(-len(chosen) // PAGE))
    page = min(max(asked.page, 1), pages)
    shown = chosen[(page - 1) * PAGE : page * PAGE]
    return {
        "alerts": [alert | {"line": line_of_finding(alert["finding"], pack)} for alert in shown],
        "page": page,
        "pages": pages,
        "total": len(chosen),
        "all": len(alerts),
        "more": len(found) > MOST,
        "counts": _counts(alerts),
        "children": _children(alerts),
    }


def order_of(alert: Mapping[str, Any]) -> tuple[bool, bool, bool, str, int, str]:
    """What interrupts first, then by the time left to act; what rests, or was acted on, last.

    A review that is overdue comes before all: nothing but the review moves it.
    """
    finding, rests = alert["finding"], alert["state"] in _AT_REST
    is_overdue = finding.get("rule") == GLASS_BROKEN and bool((finding.get("awaited") or {}).get("lapsed"))
    clock = alert["act_by"] if alert["act_by"] and not rests else "9"
    weight = _WEIGHTS.get(finding["severity"], 1)
    return not is_overdue, rests, alert["tier"] != "interrupt", clock, weight, alert["raised_at"]


def _is_asked(alert: Mapping[str, Any], asked: InboxAsked) -> bool:
    return (
        (asked.child is None or alert["child"]["id"] == str(asked.child))
        and (asked.tier is None or alert["tier"] == asked.tier)
        and (asked.standing is None or asked.standing in _standings(alert))
        and (asked.part is None or part_of(alert) == asked.part)
    )


def part_of(alert: Mapping[str, Any]) -> Part:
    """Whose it is, to whoever reads."""
    if not alert["yours"]:
        return "others"
    return "stand_in" if alert["stage"] in _STAND_IN else "mine"


def _standings(alert: Mapping[str, Any]) -> list[Standing]:
    match alert["state"]:
        case State.ACTED_ON:
            return ["acted_on"]
        case State.SNOOZED:
            return ["put_off"]
    found: list[Standing] = ["waits"]
    if alert["is_late"]:
        found.append("late")
    if alert["state"] in _UNOPENED:
        found.append("unopened")
    return found


def _counts(alerts: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many stand how, and whose they are; `interrupt` counts those that wait and do interrupt."""
    counted = Counter[str](standing for alert in alerts for standing in _standings(alert))
    counted |= Counter[str](part_of(alert) for alert in alerts)
    counted["interrupt"] = sum(alert["tier"] == "interrupt" and alert["state"] not in _AT_REST for alert in alerts)
    return {name: counted[name] for name in (*STANDINGS, *PARTS, "interrupt")}


def _children(alerts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Of which children, whoever has most that waits first."""
    names = {alert["child"]["id"]: alert["child"]["name"] for alert in alerts}
    waiting = Counter(alert["child"]["id"] for alert in alerts if alert["state"] not in _AT_REST)
    listed = sorted(names, key=lambda child: (-waiting[child], names[child], child))
    return [{"id": child, "name": names[child], "waiting": waiting[child]} for child in listed]
