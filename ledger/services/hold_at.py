"""Which claims of an entry hold at one moment of the child's life: in every reading of their dates, or in some."""

from datetime import datetime
from typing import Any

from ledger.domain.claim import Claim, claims_of, observation_of
from ledger.domain.edtf import observed_bounds, parse
from ledger.domain.valid_time import ValidTime
from ledger.services.see import Seen


def claims_held(entry: Seen, moment: datetime) -> list[dict[str, Any]]:
    """The claims that hold then, by their index: `certainly` or `possibly`.

    What its observer could not know yet is no more than possible: a state that was still so when observed is carried
    beyond that day, and a claim about the future is a plan.
    """
    body = observation_of(entry.kind or "", entry.body)
    if body is None:
        return []
    claims = claims_of(body, agency=entry.agency, number=entry.number, recorded_at=entry.recorded_at)
    held = [(claim.index, _holds(claim, moment)) for claim in claims]
    return [{"index": entry.shown_index(index), "holds": how} for index, how in held if how is not None]


def was_observed_at(entry: Seen, moment: datetime) -> bool:
    """Whether a narrative without claims is about this moment: it is about the day it was observed."""
    body = observation_of(entry.kind or "", entry.body)
    if body is None or any(body.get("claims", ())):
        return False
    start, end = observed_bounds(body["observed"])
    return start <= moment < end


def _holds(claim: Claim, moment: datetime) -> str | None:
    observed = observed_bounds(claim.observed)
    valid = parse(claim.valid, observed=observed)
    if moment < valid.earliest_start or (valid.latest_end is not None and moment >= valid.latest_end):
        return None
    if valid.ending == "unknown" and moment >= observed.end:
        return None
    is_certain = _has_begun(valid, moment) and _has_not_ended(valid, moment) and moment < observed.end
    return "certainly" if is_certain else "possibly"


def _has_begun(valid: ValidTime, moment: datetime) -> bool:
    return valid.latest_start <= moment


def _has_not_ended(valid: ValidTime, moment: datetime) -> bool:
    return valid.earliest_end is None or moment < valid.earliest_end
