"""The audit of what the locks name: a known vulnerability fails, and what could not be asked is never called good."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


@pytest.fixture(scope="module")
def locks(root: Path) -> ModuleType:
    """The script, which stands beside the other tools of the maintainers."""
    path = root / "docs" / "maintaining" / "audit_locks.py"
    spec = importlib.util.spec_from_file_location("audit_locks", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GOOD = {"name": "flask", "version": "3.1.3", "vulns": []}
SKIPPED = {"name": "celery", "skip_reason": "Dependency not found on PyPI and could not be audited"}
BAD = {"name": "jinja2", "version": "2.0", "vulns": [{"id": "PYSEC-2014-82", "fix_versions": ["2.7.3"]}]}
UNMENDED = {"name": "x", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": []}]}


def said(locks: ModuleType, *packages: dict[str, Any]) -> tuple[int, list[str]]:
    answer = json.dumps({"dependencies": list(packages), "fixes": []})
    code, lines = locks.report(locks.audit(lambda _lock: answer, ["one.lock"]))
    return code, lines


def test_a_known_vulnerability_fails_and_is_named(locks: ModuleType) -> None:
    """Package, version, number and the version that mends it are said, and the code is not 0."""
    code, lines = said(locks, GOOD, BAD, UNMENDED, SKIPPED)
    assert code == 1
    assert lines[:2] == [
        "vulnerable: jinja2 2.0: PYSEC-2014-82, mended in 2.7.3",
        "vulnerable: x 1: PYSEC-1, mended in no version yet",
    ]


def test_what_is_good_passes(locks: ModuleType) -> None:
    """With every package looked up and nothing known of any, that is all there is to say."""
    assert said(locks, GOOD) == (0, ["checked: 1 packages, 0 known vulnerabilities"])


def test_what_was_not_looked_up_is_not_called_good(locks: ModuleType) -> None:
    """An index that knows no vulnerabilities fails nothing, and is told as that."""
    code, lines = said(locks, SKIPPED, SKIPPED)
    assert code == 0
    assert lines[0].startswith("not checked: 2 packages of which the index tells nothing (celery")
    assert lines[1] == "checked: 0 packages, 0 known vulnerabilities"


@pytest.mark.parametrize("answer", [None, "", "Traceback", "[]", '{"fixes": []}'])
def test_no_answer_is_not_a_good_one(locks: ModuleType, answer: str | None) -> None:
    """Offline, or with a tool that fails, nothing was checked: that is said, and fails nothing."""
    code, lines = locks.report(locks.audit(lambda _lock: answer, ["one.lock"]))
    assert (code, lines[0]) == (0, "not checked: pip-audit gave no answer about one.lock")


def test_every_lock_is_asked_about(locks: ModuleType, root: Path) -> None:
    """The developers' lock stands for the one that is run from, and the installer's for itself; both are there."""
    asked = list[str]()
    locks.audit(lambda lock: asked.append(lock.name))
    assert asked == list(locks.LOCKS)
    assert all((root / lock).exists() for lock in asked)
    assert "audit_locks.py" in (root / ".ci" / "run").read_text()
