"""Post one observation as somebody who is signed in, with what joins its people to those of other agencies.

The observation is stored first and whole. Whom its author took for somebody that another agency named is a link of its
own, which can be taken back: a link that is refused leaves the observation as it stands.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from ledger.domain.edtf import observed_bounds
from ledger.domain.role import Right
from ledger.services.context import Context
from ledger.services.record import record_one
from ledger.services.refusal import RefusedError
from ledger.services.submission import Name, Recorded, Submission, identify_nhs, identify_reference
from ledger.services.work_on_record import work
from ledger.store.append import Caller, Credential

#: Why two references are one, where their author chose the other agency's person from a list.
_CHOSEN: Final = "Chosen by the author as the same, on recording an observation"


def submission_of(body: Mapping[str, Any], who: Credential | Caller) -> Submission:
    """An observation that was checked for form, on its way in."""
    names = [body["child"], *body.get("also", ())]
    return Submission(
        "observation",
        body["event_id"],
        body,
        names=tuple(name_of(child, who.agency) for child in names),
        observed_from=observed_bounds(body["observed"])[0],
    )


def name_of(child: Mapping[str, str], agency: str) -> Name:
    """How a body names a child, as records and identifiers are found by it."""
    if "id" in child:
        return UUID(child["id"])
    if "nhs_number" in child:
        return identify_nhs(child["nhs_number"])
    return identify_reference(agency, child["reference"])


def observe(
    context: Context, who: Caller, body: Mapping[str, Any], links: Sequence[Mapping[str, Sequence[str]]] = ()
) -> Recorded:
    """Store an observation about a child, named by its record's id, and then what it joins.

    Raises RefusedError where the observation is refused; of links that are refused nothing is said.
    """
    recorded = record_one(context, who, submission_of(body, who), Right.OBSERVE)
    join(context, who, recorded.entry.record_id, body["event_id"], links)
    return recorded


def join(
    context: Context, who: Caller, record_id: UUID, event_id: str, links: Sequence[Mapping[str, Sequence[str]]]
) -> None:
    """Store the links of an entry that is stored, by its event id; of those that are refused nothing is said."""
    for place, link in enumerate(links):
        joining = {"event_id": f"{event_id[:56]}.link{place}", "reason": _CHOSEN, **link}
        try:
            work(context, who, record_id, "link", joining)
        except RefusedError:
            continue
