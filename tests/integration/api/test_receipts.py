import base64
import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from ledger.domain.log.checkpoint import Checkpoint, cosignature_blob, cosigned_message, parse_checkpoint
from ledger.domain.log.merkle import verify_consistency
from ledger.domain.log.note import COSIGNATURE, key_id, parse_note, parse_vkey, signature_line, vkey_of
from ledger.domain.log.policy import Policy
from ledger.domain.log.proof import parse_proof
from ledger.domain.role import Role
from ledger.store.log import newest
from tests.integration.api.asking import ASKED
from tests.integration.api.scene import BOSS, Scene
from tests.partnership import ORIGIN, RECEIPT_SEED, Partnership, refused, stored
from tests.sealing_log import LOG_VKEY, seal
from tests.tlog_client import check_proof, opened

PUBLIC = Ed25519PrivateKey.from_private_bytes(RECEIPT_SEED).public_key().public_bytes_raw()
RECEIPT_VKEY = vkey_of(f"{ORIGIN}/receipts", PUBLIC)
#: Of whom it is asked by a person's session: in which role.
BY_PEOPLE = {
    "family.post_subject_access": Role.RECORDS_OFFICER,
    "family.post_notice": Role.RECORDS_OFFICER,
    "children.post_rectification-outcomes": Role.RECORDS_OFFICER,
    "administration.post_revocation": Role.ADMINISTRATOR,
    "administration.post_sign_out": Role.ADMINISTRATOR,
    **dict.fromkeys((one for one in ASKED if one.startswith("agency.post_")), Role.MANAGER),
}
#: A subject access that is looked at first, and records nothing.
#: What these record stands in the partnership's record, and is answered with what there is now.
RECORDS_NOTHING = {"family.post_review", "webhooks.post_webhook", "webhooks.post_rotation", "webhooks.post_trial"}
WITNESS = Ed25519PrivateKey.from_private_bytes(bytes(range(64, 96)))
WITNESS_KEY = WITNESS.public_key().public_bytes_raw()


def envelope_of(answer: dict[str, Any]) -> bytes:
    """The envelope of a receipt, once its signature is verified by C2SP's words."""
    origin, envelope = opened(answer["receipt"], RECEIPT_VKEY)
    assert origin == f"{ORIGIN}/receipts"
    return envelope.encode()


def check(answer: dict[str, Any]) -> None:
    """That a receipt is of the very entry that the answer tells of."""
    envelope = envelope_of(answer)
    assert hashlib.sha256(b"\x00" + envelope).hexdigest() == answer["hash"]
    said = json.loads(envelope)
    assert (said["number"], said["recorded_at"]) == (answer["number"], answer["recorded_at"])
    assert len(bytes.fromhex(answer["salt"])) == 32


def check_content(answer: dict[str, Any], kind: str, agency: str, body: dict[str, Any]) -> None:
    """That with the salt, and what was sent, the commitment is met: no more is needed to show it."""
    content = rfc8785.dumps({"kind": kind, "agency": agency, "event_id": body["event_id"], "body": body})
    committed = hashlib.sha256(bytes.fromhex(answer["salt"]) + content).hexdigest()
    assert json.loads(envelope_of(answer))["commitment"] == committed


def test_what_was_sent_is_receipted(partnership: Partnership) -> None:
    """Signature, envelope, salt and the body as sent go together; copies in siblings' records each have theirs."""
    record_id, sibling = partnership.child(), partnership.child()
    body = partnership.observation(record_id, also=[{"id": sibling}], narrative="Ünïcode, “quoted”.")
    answer = stored(partnership.post("/observations", body))
    for one in (answer, *answer["also"]):
        check(one)
        check_content(one, "observation", "hv", body)
    assert len({answer["salt"], answer["also"][0]["salt"]}) == 2


def test_a_retry_gets_the_same_receipt(partnership: Partnership) -> None:
    """Sent again, singly or in a batch, the answer is the same bytes; of a batch each good item has its own."""
    record_id = partnership.child()
    one, other = partnership.observation(record_id), partnership.observation(record_id)
    first = partnership.post("/observations", one)
    assert partnership.post("/observations", one).data == first.data
    answers = [stored(partnership.post("/observations/batch", [one, other, {}]))["results"] for _ in range(2)]
    for item in answers[0][:2]:
        check(item)
    assert "receipt" not in answers[0][2]
    kept = [[(item["receipt"], item["salt"]) for item in results[:2]] for results in answers]
    assert kept[0] == kept[1]
    assert kept[0][0] == (first.get_json()["receipt"], first.get_json()["salt"])


def test_every_route_that_records_gives_one(partnership: Partnership) -> None:
    """Whatever is posted and stored is answered with a receipt of that entry, by systems and by people."""
    scene = Scene(partnership, "csc", ("caller",), is_involved=True)
    partnership.person("csc", "caller", Role.PRACTITIONER)
    partnership.person("csc", BOSS, Role.MANAGER)
    sessions = {
        role: partnership.session(partnership.person("csc", f"p-{role}", role)) for role in {*BY_PEOPLE.values()}
    }
    assert scene.linked, "two are linked once, and what is taken back must be there"
    seen = set()
    for endpoint, ask in ASKED.items():
        if ask.method != "POST" or endpoint.startswith("web.") or endpoint in RECORDS_NOTHING:
            continue
        parts = ask.parts(scene) if ask.parts else {}
        sent = {"json": ask.body(scene)} if ask.body else {}
        path = ask.path(scene)
        if endpoint in BY_PEOPLE:
            answer = partnership.send_as(sessions[BY_PEOPLE[endpoint]], "POST", path, **sent, **parts)
        else:
            answer = partnership.post(path.removeprefix("/api/v1"), sent.get("json"), "csc", **parts)
        if answer.status_code not in {200, 201} or not answer.is_json:
            continue  # a body that is right at another state of the record; a file that is taken away
        told = answer.get_json()
        (told,) = told["results"] if endpoint == "observations.post_batch" else [told.get("disclosure", told)]
        check(told)
        seen.add(endpoint)
    assert len(seen) > 30, sorted(seen)
    assert {"alerts.post_outcome", "attachments.post_attachment", "children.post_child", *BY_PEOPLE} <= seen | {
        "children.post_rectification-outcomes"
    }


def test_of_what_was_erased_the_receipt_stays(partnership: Partnership) -> None:
    """A retry is refused with 410; what was promised is still told and still proven, and the salt is gone."""
    record_id = partnership.child()
    body = partnership.observation(record_id)
    entry = stored(partnership.post("/observations", body))
    partnership.erase(record_id, entry["number"])
    seal(partnership)
    refused(partnership.post("/observations", body), 410, "erased")
    answer = stored(partnership.get(f"/receipts/{entry['id']}"))
    assert (answer["receipt"], answer["sealed"]) == (entry["receipt"], True)
    assert "salt" not in answer
    check_proof(answer["proof"], envelope_of(answer), LOG_VKEY)


def test_the_proof_comes_once_it_is_sealed(partnership: Partnership) -> None:
    """Until then the answer says when to ask again; then the proof holds by the standards alone, the same for ever."""
    record_id = partnership.child()
    entry = stored(partnership.post("/observations", partnership.observation(record_id)))
    address = f"/receipts/{entry['id']}"
    waiting = partnership.get(address)
    assert waiting.headers["Retry-After"] == "1"
    told = {"entry": entry["id"], "receipt": entry["receipt"], "salt": entry["salt"]}
    assert waiting.get_json() == {**told, "sealed": False}
    seal(partnership)
    sealed = partnership.get(address)
    answer = stored(sealed)
    assert "Retry-After" not in sealed.headers
    assert {name: answer[name] for name in told} == told
    assert (answer["sealed"], answer["witnessed"]) == (True, False)
    assert check_proof(answer["proof"], envelope_of(answer), LOG_VKEY) == (answer["index"], answer["log_size"])
    stored(partnership.post("/observations", partnership.observation(record_id)))
    seal(partnership)
    assert partnership.get(address).data == sealed.data


def test_receipts_are_for_the_author_alone(partnership: Partnership) -> None:
    """Whoever did not send an entry is told as if there were none, involved or not, and whatever it is they name."""
    record_id = partnership.child(involve=["csc"])
    entry = stored(partnership.post("/observations", partnership.observation(record_id)))
    seal(partnership)
    nothing = partnership.get(f"/receipts/{'a' * 26}.1", "csc")
    for agency in ("csc", "police"):
        answer = partnership.get(f"/receipts/{entry['id']}", agency)
        refused(answer, 404, "not_found")
        assert answer.data == nothing.data
    refused(partnership.get("/receipts/nothing", "csc"), 404, "not_found")
    refused(partnership.get(f"/receipts/{entry['id']}", None), 401)
    refused(partnership.get(f"/receipts/{entry['id']}", key=partnership.issue("hv", scopes=["read"])[1]), 403)


def cosign(partnership: Partnership) -> Checkpoint:
    """Have the newest checkpoint cosigned, as a witness of the tests would."""
    now = datetime.now(UTC)
    with partnership.engine("ledger_sealer").begin() as connection:
        shown = newest(connection, "entries")
        assert shown is not None
        said, at = parse_note(shown.note_with_cosignatures).text, int(now.timestamp())
        blob = cosignature_blob(at, WITNESS.sign(cosigned_message(at, said)))
        line = signature_line("witness.example", key_id("witness.example", COSIGNATURE, WITNESS_KEY), blob)
        connection.execute(
            text("INSERT INTO ledger.cosignatures VALUES ('entries', :size, 'witness.example', :line, :now)"),
            {"size": shown.size, "line": line, "now": now},
        )
    return parse_checkpoint(said)


def test_under_a_policy_nothing_counts_before_its_witnesses(partnership: Partnership) -> None:
    """Sealed is what they cosigned; brackets then tell between which cosignatures an entry came, and prove it."""
    witness = parse_vkey(vkey_of("witness.example", WITNESS_KEY, COSIGNATURE))
    policy = Policy(witnesses={"witness": (witness, None)}, quorum="witness")
    partnership.context = replace(partnership.context, log_policy=policy)
    record_id = partnership.child()
    client = partnership.app.test_client()
    seal(partnership)
    assert client.get("/log/checkpoint").status_code == 404
    before = cosign(partnership)
    assert opened(client.get("/log/checkpoint").text, LOG_VKEY)[1] == str(before.size)
    entry = stored(partnership.post("/observations", partnership.observation(record_id)))
    seal(partnership)
    assert stored(partnership.get(f"/receipts/{entry['id']}"))["sealed"] is False
    after = cosign(partnership)
    answer = stored(partnership.get(f"/receipts/{entry['id']}"))
    assert (answer["sealed"], answer["witnessed"], answer["log_size"]) == (True, True, after.size)
    check_proof(answer["proof"], envelope_of(answer), LOG_VKEY)
    assert len(parse_note(parse_proof(answer["proof"]).checkpoint).signatures) == 2
    bracket = answer["brackets"]["after"]
    assert bracket["log_size"] == before.size <= answer["index"]
    assert bracket["cosigned_at"] <= entry["recorded_at"] <= answer["brackets"]["by"]
    assert opened(bracket["checkpoint"], LOG_VKEY)[1] == str(before.size)
    consistency = [base64.b64decode(one) for one in bracket["consistency"]]
    assert verify_consistency(before.size, after.size, before.root, after.root, consistency)
