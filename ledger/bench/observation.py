"""The bodies that are posted: about 600 bytes with two claims, and the pair of statements that raises an alert.

They are JSON text with two places, `{event}` and `{child}`, filled in by whoever sends them.
"""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

EVENT, CHILD = "{event}", "{child}"
#: Of whom what is not known, and why not.
_NOT_KNOWN = (
    ("child", "father", "declined"),
    ("father", "parental_responsibility", "not_asked"),
    ("mother", "mental_health", "evaded"),
    ("child", "gp_registration", "unknown"),
)
#: Bytes that stand for an event id, always as many, so that every body of a load is as long as the others.
EVENT_CHARS = 24


def ordinary(today: date) -> str:
    """An observation of the size that agencies send, with two claims; a second one like it changes nothing."""
    seen = today - timedelta(days=1)
    return _text(
        observed=seen.isoformat(),
        narrative=(
            "Visited at home by arrangement. Mother says that he comes to see the baby at the weekend and goes home "
            "afterwards; he was not there today. The baby was awake, settled and warm."
        ),
        claims=[
            _presence("visits", seen),
            {
                "about": "mother",
                "attribute": "presence",
                "value": "lives_here",
                "valid": f"{seen.isoformat()}/..",
                "basis": "seen",
            },
        ],
    )


def father_gone(today: date) -> str:
    """What one agency is told first."""
    seen = today - timedelta(days=2)
    return _text(
        observed=seen.isoformat(),
        narrative="Mother says that the father is out of their lives since the move.",
        claims=[_presence("absent", seen)],
    )


def father_stays(today: date) -> str:
    """What another agency is told next, and cannot be so if the first is."""
    seen = today - timedelta(days=1)
    return _text(
        observed=seen.isoformat(),
        narrative="Mother says that the father stays with them most nights and helps with the baby.",
        claims=[_presence("stays_overnight", seen)],
    )


def not_known(today: date) -> str:
    """An observation after which much is to be asked: nobody knows, or nobody would say."""
    seen = today - timedelta(days=1)
    return _text(
        observed=seen.isoformat(),
        narrative="Seen at the clinic with her mother, who did not want to speak of the father.",
        claims=[
            {"about": about, "attribute": attribute, "not_known": why, "basis": "told", "informant": "mother"}
            for about, attribute, why in _NOT_KNOWN
        ],
    )


def registration(today: date) -> str:
    """A child without an NHS number yet."""
    return json.dumps({"event_id": EVENT, "born": (today - timedelta(days=90)).isoformat()}, separators=(",", ":"))


def _presence(value: str, since: date) -> Mapping[str, Any]:
    return {
        "about": "father",
        "attribute": "presence",
        "value": value,
        "valid": f"{since.isoformat()}/..",
        "basis": "told",
        "informant": "mother",
    }


def _text(**said: Any) -> str:
    body = {
        "event_id": EVENT,
        "child": {"id": CHILD},
        "author": {"ref": "worker1", "role": "health visitor"},
        "statement": "fact",
        **said,
    }
    return json.dumps(body, separators=(",", ":"))
