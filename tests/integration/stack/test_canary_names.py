"""Whatever is sent to a running stack, well or badly, no name in it comes to stand where it has no business.

Not in a log of any process, nor the broker or what is said to it, nor an address, a header, or a refusal.
"""

import json
import os
import re
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import redis

from ledger.domain.role import Role
from ledger.services.sign_in import csrf_token
from ledger.stack import child
from tests.attaching import LETTER, entry_of, form
from tests.integration.api.asking import ASKED
from tests.integration.api.scene import Scene
from tests.integration.stack.over_http import OverHttp
from tests.partnership import NHS_NUMBERS
from tests.running_stack import ROOT, RunningStack

#: In two halves, so that no process is told it but by a request.
NAME = "Quill" + "feather"
MANY = 30
#: Detection that fails with what it read in its words: in a rule, and outside of any.
BROKEN = """
import sys
if "worker" in sys.orig_argv:
    sys.path.insert(0, "{root}")
    import ledger.services.load_state as loading
    from ledger.domain.rules import states_of_the_world as rule
    def judge(view):
        raise ValueError(repr([claim for claim in view.facts.claims_on(view.area)]))
    object.__setattr__(rule.RULE.family, "judge", judge)
    read = loading.claims_of_entry
    def claims_of_entry(kind, body, **more):
        if kind == "position":
            raise ValueError(repr(body))
        return read(kind, body, **more)
    loading.claims_of_entry = claims_of_entry
    print("detection was broken on purpose", flush=True)
"""


@pytest.fixture(scope="module")
def stack_env(stack_folder: Path) -> Mapping[str, str]:
    """Detection fails, and limits are low for one way in."""
    broken = stack_folder / "broken"
    broken.mkdir(mode=0o711)
    (broken / "sitecustomize.py").write_text(BROKEN.replace("{root}", str(ROOT)))
    return {"PYTHONPATH": str(broken), "LEDGER_ADDRESS_REQUESTS_PER_MINUTE": str(MANY)}


@pytest.mark.slow
def test_no_name_comes_where_it_has_no_business(stack: RunningStack) -> None:
    """Names everywhere a body takes text, every sort of refusal and failure; then all is searched."""
    partnership = OverHttp(stack.env["DATABASE_URL"]).begin(stack.url)
    said = Listening(stack.env["REDIS_URL"])
    try:
        sessions = post_everywhere(partnership)
        refuse_in_every_way(partnership, stack, sessions[0])
        read_everything(partnership, sessions)
        failures = fail_in_every_way(partnership, stack)
    finally:
        words = said.stop()
        partnership.close()
    answers = partnership.answers
    met = {answer.status_code for answer in answers}
    assert met >= {200, 201, 303, 400, 401, 404, 409, 413, 415, 422, 429, 503}, met
    assert failures >= {"detection", "database", "contended"}
    assert NAME in "".join(answer.text for answer in answers if answer.status_code == 200), "no name was ever there"
    check_answers(answers)
    assert len(words) > 10, "nothing was heard of what is said to the broker"
    assert NAME not in "\n".join(words)
    check_broker(stack.env["REDIS_URL"])
    logs = [*(stack.data / "log").glob("*"), stack.output]
    assert {path.stem for path in logs} >= {"web", "worker", "postgres"}
    for path in logs:
        assert NAME not in path.read_text(errors="replace"), path.name


# --- what is sent ----------------------------------------------------------------------------------------------------


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The place of each text in a body."""
    if isinstance(value, str):
        yield path
    elif isinstance(value, Mapping):
        for name, below in value.items():
            yield from leaves(below, (*path, name))
    elif isinstance(value, list):
        for place, below in enumerate(value):
            yield from leaves(below, (*path, place))


def named(body: Any, path: tuple[Any, ...]) -> Any:
    """The body with a name at a place."""
    copied = json.loads(json.dumps(body))
    at = copied
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = NAME if path[-1] != "event_id" else f"{NAME}-{os.urandom(4).hex()}"
    return copied


def post_everywhere(partnership: OverHttp) -> list[str]:
    """A name in each text of each body, one after another, and in attachments; sessions of those who may read."""
    scene = Scene(partnership, "csc", ("lead",), is_involved=True)
    scene.canary = NAME
    assert scene.linked, "two are linked once, and what is taken back must be there"
    for endpoint, ask in ASKED.items():
        if ask.body is None or endpoint.startswith(
            ("alerts.", "family.", "administration.", "webhooks.", "partnership_")
        ):
            continue
        body = ask.body(scene)
        for path in leaves(body):
            partnership.send("POST", ask.path(scene).removeprefix("/api/v1"), "csc", json=named(body, path))
    for changes in ({"describes": NAME}, {"taken_by": NAME}, {"media_type": f"text/{NAME}"}, {NAME: NAME}):
        entry = json.dumps({**entry_of(partnership.event()), **changes}).encode()
        sent = form(("entry", entry), ("file", LETTER))
        sent["data"] = sent["data"].replace(b'filename="x"', f'filename="{NAME}.txt"'.encode())
        partnership.send("POST", f"/children/{scene.record}/attachments", "hv", **sent)
    people = [
        partnership.person("csc", "lead", Role.PRACTITIONER),
        partnership.person("csc", "officer", Role.RECORDS_OFFICER),
        partnership.person("csc", "admin", Role.ADMINISTRATOR),
    ]
    sessions = [partnership.session(person) for person in people]
    for session in sessions:
        for answering in ("subject-access", "subject-access/review", "family-notice"):
            body = {"event_id": partnership.event(), "for": NAME, "relationship": NAME, "reason": NAME}
            for sent_body in (body, {**body, "for": "mother", "decision": "withheld"}):
                partnership.send_as(session, "POST", f"/api/v1/children/{scene.record}/{answering}", json=sent_body)
    return sessions


def refuse_in_every_way(partnership: OverHttp, stack: RunningStack, session: str) -> None:
    """Every sort of refusal of something with a name in it."""
    for content in (f'{{"{NAME}": NaN}}', f'{{"{NAME}": 1, "{NAME}": 2}}', f'["{NAME}', f'"{NAME}\\ud800"'):
        for kind in ("application/json", "application/x-ndjson", f"text/{NAME}"):
            partnership.send("POST", "/observations", data=content.encode(), content_type=kind)
    partnership.send("POST", "/observations", data=NAME.encode() * 200_000, content_type="application/json")
    for path in ("/{}", "/{}/x", "/alerts/{}", "/entries/{}", "/entries?after={}", "/alerts?after={}", "/entries?{}=1"):
        partnership.send("GET", path.format(NAME))
        partnership.send_as(session, "GET", f"/api/v1{path.format(NAME)}")
    for place in ("/children/{}/timeline", "/timeline?as_of={}", "/timeline?known_at={}", "/gaps?as_of={}"):
        partnership.send("GET", place.format(NAME))
    for name in ("X-Request-Id", "Access-Purpose", "Client-Cert", "User-Agent", "Referer", "Traceparent", "Cookie"):
        partnership.send("GET", "/entries", headers={name: NAME})
    partnership.child("hv", name=NAME, nhs_number=NHS_NUMBERS[0])
    child_of = partnership.child("hv", name=NAME, nhs_number=NHS_NUMBERS[1])
    body = {"event_id": partnership.event(), "nhs_number": NHS_NUMBERS[0], "name": NAME}
    partnership.post(f"/children/{child_of}/details", body)
    partnership.child("hv", reference=NAME)
    partnership.post("/children", {"event_id": partnership.event(), "born": "2022-09-01", "reference": NAME})
    partnership.post("/observations", partnership.observation(child_of, child={"reference": NAME}), "gp")
    for _ in range(MANY + 10):
        data = {"agency": "hv", "ref": NAME, "person": NAME, "password": NAME}
        partnership.ask("POST", "/sign-in", data=data)
    for path in (f"/sign-in/{NAME}", "/sign-in/code", "/account/password", f"/alerts/{NAME}/outcomes", f"/{NAME}"):
        for token in (csrf_token(session), NAME):
            data = {"csrf": token, "new": NAME, "again": NAME, "code": NAME, "reason": NAME, "outcome": NAME}
            partnership.send_as(session, "POST", path, data=data)


def read_everything(partnership: OverHttp, sessions: list[str]) -> None:
    """What was stored, by the interface and by pages, and signing in and out."""
    with partnership.acting("ledger_worker") as connection:
        records = [str(one) for one in connection.exec_driver_sql("SELECT record_id FROM ledger.children").scalars()]
    for record in records:
        for page in ("chronology", "picture"):
            partnership.send_as(sessions[0], "GET", f"/children/{record}/{page}")
        for view in ("timeline", "picture", "people", "gaps", "expectations"):
            partnership.get(f"/children/{record}/{view}", "csc")
            partnership.get(f"/children/{record}/{view}", "gp")
    for path in ("/", "/glass", "/account"):
        partnership.send_as(sessions[0], "GET", path)
    for session in sessions:
        partnership.send_as(session, "POST", "/sign-out", data={"csrf": csrf_token(session)})


def fail_in_every_way(partnership: OverHttp, stack: RunningStack) -> set[str]:
    """Failures that nobody sent: of detection, of a lock, of two at once, of the database; those that were met."""
    met = set()
    record = partnership.child("hv", name=NAME, involve=["hv", "csc"])
    for agency, value in (("csc", "absent"), ("hv", "lives_here")):
        claim = {"about": "father", "attribute": "presence", "value": value, "basis": "told", "informant": "mother"}
        body = partnership.observation(record, narrative=NAME, claims=[claim | {"words": NAME}])
        partnership.post("/observations", body, agency)
    position = {"event_id": partnership.event(), "about": NAME, "stance": "against", "reason": NAME}
    partnership.post(f"/children/{record}/positions", position, "csc")
    worker = stack.data / "log" / "worker.log"
    if child.wait_until(lambda: "ValueError" in worker.read_text(errors="replace"), 60):
        met.add("detection")
    children = [partnership.child() for _ in range(2)]
    for event in range(8):  # the same event id of two children at once, which only the database's own key can refuse
        bodies = [{**partnership.observation(one, narrative=NAME), "event_id": f"{NAME}-{event}"} for one in children]
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda body: partnership.post("/observations", body), bodies))
    with psycopg.connect(stack.env["DATABASE_URL"]) as connection:
        connection.execute("SET ROLE ledger_worker")
        connection.execute("SELECT 1 FROM ledger.heads WHERE record_id = %s FOR UPDATE", (record,))
        if partnership.post("/observations", partnership.observation(record, narrative=NAME)).status_code == 503:
            met.add("contended")
        connection.rollback()
    stack.kill("postgres")
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        answer = partnership.post("/observations", partnership.observation(record, narrative=NAME))
        if answer.status_code == 503:
            met.add("database")
        elif "database" in met:
            break
    return met


# --- where it is looked for ------------------------------------------------------------------------------------------


class Listening:
    """All that is said to the broker while it runs."""

    def __init__(self, url: str) -> None:
        self._client, self._said = redis.Redis.from_url(url), list[str]()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._ended = False
        self._thread.start()

    def _listen(self) -> None:
        with self._client.monitor() as heard:  # type: ignore[no-untyped-call]
            for command in heard.listen():
                self._said.append(str(command))
                if self._ended:
                    return

    def stop(self) -> list[str]:
        """All that was said."""
        self._ended = True
        self._client.ping()
        self._thread.join(5)
        return self._said


def check_broker(url: str) -> None:
    """Every key and what it holds."""
    with redis.Redis.from_url(url) as client:
        for key in client.scan_iter():
            assert NAME.encode() not in key
            assert NAME.encode() not in (client.dump(key) or b"")


def check_answers(answers: list[httpx.Response]) -> None:
    """No header, no address on a page and no refusal holds it."""
    for answer in answers:
        where = f"{answer.request.method} {answer.request.url.path.replace(NAME, '…')}: {answer.status_code}"
        assert NAME not in str(answer.headers), where
        for address in re.findall(r'(?:href|src|action)="([^"]*)"', answer.text):
            assert NAME not in address, where
        # A pointer names the member that was refused, as its sender called it; no value of one is ever repeated.
        said = re.sub(r'"pointer": *"[^"]*"', "", answer.text)
        if answer.status_code >= 400 and answer.headers["Content-Type"].startswith("application/"):
            assert NAME not in said, f"{where} {said[:300]}"
