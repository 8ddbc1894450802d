"""Record concerns that are to be answered, answers to them, and that the work was talked over in supervision."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from ledger.domain.concern_thread import ANSWERED, WITHDRAWN, goes_deep_enough
from ledger.domain.entry import parse_entry_id
from ledger.services.assess import check_said, error_of, held_back
from ledger.services.context import Context
from ledger.services.name_entry import NamedEntry
from ledger.services.project import project
from ledger.services.record import record_one
from ledger.services.refuse_assessment import (
    CONCERN_NOT_KNOWN,
    GOES_LESS_DEEP,
    NOT_YOURS_TO_TAKE_BACK,
    TOPIC_NOT_KNOWN,
)
from ledger.services.submission import Recorded, Submission
from ledger.services.told import Told
from ledger.services.work_on_record import INVOLVED, must_be_involved
from ledger.store.append import Caller, Credential, Locked, Statement, Stored

Who = Credential | Caller
Body = Mapping[str, Any]
KIND: Final = "concern"


def raise_concern(context: Context, who: Who, record_id: UUID, body: Body) -> Recorded:
    """A concern, which stays open until it is answered. Raises RefusedError for a topic that the pack has not."""
    reads = [INVOLVED(record_id), held_back(record_id, body)]

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        if "topic" in body and body["topic"] not in context.pack.topics:
            raise error_of(TOPIC_NOT_KNOWN)
        check_said(body, locked.answers[1])
        return project(Told.of(entry, caller.agency, KIND, body))

    submission = Submission(KIND, body["event_id"], body, names=(record_id,))
    return record_one(context, who, submission, "work", reads=reads, effect=effect)


def answer_concern(context: Context, who: Who, record_id: UUID, body: Body) -> Recorded:
    """An answer to a concern that its sender sees; taken back by the agency that raised it alone.

    Raises RefusedError where it says that it answers it and goes less deep than the concern's topic takes.
    """
    place = parse_entry_id(body["of"])
    if place is None:
        raise error_of(CONCERN_NOT_KNOWN)
    named = NamedEntry(record_id, place)
    reads = [INVOLVED(record_id), held_back(record_id, body), *named.reads()]

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        raised = named.seen(caller.agency, locked.answers[2:])
        if raised is None or raised.kind != KIND:
            raise error_of(CONCERN_NOT_KNOWN)
        if body["answer"] == WITHDRAWN and raised.agency != caller.agency:
            raise error_of(NOT_YOURS_TO_TAKE_BACK)
        topic = context.pack.topics.get(str(raised.body.get("topic", "")))
        needs = None if topic is None else topic.answered_by
        if body["answer"] == ANSWERED and not goes_deep_enough(body["how"], needs):
            raise error_of(GOES_LESS_DEEP)
        check_said(body, locked.answers[1])
        return project(Told.of(entry, caller.agency, "concern_answer", body))

    submission = Submission("concern_answer", body["event_id"], body, names=(record_id,))
    return record_one(context, who, submission, "work", reads=reads, effect=effect)


def supervise(context: Context, who: Who, record_id: UUID, body: Body) -> Recorded:
    """That the work was talked over. Detection does not read it."""

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        return project(Told.of(entry, caller.agency, "supervision", body))

    submission = Submission("supervision", body["event_id"], body, names=(record_id,), is_due=False)
    return record_one(context, who, submission, "work", reads=[INVOLVED(record_id)], effect=effect)


#: How each of these bodies is recorded.
CONCERNS: Final[Mapping[str, Callable[[Context, Who, UUID, Body], Recorded]]] = {
    KIND: raise_concern,
    "concern_answer": answer_concern,
    "supervision": supervise,
}
