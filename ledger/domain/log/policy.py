"""Whose cosignatures are enough (c2sp.org/tlog-policy): logs, witnesses, groups of them, and one quorum."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from ledger.domain.log.checkpoint import parse_cosignature
from ledger.domain.log.note import COSIGNATURE, ED25519, Note, Verifier, Verify, opened, parse_vkey, vkey_of

#: The quorum that asks for no cosignature.
NONE = "none"
#: More lines than any partnership needs; a longer text is refused.
_MOST_LINES = 1_000
_SPACE = re.compile(r"[ \t]+")
_CONTROL_IN_POLICY = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Group:
    """It has cosigned when at least `threshold` of its members, witnesses or groups, have."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """Logs and witnesses as keys with an address or None; `quorum` names a witness or a group, or is "none"."""

    logs: tuple[tuple[Verifier, str | None], ...] = ()
    witnesses: Mapping[str, tuple[Verifier, str | None]] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    quorum: str = NONE


def is_met(policy: Policy, names_that_cosigned: Collection[str]) -> bool:
    """Whether the witnesses of these names, as the policy names them, are a quorum."""
    cosigned = {name for name in names_that_cosigned if name in policy.witnesses}
    # A group names only what stands before it, so one pass in order decides them all.
    for name, group in policy.groups.items():
        if sum(member in cosigned for member in group.members) >= group.threshold:
            cosigned.add(name)
    return policy.quorum == NONE or policy.quorum in cosigned


def cosigned_at(policy: Policy, note: Note, verify: Verify, *, first: bool = False) -> dict[str, int]:
    """Which witnesses cosigned this checkpoint, by the policy's names for them, each with the latest time that it says,
    or the first: a log that rests is cosigned again.

    Times are seconds since 1970 by the witness's clock. Raises BadSignature when a known witness's line does not fit.
    """
    names = {(verifier.name, verifier.key_id): name for name, (verifier, _) in policy.witnesses.items()}
    times: dict[str, int] = {}
    for signature in opened(note, (verifier for verifier, _ in policy.witnesses.values()), verify):
        name = names[signature.name, signature.key_id]
        at = parse_cosignature(signature.blob)[0]
        times[name] = (min if first else max)(times.get(name, at), at)
    return times


def parse_policy(text: str) -> Policy:
    """The policy that a text is; `ValueError` naming the line that does not hold."""
    draft = _Draft()
    lines = text.split("\n")
    if len(lines) > _MOST_LINES:
        raise ValueError("the policy has too many lines")
    for number, line in enumerate(lines, start=1):
        try:
            draft.read(line)
        except ValueError as error:
            raise ValueError(f"line {number} of the policy: {error}") from None
    if draft.quorum is None:
        raise ValueError("the policy has no quorum line")
    return Policy(tuple(draft.logs), draft.witnesses, draft.groups, draft.quorum)


class _Draft:
    """A policy that is being read, line by line."""

    def __init__(self) -> None:
        self.logs: list[tuple[Verifier, str | None]] = []
        self.witnesses: dict[str, tuple[Verifier, str | None]] = {}
        self.groups: dict[str, Group] = {}
        self.quorum: str | None = None
        self._members: set[str] = set()

    def read(self, line: str) -> None:
        if _CONTROL_IN_POLICY.search(line):
            raise ValueError("it has a control character")
        words = _SPACE.split(line.strip(" \t"))
        if not words[0] or words[0].startswith("#"):
            return
        match words:
            case ["log", vkey, *url] if len(url) <= 1:
                self._add_log(vkey, url)
            case ["witness", name, vkey, *url] if len(url) <= 1:
                self._add_witness(name, vkey, url)
            case ["group", name, threshold, *members] if members:
                self._add_group(name, threshold, members)
            case ["quorum", name]:
                self._set_quorum(name)
            case _:
                raise ValueError("it defines no log, witness, group or quorum")

    def _add_log(self, vkey: str, url: list[str]) -> None:
        verifier = parse_vkey(vkey)
        if verifier.kind != ED25519 or any(known.public == verifier.public for known, _ in self.logs):
            raise ValueError("the key is not a log's, or is listed twice")
        self.logs.append((verifier, url[0] if url else None))

    def _add_witness(self, name: str, vkey: str, url: list[str]) -> None:
        verifier = parse_vkey(vkey)
        known = (other.public for other, _ in self.witnesses.values())
        if verifier.kind != COSIGNATURE or verifier.public in known:
            raise ValueError("the key is not a witness's, or is listed twice")
        self._name(name)
        self.witnesses[name] = (verifier, url[0] if url else None)

    def _add_group(self, name: str, threshold: str, members: list[str]) -> None:
        for member in members:
            if not self._is_defined(member) or member in self._members:
                raise ValueError("a member is not defined above, or is a member already")
            self._members.add(member)
        self._name(name)
        self.groups[name] = Group(_threshold(threshold, len(members)), tuple(members))

    def _set_quorum(self, name: str) -> None:
        if self.quorum is not None or not (name == NONE or self._is_defined(name)):
            raise ValueError("there is a quorum already, or its name is not defined above")
        self.quorum = name

    def _name(self, name: str) -> None:
        if name == NONE or self._is_defined(name):
            raise ValueError("the name is taken")

    def _is_defined(self, name: str) -> bool:
        return name in self.witnesses or name in self.groups


def _threshold(word: str, members: int) -> int:
    if word in ("any", "all"):
        return 1 if word == "any" else members
    if not (word.isascii() and word.isdigit() and len(word) <= 4 and 1 <= int(word) <= members):
        raise ValueError("a group asks for all, any, or a number of its members")
    return int(word)


def text_of(policy: Policy) -> str:
    """The policy written out, as `parse_policy` reads it."""
    lines = [f"log {vkey_of(log.name, log.public, log.kind)}{_url(url)}" for log, url in policy.logs]
    for name, (witness, url) in policy.witnesses.items():
        lines.append(f"witness {name} {vkey_of(witness.name, witness.public, witness.kind)}{_url(url)}")
    for name, group in policy.groups.items():
        lines.append(f"group {name} {group.threshold} {' '.join(group.members)}")
    return "".join(f"{line}\n" for line in (*lines, f"quorum {policy.quorum}"))


def _url(url: str | None) -> str:
    return "" if url is None else f" {url}"
