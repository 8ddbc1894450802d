"""A rule pack: the vocabulary and the settings of its rules, versioned and named by the digest of its content.

A pack is read from a mapping in which every scalar is text (docs and the loader say where it comes from). It is
checked whole: `PackError` carries every fault with its path, so that a file and a line can be named. Nothing is
guessed, and a pack with a fault is no pack.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from ledger.domain.duration import parse_duration
from ledger.domain.entry import canonical
from ledger.domain.example import Example
from ledger.domain.pack_form import PACK, faults_between, is_compared
from ledger.domain.shape import Fault, conform
from ledger.domain.vocabulary import EVENT_VALUES, Attribute


class PackError(ValueError):
    """A pack that cannot be used. ``faults`` are (path, what to do about it), in the order of the text."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{'/'.join(map(str, path))}: {message}" for path, message in faults))
        self.faults = faults


@dataclass(frozen=True)
class Pack:
    """A rule pack in use. ``digest`` is the SHA-256, in hex, of the canonical bytes of all that it says."""

    name: str
    version: str
    digest: str
    attributes: Mapping[str, Attribute]

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Pack:
        """The pack that a mapping of texts describes. Raises PackError with every fault."""
        conformed, faults = conform(mapping, PACK)
        if not faults:
            content = cast("Mapping[str, Any]", conformed)
            faults = [
                fault for name, written in content["attributes"].items() for fault in faults_between(name, written)
            ]
        if faults:
            raise PackError(faults)
        content = cast("Mapping[str, Any]", conformed)
        attributes = {name: _attribute(name, written) for name, written in content["attributes"].items()}
        digest = hashlib.sha256(canonical(dict(mapping))).hexdigest()
        return cls(content["pack"], content["version"], digest, attributes)

    def check_claim(self, claim: Mapping[str, Any]) -> list[Fault]:
        """What the vocabulary finds wrong with a claim, by place in it; no message repeats what was sent."""
        name = claim.get("attribute")
        attribute = self.attributes.get(name) if isinstance(name, str) else None
        if attribute is None:
            return [(("attribute",), f"the rule pack has no such attribute; it has: {', '.join(self.attributes)}")]
        return attribute.check_claim(claim)


def _attribute(name: str, written: Mapping[str, Any]) -> Attribute:
    bit_of = {state: 1 << place for place, state in enumerate(written.get("states", ()))}
    masks = {word_: sum({bit_of[state] for state in allowed}) for word_, allowed in written.get("values", {}).items()}
    holds_for = parse_duration(written["holds_for"]) if "holds_for" in written else None
    return Attribute(
        name=name,
        about=written["about"],
        type=written["type"],
        meaning=written["meaning"],
        states=tuple(bit_of),
        values=dict.fromkeys(EVENT_VALUES, 0) if written["type"] == "event" else masks,
        is_compared=is_compared(written),
        holds_for=holds_for if isinstance(holds_for, timedelta) else None,
        compare_within=parse_duration(written.get("compare_within", "P60D")),
        only_forward=written.get("only_forward") == "yes",
        critical=written.get("critical") == "yes",
        past_matters=written.get("past_matters") == "yes",
        thing=written.get("thing", "no"),
        counterpart=written.get("with", "no"),
        item=written.get("item", "no"),
        owner=written.get("owner"),
        ask=written.get("ask"),
        source=written.get("source"),
        unit=written.get("unit"),
        tolerance=written.get("tolerance"),
        examples=tuple(
            Example(example["shows"], tuple(example["claims"]), example["finds"])
            for example in written.get("examples", ())
        ),
    )
