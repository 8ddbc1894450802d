"""How the pages of auditors, administrators and operators are asked: by forms with too little in them."""

from collections.abc import Mapping
from typing import Any, Final

from tests.integration.api.ask import Ask, Tie
from tests.integration.api.asking_bodies import asks_page


def _get(path: str, *answered: int) -> Ask:
    return asks_page("GET", path, Tie.NOWHERE, answered=frozenset(answered or (200,)))


def _form(path: str, *answered: int, **form: Any) -> Ask:
    return asks_page("POST", path, Tie.NOWHERE, form=lambda _: form, answered=frozenset(answered))


_PERSON, _KEY = "/administration/people/{person}", "/administration/keys/{key}"
#: Loading a pack takes half a second, and running its examples many: of one that is not there nothing is loaded.
_PACK = "/administration/packs/nowhere"

OVERSEEING_PAGES: Final[Mapping[str, Ask]] = {
    "web.audit": _get("/audit"),
    "web.purpose": _get("/audit/purpose"),
    "web.say_purpose": _form("/audit/purpose", 400, purpose="x"),
    "web.find_record": _form("/audit/records", 404, record="nowhere"),
    "web.audit_record": asks_page("GET", "/audit/records/{record}"),
    "web.check_record": asks_page("POST", "/audit/records/{record}/proofs"),
    "web.proofs": _get("/audit/proofs"),
    "web.check_proofs": _form("/audit/proofs", 200, scope="lately"),
    "web.comparisons": _get("/audit/comparisons"),
    "web.compare": _form("/audit/comparisons", 409, pack="nowhere"),
    "web.copy": asks_page("GET", "/children/{record}/copy"),
    "web.take_copy": asks_page(
        "POST", "/children/{record}/copy", form=lambda _: {"reason": "x"}, answered=frozenset({400})
    ),
    "web.administration": _get("/administration"),
    "web.new_agency": _get("/administration/new-agency"),
    "web.add_agency": _form("/administration/new-agency", 400),
    "web.agency": _get("/administration/agencies/hv"),
    "web.set_desk": _form("/administration/agencies/hv/desk", 404),
    "web.ask_agency_ending": _get("/administration/agencies/hv/ending"),
    "web.end_agency": _form("/administration/agencies/hv/ending", 400, reason="x"),
    "web.staff": _get("/administration/people"),
    "web.new_person": _get("/administration/new-person"),
    "web.add_person": _form("/administration/new-person", 400),
    "web.staff_member": _get(_PERSON),
    "web.change_role": _form(f"{_PERSON}/roles", 400, role="x"),
    "web.make_link": _form(f"{_PERSON}/links", 200),
    "web.say_absence": _form(f"{_PERSON}/absences", 400, 404, since="x"),
    "web.ask_ending": _get(f"{_PERSON}/endings/sessions"),
    "web.press_ending": _form(f"{_PERSON}/endings/sessions", 400, reason="x"),
    "web.keys": _get("/administration/keys"),
    "web.issue_key": _form("/administration/keys", 400),
    "web.key": _get(_KEY),
    "web.rotate_key": _form(f"{_KEY}/rotations", 400, overlap="x"),
    "web.revoke_key": _form(f"{_KEY}/revocations", 400, reason="x"),
    "web.packs": _get("/administration/packs"),
    "web.pack": _get(_PACK, 404),
    "web.try_pack": _form(f"{_PACK}/trials", 404, what="check"),
    "web.ask_activation": _get(f"{_PACK}/activation", 404),
    "web.activate_pack": _form(f"{_PACK}/activation", 404),
    "web.operation": _get("/operation"),
    "web.ask_tend": _get("/operation/acts/retry_parked"),
    "web.tend": _form("/operation/acts/retry_parked", 303),
    "web.rules": _get("/rules"),
    "web.ask_rule": _get("/rules/states_of_the_world/state"),
    "web.set_rule": _form("/rules/states_of_the_world/state", 400, reason="x"),
}
