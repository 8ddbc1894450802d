"""Answers that tell where an entry stands, and to whoever sent it the receipt for it."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response

from ledger.domain.entry import written_time
from ledger.services.context import Context
from ledger.services.receive import ReceiptSigner
from ledger.services.submission import Recorded
from ledger.services.warn import render_warning
from ledger.store.append import Stored


def placed(entry: Stored) -> dict[str, Any]:
    """Where one entry stands."""
    return {
        "id": entry.entry_id,
        "child": str(entry.record_id),
        "number": entry.number,
        "recorded_at": written_time(entry.recorded_at),
        "hash": entry.hash.hex(),
    }


def received(entry: Stored, signer: ReceiptSigner | None) -> dict[str, str]:
    """For an entry's author, and the same for ever: its receipt, and the salt by which its content can be shown."""
    told = {} if signer is None else {"receipt": signer.receipt(entry.envelope)}
    return told if entry.salt is None else {**told, "salt": entry.salt.hex()}


def recorded(outcome: Recorded, signer: ReceiptSigner | None) -> dict[str, Any]:
    """Where what was sent stands, copies in siblings' records included, and what does not fit: the same for ever.

    What to ask next is as it stands when it is answered.
    """
    answer = _with_words(outcome.entry, outcome, signer)
    if outcome.copies:
        answer["also"] = [_with_words(copy, outcome, signer) for copy in outcome.copies]
    if outcome.signed is not None:
        answer |= {"signed": outcome.signed, "needs": 2}
    return {**answer, **outcome.beside}


def with_notices(answer: dict[str, Any], outcomes: Iterable[object]) -> dict[str, Any]:
    """The answer to one post, of one entry or of many, with what waits for its sender where anything does."""
    told = next((one.notices for one in outcomes if isinstance(one, Recorded) and one.notices), None)
    return answer if told is None else {**answer, "notices": told}


def _with_words(entry: Stored, outcome: Recorded, signer: ReceiptSigner | None) -> dict[str, Any]:
    warnings, prompts = outcome.warnings.get(entry.record_id), outcome.prompts.get(entry.record_id)
    reach = outcome.reach.get(entry.record_id)
    return {
        **placed(entry),
        **received(entry, signer),
        **({"warnings": [render_warning(warning) for warning in warnings]} if warnings else {}),
        **({"prompts": [*prompts]} if prompts else {}),
        **(reach.as_json() if reach else {}),
    }


def as_json(answer: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON response."""
    return Response(
        json.dumps(answer, ensure_ascii=False, separators=(",", ":")),
        status,
        headers=headers,
        mimetype="application/json",
    )


def recorded_response(context: Context, outcome: Recorded) -> Response:
    """201 the first time, 200 from then on."""
    return as_json(
        with_notices(recorded(outcome, context.receipts), [outcome]),
        201 if outcome.is_new else 200,
        {"Location": f"/api/v1/entries/{outcome.entry.entry_id}"},
    )
