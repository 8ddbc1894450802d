"""Answers `add-checkpoint`: checks the signature, weighs, stores, cosigns, in this order and in no other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ledger.domain.log.checkpoint import Checkpoint
from ledger.domain.log.note import BadSignature, Note, Signature, Verifier, opened, vkey_of
from ledger.domain.log.strict import base64_of
from ledger.witness.key import WitnessKey, verify
from ledger.witness.store import Deciding, Evidence, Seen, Store
from ledger.witness.submission import Submission, parse_submission
from ledger.witness.weigh import Verdict, contradiction, weigh

TEXT, SIZE = "text/plain; charset=utf-8", "text/x.tlog.size"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back: a status, a body and its content type. Refusals repeat nothing of what was sent."""

    status: int
    body: str
    content_type: str = TEXT


@dataclass(frozen=True, slots=True)
class LogState:
    """How a log stands with this witness."""

    origin: str
    vkeys: tuple[str, ...]
    #: The checkpoint that was cosigned last, as the log signed it.
    latest: Seen | None
    proofs: int
    not_shown: int


def logs_by_origin(verifiers: Sequence[Verifier]) -> Mapping[str, tuple[Verifier, ...]]:
    """The keys of each log. Several keys of one name are those of a log that changed its key."""
    found: dict[str, tuple[Verifier, ...]] = {}
    for verifier in verifiers:
        found[verifier.name] = (*found.get(verifier.name, ()), verifier)
    return found


class Witness:
    """One witness. `now` is the real clock, aware."""

    def __init__(
        self, key: WitnessKey, logs: Mapping[str, tuple[Verifier, ...]], store: Store, now: Callable[[], datetime]
    ) -> None:
        self.key, self.logs, self.store, self._now = key, logs, store, now

    def add_checkpoint(self, body: bytes) -> Answer:
        """Answer one submission (C2SP tlog-witness)."""
        try:
            submission = parse_submission(body)
        except ValueError:
            return Answer(400, "this is no request of c2sp.org/tlog-witness\n")
        verifiers = self.logs.get(submission.checkpoint.origin)
        if verifiers is None:
            return Answer(404, "unknown log\n")
        try:
            signatures = opened(submission.note, list(verifiers), verify)
        except BadSignature:
            signatures = []
        if not signatures:
            return Answer(403, "invalid signature\n")
        if submission.old > submission.checkpoint.size:
            return Answer(400, "the old size is beyond the checkpoint's\n")
        return self._decide(submission, _signed(submission, signatures))

    def states(self) -> list[LogState]:
        """How every log stands, in the order in which they were named."""
        found = []
        for origin, verifiers in self.logs.items():
            kept = self.store.evidence(origin)
            proofs = sum(1 for one in kept if one.kind.is_proof)
            vkeys = tuple(vkey_of(one.name, one.public, one.kind) for one in verifiers)
            found.append(LogState(origin, vkeys, self.store.latest(origin), proofs, len(kept) - proofs))
        return found

    def _decide(self, submission: Submission, note: str) -> Answer:
        with self.store.deciding() as deciding:
            origin, new = submission.checkpoint.origin, submission.checkpoint
            latest = deciding.latest(origin)
            verdict = weigh(submission, None if latest is None else Checkpoint(origin, latest.size, latest.root))
            at = int(self._now().astimezone(UTC).timestamp())
            self._keep_evidence(deciding, submission, verdict, note, at)
            if verdict is Verdict.COSIGN:
                # A clock that was set back must not make this checkpoint look older than the one before it.
                at = at if latest is None else max(at, latest.cosigned_at)
                deciding.keep(origin, Seen(new.size, new.root, note, at))
        # Committed: killed from here on, the log comes again, is told the size by 409, and gets its cosignature.
        if verdict is Verdict.CONFLICT:
            return Answer(409, f"{0 if latest is None else latest.size}\n", SIZE)
        if verdict is Verdict.REFUSE:
            return Answer(422, "the consistency proof does not hold\n")
        return Answer(200, self.key.cosign(at, submission.note.text))

    def _keep_evidence(self, deciding: Deciding, submission: Submission, verdict: Verdict, note: str, at: int) -> None:
        origin = submission.checkpoint.origin

        def root_seen(size: int) -> bytes | None:
            found = deciding.seen(origin, size)
            return None if found is None else found.root

        found = contradiction(submission, verdict, root_seen)
        if found is None:
            return
        older = deciding.seen(origin, found.against)
        assert older is not None, "what is contradicted was seen"
        proof = tuple(base64_of(one) for one in submission.proof)
        deciding.keep_evidence(Evidence(origin, at, found.kind, older.note, note, proof))


def _signed(submission: Submission, signatures: Sequence[Signature]) -> str:
    """The note with the log's own signatures alone: anybody can add lines of keys that nobody knows."""
    return str(Note(submission.note.text, tuple(signatures)))
