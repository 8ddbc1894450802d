"""Why a service would not do what it was asked: a code that programs match and words that help a person.

Neither ever repeats what was sent. The API gives each code its HTTP status.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason. `pointer` is an RFC 6901 JSON pointer into the body that was sent, '' for the whole of it.

    `more` are further places that are refused for the same reason.
    """

    code: str
    detail: str
    pointer: str = ""
    more: tuple[str, ...] = ()

    def at(self, pointers: Sequence[str]) -> "Refusal":
        """The same reason at these places, one or more."""
        return replace(self, pointer=pointers[0], more=tuple(pointers[1:]))


class RefusedError(Exception):
    """A service's refusal of the whole request."""

    def __init__(self, code: str, detail: str, pointer: str = "", more: tuple[str, ...] = ()) -> None:
        super().__init__(code)
        self.refusal = Refusal(code, detail, pointer, more)


NOT_AUTHENTICATED = Refusal(
    "not_authenticated",
    "The bearer key is missing, unknown, revoked or expired. Send 'Authorization: Bearer ledger.…' with a key that "
    "'ledger key issue' gave your agency.",
)
CHILD_NOT_KNOWN = Refusal(
    "child_not_known",
    "No child by this name can be found here. Register the child at POST /api/v1/children, or name it by an id, NHS "
    "number or reference of yours that is already registered.",
    "/child",
)
EVENT_ID_REUSED = Refusal(
    "event_id_reused",
    "This event_id already stands for another body of yours. Send the first body unchanged to retry it, or a new "
    "event_id for something new.",
    "/event_id",
)
CONTENT_ERASED = Refusal(
    "content_erased",
    "What this event_id stood for was erased by order. It stays counted and is never stored again.",
    "/event_id",
)
OBSERVED_IN_FUTURE = Refusal(
    "observed_in_future",
    "Nobody observes the future: 'observed' is later than the ledger's clock. Give the time at which it was seen or "
    "said; for what is planned use statement 'plan' or 'intention' and say when in 'valid'.",
    "/observed",
)
BORN_IN_FUTURE = Refusal(
    "born_in_future",
    "'born' is later than the ledger's clock. For a child not born yet send 'expected' instead.",
    "/born",
)
NUMBER_HELD_ELSEWHERE = Refusal(
    "number_held_elsewhere",
    "This NHS number belongs to another record here. If both are one child, the two records must be joined by two "
    "people; if not, check the number at its source.",
    "/nhs_number",
)
REFERENCE_TAKEN = Refusal(
    "reference_taken",
    "Your agency uses this reference for another child already. Send the reference that is this child's own.",
    "/reference",
)
NOT_KNOWN = Refusal(
    "not_known",
    "There is nothing here that your agency may know of. To read or work on a child's record, record your agency's "
    "involvement first: POST /api/v1/children/{id}/involvements.",
)
ENTRY_NOT_YOURS = Refusal(
    "entry_not_yours",
    "This is not the id of an observation or contact that your agency recorded about this child. Only its own author "
    "corrects or voids an entry.",
)
ALREADY_WITHDRAWN = Refusal(
    "already_withdrawn",
    "This entry has been corrected or voided before. Correct the entry that replaced it.",
)
PERSON_NOT_KNOWN = Refusal(
    "person_not_known",
    "This record knows nobody by this name. Declare them in people with a ref, here or in an earlier observation of "
    "yours about this child, or use mother, father or child.",
)
LINKED_NOT_KNOWN = Refusal(
    "linked_not_known",
    "This record knows nobody by this name. Link references that you declared in people, or another agency's as "
    "agency/reference, or use mother, father or child.",
)
LINK_OF_ONE = Refusal(
    "link_of_one",
    "All of these name the same one. Name two or more that are not the same yet.",
)
PARENT_OF_SELF = Refusal(
    "parent_of_self",
    "This would make a person their own parent: one of these is the child, another is named as the child's parent. "
    "Unlink the one that is wrong first.",
    "/people",
)
TWO_PARENTS_IN_ONE = Refusal(
    "two_parents_in_one",
    "This would make the mother and the father one person. Unlink the one that is wrong first.",
    "/people",
)
FINDING_CLOSED = Refusal(
    "finding_closed",
    "This finding has closed already, so there is no outcome to give. Read the alert again: it says why it closed.",
)
NOT_FOR_AN_OUTCOME = Refusal(
    "not_for_an_outcome",
    "This alert says that a check is not running, which no outcome settles: it closes when the check runs again. "
    "Acknowledge it instead.",
)
AN_ANSWER_ENDS_IT = Refusal(
    "not_for_an_outcome",
    "This alert says that something is not known, which no outcome settles: an answer ends it. Record what you learn "
    "as an observation; where you get no answer, record the attempt with not_known.",
    "/outcome",
)
AUTHOR_NEEDED = Refusal(
    "author_needed",
    "Two different people close this finding: name in author.ref the professional who concludes it.",
    "/author/ref",
)
SAME_PERSON = Refusal(
    "same_person",
    "Two different people close this finding, and this one has signed already. Ask a second to look and to conclude.",
    "/author/ref",
)
AGENCY_NOT_KNOWN = Refusal(
    "agency_not_known",
    "No agency of this partnership has this id. 'ledger agency list' shows them.",
    "/agency",
)


def scope_missing(scope: str) -> Refusal:
    """The key is good, but was not issued for this."""
    return Refusal(
        "scope_missing",
        f"This key does not carry the scope '{scope}'. Ask for one issued with it: ledger key issue AGENCY "
        f"--scope {scope}.",
    )
