"""The lock files: all that is ever installed, each by hash, from wherever the reader's machine gets packages."""

import re
import tomllib
from pathlib import Path

import pytest

import bootstrap

LOCKS = [*bootstrap.LOCKS.values(), bootstrap.INSTALLER_LOCK]
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[a-z0-9,._-]+\])?==([^\s;\\]+)", re.IGNORECASE)


def pins(lock: Path) -> dict[str, tuple[str, int]]:
    """For each package its version and how many hashes it may have."""
    found: dict[str, tuple[str, int]] = {}
    name = ""
    for line in lock.read_text().splitlines():
        if match := PIN.match(line):
            name = match[1].lower().replace("_", "-").replace(".", "-")
            found[name] = (match[2], 0)
        version, hashes = found.get(name, ("", 0))
        if "--hash=sha256:" in line:
            found[name] = (version, hashes + line.count("--hash=sha256:"))
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash(root: Path, lock: str) -> None:
    """Each package is held to a version and to the hashes of that version's files."""
    found = pins(root / lock)
    assert found
    assert [name for name, (_, hashes) in found.items() if hashes == 0] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_is_a_pin_a_hash_or_a_comment(root: Path, lock: str) -> None:
    """No line installs from an address, a folder or a range, and none names a package index."""
    allowed = re.compile(r"^(#.*|\s+--hash=sha256:[0-9a-f]{64}( \\)?|[A-Za-z0-9._\[\],-]+==[^\s/:@]+( ; [^/@]+)? \\)$")
    assert [line for line in (root / lock).read_text().splitlines() if line and not allowed.match(line)] == []
    assert "://" not in (root / lock).read_text()


def test_the_developers_lock_holds_the_other(root: Path) -> None:
    """What runs under test is what runs: the same versions, so one environment serves both."""
    runtime, dev = (pins(root / bootstrap.LOCKS[kind]) for kind in ("runtime", "dev"))
    assert {name: pin for name, pin in runtime.items() if dev.get(name) != pin} == {}


def test_the_locks_answer_the_project_file(root: Path) -> None:
    """Each dependency that the project names is in its lock, so a forgotten `make lock` is noticed."""
    project = tomllib.loads((root / "pyproject.toml").read_text())
    wanted = {
        "runtime": project["project"]["dependencies"],
        "dev": project["project"]["dependencies"] + project["dependency-groups"]["dev"],
    }
    for kind, requirements in wanted.items():
        names = {re.split(r"[\[~=<>! ;]", requirement)[0].lower().replace(".", "-") for requirement in requirements}
        assert names - set(pins(root / bootstrap.LOCKS[kind])) == set()
