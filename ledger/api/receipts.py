"""Receipts of one's own entries, with the proof that they stand in the log."""

from typing import Any, Final

from flask import Response
from flask_smorest import Blueprint

from ledger.api.answers import as_json, received
from ledger.api.refusals import calling
from ledger.api.requests import StrictParser
from ledger.api.schemas.answers import ReceiptSchema
from ledger.domain.entry import written_time
from ledger.domain.log.strict import base64_of
from ledger.services.context import Context
from ledger.services.read_receipt import Before, Receipt, Sealed, read_receipt

#: Entries are sealed within a second, and cosigned soon after.
_RETRY_AFTER_S: Final = 1


def receipts_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The route of receipts."""
    blueprint = Blueprint("receipts", __name__, url_prefix="/api/v1/receipts", description="What the ledger promised.")
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.get("/<entry_id>")  # type: ignore[untyped-decorator]
    @blueprint.response(200, ReceiptSchema)  # type: ignore[untyped-decorator]
    def get_receipt(entry_id: str) -> Response:
        """The receipt of one of your own entries; once it is sealed, the proof that it stands in the log."""
        receipt = read_receipt(context, calling(), entry_id)
        headers = {"Retry-After": str(_RETRY_AFTER_S)} if receipt.sealed is None else {}
        return as_json(_shown(context, receipt), headers=headers)

    return blueprint


def _shown(context: Context, receipt: Receipt) -> dict[str, Any]:
    told = {"entry": receipt.entry.entry_id, **received(receipt.entry, context.receipts)}
    if receipt.sealed is None:
        return {**told, "sealed": False}
    return {**told, "sealed": True, **_place(receipt.sealed)}


def _place(sealed: Sealed) -> dict[str, Any]:
    told: dict[str, Any] = {
        "index": sealed.index,
        "log_size": sealed.log_size,
        "proof": sealed.proof,
        "witnessed": sealed.is_witnessed,
    }
    brackets: dict[str, Any] = {}
    if sealed.before is not None:
        brackets["after"] = _bracket(sealed.before)
    if sealed.by is not None:
        brackets["by"] = written_time(sealed.by)
    return {**told, "brackets": brackets} if brackets else told


def _bracket(before: Before) -> dict[str, Any]:
    return {
        "cosigned_at": written_time(before.at),
        "log_size": before.size,
        "checkpoint": before.checkpoint,
        "consistency": [base64_of(one) for one in before.consistency],
    }
