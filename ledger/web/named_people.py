"""People as a form names them, made into references of one's own for a body, with what is declared and linked.

Somebody new is declared. So is whom only another agency has named: a body names nobody by another's reference, and a
link of its own says that the two are one.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ledger.domain.question import digest_of
from ledger.services.name_people import ANOTHERS, Nameable
from ledger.web.observation_form import ROLE_CHARS_MAX, Form
from ledger.web.sent import NAME_CHARS_MAX


def with_people(
    body: Mapping[str, Any], form: Form, people: Sequence[Nameable]
) -> tuple[dict[str, Any], list[dict[str, list[str]]]]:
    """The body with references in place of the form's names for people, whom it declares, and the links it takes."""
    naming = _Naming(form, {one.value: one for one in people})
    told = dict(body)
    told["claims"] = [naming.claim(claim) for claim in body.get("claims", ())]
    if "contact" in told and "present" in told["contact"]:
        told["contact"] = {**told["contact"], "present": [naming.ref(one) for one in told["contact"]["present"]]}
    declared = [*body.get("people", ()), *naming.declared.values()]
    told |= {"people": declared} if declared else {}
    if not told["claims"]:
        del told["claims"]
    return told, naming.links


class _Naming:
    """Gives each person of a form a reference, and keeps who is declared by it and what is to be linked."""

    def __init__(self, form: Form, people: Mapping[str, Nameable]) -> None:
        self._form, self._people = form, people
        self._new = {one.value: one for one in form.newcomers}
        self.declared: dict[str, dict[str, str]] = {}
        self.links: list[dict[str, list[str]]] = []

    def claim(self, claim: Mapping[str, Any]) -> dict[str, Any]:
        told = dict(claim)
        for part in ("about", "with", "informant", "value"):
            if isinstance(told.get(part), str):
                told[part] = self.ref(told[part])
        if str(told.get("thing", "")).startswith(ANOTHERS):
            told["thing"] = self._join("things", told["thing"])
        return told

    def ref(self, named: str) -> str:
        if named in self._new:
            ref = f"p{digest_of([self._form.token, named])[:12]}"
            said = {part: text for part, text in self._new[named].sent.items() if text}
            said |= {part: said[part][:most] for part, most in _MOST.items() if part in said}
            self.declared[ref] = {"ref": ref, **said}
            return ref
        return self._join("people", named) if named.startswith(ANOTHERS) else named

    def _join(self, sort: str, named: str) -> str:
        key = named.removeprefix(ANOTHERS)
        ref = f"p{digest_of([self._form.token, key])[:12]}"
        joining = {sort: [ref, key]}
        if joining not in self.links:
            self.links.append(joining)
        # Pressed again the link is there already, and they are known by the reference that was made for them.
        known = self._people.get(named) or self._people.get(ref)
        if sort == "people" and known is not None:
            told = {
                "ref": ref,
                "role": known.parts[-1] if known.parts else "",
                "name": known.names[-1] if known.names else "",
            }
            self.declared[ref] = {part: text for part, text in told.items() if text}
        elif sort == "people":
            self.declared[ref] = {"ref": ref}
        return ref


_MOST: Final = {"role": ROLE_CHARS_MAX, "name": NAME_CHARS_MAX}
