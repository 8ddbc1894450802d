import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ledger.api.schemas.bodies import BodySchema
from ledger.api.schemas.kinds import OF_A_CHILD
from ledger.api.schemas.outcomes import AcknowledgementSchema, AlertActionSchema, AlertSnoozeSchema
from tests.integration.docs.conftest import Served
from tests.markdown import ROOT, Block, blocks, section
from tests.partnership import Partnership, stored

AGENCIES = (ROOT / "docs" / "guides" / "agencies.md").read_text()
OFFICERS = (ROOT / "docs" / "guides" / "records-officers.md").read_text()
DECIDING = (ROOT / "docs" / "guides" / "deciding.md").read_text()
AUDITORS = (ROOT / "docs" / "guides" / "auditors.md").read_text()
#: How the guide writes the pseudonym of the record that its examples are about.
PSEUDONYM = "kq4xw2nzdv7mjz3y5tbc6hpafe"
POST = re.compile(r"`POST (/[\w/{}-]+)`")


@pytest.mark.skipif(shutil.which("curl") is None, reason="the README's request is made with curl")
def test_the_first_request_ends_in_the_alert(served: Served) -> None:
    """What the README tells a newcomer to type, typed as it stands, gives the alert that it promises."""
    text = section((ROOT / "README.md").read_text(), "The first request")
    commands = "".join(block.text for block in blocks(text) if block.language == "sh")
    assert commands.count("http://127.0.0.1:8080") == 1
    commands = commands.replace("http://127.0.0.1:8080", served.address)
    commands = commands.replace(".venv/bin/ledger", f"{sys.executable} -m ledger")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=ROOT, env=served.env, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout, done.stderr)
    (alert,) = json.loads(done.stdout.splitlines()[-1])["alerts"]
    promised = re.search(r"\*(The mother .+?)\*", text)
    assert promised is not None
    # The page names the demonstration's agencies; those of the tests go by shorter names.
    expected = promised[1].replace("Children's social care", "CSC").replace("Health visiting", "HV")
    assert alert["finding"]["headline"] == expected
    assert alert["to"] == {"agency": "hv", "person": "hv1"}


def test_every_body_of_the_guide_is_stored(partnership: Partnership) -> None:
    """Each example of the agencies' guide is taken in as it stands, in the order of the page, by one agency.

    What another agency, or a person, would send is of the form that is taken.
    """
    record_id = pseudonym = ""
    examples = [block for block in blocks(AGENCIES) if block.language == "json"]
    assert len(examples) == 49
    for block in examples:
        path = _path(block).replace("{id}", record_id)
        if not str(_body(block, "")["event_id"]).startswith("hv-"):
            schema = OF_A_CHILD[path.rpartition("/")[2]][1]
            assert schema(pack=partnership.context.pack).refusal(_body(block, "a" * 26)) is None, block.text
            continue
        answer = stored(partnership.post(path, _body(block, pseudonym), "hv"))
        if not record_id:
            record_id, pseudonym = answer["child"], answer["id"].partition(".")[0]
        again = partnership.post(path, _body(block, pseudonym), "hv")
        assert again.status_code == 200
        assert again.get_json() == answer


def test_every_body_of_the_officers_guide_is_taken() -> None:
    """Each example of the records officers' guide is of the form of the route that is named before it."""
    examples = [block for block in blocks(section(OFFICERS, "How long a record is kept")) if block.language == "json"]
    examples += [block for block in blocks(section(OFFICERS, "Holds")) if block.language == "json"]
    examples += [block for block in blocks(section(OFFICERS, "Erasure by order")) if block.language == "json"]
    assert len(examples) == 5
    for block in examples:
        schema = OF_A_CHILD[_path(block).rpartition("/")[2]][1]
        assert schema().refusal(_body(block, "a" * 26)) is None, block.text


def test_every_body_of_the_guide_to_deciding_is_taken(partnership: Partnership) -> None:
    """Its decision is recorded as it stands, and its override is of the form of the route that is named before it."""
    decided, overridden = (block for block in blocks(DECIDING) if block.language == "json")
    record_id = partnership.child(involve=["csc"])
    path = _path(decided).replace("{id}", record_id)
    assert stored(partnership.post(path, _body(decided, ""), "csc"))["decision"] is not None
    schema = OF_A_CHILD[_path(overridden).rpartition("/")[2]][1]
    assert schema().refusal(_body(overridden, "a" * 26)) is None


@pytest.mark.parametrize(
    ("what", "schema"),
    [("acknowledgements", AcknowledgementSchema), ("actions", AlertActionSchema), ("snoozes", AlertSnoozeSchema)],
)
def test_what_the_guide_does_about_an_alert_is_right(what: str, schema: type[BodySchema]) -> None:
    """The bodies with which the guide takes an alert on, acts on it and puts it off are such as would be taken."""
    sent = re.search(rf"alerts/{{id}}/{what}` with\s+`(\{{.+?\}})`", AGENCIES)
    assert sent is not None
    assert schema().refusal(json.loads(sent[1])) is None


def test_the_auditors_script_verifies_and_finds_what_was_altered(
    partnership: Partnership, superuser_url: str, tmp_path: Path
) -> None:
    """The script on the page passes a whole record, and names the entry after which a rewritten one breaks."""
    record_id = partnership.child()
    for _ in range(3):
        stored(partnership.post("/observations", partnership.observation(record_id), "hv"))
    (text,) = (block.text for block in blocks(AUDITORS) if block.language == "python")
    script = tmp_path / "verify.py"
    script.write_text(text)
    whole = _run(script, record_id, partnership.database_url)
    last = partnership.get(f"/entries?child={record_id}", "hv").get_json()["entries"]
    newest = max(last, key=lambda entry: entry["number"])
    assert whole.stdout == f"4 entries in one chain; the last has hash {newest['hash']}\n", whole.stderr
    _alter(superuser_url, "entries", "envelope", record_id)
    assert "entry 3: it does not follow" in _run(script, record_id, partnership.database_url).stderr


def test_the_auditors_script_finds_altered_content(
    partnership: Partnership, superuser_url: str, tmp_path: Path
) -> None:
    """Content that was changed behind the ledger's back no longer meets its commitment."""
    record_id = partnership.child()
    stored(partnership.post("/observations", partnership.observation(record_id), "hv"))
    (text,) = (block.text for block in blocks(AUDITORS) if block.language == "python")
    script = tmp_path / "verify.py"
    script.write_text(text)
    _alter(superuser_url, "contents", "content", record_id)
    assert "entry 2: the content is not" in _run(script, record_id, partnership.database_url).stderr


def _path(block: Block) -> str:
    found = POST.search(block.before)
    assert found, f"which address is this for? {block.text}"
    return found[1]


def _body(block: Block, pseudonym: str) -> Any:
    return json.loads(block.text.replace(PSEUDONYM, pseudonym))


def _run(script: Path, record_id: str, database_url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(script), record_id],
        env={**os.environ, "AUDITOR_DATABASE_URL": database_url}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def _alter(superuser_url: str, table: str, column: str, record_id: str) -> None:
    """Flip one bit of entry 2's stored bytes, as only somebody above the ledger's roles could."""
    with psycopg.connect(superuser_url) as connection:
        connection.execute(f"ALTER TABLE ledger.{table} DISABLE TRIGGER ALL".encode())
        connection.execute(
            f"UPDATE ledger.{table} SET {column} = set_byte({column}, length({column}) - 3,"
            f" get_byte({column}, length({column}) - 3) # 1) WHERE record_id = %s AND number = 2".encode(),
            [record_id],
        )
