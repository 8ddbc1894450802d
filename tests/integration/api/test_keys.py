from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from ledger.services.issue_key import revoke_key
from tests.partnership import Partnership, refused, stored
from tests.unit.api.examples import ENTRY_ID

NOBODY = "0b9c8d5e-1f7a-4a43-9a0e-3b1d7c2f9a10"
LEAST: dict[str, Any] = {"event_id": "e1", "child": {"id": NOBODY}, "observed": "2023-10-05", "statement": "fact"}
#: One request for each scope that a route may ask for.
ASKED = {
    "observe": ("POST", "/observations", LEAST | {"narrative": "Seen."}),
    "register": ("POST", "/children", {"event_id": "r1", "born": "2022-09-01"}),
    "read": ("GET", f"/children/{NOBODY}/timeline", None),
    "work": ("POST", f"/children/{NOBODY}/decisions", {"event_id": "d1", "kind": "step_down"}),
}
#: Every other route, by the scope that it asks for.
MORE: list[tuple[str, str, str, dict[str, Any] | None]] = [
    ("observe", "GET", "/entries", None),
    ("observe", "GET", f"/entries/{ENTRY_ID}", None),
    ("observe", "POST", f"/children/{NOBODY}/voids", {"event_id": "v1", "voids": ENTRY_ID, "reason": "slip"}),
    ("observe", "POST", f"/children/{NOBODY}/contacts", {"event_id": "c1", "observed": "2023-10-05", "depth": "seen"}),
    ("register", "POST", f"/children/{NOBODY}/details", {"event_id": "d2", "name": "Robin"}),
    ("read", "GET", "/alerts", None),
    ("read", "GET", "/alerts/a1", None),
    ("work", "POST", "/alerts/a1/acknowledgements", {"event_id": "a1"}),
    ("work", "POST", f"/children/{NOBODY}/involvements",
     {"event_id": "i1", "role": "work", "reason": "known", "lawful_basis": "public task"}),
]  # fmt: skip


def ask(partnership: Partnership, key: str, method: str, path: str, body: Any) -> Any:
    return partnership.send(method, path, key=key, **({"json": body} if body is not None else {}))


def test_a_revoked_key_is_refused_at_the_next_call(partnership: Partnership) -> None:
    """Between two calls a key is revoked: the second is refused, stores nothing and reads nothing."""
    child = partnership.child(involve=["hv"])
    stored(partnership.post("/observations", partnership.observation(child)))
    key_id, key = partnership.issue("hv")
    stored(ask(partnership, key, "POST", "/observations", partnership.observation(child)))
    revoke_key(partnership.engine("ledger_admin"), partnership.context.chance, key_id=key_id, now=datetime.now(UTC))
    rows = partnership.rows()
    for method, path, body in [*ASKED.values(), *(route[1:] for route in MORE)]:
        answer = ask(partnership, key, method, path, body)
        assert refused(answer, 401, "unauthenticated")["detail"]
        assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    refused(ask(partnership, key, "POST", "/observations/batch", [partnership.observation(child)]), 401)
    assert partnership.rows() == rows
    stored(partnership.post("/observations", partnership.observation(child)))  # its agency's other key still holds


def test_a_key_ends_by_the_real_clock(database_url: str) -> None:
    """A key past its time is refused, whatever day it is on a demonstration's clock."""
    partnership = Partnership(database_url, clock_at=datetime(2023, 10, 5, tzinfo=UTC))
    _, over = partnership.issue("hv", lifetime=timedelta(seconds=-1))
    refused(ask(partnership, over, *ASKED["register"]), 401)
    _, good = partnership.issue("hv", lifetime=timedelta(minutes=5))
    stored(ask(partnership, good, *ASKED["register"]))
    partnership.close()


def test_a_key_opens_its_scopes_and_no_more(partnership: Partnership) -> None:
    """Each route asks for one scope: a key with all others is refused there, one with that scope alone is not."""
    routes = [(scope, *ASKED[scope]) for scope in ASKED] + MORE
    alone = {scope: partnership.issue("hv", scopes=[scope])[1] for scope in ASKED}
    others = {scope: partnership.issue("hv", scopes=sorted(ASKED.keys() - {scope}))[1] for scope in ASKED}
    rows = partnership.rows()
    for scope, method, path, body in routes:
        problem = refused(ask(partnership, others[scope], method, path, body), 403, "forbidden")
        assert f"'{scope}'" in problem["detail"], path
    assert partnership.rows() == rows
    for scope, method, path, body in routes:
        assert ask(partnership, alone[scope], method, path, body).status_code not in {401, 403}, path


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic aHY6c2VjcmV0", "Bearer ledger.hv.x.y", "Bearer ledger.HV.aaaaaaaa." + "A" * 43,
     "Bearer " + "A" * 5_000, "Bearer ledger.hv.aaaaaaaa." + "A" * 43, "Bearer ledger.nobody.aaaaaaaa." + "A" * 43],
)  # fmt: skip
def test_no_key_no_answer(partnership: Partnership, header: str) -> None:
    """Without a key of our form, or with one that was never given out, every route answers 401 and the same words."""
    problems = []
    for method, path, body in [*ASKED.values(), *(route[1:] for route in MORE)]:
        options: dict[str, Any] = {"json": body} if body is not None else {}
        response = partnership.send(method, path, None, headers={"Authorization": header}, **options)
        problems.append(refused(response, 401, "unauthenticated"))
    assert all(problem == problems[0] for problem in problems)


def test_a_key_is_its_agencys_alone(partnership: Partnership) -> None:
    """A good secret under another agency's name or another key's id opens nothing."""
    key = partnership.keys["hv"]
    _, agency, name, secret = key.split(".")
    other = partnership.keys["csc"].split(".")[2]
    for forged in (
        f"ledger.csc.{name}.{secret}",
        f"ledger.{agency}.{other}.{secret}",
        f"{key[:-1]}{'AB'[key[-1] == 'A']}",
    ):
        refused(ask(partnership, forged, *ASKED["register"]), 401)


def test_keys_are_kept_as_fingerprints(partnership: Partnership) -> None:
    """Neither a key nor its secret stands anywhere in the database; its fingerprint and id are entries."""
    secret = partnership.keys["hv"].split(".")[3]
    with partnership.acting("ledger_worker") as connection:
        contents = b"\n".join(connection.scalars(text("SELECT content FROM ledger.contents")))
    with partnership.acting("ledger_admin") as connection:
        kept = connection.execute(text("SELECT key_id, secret_sha256, scopes::text FROM ledger.agency_keys")).all()
    assert secret.encode() not in contents
    assert secret not in str(kept)
    fingerprints = {row.key_id: row.secret_sha256.hex() for row in kept}
    assert fingerprints[partnership.key_ids["hv"]].encode() in contents
