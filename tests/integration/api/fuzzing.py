"""Everybody who calls, and requests that are half made up: right enough to get behind the first refusal."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from schemathesis import Case

from ledger.api.rights import ROUTES
from ledger.domain.role import Role
from ledger.services.sign_in import SESSION_COOKIES, csrf_token
from tests.integration.api.asking import ASKED
from tests.integration.api.scene import BOSS, Scene
from tests.partnership import AGENCIES, DUTY_DESK, Partnership, stored

#: An agency that is involved with the child and leads it; those who are named there.
AGENCY, LEAD, DEPUTY = "csc", "lead", "deputy"
#: People who call: by which reference, of which agency, in which standing roles.
PEOPLE: Final[Mapping[str, tuple[str, tuple[Role, ...]]]] = {
    "practitioner": (AGENCY, (Role.PRACTITIONER,)),
    LEAD: (AGENCY, (Role.PRACTITIONER,)),
    DEPUTY: (AGENCY, (Role.MANAGER,)),
    "manager": (AGENCY, (Role.MANAGER,)),
    "duty_desk": (DUTY_DESK, (Role.PRACTITIONER,)),
    "auditor": (AGENCY, (Role.AUDITOR,)),
    "records_officer": (AGENCY, (Role.RECORDS_OFFICER,)),
    "administrator": (AGENCY, (Role.ADMINISTRATOR,)),
    "operator": (AGENCY, (Role.OPERATOR,)),
}
_ENTRY_FIELDS: Final = ("of", "corrects", "voids", "replaces", "consent", "correction")
_LISTS_OF_ENTRIES: Final = ("read", "entries")
_AGENCY_FIELDS: Final = ("to", "with", "agency")


def scene_of(partnership: Partnership) -> Scene:
    """A record that the agency leads, with everything in it that a route may name."""
    for ref, (agency, roles) in PEOPLE.items():
        partnership.person(agency, ref, *roles)
    partnership.person(AGENCY, BOSS, Role.MANAGER)
    scene = Scene(partnership, AGENCY, (LEAD, DEPUTY), is_involved=True)
    partnership.involve(scene.record, DUTY_DESK)
    return scene


@dataclass(frozen=True)
class Sent:
    """What one who calls sends with each request."""

    headers: dict[str, str]
    cookies: dict[str, str]


def sent_by_all(partnership: Partnership) -> dict[str, Sent]:
    """What each who calls sends besides: every role by its session, a system by its key and by a token, and nobody."""
    form = {"grant_type": "client_credentials", "client_secret": partnership.keys[AGENCY]}
    form["client_id"] = ".".join(partnership.keys[AGENCY].split(".")[1:3])
    token = stored(partnership.app.test_client().post("/oauth/token", data=form))["access_token"]
    sent = {
        "agency_system by key": Sent({"Authorization": f"Bearer {partnership.keys[AGENCY]}"}, {}),
        "agency_system by token": Sent({"Authorization": f"Bearer {token}"}, {}),
        "nobody": Sent({}, {}),
    }
    for ref, (agency, roles) in PEOPLE.items():
        session = partnership.session(partnership.person(agency, ref, *roles))
        sent[ref] = Sent({"X-CSRF-Token": csrf_token(session)}, {SESSION_COOKIES[1]: session})
    for one in sent.values():
        one.headers["Access-Purpose"] = "a test"
    return sent


def endpoints_by_label(partnership: Partnership) -> dict[str, str]:
    """The endpoint of each route of the interface, by how its description labels it."""
    found: dict[str, str] = {}
    for rule in partnership.app.url_map.iter_rules():
        path = str(rule.rule)
        for one in rule.arguments:
            path = path.replace(f"<uuid:{one}>", f"{{{one}}}").replace(f"<{one}>", f"{{{one}}}")
        found |= {f"{method} {path}": rule.endpoint for method in rule.methods or ()}
    return found


class Seeds:
    """Ids that are there, and bodies that are right, to be put into what was made up."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.entries = [
            scene.own, scene.others, scene.request, scene.breaking, scene.rectification, scene.handover, scene.action,
            scene.attachment, scene.decision, scene.disagreement,
        ]  # fmt: skip
        self._places = {"record_id": scene.record, "alert_id": scene.alert, "entry_id": scene.own}

    def plant(self, case: Case[Any], endpoint: str, random: Random) -> None:
        """Put ids that are there into an address and a body; most bodies become right ones with some fields made up."""
        places = case.path_parameters
        if places and random.random() < 0.8:
            self._places |= {"key_id": self.scene.key, "person_id": self.scene.person, "webhook_id": self.scene.webhook}
            self._places |= {"agency_id": "nobody"}  # who ends is asked by nobody else: it would end the rest of this
            self._places |= {"rule": "handover_not_taken", "adult": self.scene.adult}
            places |= {name: self._places[name] for name in places}
            if "entry_id" in places:
                places["entry_id"] = random.choice(self.entries)
        if isinstance(case.body, dict) and endpoint in ROUTES:
            case.body = dict(self._fields(self._mixed(case.body, endpoint, random), random))

    def _mixed(self, made_up: dict[str, Any], endpoint: str, random: Random) -> dict[str, Any]:
        ask = ASKED[endpoint]
        right = ask.body(self.scene) if ask.body is not None else None
        if not isinstance(right, dict) or random.random() < 0.2:
            return made_up
        some = random.sample(sorted(made_up), random.randint(0, min(2, len(made_up))))
        return {**right, **{name: made_up[name] for name in some}}

    def _fields(self, body: dict[str, Any], random: Random) -> Iterator[tuple[str, Any]]:
        for name, value in body.items():
            if random.random() < 0.5:
                yield name, value
            elif name in _ENTRY_FIELDS and isinstance(value, str) and "." in value:
                yield name, random.choice(self.entries)
            elif name in _LISTS_OF_ENTRIES and isinstance(value, list):
                yield name, random.sample(self.entries, 2)
            elif name in _AGENCY_FIELDS and isinstance(value, str):
                yield name, random.choice([*AGENCIES, DUTY_DESK])
            elif name == "child":
                yield name, {"id": self.scene.record}
            else:
                yield name, value
