"""docker-compose.yml, without a container engine: it fits its schema and starts what the process tests start.

data/compose-spec.json is the Compose Specification's own schema (github.com/compose-spec/compose-spec,
schema/compose-spec.json; Apache-2.0, see data/compose-spec.LICENSE), byte for byte as the npm package dclint 3.1.0
carries it; its digest is held below.
"""

import copy
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from ledger.cli.processes import PROCESS_COMMANDS

SCHEMA_SHA256 = "46b7d35f19dd93a05f8fea530291bf84d881c1791ec167ecf0e6fb94e639d496"
STORES = {"postgres", "redis"}


@pytest.fixture(scope="module")
def compose(root: Path) -> dict[str, Any]:
    """The file as Compose reads it, anchors and merges resolved."""
    loaded = YAML(typ="safe").load((root / "docker-compose.yml").read_text())
    plain = json.loads(json.dumps(loaded))
    assert isinstance(plain, dict)
    return plain


@pytest.fixture(scope="module")
def schema(root: Path) -> jsonschema.Draft7Validator:
    """The specification's schema, unaltered."""
    text = (root / "tests" / "structure" / "data" / "compose-spec.json").read_bytes()
    assert hashlib.sha256(text).hexdigest() == SCHEMA_SHA256
    return jsonschema.Draft7Validator(json.loads(text))


def test_it_fits_the_compose_schema(compose: dict[str, Any], schema: jsonschema.Draft7Validator) -> None:
    """Every key and value is one that the Compose Specification knows."""
    assert [f"{error.json_path}: {error.message}" for error in schema.iter_errors(compose)] == []


def test_the_schema_would_notice(compose: dict[str, Any], schema: jsonschema.Draft7Validator) -> None:
    """The check above is no formality: a misspelt key of a service fails it."""
    wrong = copy.deepcopy(compose)
    wrong["services"]["web"]["comand"] = ["ledger", "web"]
    assert not schema.is_valid(wrong)


def test_its_commands_are_the_ledgers(compose: dict[str, Any]) -> None:
    """Each process of the ledger is a service, started by the very words that tests and `ledger up` use."""
    ours = {name: service for name, service in compose["services"].items() if name not in STORES}
    assert {name: service["command"] for name, service in ours.items()} == {
        name: command.split() for name, command in PROCESS_COMMANDS.items()
    }
    assert all("entrypoint" not in service for service in ours.values())


def test_processes_wait_for_the_migration(compose: dict[str, Any]) -> None:
    """Nothing serves an old schema: all but the migration itself wait until it has succeeded; none waits for Redis."""
    for name in PROCESS_COMMANDS.keys() - {"migrate"}:
        needs = compose["services"][name]["depends_on"]
        assert needs["migrate"] == {"condition": "service_completed_successfully"}
        assert needs["redis"] == {"condition": "service_started"}
    assert compose["services"]["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}


def test_our_containers_are_confined(compose: dict[str, Any], root: Path) -> None:
    """The ledger's containers run as nobody special, cannot write to their image and can gain no right."""
    for name in PROCESS_COMMANDS:
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
    assert re.search(r"^USER [1-9]\d+:[1-9]\d+$", (root / "Dockerfile").read_text(), re.MULTILINE)


def test_nothing_listens_beyond_the_machine(compose: dict[str, Any]) -> None:
    """Web and live alone are published, on the loopback address; the stores stand on a network without a way out."""
    published = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert list(published) == ["web", "live"]
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)
    assert compose["networks"]["stores"] == {"internal": True}


def test_it_holds_no_secret(compose: dict[str, Any], root: Path) -> None:
    """Every password is a variable that must be set; .env.example names each and leaves it empty; .env is ignored."""
    text = json.dumps(compose)
    wanted = set(re.findall(r"\$\{([A-Z_]+)", text))
    assert "PASSWORD" in text
    assert re.findall(r"\$\{[A-Z_]*PASSWORD(?!:\?)", text) == []
    example = (root / ".env.example").read_text()
    offered = dict(re.findall(r"^([A-Z_]+)=(.*)$", example, re.MULTILINE))
    assert offered == dict.fromkeys(wanted, "")
    assert ".env" in (root / ".gitignore").read_text().splitlines()


def test_the_image_has_what_its_processes_import(root: Path) -> None:
    """Each folder that the processes need is copied into the image and let through to its build."""
    dockerfile, ignore = (root / "Dockerfile").read_text(), (root / ".dockerignore").read_text().splitlines()
    for folder in ("ledger", "workers", "config", "migrations"):
        assert f"\nCOPY {folder} {folder}\n" in dockerfile
        assert f"!{folder}" in ignore
