"""Warn the sender of what does not fit the dates that are held: in the answer, and with the entry for good.

Nothing is refused for it. A sender is judged by its own entries and by what it may see of others': the look-up is made
as the sender, in the first trip of the append, so it costs no further one.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.claim import observation_of
from ledger.domain.consent import Consent, amiss
from ledger.domain.door import DoorWarning, warnings_of
from ledger.domain.edtf import observed_bounds
from ledger.domain.entry import parse_entry_id
from ledger.domain.landmark import Known, landmarks_of
from ledger.domain.pack import Pack
from ledger.domain.valid_time import Observed
from ledger.services.marks import held_back
from ledger.services.see import Eyes, Sight
from ledger.services.submission import Submission
from ledger.services.told import Told
from ledger.store.append import Statement, Stored
from ledger.store.landmarks import Standing, keep_landmarks, keep_warnings, read_standing, standing, warnings_in
from ledger.store.sharing import consents_of, read_consents
from ledger.store.timeline import by_number

#: The warnings of one submission, by the record in which the entry stands.
Warnings = Mapping[UUID, tuple[DoorWarning, ...]]


class Door:
    """What one append is judged by. Made before any lock is taken; asked under it."""

    def __init__(self, submissions: Sequence[Submission], agency: str, pack: Pack) -> None:
        self._submissions, self._agency, self._pack = submissions, agency, pack
        self._standing: dict[UUID, list[Standing]] = {}
        self._consents: list[Consent] = []

    def reads(self) -> list[Statement]:
        """The look-up, where anything is sent that may not fit or that others are judged by."""
        if (shared := _on_consent(self._submissions)) is not None:
            return [consents_of(shared)]
        names = [name for sent in self._submissions if _is_judged(sent) for name in sent.names]
        return [standing(list(dict.fromkeys(names)))] if names else []

    def begin(self, answers: Sequence[Sequence[tuple[Any, ...]]]) -> None:
        """Take the look-up's answer: none, or one. An append that is tried again begins again."""
        rows = [row for answer in answers for row in answer]
        if _on_consent(self._submissions) is not None:
            self._consents = read_consents(rows)
            return
        self._standing = read_standing(rows)

    def pass_in(self, place: int, entries: Sequence[Stored]) -> tuple[Warnings, list[Statement]]:
        """The warnings of the submission at this place, stored as these entries, and what is kept of it."""
        submission, warnings, statements = self._submissions[place], dict[UUID, tuple[DoorWarning, ...]](), []
        if _on_consent([submission]) is not None:
            found = tuple(self._judge_consent(submission, entries[0]))
            record_id, number = entries[0].record_id, entries[0].number
            return ({record_id: found} if found else {}), keep_warnings((record_id, number), self._agency, found)
        if not _is_judged(submission):
            return {}, []
        for entry in entries:
            found = tuple(self._judge(submission, entry))
            if found:
                warnings[entry.record_id] = found
            statements += keep_warnings((entry.record_id, entry.number), self._agency, found)
            statements += self._keep(submission, entry)
        return warnings, statements

    def _judge(self, submission: Submission, entry: Stored) -> list[DoorWarning]:
        known = [known for known, _ in self._standing.get(entry.record_id, ())]
        return warnings_of(submission.kind, submission.body, agency=self._agency, known=known, pack=self._pack)

    def _judge_consent(self, submission: Submission, entry: Stored) -> Iterator[DoorWarning]:
        """Whether the consent that a share rests on held on the day of the decision, or when that was recorded."""
        named = parse_entry_id(submission.body["consent"])
        on = submission.body.get("on")
        at = observed_bounds(on) if on else Observed(entry.recorded_at, entry.recorded_at)
        found = amiss(self._consents, named[1], at) if named else None
        if found is not None:
            yield DoorWarning(found[0], "/consent", found[1])

    def _keep(self, submission: Submission, entry: Stored) -> list[Statement]:
        """Keep what others are judged by from now on; what the same agency says again is kept once."""
        here = self._standing.setdefault(entry.record_id, [])
        agency = self._agency
        is_again, is_hidden = is_kept(submission.kind, submission.body, agency)
        held = set() if is_again else {(known.landmark, hidden) for known, hidden in here if known.agency == agency}
        given = landmarks_of(submission.kind, submission.body, agency)
        # What is held for certain need not be sent to be found held.
        new = [landmark for landmark in given if (landmark, is_hidden) not in held]
        # Whether it keeps the list is known from the next post on, when its kind is read beside it.
        here += [(Known(landmark, entry.number, agency), is_hidden) for landmark in new]
        return landmark_statements(Told.of(entry, agency, submission.kind, submission.body)) if new else []


def is_kept(kind: str, body: Mapping[str, Any], agency: str) -> tuple[bool, bool]:
    """How the landmarks of an entry are kept: though its agency gave them before, and hidden from others.

    What a correction says again was given by the entry that it withdraws; and a correction may be withheld for the
    marking of what it corrects: of others', only what is plain counts.
    """
    is_correction = kind == "correction"
    return is_correction, is_correction or bool(held_back(kind, body, agency))


def landmark_statements(told: Told) -> list[Statement]:
    """What an entry gives others to be judged by, for the projection: a function of the entry."""
    is_again, is_hidden = is_kept(told.kind, told.body, told.agency)
    given = landmarks_of(told.kind, told.body, told.agency)
    return keep_landmarks(told.place, told.agency, given, is_hidden=is_hidden, is_again=is_again)


def render_warning(warning: DoorWarning) -> dict[str, str]:
    """A warning as it is answered and shown."""
    return {"code": warning.code, "pointer": warning.pointer, "detail": warning.detail, "fix": warning.fix}


def with_warnings(
    connection: Connection, record_id: UUID, eyes: Eyes, items: Sequence[dict[str, Any]], seen_whole: Collection[int]
) -> list[dict[str, Any]]:
    """Rendered entries with what was warned of those seen whole, where the reader sees all that they were judged by.

    The author was told at the time, and sees it whatever becomes of that.
    """
    whole = [item["number"] for item in items if item["number"] in seen_whole]
    warnings = warnings_in(connection, record_id, whole) if whole else {}
    places = {(record_id, number) for found in warnings.values() for one in found for number in one.rests_on}
    seen = {entry.number for entry in by_number(connection, places) if eyes.look(entry).sight is Sight.FULL}
    shown = []
    for item in items:
        own = item["agency"] == eyes.reader.agency
        told = [one for one in warnings.get(item["number"], ()) if own or seen.issuperset(one.rests_on)]
        shown.append(item | ({"warnings": [render_warning(one) for one in told]} if told else {}))
    return shown


def _on_consent(submissions: Sequence[Submission]) -> UUID | None:
    """The record of a decision to share on consent: no such is ever sent together with anything else."""
    first = submissions[0] if len(submissions) == 1 else None
    if first is None or first.kind != "share" or "consent" not in first.body:
        return None
    name = first.names[0]
    return name if isinstance(name, UUID) else None


def _is_judged(submission: Submission) -> bool:
    return submission.kind in ("child", "attachment") or observation_of(submission.kind, submission.body) is not None
