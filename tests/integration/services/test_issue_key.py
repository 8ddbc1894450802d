import json
import os
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from ledger.services.issue_key import IssuedKey, issue_key, revoke_key, rotate_key
from ledger.services.list_keys import list_keys
from ledger.services.refusal import RefusedError
from tests.partnership import Partnership

WEEK = timedelta(days=7)


def rotate(partnership: Partnership, key_id: str, **options: Any) -> IssuedKey:
    """Rotate a key now, with a week's overlap unless told otherwise."""
    options = {"now": datetime.now(UTC), "overlap": WEEK, **options}
    return rotate_key(partnership.engine("ledger_admin"), os.urandom, key_id=key_id, **options)


def calls(partnership: Partnership, key: str) -> int:
    """The status of a call with a key."""
    return partnership.get("/entries", None, key=key).status_code


def bodies(partnership: Partnership, kind: str) -> list[dict[str, Any]]:
    """What the partnership's record tells of a kind, in order."""
    query = text("SELECT content FROM ledger.contents WHERE record_id = :r AND kind = :k ORDER BY number")
    with partnership.acting("ledger_worker") as connection:
        found = connection.scalars(query, {"r": partnership.partnership_record, "k": kind})
        return [json.loads(bytes(content))["body"] for content in found]


def test_two_keys_hold_for_the_overlap_and_then_the_new_one(partnership: Partnership) -> None:
    """The new key has the old one's agency and scopes and is as long-lived; the old one ends after the overlap."""
    key_id, key = partnership.issue("hv", scopes=["observe"], lifetime=timedelta(days=30))
    issued = rotate(partnership, key_id)
    assert (calls(partnership, key), calls(partnership, issued.text)) == (200, 200)
    assert partnership.get("/alerts", None, key=issued.text).status_code == 403
    with partnership.acting("ledger_admin") as connection:
        old, new = (
            next(one for one in list_keys(connection, datetime.now(UTC), "hv") if one.key_id == name)
            for name in (key_id, issued.key_id)
        )
    assert (old.standing, new.standing) == ("good", "good")
    assert new.expires_at - new.issued_at == old.issued_at + timedelta(days=30) - old.issued_at
    assert old.expires_at == issued.ends
    assert old.expires_at - new.issued_at == WEEK
    at_once = rotate(partnership, issued.key_id, overlap=timedelta(0))
    assert (calls(partnership, issued.text), calls(partnership, at_once.text)) == (401, 200)


def test_rotating_never_lengthens_the_old_key(partnership: Partnership) -> None:
    """A key that ends within the overlap still ends on its day, also when it is rotated again."""
    key_id, _ = partnership.issue("hv", lifetime=timedelta(hours=1))
    first = rotate(partnership, key_id)
    assert first.ends is not None
    assert first.ends < datetime.now(UTC) + timedelta(hours=1)
    sooner = rotate(partnership, key_id, overlap=timedelta(minutes=5)).ends
    later = rotate(partnership, key_id, overlap=timedelta(days=20)).ends
    assert sooner == later


def test_what_has_ended_is_not_rotated(partnership: Partnership) -> None:
    """Neither a revoked key nor an expired one lives on in another, nor one that nobody issued; nothing is written."""
    revoked, _ = partnership.issue("hv")
    admin, now = partnership.engine("ledger_admin"), datetime.now(UTC)
    revoke_key(admin, os.urandom, key_id=revoked, now=now)
    expired, _ = partnership.issue("hv", lifetime=timedelta(seconds=-1))
    rows = partnership.rows()
    for key_id in (revoked, expired, "hv.aaaaaaaa"):
        with pytest.raises(RefusedError) as refusal:
            rotate(partnership, key_id)
        assert refusal.value.refusal.code == "key_not_known"
    with pytest.raises(RefusedError):
        revoke_key(admin, os.urandom, key_id=revoked, now=now)
    assert partnership.rows() == rows


def test_each_act_is_an_entry_with_fingerprints_alone(partnership: Partnership) -> None:
    """Issued, rotated, revoked: the partnership's record tells which key, what of it, and no secret."""
    admin = partnership.engine("ledger_admin")
    key_id, key = issue_key(
        admin, os.urandom, agency="hv", scopes=["read"], now=datetime.now(UTC), lifetime=WEEK,
        certificate_sha256=b"\x07" * 32,
    )  # fmt: skip
    issued = rotate(partnership, key_id)
    revoke_key(admin, os.urandom, key_id=key_id, now=datetime.now(UTC))
    told = bodies(partnership, "key_issued")[-1]
    assert (told["key"], told["agency"], told["scopes"], told["certificate"]) == (key_id, "hv", ["read"], "07" * 32)
    (rotated,) = bodies(partnership, "key_rotated")
    assert (rotated["key"], rotated["replaces"], rotated["certificate"]) == (issued.key_id, key_id, "07" * 32)
    assert datetime.fromisoformat(rotated["replaced_ends_at"]) == issued.ends
    assert bodies(partnership, "key_revoked") == [{"agency": "hv", "key": key_id}]
    said = json.dumps([told, rotated])
    assert len(rotated["fingerprint"]) == len(told["fingerprint"]) == 64
    assert key.split(".")[3] not in said
    assert issued.text.split(".")[3] not in said


def test_a_key_that_is_revoked_while_it_is_rotated_does_not_live_on(partnership: Partnership) -> None:
    """However the two fall together: either the new key is refused, or it was made before and is its own to revoke."""
    admin = partnership.engine("ledger_admin")
    for _ in range(5):
        key_id, key = partnership.issue("hv")
        start, made, refusals = threading.Barrier(2), list[IssuedKey](), list[str]()

        def rotating(
            key_id: str = key_id, start: threading.Barrier = start, made: list[IssuedKey] = made,
            refusals: list[str] = refusals,
        ) -> None:  # fmt: skip
            start.wait()
            try:
                made.append(rotate(partnership, key_id))
            except RefusedError as error:
                refusals.append(error.refusal.code)

        thread = threading.Thread(target=rotating)
        thread.start()
        start.wait()
        revoke_key(admin, os.urandom, key_id=key_id, now=datetime.now(UTC))
        thread.join()
        assert (len(made), refusals) in ((1, []), (0, ["key_not_known"]))
        kinds = [bodies(partnership, kind) for kind in ("key_rotated", "key_revoked")]
        assert [told["replaces"] for told in kinds[0]].count(key_id) == len(made)
        assert calls(partnership, key) == 401


def test_the_list_says_how_each_key_stands(partnership: Partnership) -> None:
    """Good, expired or revoked; of one agency or of all; and of no key what opens it."""
    expired, _ = partnership.issue("hv", lifetime=timedelta(seconds=-1))
    revoked, _ = partnership.issue("csc")
    revoke_key(partnership.engine("ledger_admin"), os.urandom, key_id=revoked, now=datetime.now(UTC))
    with partnership.acting("ledger_admin") as connection:
        every = list_keys(connection, datetime.now(UTC))
        ours = list_keys(connection, datetime.now(UTC), "hv")
    standings = {one.key_id: one.standing for one in every}
    assert (standings[expired], standings[revoked]) == ("expired", "revoked")
    assert standings[partnership.key_ids["hv"]] == "good"
    assert {one.agency for one in ours} == {"hv"}
    assert len(ours) == 2
    assert not any(hasattr(one, name) for one in every for name in ("secret_sha256", "text"))
