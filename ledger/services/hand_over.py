"""What is asked of other agencies and handed over to them, and what they answer: each body to its own service."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from ledger.services.answer_work import answer_plainly, is_naming, look
from ledger.services.ask_work import ask_work, note_check
from ledger.services.context import Context
from ledger.services.finish_work import finish
from ledger.services.lead_handover import answer_lead, offer_lead
from ledger.services.lead_name import name_lead
from ledger.services.record_handover import answer_record, offer_record
from ledger.services.submission import Recorded
from ledger.store.append import Caller, Credential

Body = Mapping[str, Any]


def refer(context: Context, who: Credential | Caller, record_id: UUID, body: Body) -> Recorded:
    """Refer something to another agency."""
    return ask_work(context, who, record_id, "referral", body)


def agree(context: Context, who: Credential | Caller, record_id: UUID, body: Body) -> Recorded:
    """Note an agreed action, and whose it is."""
    return ask_work(context, who, record_id, "action", body)


def offer(context: Context, who: Credential | Caller, record_id: UUID, body: Body) -> Recorded:
    """Offer the lead, a piece of work, or the record. Raises RefusedError."""
    match body["of"]:
        case "lead":
            return offer_lead(context, who, record_id, body)
        case "record":
            return offer_record(context, who, record_id, body)
        case _:
            return ask_work(context, who, record_id, "handover", body)


def answer(context: Context, who: Credential | Caller, record_id: UUID, body: Body) -> Recorded:
    """Answer what was asked. Raises RefusedError: what was never asked, or asked of others, or answered finally."""
    asked = look(context, who, record_id, body)
    if asked.of == "record" and not asked.is_known:
        return answer_record(context, who, record_id, body, asked)
    if is_naming(asked, body):
        return answer_lead(context, who, record_id, body, asked)
    return answer_plainly(context, who, record_id, body, asked)


_Store = Callable[[Context, Credential | Caller, UUID, Body], Recorded]
#: What is posted about who leads and whose work is whose, each kind with its service.
HANDING: Final[Mapping[str, _Store]] = {
    "lead": name_lead,
    "referral": refer,
    "action": agree,
    "handover": offer,
    "reply": answer,
    "done": finish,
    "check": note_check,
}
