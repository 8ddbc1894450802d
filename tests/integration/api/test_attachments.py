import hashlib
import json
from typing import Any

import pytest
from sqlalchemy import text

from ledger.domain.role import Role
from tests.attaching import LETTER, POLICY, entry_of, form, photograph, pointers, send, set_policy
from tests.partnership import Partnership, stored
from tests.picture_files import LOCATED, WHOLE

HIDDEN = {"marking": "restricted", "to": [], "lawful_basis": "public task"}


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A child of hv's with whom csc is involved, and police are not."""
    return partnership.child(involve=["csc"])


def looks(partnership: Partnership, child: str) -> list[tuple[str, int]]:
    """Who opened attachments of a child, and up to which entry they saw, in order."""
    with partnership.acting("ledger_auditor", "auditor") as connection:
        query = text(
            "SELECT agency_id, up_to_number FROM ledger.access_records "
            "WHERE record_id = :record AND what = 'attachment' ORDER BY real_at"
        )
        return [(row[0], row[1]) for row in connection.execute(query, {"record": child})]


def test_a_file_comes_back_as_it_was_sent(partnership: Partnership, child: str) -> None:
    """Whoever may see the entry gets the very bytes, to be saved and never shown as a page, and is recorded first."""
    answer = stored(send(partnership, child, entry_of("a-1")))
    for agency in ("hv", "csc"):
        with partnership.get(f"/attachments/{answer['id']}", agency) as got:
            assert (got.status_code, got.data, got.mimetype) == (200, LETTER, "text/plain")
            assert got.headers["Content-Disposition"] == f'attachment; filename="{answer["id"]}.txt"'
            assert got.headers["X-Content-Type-Options"] == "nosniff"
            assert got.headers["Cache-Control"] == "no-store"
            assert "sandbox" in got.headers["Content-Security-Policy"]
    assert looks(partnership, child) == [("hv", answer["number"]), ("csc", answer["number"])]


@pytest.mark.parametrize("media_type", WHOLE)
def test_every_kind_is_kept_as_its_own(partnership: Partnership, child: str, media_type: str) -> None:
    """Each kind that is taken is stored and handed out under its own media type."""
    data = WHOLE[media_type]
    answer = stored(send(partnership, child, entry_of("a-1", data, media_type=media_type), data))
    with partnership.get(f"/attachments/{answer['id']}") as got:
        assert (got.data, got.mimetype) == (data, media_type)


def test_the_entry_commits_to_the_bytes(partnership: Partnership, child: str) -> None:
    """The body is stored exactly as sent, and it holds the hash of what is handed out."""
    entry = entry_of("a-1")
    answer = stored(send(partnership, child, entry))
    body = partnership.get(f"/entries/{answer['id']}").get_json()["body"]
    assert body == entry
    with partnership.get(f"/attachments/{answer['id']}") as got:
        assert hashlib.sha256(got.data).hexdigest() == body["sha256"]


def test_sending_again_is_safe(partnership: Partnership, child: str) -> None:
    """The same again answers 200 with the same; other bytes under the id are refused; nothing is stored twice."""
    first = stored(send(partnership, child, entry_of("a-1")))
    again = send(partnership, child, entry_of("a-1"))
    assert (again.status_code, again.get_json()) == (200, first)
    other = b"Another letter."
    assert send(partnership, child, entry_of("a-1", other), other).get_json()["code"] == "event_id_reused"
    assert pointers(send(partnership, child, entry_of("a-1"), other)) == [("/size", "attachment_differs")]
    with partnership.acting("ledger_auditor", "auditor") as connection:
        assert connection.scalar(text("SELECT count(*) FROM ledger.attachment_bytes")) == 1


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"sha256": None}, [("/sha256", "required")]),
        ({"size": None, "media_type": None}, [("/media_type", "required"), ("/size", "required")]),
        ({"authority": None, "taken_by": None}, [("/authority", "required"), ("/taken_by", "required")]),
        ({"sha256": "0" * 64}, [("/sha256", "attachment_differs")]),
        ({"sha256": "AB" * 32}, [("/sha256", "sha256")]),
        ({"size": 3}, [("/size", "attachment_differs")]),
        ({"size": 3.5}, [("/size", "size")]),
        ({"media_type": "image/png"}, [("/media_type", "media_type_differs")]),
        ({"media_type": "image/svg+xml"}, [("/media_type", "not_in_list")]),
        ({"taken_at": "2099-01-01"}, [("/taken_at", "observed_in_future")]),
        ({"location_kept": False}, [("/location_kept", "true")]),
        ({"location_kept": True}, [("/location_kept", "no_location_kept")]),
        ({"filename": "x.txt"}, [("/filename", "unknown_field")]),
        ({"of": "kq4xw2nzdv7mjz3y5tbc6hpafe.3"}, [("/of", "entry_not_yours")]),
    ],
)
def test_what_is_wrong_is_named(
    partnership: Partnership, child: str, changes: dict[str, Any], refused: list[tuple[str, str]]
) -> None:
    """Each failing field is named by its pointer, and nothing is stored."""
    before = partnership.rows()
    answer = send(partnership, child, entry_of("a-1", **changes))
    assert (answer.status_code, sorted(pointers(answer))) == (422, refused)
    assert partnership.rows() == before


def test_a_page_or_a_program_is_refused(partnership: Partnership, child: str) -> None:
    """Whatever it is called, SVG is refused in words that say what to send instead."""
    data = b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>"
    answer = send(partnership, child, entry_of("a-1", data), data)
    assert pointers(answer) == [("/media_type", "media_type_not_taken")]
    assert "PDF" in answer.get_json()["detail"]


def test_a_photograph_names_the_policy_in_force(partnership: Partnership, child: str) -> None:
    """Without a policy none is stored; then only by the current one, which the refusal names; retries stay answered."""
    data = WHOLE["image/jpeg"]
    missing = send(partnership, child, photograph("p-0", photograph_policy=None), data)
    assert pointers(missing) == [("/photograph_policy", "policy_needed")]
    none_yet = send(partnership, child, photograph("p-1"), data)
    assert pointers(none_yet) == [("/photograph_policy", "photograph_policy_differs")]
    assert set_policy(partnership)
    assert not set_policy(partnership)
    first = stored(send(partnership, child, photograph("p-1"), data))
    assert set_policy(partnership, "PHOTO-2025-1")
    older = send(partnership, child, photograph("p-2"), data)
    assert pointers(older) == [("/photograph_policy", "photograph_policy_differs")]
    assert "PHOTO-2025-1" in older.get_json()["detail"]
    assert POLICY not in older.get_data(as_text=True)
    again = send(partnership, child, photograph("p-1"), data)
    assert (again.status_code, again.get_json()) == (200, first)
    others = send(partnership, child, photograph("p-3", photograph_policy="PHOTO-2025-1"), data, "csc")
    assert pointers(others) == [("/photograph_policy", "photograph_policy_differs")], "another agency's is none"
    with partnership.acting("ledger_admin", "ledger") as connection:
        kinds = connection.scalars(
            text("SELECT kind FROM ledger.contents WHERE record_id = :record"),
            {"record": partnership.partnership_record},
        ).all()
    assert kinds.count("photograph_policy_set") == 2


@pytest.mark.parametrize("name", ["jpeg", "png", "webp", "heic", "pdf with a jpeg in it"])
def test_a_place_in_a_picture_is_refused_unless_it_is_meant(partnership: Partnership, child: str, name: str) -> None:
    """Coordinates in a file can betray a refuge: it is refused with the way out, or kept on purpose and warned of."""
    media_type, data = LOCATED[name]
    answer = send(partnership, child, entry_of("a-1", data, media_type=media_type), data)
    assert pointers(answer) == [("/location_kept", "photograph_has_location")]
    assert "location_kept: true" in answer.get_json()["detail"]
    kept = stored(send(partnership, child, entry_of("a-1", data, media_type=media_type, location_kept=True), data))
    assert [warning["code"] for warning in kept["warnings"]] == ["photograph_has_location"]
    seen = partnership.get(f"/children/{child}/timeline", "csc").get_json()["entries"][-1]
    assert [warning["code"] for warning in seen["warnings"]] == ["photograph_has_location"]


def test_what_is_withheld_is_not_there(partnership: Partnership, child: str) -> None:
    """The entry's marking decides over its bytes: whom it keeps out gets 404, the same as for what does not exist."""
    marked = stored(send(partnership, child, entry_of("a-1", sharing=HIDDEN)))
    missing = partnership.get("/attachments/kq4xw2nzdv7mjz3y5tbc6hpafe.3", "csc").get_json()
    for agency in ("csc", "police"):
        answer = partnership.get(f"/attachments/{marked['id']}", agency)
        assert (answer.status_code, answer.get_json()) == (404, missing)
    with partnership.get(f"/attachments/{marked['id']}") as own:
        assert own.status_code == 200
    assert [agency for agency, _ in looks(partnership, child)] == ["hv"]


def test_an_attachment_is_seen_no_further_than_what_it_belongs_to(partnership: Partnership, child: str) -> None:
    """A photograph of a restricted observation is restricted, though it says nothing of that itself."""
    observation = stored(partnership.post("/observations", partnership.observation(child, sharing=HIDDEN)))
    answer = stored(send(partnership, child, entry_of("a-1", of=observation["id"])))
    assert partnership.get(f"/attachments/{answer['id']}", "csc").status_code == 404


def test_it_belongs_to_ones_own_observation(partnership: Partnership, child: str) -> None:
    """Another agency's entry, or one that is no observation, is refused."""
    theirs = stored(partnership.post("/observations", partnership.observation(child), "csc"))
    assert pointers(send(partnership, child, entry_of("a-1", of=theirs["id"]))) == [("/of", "entry_not_yours")]
    letter = stored(send(partnership, child, entry_of("a-1")))
    assert pointers(send(partnership, child, entry_of("a-2", of=letter["id"]))) == [("/of", "entry_not_yours")]


def test_bytes_go_with_the_content(partnership: Partnership, child: str) -> None:
    """Erasing an entry's content erases its bytes: nobody gets them, not even their author, and the row is gone."""
    answer = stored(send(partnership, child, entry_of("a-1")))
    assert partnership.erase(child, answer["number"]) == 1
    for agency in ("hv", "csc"):
        assert partnership.get(f"/attachments/{answer['id']}", agency).status_code == 404
    with partnership.acting("ledger_auditor", "auditor") as connection:
        assert connection.scalar(text("SELECT count(*) FROM ledger.attachment_bytes")) == 0
    assert send(partnership, child, entry_of("a-1")).status_code == 410


@pytest.mark.parametrize("agency", ["hv", "csc"])
def test_other_entries_are_no_files(partnership: Partnership, child: str, agency: str) -> None:
    """An observation has no bytes, a made-up id is no entry: both are not there."""
    observation = stored(partnership.post("/observations", partnership.observation(child)))
    for entry_id in (observation["id"], "kq4xw2nzdv7mjz3y5tbc6hpafe.3", "nonsense", "../../etc/passwd"):
        assert partnership.get(f"/attachments/{entry_id}", agency).status_code == 404


def test_an_unknown_child_and_an_unknown_caller(partnership: Partnership, child: str) -> None:
    """Nothing is stored for a child that is not there, nor by whose key does not hold or lacks the scope."""
    assert send(partnership, "0" * 8 + "-0000-4000-8000-" + "0" * 12, entry_of("a-1")).status_code == 404
    assert send(partnership, child, entry_of("a-1"), key=partnership.keys["hv"][:-1] + "!").status_code == 401
    assert send(partnership, child, entry_of("a-1"), key=partnership.keys["hv"][:-3] + "abc").status_code == 401
    _, reading = partnership.issue("hv", scopes=["read"])
    assert send(partnership, child, entry_of("a-1"), key=reading).status_code == 403


def test_the_timeline_tells_of_it(partnership: Partnership, child: str) -> None:
    """Whoever may see it finds in the timeline what it is, by whom and by what leave, and the hash of its bytes."""
    entry = entry_of("a-1")
    answer = stored(send(partnership, child, entry))
    shown = partnership.get(f"/children/{child}/timeline", "csc").get_json()["entries"][-1]
    del entry["event_id"]  # what its sender calls it is theirs
    assert (shown["id"], shown["kind"], shown["body"]) == (answer["id"], "attachment", entry)


def test_a_later_marking_takes_it_back(partnership: Partnership, child: str) -> None:
    """A photograph that should not have been seen is hidden by marking its entry: from then on it is not there."""
    answer = stored(send(partnership, child, entry_of("a-1")))
    assert partnership.get(f"/attachments/{answer['id']}", "csc").status_code == 200
    sharing = {"marking": "restricted", "to": [], "lawful_basis": "public task"}
    body = {"event_id": "m-1", "of": answer["id"], "sharing": sharing, "reason": "The wrong child's."}
    stored(partnership.post(f"/children/{child}/markings", body))
    assert partnership.get(f"/attachments/{answer['id']}", "csc").status_code == 404
    with partnership.get(f"/attachments/{answer['id']}") as own:
        assert own.status_code == 200


def test_it_is_voided_by_its_author_and_stays(partnership: Partnership, child: str) -> None:
    """A void says that it was wrong, once and by its author alone; a correction has nothing to put right in a file."""
    answer = stored(send(partnership, child, entry_of("a-1")))
    void = {"voids": answer["id"], "reason": "Another child's."}
    theirs = partnership.post(f"/children/{child}/voids", void | {"event_id": "v-0"}, "csc")
    assert pointers(theirs) == [("/voids", "entry_not_yours")]
    stored(partnership.post(f"/children/{child}/voids", void | {"event_id": "v-1"}))
    assert partnership.post(f"/children/{child}/voids", void | {"event_id": "v-2"}).status_code == 409
    other = stored(send(partnership, child, entry_of("a-2")))
    told = {"observed": "2023-10-05", "statement": "fact", "narrative": "x"}
    correction = {"event_id": "k-1", "corrects": other["id"], "reason": "x", "observation": told}
    assert pointers(partnership.post(f"/children/{child}/corrections", correction)) == [
        ("/corrects", "entry_not_yours")
    ]
    shown = partnership.get(f"/children/{child}/timeline", "csc").get_json()["entries"]
    assert next(entry for entry in shown if entry["id"] == answer["id"])["withdrawn_by"]


def test_people_read_and_post_by_their_session(partnership: Partnership, child: str) -> None:
    """A practitioner posts and reads by session; an auditor reads all for a reason; an operator none."""
    hv17 = partnership.session(partnership.person("hv", "hv17", Role.PRACTITIONER))
    auditor = partnership.session(partnership.person("gp", "aud", Role.AUDITOR))
    operator = partnership.session(partnership.person("hv", "ops", Role.OPERATOR))
    sent = form(("entry", json.dumps(entry_of("a-1")).encode()), ("file", LETTER))
    answer = stored(partnership.send_as(hv17, "POST", f"/api/v1/children/{child}/attachments", **sent))
    address = f"/api/v1/attachments/{answer['id']}"
    for session, headers in ((hv17, {}), (auditor, {"Access-Purpose": "audit 7 of 2024"})):
        with partnership.send_as(session, "GET", address, headers=headers) as got:
            assert (got.status_code, got.data) == (200, LETTER)
    assert partnership.send_as(operator, "GET", address).status_code == 403
    assert partnership.send_as(auditor, "POST", f"/api/v1/children/{child}/attachments", **sent).status_code == 403
    assert [agency for agency, _ in looks(partnership, child)] == ["hv", "gp"]


def test_detection_passes_it_by(partnership: Partnership, child: str) -> None:
    """An attachment says nothing that is compared: what is found beside it is found all the same."""
    stored(send(partnership, child, entry_of("a-1")))
    alert = partnership.alert(child)
    assert alert["finding"]["headline"]
