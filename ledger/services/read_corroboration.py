"""The claims that some agency was asked to bear out: who was asked, by when, what came back, and what else is said.

What an answer says of a claim is its agency's word. Beside it stands what the record itself bears out, worked out from
the claims that the reader sees, whoever was asked; and the open findings that rest on the claim. Nothing is settled by
any of it.

A request names a claim by its place among those that its sender saw; it is told to whoever sees both, and to others
the request is one like any other.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.claim import Claim, Ref
from ledger.domain.edtf import observed_bounds
from ledger.domain.entry import Chance, entry_id, parse_entry_id, written_time
from ledger.domain.pack import Pack
from ledger.domain.reliance import borne_out
from ledger.services.corroborate import true_place
from ledger.services.find_as_of import PointAsked
from ledger.services.past import Past, open_past
from ledger.services.read_picture import claims_seen, open_findings, render_findings
from ledger.services.render_finding import places_of
from ledger.services.see import Eyes, Reader, Seen, opened
from ledger.services.seen_record import SeenRecord, look_through
from ledger.store.people import Agency, directory
from ledger.store.timeline import StoredEntry

_ANSWERED = ("answer", "bears", "reason", "entries", "lawful_basis")


def read_corroboration(
    connection: Connection, reader: Reader, record_id: UUID, asked: PointAsked, *, pack: Pack, chance: Chance
) -> dict[str, Any]:
    """By claim what was asked of whom and answered. Writes the access record. Cost: that of reading the record once.

    The connection acts for the reader's agency. Raises NotKnownError, and RefusedError for a point that is not there.
    """
    past = open_past(connection, reader, record_id, asked, what="corroboration", chance=chance)
    return past.head() | {"claims": corroborated(past, pack, directory(connection))}


def corroborated(past: Past, pack: Pack, names: Mapping[str, Agency]) -> list[dict[str, Any]]:
    """By claim what was asked of whom and answered."""
    return [*_Telling(look_through(past, pack, names), past.stored, pack, names).claims()]


@dataclass(frozen=True, slots=True)
class Asking:
    """One request and the claim that it names: its entry as the reader sees it, and its place among what they see."""

    request: Seen
    of: Seen
    index: int


def claim_named(request: StoredEntry) -> tuple[UUID, int] | None:
    """The record and number of the entry whose claim a request names; None where it names none."""
    named = opened(request).get("claim") if request.kind == "information_request" else None
    place = parse_entry_id(str(named.get("entry"))) if isinstance(named, Mapping) else None
    return None if place is None else (request.record_id, place[1])


def asked_about(
    request: Seen, stored: Mapping[int, StoredEntry], seen: Mapping[int, Seen], eyes: Eyes
) -> Asking | None:
    """The claim that a request names, for a reader who sees it; None where they do not, or it names none."""
    entry = stored.get(request.number)
    named = opened(entry).get("claim") if entry is not None and request.is_visible else None
    place = parse_entry_id(str(named.get("entry"))) if isinstance(named, Mapping) else None
    of = seen.get(place[1]) if place is not None else None
    if not isinstance(named, Mapping) or of is None or not of.is_visible:
        return None
    # By the marks of then: one that was made since would make the place another claim's.
    theirs = Eyes(Reader(request.agency), eyes.withdrawals, eyes.marks.as_of(request.number)).look(stored[of.number])
    index = true_place(theirs, int(named.get("index", -1)))
    if index is None or not of.shows(index):
        return None
    return Asking(request, of, of.shown_index(index))


class _Telling:
    def __init__(
        self, record: SeenRecord, stored: Sequence[StoredEntry], pack: Pack, names: Mapping[str, Agency]
    ) -> None:
        self._record, self._pack, self._names = record, pack, names
        self._past: Past = record.past
        self._stored = {entry.number: entry for entry in stored}
        self._seen = {entry.number: entry for entry in record.seen}

    @cached_property
    def _claims(self) -> Mapping[Ref, list[Claim]]:
        found: dict[Ref, list[Claim]] = {}
        for claim in claims_seen(self._record.standing):
            found.setdefault(claim.ref, []).append(claim)
        return found

    def claims(self) -> Iterator[dict[str, Any]]:
        """Every claim that somebody was asked to bear out, in the order of the record."""
        found: dict[Ref, list[Asking]] = {}
        for request in self._record.standing:
            if request.kind == "information_request":
                asking = asked_about(request, self._stored, self._seen, self._past.eyes)
                if asking is not None:
                    found.setdefault(Ref(asking.of.number, asking.index), []).append(asking)
        for ref in sorted(found):
            yield self._claim(ref, found[ref])

    def _claim(self, ref: Ref, askings: Sequence[Asking]) -> dict[str, Any]:
        said = self._claims.get(ref, [])
        of = askings[0].of
        told: dict[str, Any] = {
            **self._place(ref, of.agency),
            "agency_name": self._name(of.agency),
            "recorded_at": written_time(of.recorded_at),
            # Of a claim that was corrected or voided since, its words are with what took its place.
            "stands": bool(said),
            "words": [self._words(claim) for claim in said],
            "requests": [self._request(asking.request) for asking in askings],
        }
        return told | self._weighed(ref, said)

    def _weighed(self, ref: Ref, said: Sequence[Claim]) -> dict[str, Any]:
        """What is said elsewhere, and which open findings rest on the claim."""
        pairs = [borne_out(claim, self._record.facts) for claim in said]
        out = sorted({one for found, _ in pairs for one in found})
        against = sorted({one for _, found in pairs for one in found})
        of = self._seen[ref.number]
        wanted = [one for one in open_findings(self._past.findings()) if ref.number in places_of(one)]
        shown = render_findings(self._past, self._record.seen, wanted, self._pack, self._names) if wanted else []
        own = {"entry": self._id(of.number), "index": ref.index}
        return {
            "borne_out_by": [self._other(one) for one in out],
            "spoken_against_by": [self._other(one) for one in against],
            "state": "contested" if against else "borne_out" if out else "alone" if said else "withdrawn",
            "findings": [{"id": one["finding"], "kind": one["kind"]} for one in shown if _rests_on(one, own)],
        }

    def _other(self, ref: Ref) -> dict[str, Any]:
        claims = self._claims[ref]
        return {**self._place(ref, claims[0].agency), "words": self._words(claims[0])}

    def _request(self, request: Seen) -> dict[str, Any]:
        body, to = request.body, str(request.body.get("to"))
        due = observed_bounds(body["by"]).end if "by" in body else None
        answer = self._answer(request, to)
        return {
            "id": self._id(request.number),
            "from": request.agency,
            "from_name": self._name(request.agency),
            "to": to,
            "to_name": self._name(to),
            "contact": self._names[to].contact if to in self._names else None,
            "asks": body.get("asks"),
            "by": body.get("by"),
            "recorded_at": written_time(request.recorded_at),
            "state": "open" if answer is None else answer["answer"],
            "overdue": answer is None and due is not None and due <= self._past.moment,
            "answer": answer,
        }

    def _answer(self, request: Seen, to: str) -> dict[str, Any] | None:
        """The newest answer of the agency asked, as far as the reader sees it."""
        named = self._id(request.number)
        found = [
            entry
            for entry in self._record.standing
            if entry.kind == "information_answer" and entry.agency == to and entry.body.get("of") == named
        ]
        if not found:
            return None
        newest = found[-1]
        return {
            "id": self._id(newest.number),
            "recorded_at": written_time(newest.recorded_at),
            **{name: newest.body[name] for name in _ANSWERED if name in newest.body},
        }

    def _words(self, claim: Claim) -> str:
        wording = self._record.wording
        return f"{wording.says(claim, self._pack.attributes.get(claim.attribute))}. {wording.said(claim)}."

    def _place(self, ref: Ref, agency: str) -> dict[str, Any]:
        return {"entry": self._id(ref.number), "index": ref.index, "agency": agency}

    def _id(self, number: int) -> str:
        return entry_id(self._past.pseudonym, number)

    def _name(self, agency: str) -> str:
        return self._names[agency].name if agency in self._names else agency


def _rests_on(finding: Mapping[str, Any], place: Mapping[str, Any]) -> bool:
    """Whether a finding, as it is shown, has the claim at this place among its sides."""
    sides = [one for side in finding.get("sides", ()) for one in side.get("statements", ())]
    return any(all(one.get(name) == value for name, value in place.items()) for one in sides)
