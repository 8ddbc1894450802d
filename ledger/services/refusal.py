"""Why a service would not do what it was asked: a code that programs match and words that help a person.

Neither ever repeats what was sent. The API gives each code its HTTP status.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason. `pointer` is an RFC 6901 JSON pointer into the body that was sent, '' for the whole of it.

    `more` are further places that are refused for the same reason.
    """

    code: str
    detail: str
    pointer: str = ""
    more: tuple[str, ...] = ()
    #: After how many seconds the same may be asked again, where that is all it takes.
    retry_after_s: int | None = None

    def at(self, pointers: Sequence[str]) -> "Refusal":
        """The same reason at these places, one or more."""
        return replace(self, pointer=pointers[0], more=tuple(pointers[1:]))


class RefusedError(Exception):
    """A service's refusal of the whole request."""

    #: The child's record that it was a look at, where it was one; never told.
    record_id: UUID | None = None

    def __init__(
        self,
        code: str,
        detail: str,
        pointer: str = "",
        more: tuple[str, ...] = (),
        *,
        retry_after_s: int | None = None,
        record_id: UUID | None = None,
    ) -> None:
        super().__init__(code)
        self.refusal = Refusal(code, detail, pointer, more, retry_after_s)
        self.record_id = record_id


NOT_AUTHENTICATED = Refusal(
    "not_authenticated",
    "The bearer key or token is missing or not known. Send 'Authorization: Bearer ledger.…' with a key that "
    "'ledger key issue' gave your agency, or with a token that was got with one at POST /oauth/token.",
)
_ANOTHER_TOKEN = "Get another with your agency's key: POST /oauth/token with grant_type=client_credentials."  # noqa: S105
#: Why a credential whose secret is right does not hold.
NOT_HELD: Mapping[str, Refusal] = {
    why: Refusal("not_authenticated", detail)
    for why, detail in {
        "key_revoked": "This key was revoked. Ask the operator for another: ledger key issue.",
        "key_expired": "This key is past its end. Ask the operator for another: ledger key issue.",
        "certificate": (
            "This key is bound to a client certificate, and the request did not come with that certificate, or came "
            "by a way on which the ledger does not read certificates (the operator's LEDGER_CLIENT_CERT_HEADER)."
        ),
        "token_revoked": f"This token was revoked. {_ANOTHER_TOKEN}",
        "token_expired": f"This token has expired; tokens last for minutes. {_ANOTHER_TOKEN}",
    }.items()
}
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
    "There is nothing here that your agency may know of. To read or work on a child's record, have your agency's "
    "involvement recorded first, by its system or a manager: POST /api/v1/children/{id}/involvements.",
)
ENTRY_NOT_YOURS = Refusal(
    "entry_not_yours",
    "This is not the id of an observation or contact that your agency recorded about this child. Only its own author "
    "corrects or voids an entry.",
)
MARKING_NOT_YOURS = Refusal(
    "marking_not_yours",
    "This is not the id of an entry that your agency recorded about this child. Only its own author says who may see "
    "it; ask them.",
    "/of",
)
NO_SUCH_CLAIM = Refusal(
    "no_such_claim", "The entry has no claim at this place: claims are counted from 0, as they were sent.", "/claim"
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
NOT_HERE = Refusal("not_known", "Your partnership has nothing by this id.")
ROLE_MISSING = Refusal(
    "role_missing",
    "Your roles do not include this. An administrator of your partnership says which you have; 'ledger person give' "
    "gives one.",
)
MAY_NOT_INVOLVE = Refusal(
    "role_missing",
    "An agency's part in a child's record is recorded by one of its managers, the duty desk or its system, for it "
    "opens the record to all of the agency. Ask your manager; if you must see the record now, break the glass: POST "
    "/api/v1/children/{id}/glass-breakings.",
)
PURPOSE_NEEDED = Refusal(
    "purpose_needed",
    "An auditor says why they look: send the purpose, at most 200 characters, in the header Access-Purpose.",
)
RECEIPTS_NOT_HERE = Refusal(
    "receipts_not_here", "This process signs no receipts. Ask its operator, who has it given LEDGER_RECEIPT_KEY."
)
NOT_AUDITED_HERE = Refusal(
    "not_audited_here",
    "This process was started without the auditors' database, so no auditor reads through it.",
)
AUTHOR_IS_ANOTHER = Refusal(
    "author_is_another",
    "You are signed in, so you are the author: leave author.ref out, or send your own.",
    "/author/ref",
)
FOREIGN_FORM = Refusal(
    "foreign_form",
    "This did not come from your own session's pages: send the session's token in the header X-CSRF-Token.",
)
GLASS_AUTHOR_NEEDED = Refusal(
    "author_needed",
    "A person breaks the glass, or reviews it: name in author.ref the professional on whose behalf your system does.",
    "/author/ref",
)
GLASS_NOT_NEEDED = Refusal(
    "glass_not_needed",
    "Your agency is involved with this child already: read the record as you do others. Nothing was recorded.",
)
NOT_A_BREAKING = Refusal(
    "not_a_breaking",
    "This is not the id of a breaking of the glass in this record.",
    "/of",
)
OWN_BREAKING = Refusal(
    "own_breaking",
    "Nobody reviews what they did themselves, and no system what its own agency did: whoever leads the child, another "
    "manager or an auditor does.",
)
GLASS_REVIEWED = Refusal(
    "glass_reviewed",
    "This breaking has been reviewed already, and the first review stands.",
)
NEVER_MARKED = Refusal(
    "never_marked",
    "Who broke the glass, who reviewed that, which agency has a part in the record and who leads it is told to "
    "everybody involved, and is not marked for fewer.",
    "/of",
)
NOT_FOR_WHO_DOES_NOT_LEAD = Refusal(
    "not_the_lead",
    "Who has looked at a child is for whoever leads it, and for auditors. Ask one of them.",
)
TOO_MANY_CHILDREN = Refusal(
    "too_many_children",
    "Within {window}, {whose} opened as many children's records as may be: {most}. Wait as long as Retry-After says. "
    "For work with many children at once, a review or a move of records, ask your partnership's auditor first: the "
    "operator raises the limit for as long as that takes. This was recorded, and auditors see it.",
)
A_REVIEW_ENDS_IT = Refusal(
    "not_for_an_outcome",
    "The glass was broken, which no outcome settles: a review ends it. Record one at POST "
    "/api/v1/children/{id}/glass-reviews, or on the page of this alert.",
    "/outcome",
)
AGENCY_NOT_KNOWN = Refusal(
    "agency_not_known",
    "No agency of this partnership has this id. 'ledger agency list' shows them.",
    "/agency",
)

LOG_SIZE_FOR_AUDITORS = Refusal(
    "log_size_for_auditors",
    "A size of the log names a point across records, which is for auditors. Name the point of this record: known_at, "
    "or as_of with the number that an earlier answer gave.",
)
KNOWN_BY_OTHERS = Refusal(
    "known_by_others",
    "What another agency knew is for auditors. Ask for your own agency, or leave known_by out.",
)


def scope_missing(scope: str) -> Refusal:
    """The key or token is good, but was not given for this."""
    return Refusal(
        "scope_missing",
        f"This key or token does not carry the scope '{scope}'. Get a token with it if your key has it; else ask for a "
        f"key issued with it: ledger key issue AGENCY --scope {scope}.",
    )
