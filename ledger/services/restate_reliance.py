"""What a decision relies on by its place in an entry, said as the belief that stands there for its sender.

Who sees only a part of an entry counts places among the claims that they see; whoever sees all of it, and detection,
would find another claim there. So for such an entry the words that the sender saw are put beside the place, and these
are what the decision relies on. Nothing hidden is in them, and nothing here refuses a decision.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from ledger.domain.claim import observation_of
from ledger.domain.decision_basis import is_stated
from ledger.domain.entry import parse_entry_id
from ledger.domain.person import declared_roles, person_key, thing_key
from ledger.domain.role import Right
from ledger.services.context import Context
from ledger.services.find_as_of import PointAsked
from ledger.services.past import Past, open_past
from ledger.services.reading import reading
from ledger.services.refusal import RefusedError
from ledger.services.see import Seen
from ledger.store.append import Caller, Credential
from ledger.store.timeline import by_number

_SAID: Final = ("attribute", "value", "not_known", "valid", "item", "topic")


def restated(
    context: Context, who: Credential | Caller, record_id: UUID, body: Mapping[str, Any], *, what: str
) -> Mapping[str, Any]:
    """The decision's body; each place in an entry that its sender sees in part has what is said there beside it.

    Where there is such a place the access record is written, under the name of `what` is read.
    """
    relied_on = body.get("relies_on", ())
    if not any(_is_place(one) for one in relied_on):
        return body
    try:
        with reading(context, who, Right.READ) as (connection, reader):
            past = open_past(connection, reader, record_id, PointAsked(), what=what, chance=context.chance)
            said = [{**one, **_words(past, one)} if _is_place(one) else one for one in relied_on]
    except RefusedError:
        return body  # whoever may not read is refused, or answered without, by what records it
    return {**body, "relies_on": said}


def _is_place(relied_on: Any) -> bool:
    return isinstance(relied_on, Mapping) and "index" in relied_on and not is_stated(relied_on)


def _words(past: Past, relied_on: Mapping[str, Any]) -> dict[str, Any]:
    """What stands at a place for whoever sees only a part of its entry; nothing where they see all of it, or none."""
    named = parse_entry_id(str(relied_on.get("entry")))
    if named is None or named[0] != past.pseudonym:
        return {}
    stored = by_number(past.connection, [(past.record_id, named[1])])
    seen = past.look(stored[0]) if stored else None
    if seen is None or seen.kind is None or not seen.hidden:
        return {}
    claims = (observation_of(seen.kind, seen.body) or {}).get("claims", ())
    there = (one for place, one in enumerate(claims) if one and seen.shown_index(place) == relied_on["index"])
    claim = next(there, None)
    return {} if claim is None else _as_named_by_others(claim, seen)


def _as_named_by_others(claim: Mapping[str, Any], seen: Seen) -> dict[str, Any]:
    """A claim's words, with people and things by the names under which any agency may speak of its author's."""
    roles = declared_roles(observation_of(seen.kind or "", seen.body) or {})
    about = claim["about"]
    first = about[0] if isinstance(about, list) else about
    words: dict[str, Any] = {"about": person_key(first, seen.agency, roles)}
    words |= {name: claim[name] for name in _SAID if name in claim}
    if isinstance(claim.get("with"), str):
        words["with"] = person_key(claim["with"], seen.agency, roles)
    if "thing" in claim:
        words["thing"] = thing_key(claim["thing"], seen.agency)
    return words
