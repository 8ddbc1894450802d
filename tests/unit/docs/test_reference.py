import json
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from marshmallow import validate

from ledger.api import limits
from ledger.api.entries import PageSchema
from ledger.api.problems import CODES
from ledger.api.schemas.kinds import OF_A_CHILD
from ledger.domain.agency import AGENCY
from ledger.domain.alert import MOVES
from ledger.domain.dead_pattern import meaning_faults
from ledger.domain.edtf import EdtfError, parse
from ledger.domain.pack_form import ATTRIBUTE, EXAMPLE, RULE, TOPIC
from ledger.domain.pattern_form import PATTERN, pattern_faults
from ledger.domain.shape import conform
from ledger.domain.weight import WEIGHTS
from ledger.domain.worked_example import check_examples
from ledger.services import read_alerts, read_timeline
from ledger.services.authenticate import ALL_SCOPES
from ledger.services.load_pack import load_pack
from ledger.services.read_yaml import read_yaml
from tests.markdown import ROOT, blocks, rows, section

AGENCIES = (ROOT / "docs" / "guides" / "agencies.md").read_text()
OFFICERS = (ROOT / "docs" / "guides" / "records-officers.md").read_text()
DECIDING = (ROOT / "docs" / "guides" / "deciding.md").read_text()
OPERATING = (ROOT / "docs" / "guides" / "operating.md").read_text()
RULE_PACKS = (ROOT / "docs" / "rule-packs.md").read_text()
SETTING = re.compile(r"\b(DATABASE_URL|REDIS_URL|LEDGER_[A-Z_]*[A-Z])\b")


def test_the_description_is_the_applications() -> None:
    """docs/api/openapi.json is what the program serves; `make openapi` writes it anew."""
    done = subprocess.run(
        [sys.executable, "-c", "import refresh_openapi, sys; sys.stdout.write(refresh_openapi.describe())"],
        cwd=ROOT / "docs" / "maintaining", capture_output=True, text=True, check=True,
        env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert json.loads(done.stdout) == json.loads((ROOT / "docs" / "api" / "openapi.json").read_text())


def test_every_setting_is_told() -> None:
    """The operator's table has every variable that the program reads, and none that it does not."""
    told = {row[0].strip("`") for row in rows(section(OPERATING, "Settings"))}
    files = [ROOT / "bootstrap.py", ROOT / "tests" / "sizes.py"]
    for folder in ("config", "ledger", "workers"):
        files += sorted((ROOT / folder).rglob("*.py"))
    quoted = re.compile(rf'"{SETTING.pattern[2:-2]}"')
    read = {name for path in files for name in quoted.findall(path.read_text())}
    assert told == read


def test_every_refusal_is_told() -> None:
    """The agencies' table has every code with its status."""
    told = {row[0].strip("`"): int(row[1]) for row in rows(section(AGENCIES, "When it is refused"))}
    assert told == {name: code.status for name, code in CODES.items()}


def test_every_scope_is_told() -> None:
    """The agencies' table has every scope of a key."""
    assert {row[0].strip("`") for row in rows(section(AGENCIES, "Keys"))} == set(ALL_SCOPES)


def test_the_limits_are_the_programs() -> None:
    """The agencies' table gives the numbers that are enforced."""
    told = [row[1] for row in rows(section(AGENCIES, "Limits"))]
    page_limit = PageSchema().fields["limit"].validate
    assert isinstance(page_limit, validate.Range)
    numbers = [
        [limits.BODY_BYTES_MAX],
        [limits.BATCH_BYTES_MAX, limits.BATCH_ITEMS_MAX],
        [limits.DEPTH_MAX],
        [limits.NARRATIVE_CHARS_MAX],
        [limits.TEXT_CHARS_MAX],
        [limits.NAME_CHARS_MAX, limits.ROLE_CHARS_MAX],
        [limits.CLAIMS_MAX, limits.PEOPLE_MAX, limits.ALSO_MAX],
        [limits.RELIES_ON_MAX],
        [limits.LINKED_MAX],
        [limits.ERRORS_MAX],
        [page_limit.max, read_alerts.LIMIT_MAX, read_timeline.LIMIT_MAX],
    ]
    assert [[int(number.replace(",", "")) for number in re.findall(r"[\d,]*\d", row)] for row in told] == numbers
    assert limits.TEXT_CHARS_MAX == limits.REASON_CHARS_MAX


def test_every_body_has_an_example() -> None:
    """Each collection of a record is in the guide of those who send it, with a body."""
    shown = {
        path
        for block in (*blocks(AGENCIES), *blocks(OFFICERS), *blocks(DECIDING))
        for path in re.findall(r"`POST /children/\{id\}/([\w-]+)`", block.before)
    }
    assert shown == {*OF_A_CHILD, "attachments"}


def test_dates_are_read_as_told() -> None:
    """Every form of the table is read, and every form called refused is refused."""
    dates = section(AGENCIES, "Dates")
    forms = [form for row in rows(dates) for form in re.findall(r"`([^`?%]{4,})`", row[0])]
    assert len(forms) >= 8
    for form in forms:
        parse(form)
    refused = re.findall(r"`([^`]{4,})`", dates.partition("Refused")[2])
    assert len(refused) >= 5
    for form in refused:
        with pytest.raises(EdtfError):
            parse(form)


KEYS_TOLD: list[tuple[str, Iterable[str]]] = [
    ("Keys of an attribute", ATTRIBUTE.fields),
    ("Keys of a topic", TOPIC.fields),
    ("Keys of a sort of agency", AGENCY.fields),
    ("Keys of a rule", RULE),
    ("Patterns", PATTERN.fields),
    ("Examples", EXAMPLE.fields),
]


@pytest.mark.parametrize(("heading", "keys"), KEYS_TOLD, ids=[heading for heading, _ in KEYS_TOLD])
def test_every_key_of_a_pack_is_told(heading: str, keys: Iterable[str]) -> None:
    """The page on rule packs has every key of each part of a pack."""
    told = {key for row in rows(section(RULE_PACKS, heading)) for key in re.findall(r"`(\w+)`", row[0])}
    assert told == {*keys}


def test_the_examples_of_packs_hold(tmp_path: Path) -> None:
    """The packs on the page load, one over the other, and find what their examples say."""
    whole, layer = (block.text for block in blocks(RULE_PACKS) if block.language == "yaml")
    for name, text in (("example", whole), ("wessex", layer)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pack.yaml").write_text(text)
        assert check_examples(load_pack(tmp_path / name)) == []
    pack = load_pack(tmp_path / "wessex")
    assert f"`{pack.version}`" in RULE_PACKS
    assert (pack.severity["pending"], [*pack.switched_off]) == (2, ["no_contact_order_breached"])
    assert pack.agency_kind("the Harbour Team") == "childrens_social_care"


def test_the_patterns_of_the_page_are_patterns() -> None:
    """Each pattern that is shown conforms to the form of patterns, and says something that could be."""
    shown = [line.strip() for line in section(RULE_PACKS, "Patterns").splitlines() if line.startswith("    {")]
    assert len(shown) >= 4
    vocabulary = {"visit_outcome": {"about": "anyone", "type": "text"}}
    vocabulary["injury"] = {"about": "anyone", "type": "text", "thing": "required"}
    for line in shown:
        written, faults = conform(read_yaml(line).content, PATTERN)
        assert (faults, isinstance(written, dict)) == ([], True)
        assert isinstance(written, dict)
        assert [*pattern_faults((), written, vocabulary), *meaning_faults(written, vocabulary)] == []


def test_the_weights_are_as_told() -> None:
    """The page names every circumstance that weighs."""
    told = set(re.findall(r"`(\w+)", section(RULE_PACKS, "Severity")))
    assert told - {"severity", "pack"} == set(WEIGHTS)


def test_the_references_of_the_packs_are_fresh() -> None:
    """docs/vocabulary.md and the families on the page are what `make vocabulary` writes."""
    done = subprocess.run(
        [sys.executable, "-c", PAGES], cwd=ROOT / "docs" / "maintaining", capture_output=True, text=True, check=True,
        env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    pages = json.loads(done.stdout)
    assert len(pages) == 2
    assert [path for path, text in pages.items() if Path(path).read_text() != text] == []


def test_the_page_of_roles_is_the_tables() -> None:
    """docs/roles.md is what `make roles` writes from the tables that the program asks."""
    done = subprocess.run(
        [sys.executable, "-c", "import refresh_roles, sys; sys.stdout.write(refresh_roles.page())"],
        cwd=ROOT / "docs" / "maintaining", capture_output=True, text=True, check=True,
        env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.stdout == (ROOT / "docs" / "roles.md").read_text()


def test_the_drawing_of_an_alert_is_the_table_of_moves() -> None:
    """The picture is what `make drawing` draws, and its arrows are all the moves that change a state."""
    done = subprocess.run(
        [sys.executable, "-c", DRAWING],
        cwd=ROOT / "docs" / "maintaining", capture_output=True, text=True, check=True,
        env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    drawn = json.loads(done.stdout)
    assert drawn["picture"] == (ROOT / "docs" / "images" / "alert-life.svg").read_text()
    moves = {(str(state), kind, str(to)) for (state, kind), to in MOVES.items() if to is not state}
    assert {tuple(move) for move in drawn["moves"]} == moves


DRAWING = """
import json, draw_alert
moves = sorted({tuple(map(str, move)) for arrow in draw_alert.ARROWS for move in arrow.moves})
print(json.dumps({"picture": draw_alert.picture(), "moves": moves}))"""
PAGES = "import refresh_vocabulary, json; print(json.dumps({str(p): t for p, t in refresh_vocabulary.pages().items()}))"
