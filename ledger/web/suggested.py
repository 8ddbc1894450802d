"""What plain rules find in a narrative, as rows of its form: offered, and never ticked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from ledger.domain.pack import Pack
from ledger.domain.person import CHILD, ONE_PERSON_ROLES
from ledger.domain.suggest_person import NEW
from ledger.domain.suggestion import Known, Suggestion, suggest
from ledger.services.name_people import Nameable
from ledger.web.claim_rows import AGENCY, TOLD, UNKNOWN, Row, claim_of
from ledger.web.observation_form import NARRATIVE_CHARS_MAX, NEW_PEOPLE_MAX, ROWS_MAX, Form, Newcomer

#: What a row is checked with, whether the vocabulary has it at all.
_ANY_TOKEN: Final = "0" * 24


def with_suggestions(form: Form, people: Sequence[Nameable], agencies: Mapping[str, str], pack: Pack) -> Form:
    """The form with a row for whatever its narrative suggests and no row says yet; none of them is ticked.

    ``agencies`` are kinds by the ids of those that could have said something.
    """
    known = [Known(one.value, one.names, one.parts) for one in people]
    rows, newcomers = list(form.rows), list(form.newcomers)
    said = {(one.attribute.name, one.sent.get("at")) for one in rows}
    for one in suggest(form.sent.get("narrative", ""), known):
        attribute = pack.attributes.get(one.attribute.partition(":")[0])
        at = f"{one.words.start}-{one.words.end}"
        if attribute is None or (attribute.name, at) in said or len(rows) >= ROWS_MAX:
            continue
        named = [_offered(ref, newcomers) for ref in (one.about, one.informant, one.value)]
        sent = _row_sent(one, named, form, agencies) | {"attribute": attribute.name, "at": at}
        row = Row(f"row-{_next(rows)}", attribute, sent, one, _words_of(one, form.sent["narrative"]))
        if _can_be_said(row, pack):
            rows.append(row)
    return replace(form, rows=sorted(rows, key=_place), newcomers=newcomers)


def _row_sent(one: Suggestion, named: Sequence[str | None], form: Form, agencies: Mapping[str, str]) -> dict[str, str]:
    about, informant, value = named
    how = form.sent.get("how", "")
    if one.basis == "told" and informant:
        how = f"{TOLD}{informant}"
    elif one.basis == "agency":
        of_kind = [agency for agency, kind in agencies.items() if kind == one.agency_kind]
        how = f"{AGENCY}{of_kind[0]}" if len(of_kind) == 1 else ""
    elif one.basis and not (how and one.basis == "seen" and how != "seen"):
        how = one.basis
    return {
        "about": about or "",
        "value": f"{UNKNOWN}{one.not_known}" if one.not_known else value or "",
        "how": how,
        "when": one.when,
        "item": one.item or one.attribute.partition(":")[2],
        "with": one.counterpart or "",
        "thing": one.thing or "",
        "statement": one.statement or "",
        "day": form.sent.get("day", ""),
    }


def _offered(ref: str | None, newcomers: list[Newcomer]) -> str | None:
    """Somebody whom only the narrative names as somebody new of the form, once each."""
    if ref is None or not ref.startswith(NEW):
        return ref
    role = ref.removeprefix(NEW)
    found = next((one for one in newcomers if one.sent.get("role") == role), None)
    if found is None:
        if len(newcomers) >= NEW_PEOPLE_MAX:
            return None
        taken = {one.name for one in newcomers}
        free = next(str(place) for place in range(NEW_PEOPLE_MAX) if str(place) not in taken)
        found = Newcomer(free, {"role": role, "name": "", "description": ""})
        newcomers.append(found)
    return found.value


def _can_be_said(row: Row, pack: Pack) -> bool:
    """Whether the vocabulary in force has what is suggested: a partnership's own pack may not."""
    sent = {
        **row.sent,
        "about": row.sent["about"] or (CHILD if row.attribute.about == "child" else ONE_PERSON_ROLES[1]),
    }
    sent |= {"how": "seen", "when": "on", "since": "", "until": ""}
    return not claim_of(replace(row, sent=sent), _ANY_TOKEN, pack)[1]


def _words_of(one: Suggestion, narrative: str) -> str:
    return narrative[one.words.start : one.words.end]


def _next(rows: Sequence[Row]) -> int:
    return max((int(one.name.rpartition("-")[2]) for one in rows), default=-1) + 1


def _place(row: Row) -> tuple[int, int]:
    start = row.sent.get("at", "").partition("-")[0]
    return (int(start) if start.isdecimal() else NARRATIVE_CHARS_MAX + 1), int(row.name.rpartition("-")[2])
