import os
from collections.abc import Mapping

from werkzeug.test import TestResponse

from ledger.domain.log.policy import parse_policy
from ledger.domain.role import Role
from ledger.services.announce_log import announce_log, announcement_of, public_of
from ledger.services.authenticate import SCOPES
from ledger.services.give_role import take_role
from tests.partnership import DUTY_DESK, ORIGIN, RECEIPT_SEED, Partnership, refused, stored
from tests.sealing_log import ACCESS_VKEY, LOG_SEED, LOG_VKEY, seal
from tests.tlog_client import Get, TlogClient

FOR_EVER = "max-age=31536000, immutable"


def fetch(partnership: Partnership, path: str, key: str | None = None) -> TestResponse:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return partnership.app.test_client().get(f"/log/{path}", headers=headers)


def getting(partnership: Partnership, prefix: str = "", key: str | None = None) -> Get:
    def get(path: str) -> bytes:
        answer = fetch(partnership, prefix + path, key)
        assert answer.status_code == 200, (path, answer.status_code)
        return bytes(answer.data)

    return get


def grown(partnership: Partnership, count: int) -> str:
    """A child's record to which so many observations were posted."""
    record_id = partnership.child()
    if count:
        batch = [partnership.observation(record_id) for _ in range(count)]
        assert {one["status"] for one in stored(partnership.post("/observations/batch", batch))["results"]} == {201}
    return record_id


def test_a_tool_that_knows_only_the_standards_follows_the_log(partnership: Partnership) -> None:
    """Checkpoint, tiles of every level and bundles agree, across the width of a tile and as the log grows."""
    record_id = grown(partnership, 260)
    monitor = TlogClient(getting(partnership, key=partnership.keys["police"]), LOG_VKEY)
    seal(partnership)
    first = monitor.follow()
    assert len(first) > 256
    assert set(partnership.envelopes(record_id)) <= set(first)
    assert set(partnership.envelopes(str(partnership.partnership_record))) <= set(first)
    grown(partnership, 2)
    seal(partnership)
    again = monitor.follow()
    assert again[: len(first)] == first
    assert len(again) == len(first) + 3


def test_the_log_of_who_read_is_followed_likewise(partnership: Partnership) -> None:
    """Each read of another's words is a leaf, which says when and commits to the rest."""
    record_id = partnership.child(involve=["csc"])
    for _ in range(3):
        stored(partnership.get(f"/children/{record_id}/timeline", "csc"))
    seal(partnership)
    monitor = TlogClient(getting(partnership, "access/", partnership.keys["police"]), ACCESS_VKEY)
    leaves = monitor.follow()
    assert len(leaves) == 3
    assert all(record_id.encode() not in leaf and b"csc" not in leaf for leaf in leaves)


def test_an_auditor_follows_it_by_their_session(partnership: Partnership) -> None:
    """Bundles are for auditors too; both addresses of a bundle give the same bytes."""
    grown(partnership, 0)
    seal(partnership)
    session = partnership.session(partnership.person("csc", "aud", Role.AUDITOR))
    answers = [
        partnership.send_as(session, "GET", f"/log/{path}/000.p/2") for path in ("tile/entries", "entries")
    ]  # fmt: skip
    assert {(answer.status_code, answer.mimetype) for answer in answers} == {(200, "application/octet-stream")}
    assert answers[0].data == answers[1].data != b""


def test_bundles_are_for_who_keeps_watch(partnership: Partnership) -> None:
    """A key has the scope only where it was named; without it, or without a key, nothing of any entry is told."""
    record_id = partnership.child(involve=["csc"])
    stored(partnership.get(f"/children/{record_id}/timeline", "csc"))
    seal(partnership)
    ordinary, monitoring = (partnership.issue("police", scopes=scopes)[1] for scopes in (SCOPES, ["monitor"]))
    roles = (("csc", Role.MANAGER), (DUTY_DESK, Role.PRACTITIONER), ("csc", Role.OPERATOR))
    sessions = [partnership.session(partnership.person(agency, f"p-{role}", role)) for agency, role in roles]
    for path in ("tile/entries/000.p/1", "entries/000.p/1", "access/tile/entries/000.p/1", "access/entries/000.p/1"):
        refused(fetch(partnership, path), 401, "unauthenticated")
        refused(fetch(partnership, path, ordinary), 403, "forbidden")
        for session in sessions:
            assert partnership.send_as(session, "GET", f"/log/{path}").status_code == 403
        assert fetch(partnership, path, monitoring).status_code == 200
    refused(partnership.get("/entries", key=monitoring), 403, "forbidden")


def test_who_was_auditor_reads_no_longer(partnership: Partnership) -> None:
    """Taking the role away ends it at the next bundle, in the same session."""
    grown(partnership, 0)
    seal(partnership)
    auditor = partnership.person("csc", "aud", Role.AUDITOR)
    session = partnership.session(auditor)
    assert partnership.send_as(session, "GET", "/log/entries/000.p/1").status_code == 200
    take_role(partnership.engine("ledger_admin"), os.urandom, agency="csc", ref="aud", role=Role.AUDITOR)
    assert partnership.send_as(session, "GET", "/log/entries/000.p/1").status_code == 403


def headers_of(answer: TestResponse) -> Mapping[str, str]:
    return {name: answer.headers.get(name, "") for name in ("Content-Type", "Cache-Control")}


def test_what_never_changes_may_be_kept(partnership: Partnership) -> None:
    """Types and caching as tlog-tiles wants them: tiles for ever, bundles by whoever may read them, checkpoints not."""
    grown(partnership, 260)
    seal(partnership)
    key = partnership.keys["police"]
    checkpoint = headers_of(fetch(partnership, "checkpoint"))
    assert checkpoint == {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "public, max-age=1"}
    for path in ("tile/0/000", "tile/0/000.p/3", "tile/1/000.p/1"):
        tile = headers_of(fetch(partnership, path))
        assert tile == {"Content-Type": "application/octet-stream", "Cache-Control": f"public, {FOR_EVER}"}
    bundle = headers_of(fetch(partnership, "tile/entries/000", key))
    assert bundle == {"Content-Type": "application/octet-stream", "Cache-Control": f"private, {FOR_EVER}"}
    etag = fetch(partnership, "tile/0/000").headers["ETag"]
    again = partnership.app.test_client().get("/log/tile/0/000", headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")


def test_a_partial_tile_is_the_beginning_of_the_whole(partnership: Partnership) -> None:
    """Whoever holds an older checkpoint finds the tiles of its size, also once they have grown."""
    grown(partnership, 260)
    seal(partnership)
    whole = fetch(partnership, "tile/0/000").data
    assert len(whole) == 8192
    assert {fetch(partnership, f"tile/0/000.p/{width}").data == whole[: 32 * width] for width in (1, 5, 255)} == {True}


NOT_THERE = (
    "tile/0/001", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/0", "tile/0/x000/000",
    "tile/00/000", "tile/-1/000", "tile/64/000", "tile/63/000", "tile/63/000.p/1", "tile/1/000.p/1",
    "tile/0/x999/x999/x999/x999/x999/999", "tile/0/000.p/255", "tile/0/000.p/", "tile/0/000.p", "tile/0/x001/",
    "tile/data/000", "tile/0/\u0660\u0660\u0660", "tile/0", "tile", "nothing", "", "access", "access/nothing",
)  # fmt: skip


def test_what_is_not_there_is_not_there(partnership: Partnership) -> None:
    """A path in another spelling, and what no signed checkpoint covers, is answered 404, and may be asked for again."""
    grown(partnership, 1)
    seal(partnership)
    for path in NOT_THERE:
        answer = fetch(partnership, path)
        refused(answer, 404, "not_found")
        assert answer.headers["Cache-Control"] == "no-store", path


def test_entries_come_by_no_other_spelling(partnership: Partnership) -> None:
    """However the address of a bundle is written, it is not answered as a tile would be, to anybody."""
    grown(partnership, 1)
    seal(partnership)
    for path in ("tile/%65ntries/000.p/1", "tile/entries%2F000.p/1", "tile//entries/000.p/1", "tile/./entries/000.p/1"):
        assert fetch(partnership, path).status_code in {308, 401, 404}, path


def test_what_is_placed_and_not_signed_is_not_shown(partnership: Partnership) -> None:
    """Before the first checkpoint there is nothing at all, and after it nothing beyond it."""
    grown(partnership, 1)
    key = partnership.keys["police"]
    for path in ("checkpoint", "access/checkpoint", "tile/0/000.p/1", "entries/000.p/1"):
        refused(fetch(partnership, path, key), 404, "not_found")
    seal(partnership)
    size, _ = TlogClient(getting(partnership), LOG_VKEY).checkpoint()
    for path in ("tile/0/000.p/{}", "entries/000.p/{}"):
        assert fetch(partnership, path.format(size), key).status_code == 200
        refused(fetch(partnership, path.format(size + 1), key), 404, "not_found")


def test_the_keys_and_the_policy_are_told(partnership: Partnership) -> None:
    """Receipts' key always; the log's once it was announced. Without witnesses the policy says that none is asked."""
    signer = partnership.context.receipts
    assert signer is not None
    answer = fetch(partnership, "keys")
    assert (answer.status_code, answer.text) == (200, f"{signer.vkey}\n")
    assert answer.content_type == "text/plain; charset=utf-8"
    refused(fetch(partnership, "policy"), 404, "not_found")
    announce(partnership)
    assert fetch(partnership, "keys").text.splitlines() == [LOG_VKEY, ACCESS_VKEY, signer.vkey]
    policy = parse_policy(fetch(partnership, "policy").text)
    assert ([log.name for log, _ in policy.logs], policy.quorum) == (["tests.example/log"], "none")


def announce(partnership: Partnership) -> None:
    told = announcement_of(ORIGIN, public_of(LOG_SEED), public_of(RECEIPT_SEED), None)
    announce_log(partnership.engine("ledger_admin"), os.urandom, told)
