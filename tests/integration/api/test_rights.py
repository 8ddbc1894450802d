"""Every route of the interface and of the pages, as each role and as nobody, on a record of every tie.

What is expected is worked out from the table of rights alone; what each route needs besides stands in asking.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from werkzeug.test import TestResponse

from ledger.api.rights import ROUTES
from ledger.domain.role import LEADING, RIGHTS, STANDING, Reach, Right, Role
from ledger.services.sign_in import csrf_token, say_purpose
from tests.integration.api.ask import Ask, Tie
from tests.integration.api.asking import ASKED
from tests.integration.api.scene import BOSS, Scene
from tests.partnership import DUTY_DESK, Partnership
from tests.sizes import is_full

#: What of an auditor's rights all pages have; by the others they see what an address names, and no list of their own.
ON_PAGES_OF_AUDITORS = {Right.ACCOUNT, Right.OVERSEE, Right.REVIEW, Right.RULES}
HEADERS = {"Access-Purpose": "an audit of how routes answer"}
TIES = ("led", "involved", "uninvolved")
LEAVING = ("web.leave", "web.leave_everywhere")
#: Bodies that leave a record as it was for whatever else is sent: they need no fresh one where the caller has a part.
KEEPING = frozenset(
    f"children.post_{name}"
    for name in (
        "details", "decisions", "actions", "referrals", "checks", "positions", "allegations", "contacts", "shares",
        "information-requests", "consents", "disputes", "disagreements", "concerns", "supervisions",
        "family-summaries",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Calling:
    """Somebody who calls: in which standing roles, from which agency, and how they are named at records they lead."""

    name: str
    standing: frozenset[Role] = frozenset()
    agency: str = "csc"
    named: str = "lead"
    is_system: bool = False
    is_nobody: bool = False


CALLING = [
    Calling("agency_system", is_system=True),
    Calling("practitioner", frozenset({Role.PRACTITIONER})),
    # Leads and deputies who have no other right to work: what they may do follows from being named.
    Calling("lead", frozenset({Role.MANAGER})),
    Calling("deputy", frozenset({Role.MANAGER}), named="deputy"),
    Calling("manager", frozenset({Role.MANAGER}), named="no"),
    Calling("duty_desk", frozenset({Role.PRACTITIONER}), agency=DUTY_DESK),
    Calling("auditor", frozenset({Role.AUDITOR})),
    Calling("records_officer", frozenset({Role.RECORDS_OFFICER})),
    Calling("administrator", frozenset({Role.ADMINISTRATOR})),
    Calling("operator", frozenset({Role.OPERATOR})),
    Calling("somebody without a role"),
    Calling("nobody", is_nobody=True),
]


class Sender:
    """Sends as one of those who call."""

    def __init__(self, partnership: Partnership, calling: Calling) -> None:
        self.partnership, self.calling = partnership, calling
        self.session = "" if calling.is_nobody or calling.is_system else self.sign_in()
        partnership.person(calling.agency, BOSS, Role.PRACTITIONER)
        self._shared: dict[str, Scene] = {}

    def sign_in(self) -> str:
        """A new session of the caller's, who says in it why they look: an auditor must."""
        calling, partnership = self.calling, self.partnership
        session = partnership.session(partnership.person(calling.agency, "caller", *sorted(calling.standing)))
        with partnership.context.engine.begin() as connection:
            say_purpose(connection, session, HEADERS["Access-Purpose"])
        return session

    def scene(self, tie: str, *, is_fresh: bool) -> Scene:
        """A record that the caller leads, is involved with, or has nothing to do with; a fresh one to be changed."""
        if not is_fresh and tie in self._shared:
            return self._shared[tie]
        lead = {"lead": ("caller",), "deputy": (BOSS, "caller"), "no": (BOSS,)}[self.calling.named]
        told: tuple[str, ...] = {"led": lead, "involved": (BOSS,), "uninvolved": ()}[tie]
        made = Scene(self.partnership, self.calling.agency, told, tie != "uninvolved")
        if not is_fresh:
            assert made.alert  # now: later so much may be said in the record that another alert comes first
            self._shared[tie] = made
        return made

    def request(self, ask: Ask, scene: Scene) -> dict[str, Any]:
        """The route's request, as the test client is told."""
        options = {"method": ask.method, "path": ask.path(scene), **(ask.parts(scene) if ask.parts else {})}
        if ask.body is not None:
            options["json"] = ask.body(scene)
        if ask.method == "POST" and not options["path"].startswith("/api/"):
            csrf = {"csrf": csrf_token(self.session)} if self.session else {}
            options["data"] = {**(ask.form(scene) if ask.form else {}), **csrf}
        return options

    def send(self, request: dict[str, Any]) -> TestResponse:
        """What is answered to it."""
        if self.session:
            return self.partnership.send_as(self.session, headers=HEADERS, **request)
        key = {"Authorization": f"Bearer {self.partnership.keys[self.calling.agency]}"}
        headers = HEADERS | (key if self.calling.is_system else {})
        return self.partnership.app.test_client().open(headers=headers, **request)


def is_allowed(calling: Calling, endpoint: str, ask: Ask, tie: str) -> bool:
    """Whether the table of rights says that this caller is answered."""
    right, is_page = ROUTES[endpoint], endpoint.startswith("web.")
    if calling.is_nobody or (calling.is_system and is_page):
        return False
    is_list = ask.tie is Tie.NOWHERE and right not in ON_PAGES_OF_AUDITORS
    if is_page and Role.AUDITOR in calling.standing and is_list:
        return False
    roles = {Role.AGENCY_SYSTEM} if calling.is_system else set(calling.standing)
    if calling.agency == DUTY_DESK and Role.PRACTITIONER in roles:
        roles.add(Role.DUTY_DESK)
    leads = tie == "led" and calling.named != "no"
    if leads and ask.tie is not Tie.NOWHERE and LEADING & roles:
        roles.add(Role.LEAD if calling.named == "lead" else Role.DEPUTY)
    reach = max((RIGHTS[role].get(right, Reach.NONE) for role in roles), default=Reach.NONE)
    return _is_tied(calling, roles, right, ask, tie, reach)


def _is_tied(calling: Calling, roles: set[Role], right: Right, ask: Ask, tie: str, reach: Reach) -> bool:
    if reach is Reach.NONE:
        return False
    if ask.tie in (Tie.NOWHERE, Tie.FREE):
        return True
    # A deputy's it is once nobody acted in time; above and beside whoever holds it are managers and the duty desk.
    is_brought = (
        calling.is_system
        or (tie == "led" and calling.named == "lead")
        or (Role.MANAGER in roles and right in (Right.READ, Right.ANSWER))
        or (Role.DUTY_DESK in roles and right in (Right.READ, Right.ANSWER))
    )
    if ask.tie is Tie.ALERT and (tie == "uninvolved" or Role.AUDITOR in roles or not is_brought):
        return False
    if ask.tie is Tie.LEADING and Role.AUDITOR not in roles:
        return tie != "uninvolved" and (calling.is_system or bool(roles & {Role.LEAD, Role.DEPUTY}))
    if tie == "uninvolved":
        return reach is Reach.ANY and ask.tie is not Tie.INVOLVED
    leads = tie == "led" and (calling.is_system or calling.named != "no")
    return reach is not Reach.LED or leads or (calling.is_system and tie == "involved")


def judged(calling: Calling, endpoint: str, ask: Ask, tie: str, canary: str, answer: TestResponse) -> Iterator[str]:
    """What is wrong with an answer."""
    text = answer.get_data().decode(errors="replace")
    where = f"{calling.name}, {endpoint}, {tie}: {answer.status_code} {text[:200] if endpoint[:4] != 'web.' else ''}"
    is_to_sign_in = answer.status_code == 303 and answer.headers["Location"].endswith("/sign-in")
    if answer.status_code >= 500:
        yield f"{where} is a fault"
    elif is_allowed(calling, endpoint, ask, tie):
        if answer.status_code not in ask.answered or (is_to_sign_in and endpoint not in LEAVING):
            yield f"{where} should have been answered"
    else:
        is_sent_away = (is_to_sign_in and (calling.is_nobody or calling.is_system)) or (
            answer.status_code == 303 and answer.headers["Location"] in ask.instead
        )
        if answer.status_code not in ask.refused and not is_sent_away:
            yield f"{where} should have been refused"
        if canary in text:
            yield f"{where} gives content away"


#: A deputy's row of the table is a lead's: asked of every route at the full size alone.
ASKING = [one for one in CALLING if one.name != "deputy" or is_full()]


def ties(calling: Calling, endpoint: str, ask: Ask) -> tuple[str, ...]:
    """The ties on which one asks: all at full size.

    At the small size ties take turns, from caller to caller too; and of a page callers do, so that every other one
    asks: what a page asks for is what routes of the interface ask for. Nobody in particular asks for each.
    """
    some = TIES[-1:] if ask.tie is Tie.NOWHERE else TIES
    if is_full():
        return some
    turn, is_odd = divmod(list(ASKED).index(endpoint) + CALLING.index(calling), 2)
    is_out = is_odd and endpoint.startswith("web.") and not calling.is_nobody
    return () if is_out else (some[turn % len(some)],)


@pytest.mark.parametrize("calling", ASKING, ids=lambda calling: calling.name)
def test_each_route_answers_whom_it_should(partnership: Partnership, calling: Calling) -> None:
    """Exactly whom the table of rights allows is answered, on each tie; anybody else is refused and changes nothing."""
    wrong: list[str] = []
    sender = Sender(partnership, calling)
    for endpoint, ask in ASKED.items():
        for tie in ties(calling, endpoint, ask):
            may = is_allowed(calling, endpoint, ask, tie)
            keeps = ask.method == "GET" or (endpoint in KEEPING and tie != "uninvolved")
            scene = sender.scene(tie, is_fresh=may and not keeps)
            request = sender.request(ask, scene)
            before = scene.count()
            wrong += judged(calling, endpoint, ask, tie, scene.canary, sender.send(request))
            if not may and scene.count() != before:
                wrong.append(f"{calling.name}, {endpoint}, {tie}: was refused and changed the record")
            if endpoint in LEAVING and sender.session:
                sender.session = sender.sign_in()
    assert wrong == []


def test_every_route_is_asked() -> None:
    """Whoever adds a route adds a request to it."""
    assert ROUTES.keys() ^ ASKED.keys() == set()


def test_everybody_calls() -> None:
    """Each of the ten roles is among those who call."""
    assert {str(role) for role in Role} <= {calling.name for calling in CALLING}
    assert {role for calling in CALLING for role in calling.standing} == STANDING
