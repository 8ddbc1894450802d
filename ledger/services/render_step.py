"""What detection wrote, for one reader: rendered from its references by way of what the reader sees."""

from collections.abc import Sequence
from typing import Any

from ledger.domain.alert import BRINGS, DISPATCH, OF_THE_KEEPER
from ledger.domain.claim import Claim
from ledger.domain.entry import entry_id
from ledger.services.render_closing import why_closed
from ledger.services.render_finding import places_of
from ledger.services.render_statement import claims_by_place
from ledger.services.render_view import View
from ledger.services.see import Seen, Sight
from ledger.services.word_notice import word_joined, word_notice
from ledger.store.findings import StoredFinding

#: What is told of an alert's way beside whose it is.
_OF_AN_ALERT = ("from", "stage", "tier", "act_by", "was_due", "why", "snooze", "channel")


def render_step(entry: Seen, view: View) -> dict[str, Any] | None:
    """What is told of an entry that the ledger wrote; its stored references are never shown as they are.

    None where it tells of something of which the reader may not know.
    """
    match entry.kind:
        case "finding_raised" | "finding_joined" | "finding_closed":
            return _of_a_finding(entry, view)
        case kind if kind in BRINGS or kind in OF_THE_KEEPER or kind == DISPATCH:
            return _of_an_alert(entry, view)
        case "notice":
            return _notice(entry, view)
        case "involvement" | "erased" | "export":
            return {"body": dict(entry.body)}
    return {}


def _of_an_alert(entry: Seen, view: View) -> dict[str, Any] | None:
    """Who was told, who has it from then on, and until when they are to act."""
    finding = view.finding_of(entry)
    if finding is not None and not _is_known(finding, entry.number, view):
        return None
    named = entry.body.get("finding") or (finding.finding_id if finding is not None else None)
    said = {name: entry.body[name] for name in _OF_AN_ALERT if name in entry.body}
    alert = entry.body.get("alert") or entry.body.get("of")
    return {"alert": alert, "finding": {"finding": named}, "to": entry.body.get("to")} | said


def _of_a_finding(entry: Seen, view: View) -> dict[str, Any] | None:
    finding = view.finding_of(entry)
    told: dict[str, Any] = {"finding": {"finding": entry.body["finding"]}}
    if finding is None:
        return told
    rendered = view.rendered(finding)
    if rendered is None or not _is_known(finding, entry.number, view):
        return None
    if entry.kind == "finding_joined" and _is_known(finding, entry.number - 1, view):
        return None if _is_joined_unseen(finding, entry.number, view) else told | _joined(entry, finding, view)
    if entry.kind in ("finding_raised", "finding_joined"):
        # What was raised on what the reader may not know of is raised, to them, by what bears it out first.
        return {"kind": "finding_raised", "finding": rendered}
    was = {"was": rendered["kind"]} if view.directory else {}
    return told | {"why": why_closed(entry, view.glimpses, is_pointer=bool(rendered["withheld"]))} | was


def _is_known(finding: StoredFinding, number: int, view: View) -> bool:
    """Whether the reader may know of the finding as it stood at an entry: there, it may have rested on other things."""
    then = finding.at(number)
    if all(_shows(ref, view) for ref in _refs(then)):
        return True
    return view.rendered(then) is not None


def _is_joined_unseen(finding: StoredFinding, number: int, view: View) -> bool:
    """Whether nothing joined it there but what the reader may not know of."""
    earlier = {tuple(ref) for ref in _refs(finding.at(number - 1))}
    joined = [ref for ref in _refs(finding.at(number)) if tuple(ref) not in earlier]
    return bool(joined) and all(_is_unknown(ref, view) for ref in joined)


def _refs(finding: StoredFinding) -> list[list[int]]:
    return [ref for side in (*finding.sides, finding.evidence) for ref in side]


def _shows(ref: Sequence[int], view: View) -> bool:
    place = view.glimpses.get(ref[0])
    return place is not None and place.shows(ref[1])


def _is_unknown(ref: Sequence[int], view: View) -> bool:
    place = view.glimpses.get(ref[0])
    return place is None or place.sight is Sight.NOTHING or ref[1] in place.unknown


def _notice(entry: Seen, view: View) -> dict[str, Any] | None:
    """That the picture changed for an agency; which claims those are only to who sees both.

    None to who may not know of one of them.
    """
    told: dict[str, Any] = {"notice": entry.body.get("notice"), "to": {"agency": entry.body.get("agency")}}
    places = places_in_notice(entry)
    claims: Sequence[Claim] = ()
    refs = [entry.body[name] for name in ("held", "newer") if name in entry.body]
    shown = [(view.glimpses[ref[0]], ref[1]) for ref in refs if ref[0] in view.glimpses]
    if any(place.sight is Sight.NOTHING or index in place.unknown for place, index in shown):
        return None
    if places and len(shown) == len(refs) and all(place.shows(index) for place, index in shown):
        held, newer = (entry_id(view.pseudonym, number) for number in places)
        told |= {"held": held, "newer": newer}
        claims = claims_by_place([view.glimpses[places[0]]]).get((places[0], entry.body["held"][1]), ())
    if view.directory and (words := _words_of(entry, next(iter(claims), None), view)):
        told["words"] = words
    return told


def _words_of(entry: Seen, held: Claim | None, view: View) -> str | None:
    rule = view.pack.rules.get(str(entry.body.get("rule", "")))
    return word_notice(str(entry.body.get("notice", "")), held, rule, view.wording)


def _joined(entry: Seen, finding: StoredFinding, view: View) -> dict[str, Any]:
    """For pages: how an open finding moved on, to who sees all that it rests on."""
    places = [view.glimpses.get(number) for number in places_of(finding)]
    if not view.directory or not all(place is not None and place.sight is Sight.FULL for place in places):
        return {}
    words = word_joined(entry.body)
    return {"words": words} if words else {}


def places_in_notice(entry: Seen) -> tuple[int, ...]:
    """The entries that a notice names."""
    return tuple(entry.body[name][0] for name in ("held", "newer") if name in entry.body)
