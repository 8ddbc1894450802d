"""Every route with the ids of others in place of one's own: of another agency's record, and of another partnership's.

Whoever names what is not theirs is answered as if it were not there: by the same status, headers and words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from ledger.api.rights import PUBLIC, ROUTES
from ledger.domain.role import RIGHTS, Reach
from tests.integration.api.ask import Ask, Tie
from tests.integration.api.asking import ASKED
from tests.integration.api.scene import Scene
from tests.integration.api.swapping import IDS, Exchanged, Nowhere, far_away, neighbours
from tests.integration.api.test_rights import CALLING, Calling, Sender
from tests.partnership import Partnership, stored
from tests.sizes import is_full

#: Where a child of one's own partnership may be named by anybody who has its id, which nobody can guess: whoever
#: learns something of a child can say so. What is then answered holds nothing of the record.
NAMED_FREELY: Final = frozenset(
    {
        "observations.post_observation", "observations.post_batch", "children.post_involvements",
        "children.post_corrections", "children.post_voids", "children.post_contacts", "children.post_markings",
        "children.post_glass-breakings", "attachments.post_attachment", "glass.post_glass", "web.break_glass",
    }
)  # fmt: skip


def _queried(path: str, name: str) -> Ask:
    return Ask("GET", lambda scene: f"/api/v1{path.format(getattr(scene, name))}", Tie.NOWHERE)


def _known_by(view: str) -> Ask:
    return Ask("GET", lambda scene: f"/api/v1/children/{scene.record}/{view}?known_by={scene.agency}", Tie.NOWHERE)


#: Ids that are taken in an address's query.
QUERIED: Final = {
    "timelines.get_timeline": [_known_by("timeline")],
    "pictures.get_picture": [_known_by("picture")],
    "entries.get_entries": [_queried("/entries?child={}", "record"), _queried("/entries?after={}", "own")],
    "sharing.get_requests": [_queried("/requests?to=me&state=all&after={}", "request")],
    "work.get_work": [_queried("/work?side=owed_to_us&state=all&after={}", "action")],
    "sharing.get_rectifications": [_queried("/rectifications?after={}", "rectification")],
    "audit.get_access": [
        _queried("/audit/access?child={}", "record"),
        _queried("/audit/access?person={}", "person"),
        _queried("/audit/access?agency={}", "agency"),
    ],
    "administration.get_keys": [_queried("/administration/keys?after={}", "key")],
    "administration.get_people": [_queried("/administration/people?after={}", "person")],
}
#: Those who call at either size; at full size all who have a name call.
#: Work may be asked of an office that is no agency here; of an agency that could not hear of it that is said. Which
#: agencies there are is everybody's to know.
ASKS_OFFICES: Final = frozenset({"children.post_actions", "children.post_referrals", "children.post_handovers"})
FEW: Final = ("agency_system", "lead", "records_officer", "auditor", "administrator")
#: A place in the log is a number, and nobody's, and one in a record is of the record that is exchanged; the names of
#: rules, agencies and packs, and of what a form does, are everybody's; a file that somebody brought is theirs alone.
NAMES_NOTHING_OF_OTHERS: Final = frozenset({"place", "number", "rule", "agency_id", "pack", "what", "act", "import_id"})
_VARIES: Final = frozenset({"Date", "Content-Length", "Set-Cookie"})
#: What a form carries anew each time it is shown: the session's proof, and by what one press is one.
_CSRF = re.compile(r'name="(csrf|once)" value="[0-9a-f]*"')


@dataclass
class Swap:
    """One route asked with some ids exchanged, as far as that can be compared."""

    endpoint: str
    ask: Ask
    names: frozenset[str]

    @property
    def where(self) -> str:
        return f"{self.endpoint} with others' {' and '.join(sorted(self.names))}"


class Matrix:
    """One who calls, what is theirs, and what is not."""

    def __init__(self, partnership: Partnership, calling: Calling) -> None:
        self.partnership, self.calling = partnership, calling
        self.sender = Sender(partnership, calling)
        lead = {"lead": ("caller",), "deputy": ("boss", "caller"), "no": ("boss",)}[calling.named]
        self.ours = Scene(partnership, calling.agency, lead, is_involved=True)
        self.near, self.spare, self.far = neighbours(partnership), neighbours(partnership), far_away(partnership)
        for scene in (self.ours, self.near, self.spare, self.far):
            for name in sorted(IDS):
                assert getattr(scene, name)  # made now, so that nothing is written later
        self.wrong: list[str] = []
        self._turn = [one.name for one in CALLING].index(calling.name)

    def send(self, swap: Swap, theirs: Scene | Nowhere) -> tuple[TestResponse, str]:
        """What is answered with some ids exchanged, and its text without those ids."""
        scene: Any = Exchanged(self.ours, Fixed(theirs), swap.names)
        answer = self.sender.send(self.sender.request(swap.ask, scene))
        said = _CSRF.sub("", answer.get_data().decode(errors="replace"))
        for name in swap.names:
            said = said.replace(str(getattr(scene, name)), "ID")
        return answer, said

    def try_all(self, theirs: Scene, is_open: "frozenset[str]") -> None:
        """Each route with each id of others, and with all of them at once."""
        for swap in self.swaps(theirs):
            if theirs is self.near and self.is_theirs_to_see(swap):
                continue
            count = theirs.count()
            if swap.endpoint in is_open and "record" in swap.names:
                answer, said = self.send(swap, self.spare)
                self.judge_content(swap, self.spare, answer, said)
                continue
            answer, said = self.send(swap, theirs)
            nowhere, unsaid = self.send(swap, Nowhere(theirs))
            self.judge_content(swap, theirs, answer, said)
            if answer.status_code != nowhere.status_code:
                self.note(swap, f"{answer.status_code} {said[:300]} is not {nowhere.status_code} {unsaid[:300]}")
            elif answer.status_code >= 400 and (said, _headers(answer)) != (unsaid, _headers(nowhere)):
                self.note(swap, f"{said[:300]} is not {unsaid[:300]}")
            if theirs.count() != count:
                self.note(swap, "changed a record of others")

    def judge_content(self, swap: Swap, theirs: Scene, answer: TestResponse, said: str) -> None:
        """Never a fault, and nothing of the others' content, nor an id of theirs that was not sent."""
        if answer.status_code >= 500:
            self.note(swap, f"{answer.status_code} is a fault")
        ids = {str(vars(theirs)[name]) for name in IDS - {"broken"} if name in vars(theirs)}
        for one in (theirs.canary, *sorted(ids)):
            if one in said:
                self.note(swap, f"{answer.status_code} gives away {one}: {said[:300]}")

    def swaps(self, theirs: Scene) -> Iterator[Swap]:
        """Every route with every id that it takes: each alone, and all together."""
        for endpoint, ask in (*ASKED.items(), *((name, ask) for name, asks in QUERIED.items() for ask in asks)):
            if endpoint in ("web.leave", "web.leave_everywhere"):
                continue  # they end the session, and take no id
            names = taken(self.sender, ask, self.ours)
            names = names if theirs is self.far else names - {"agency"}
            each = [frozenset({name}) for name in sorted(names - {"broken"})]
            for some in dict.fromkeys([*each, names]):
                if some and not (endpoint in ASKS_OFFICES and some == {"agency"}) and self._is_due():
                    yield Swap(endpoint, ask, some)

    def _is_due(self) -> bool:
        """Whether the next exchange is this caller's: of the few at the small size each makes every third."""
        self._turn += 1
        return is_full() or self._turn % 3 == 0

    def is_theirs_to_see(self, swap: Swap) -> bool:
        """Whether the caller's right reaches every record of the partnership, as an auditor's does."""
        if self.calling.is_system or swap.endpoint in NAMED_FREELY:
            return False
        right = ROUTES[swap.endpoint]
        reach = max((RIGHTS[role].get(right, Reach.NONE) for role in self.calling.standing), default=Reach.NONE)
        return reach is Reach.ANY and swap.ask.tie is not Tie.INVOLVED and self.calling.name in FEW[-2:]

    def note(self, swap: Swap, what: str) -> None:
        self.wrong.append(f"{self.calling.name}, {swap.where}: {what}")


class Fixed:
    """The same ids of nobody however often they are asked for."""

    def __init__(self, of: Scene | Nowhere) -> None:
        self._of = of

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._of, name)
        setattr(self, name, found)
        return found


def taken(sender: Sender, ask: Ask, ours: Scene) -> frozenset[str]:
    """The ids that a route takes, in its address and in its body."""
    looked: Any = Exchanged(ours, ours)
    sender.request(ask, looked)
    return frozenset(looked.asked)


def _headers(answer: TestResponse) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in _VARIES}


@pytest.mark.parametrize(
    "calling", [one for one in CALLING if one.name in FEW or (is_full() and one.standing)], ids=lambda one: one.name
)
def test_what_is_not_ones_own_is_not_there(partnership: Partnership, calling: Calling) -> None:
    """Nothing foreign, nothing stored, and no difference between what is another's and what is nobody's."""
    matrix = Matrix(partnership, calling)
    matrix.try_all(matrix.far, frozenset())
    matrix.try_all(matrix.near, NAMED_FREELY)
    assert not matrix.wrong, "\n".join(matrix.wrong)


def test_a_look_at_what_is_not_ones_own_is_recorded(partnership: Partnership) -> None:
    """Each address that reads a child's record leaves an access record that it was refused."""
    matrix = Matrix(partnership, CALLING[0])
    near, asked = matrix.near, 0
    for rule in partnership.app.url_map.iter_rules():
        ask = ASKED.get(rule.endpoint)
        is_read = ask is not None and ask.method == "GET" and rule.endpoint[:4] != "web."
        if ask is None or not is_read or "record_id" not in rule.arguments or ROUTES[rule.endpoint] != "read":
            continue
        asked += 1
        for theirs, more in ((near, 1), (Nowhere(near), 0)):
            before = refusals(partnership)
            matrix.send(Swap(rule.endpoint, ask, frozenset({"record"})), theirs)
            assert refusals(partnership) == before + more, rule.endpoint
    assert asked >= 6


def refusals(partnership: Partnership) -> int:
    with partnership.acting("ledger_auditor", "auditor") as connection:
        query = text("SELECT count(*) FROM ledger.access_records WHERE outcome = 'refused' AND agency_id = 'csc'")
        return int(connection.scalar(query) or 0)


def test_nobody_ends_another_agencys_token(partnership: Partnership) -> None:
    """Who sends another's token to be ended is answered as for any text, and the token goes on."""
    client = partnership.app.test_client()

    def form(agency: str) -> dict[str, str]:
        key = partnership.keys[agency]
        return {"client_id": ".".join(key.split(".")[1:3]), "client_secret": key}

    token = stored(client.post("/oauth/token", data={**form("hv"), "grant_type": "client_credentials"}))["access_token"]
    answers = [client.post("/oauth/revoke", data={**form("csc"), "token": one}) for one in (token, "x" * len(token))]
    assert len({(answer.status_code, answer.data) for answer in answers}) == 1
    stored(partnership.get("/entries", key=token))


def test_every_id_that_a_route_takes_is_exchanged(partnership: Partnership) -> None:
    """A later route is not forgotten here: what its address takes is something that is exchanged above."""
    sender = Sender(partnership, CALLING[2])
    ours = Scene(partnership, "csc", ("caller",), is_involved=True)
    for rule in partnership.app.url_map.iter_rules():
        if rule.endpoint in PUBLIC:
            continue
        found = taken(sender, ASKED[rule.endpoint], ours) & IDS
        assert len(found) >= len(rule.arguments - NAMES_NOTHING_OF_OTHERS), rule.endpoint
