"""What the checker brings: keys, witnesses, and what they or others kept. Nothing of it comes out of the export."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ledger.domain.log.note import COSIGNATURE, ED25519, Note, Verifier, Verify, parse_vkey
from ledger.domain.log.policy import NONE, Group, Policy, cosigned_at, is_met, parse_policy
from ledger.domain.verify.fault import UnreadableError

#: What clocks of witnesses and ledger may differ by, and sealing may take, in seconds.
SKEW_S = 60
_ALL_ASKED = "all that was asked for"


@dataclass(frozen=True)
class Kept:
    """A text that the checker brought, and where from."""

    name: str
    text: str


@dataclass(frozen=True)
class Trust:
    """The keys of the log and of receipts, the witnesses, and what was kept; times in seconds."""

    log_keys: Sequence[Verifier]
    policy: Policy | None
    receipt_keys: Sequence[Verifier]
    checkpoints: Sequence[Kept]
    receipts: Sequence[Kept]
    verify: Verify
    skew_s: int = SKEW_S

    @property
    def asks_for_witnesses(self) -> bool:
        return self.policy is not None and self.policy.quorum != NONE

    def cosigned(self, note: Note, *, first: bool = False) -> dict[str, int]:
        """Which witnesses cosigned a checkpoint and when last, or first; BadSignature where a line does not fit."""
        return {} if self.policy is None else cosigned_at(self.policy, note, self.verify, first=first)

    def is_quorum(self, names: Sequence[str] | Mapping[str, int]) -> bool:
        """Whether these witnesses are as many as were asked for; never where none were."""
        return self.policy is not None and self.asks_for_witnesses and is_met(self.policy, list(names))

    def seen_between(self, times: Mapping[str, int]) -> tuple[int, int] | None:
        """Since when, and by when at the latest, a quorum had seen a checkpoint; None where it is no quorum.

        Of any quorum at least one witness is taken to be honest. The latest moment after which a quorum signed is
        therefore no later than an honest witness's time, and the earliest by which one had is no earlier.
        """
        if not self.is_quorum(times):
            return None
        moments = sorted(set(times.values()))
        since = max(t for t in moments if self.is_quorum([name for name, at in times.items() if at >= t]))
        by = min(t for t in moments if self.is_quorum([name for name, at in times.items() if at <= t]))
        return min(since, by), max(since, by)


def asked_policy(text: str | None, vkeys: Sequence[str]) -> Policy | None:
    """The policy of the command line: that of the file, and each of these witnesses besides; None without either.

    UnreadableError where the file or a key is not what it should be.
    """
    try:
        policy = Policy() if text is None else parse_policy(text)
        witnesses = dict(policy.witnesses)
        asked = [] if policy.quorum == NONE else [policy.quorum]
        asked += [_add_witness(vkey, witnesses, policy.groups) for vkey in vkeys]
    except ValueError as error:
        raise UnreadableError(f"the policy or a witness's key cannot be used: {error}") from None
    if text is None and not vkeys:
        return None
    groups = dict(policy.groups)
    if len(asked) > 1:
        groups[_ALL_ASKED] = Group(len(asked), tuple(asked))
    quorum = NONE if not asked else asked[0] if len(asked) == 1 else _ALL_ASKED
    return Policy(policy.logs, witnesses, groups, quorum)


def _add_witness(vkey: str, witnesses: dict[str, tuple[Verifier, str | None]], groups: Mapping[str, Group]) -> str:
    """The name under which a witness is known, added where it was not."""
    verifier = parse_vkey(vkey)
    if verifier.kind != COSIGNATURE:
        raise ValueError("a witness's key is of type 4 (c2sp.org/tlog-cosignature)")
    for name, (known, _) in witnesses.items():
        if known.public == verifier.public:
            return name
    if verifier.name in (*witnesses, *groups):
        raise ValueError("two witnesses have the same name")
    witnesses[verifier.name] = (verifier, None)
    return verifier.name


def keys_of(vkeys: Sequence[str], what: str) -> list[Verifier]:
    """Keys that sign texts, as they were given; UnreadableError for any other."""
    keys = []
    for vkey in vkeys:
        try:
            verifier = parse_vkey(vkey)
        except ValueError as error:
            raise UnreadableError(f"a {what} cannot be used: {error}") from None
        if verifier.kind != ED25519:
            raise UnreadableError(f"a {what} is of the type of a witness")
        keys.append(verifier)
    return keys
