"""The ways in: the README, the Makefile and continuous integration say the same."""

import re
import subprocess
from pathlib import Path

import pytest

import bootstrap


@pytest.fixture(scope="module")
def makefile(root: Path) -> str:
    """The Makefile's text."""
    return (root / "Makefile").read_text()


def test_the_readme_has_the_two_commands(root: Path) -> None:
    """A newcomer finds how to start it and how to test it, with make and without."""
    readme = (root / "README.md").read_text()
    for command in ("make up", "make test", "python3 bootstrap.py up", "python3 bootstrap.py test"):
        assert command in readme


def test_every_target_is_explained(makefile: str, root: Path) -> None:
    """`make` alone lists every target with what it is for."""
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    help_text = subprocess.run(["make", "--no-print-directory"], cwd=root, capture_output=True, text=True, check=True)
    assert set(re.findall(r"^  make ([a-z-]+) +\S", help_text.stdout, re.MULTILINE)) == targets
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None
    assert set(phony[1].split()) == targets


def test_every_target_goes_through_bootstrap(makefile: str) -> None:
    """Each developer's command has a target of its own name, so the two ways in offer the same."""
    for command in bootstrap.DEVELOPER:
        assert re.search(rf"^{command}: .*\n\t@\$\(RUN\) {command}\b", makefile, re.MULTILINE)


def test_check_is_what_ci_runs(makefile: str, root: Path) -> None:
    """`make check` runs the script of continuous integration, which stops at the first failure."""
    assert re.search(r"^check: .*\n\t@bash \.ci/run$", makefile, re.MULTILINE)
    script = (root / ".ci" / "run").read_text()
    assert "\nset -euo pipefail\n" in script
    for part in ("lint", "types", "imports"):
        assert f'"$PYTHON" bootstrap.py {part}\n' in script
    assert "make test" in script
    assert "bootstrap.py test tests/integration" in script


def test_sizes_are_read_in_one_place(modules: list[Path], root: Path) -> None:
    """The size of the heavy tests has one setting, read by one module."""
    name = "LEDGER_TEST_" + "SIZE"
    readers = {path.relative_to(root).as_posix() for path in modules if name in path.read_text()}
    assert readers == {"tests/sizes.py"}
