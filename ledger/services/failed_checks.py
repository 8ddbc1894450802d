"""Which rules could not be run on which questions of a record, and when each is tried again.

A check that failed runs again at the next step on its question, and by itself after growing whiles, so many times and
no more. While a rule fails on any question of a record, one finding says so to the record's lead.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from ledger.domain.event import DueStep, Event
from ledger.domain.facts import Facts
from ledger.domain.need import areas_of
from ledger.domain.outcome import CheckFailed
from ledger.domain.pack import Pack
from ledger.domain.question import digest_of
from ledger.domain.record_state import RecordState
from ledger.store.append import Statement
from ledger.store.detected import keep_failures
from ledger.store.detection import DueMoment, FailedCheck, Reading

#: A check that could not be run is tried again this long after each try, by the time of the step.
RETRY_AFTER = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
)
#: The cause of the moments at which that happens.
RETRY = "retry_check"
#: Stands for a rule where not one rule but a whole step could not be run. Workers try that again by themselves.
WHOLE = "detection"


def check_key(rule: str) -> str:
    """What no two open findings about this rule's failing share within a record."""
    return digest_of(["check_failed", rule])


class FailedChecks:
    """The failing checks of one record, as steps go on."""

    def __init__(self, reading: Reading) -> None:
        self._record_id = reading.record_id
        self._at_first = {(failed.rule, failed.question): failed for failed in reading.failed}
        self._now = dict(self._at_first)

    def note(self, event: Event, after: RecordState, pack: Pack, failures: Iterable[CheckFailed]) -> list[DueMoment]:
        """Take up which checks failed and which ran in one step; the moments at which to try again."""
        moments = []
        failing = set()
        for failure in failures:
            which = (failure.rule, failure.question.digest)
            failing.add(which)
            known = self._now.get(which)
            is_retry = isinstance(event, DueStep) and event.cause == RETRY
            tries = 0 if known is None else known.tries + is_retry
            number, index = (event.number, 0) if failure.ref is None else (failure.ref.number, failure.ref.index)
            self._now[which] = FailedCheck(*which, number=number, index=index, tries=tries)
            if (known is None or is_retry) and tries < len(RETRY_AFTER):
                moments.append(DueMoment(event.at + RETRY_AFTER[tries], number, index, RETRY))
        if self._now:
            for which in [which for which in self._ran(event, after, pack) if which not in failing]:
                del self._now[which]
        return moments

    def note_whole(self, event: Event) -> None:
        """A step could not be run at all, again and again."""
        self._now[WHOLE, ""] = FailedCheck(WHOLE, "", number=event.number, index=0, tries=0)

    def of_rules(self) -> dict[str, list[FailedCheck]]:
        """What fails now, by rule; a rule that failed before and fails nowhere now has an empty list."""
        rules: dict[str, list[FailedCheck]] = {rule: [] for rule, _ in (*self._at_first, *self._now)}
        for (rule, _), failed in sorted(self._now.items()):
            rules[rule].append(failed)
        return rules

    def statements(self) -> list[Statement]:
        """The projection moved on."""
        kept = [failed for which, failed in self._now.items() if self._at_first.get(which) != failed]
        return keep_failures(self._record_id, kept, self._at_first.keys() - self._now.keys())

    def _ran(self, event: Event, after: RecordState, pack: Pack) -> Iterator[tuple[str, str]]:
        """The known failures whose check this step has run again, or that have nothing left to check."""
        if isinstance(event, DueStep):
            touched = after.questions_of(event.number, event.index)
        else:
            touched = after.questions_in(event.number)
        ran = {(judged.rule.name, judged.area.digest) for judged in areas_of(touched, Facts(after, pack))}
        for which, failed in self._now.items():
            is_its_own = isinstance(event, DueStep) and (failed.number, failed.index) == (event.number, event.index)
            if is_its_own or which in ran or failed.rule == WHOLE:
                yield which
