"""The floors of the house: what the import contracts take for granted and cannot see themselves."""

import ast
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

#: Named in the same order as the layers: from the outermost inwards.
ON_THE_PATH = ("ledger", "workers", "config")


@pytest.fixture(scope="module")
def contracts(root: Path) -> dict[str, dict[str, Any]]:
    """The import contracts by id."""
    linter = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["importlinter"]
    return {contract["id"]: contract for contract in linter["contracts"]}


def test_every_part_of_ledger_has_a_floor(root: Path, contracts: dict[str, dict[str, Any]]) -> None:
    """Each package or module directly in `ledger` is named by the layers contract, and that contract is exhaustive."""
    layers = contracts["layers"]
    assert layers["exhaustive"] is True
    floors = {name.strip() for floor in layers["layers"] for name in floor.split("|")}
    parts = {
        path.stem
        for path in (root / "ledger").iterdir()
        if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").exists()
    }
    assert parts - floors == set()


def test_no_contract_makes_an_exception(contracts: dict[str, dict[str, Any]]) -> None:
    """The contracts hold for every import: none is excused by name, nor left out as mere typing."""
    excuses = {"ignore_imports", "exhaustive_ignores", "allow_indirect_imports", "exclude_type_checking_imports"}
    assert {name for name, contract in contracts.items() if excuses & set(contract)} == set()


def test_every_folder_of_code_is_a_package(root: Path) -> None:
    """A folder without `__init__.py` would escape the import contracts, so there is none."""
    homeless = {
        path.parent.relative_to(root).as_posix()
        for name in ON_THE_PATH
        for path in (root / name).rglob("*.py")
        if not (path.parent / "__init__.py").exists()
    }
    assert homeless == set()


def test_the_supervisor_needs_nothing_installed(root: Path) -> None:
    """`ledger.stack` imports the standard library and itself: it must run when an installation is broken."""
    foreign = set()
    for path in (root / "ledger" / "stack").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Import(names=names):
                    imported = [alias.name for alias in names]
                case ast.ImportFrom(module=str(module)):
                    imported = [module]
                case _:
                    continue
            foreign |= {
                f"{path.name}: {name}"
                for name in imported
                if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith("ledger.stack")
            }
    assert foreign == set()


def test_a_witness_knows_the_logs_formats_alone(root: Path) -> None:
    """Of this project `ledger.witness` imports itself and `ledger.domain.log`, which imports nothing but itself: what
    another agency runs can be read in an hour.
    """
    foreign = {
        f"{path.name}: {node.module}"
        for package, known in (
            ("witness", ("ledger.witness", "ledger.domain.log")),
            ("domain/log", ("ledger.domain.log",)),
        )
        for path in (root / "ledger" / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
        and node.module
        and node.module.split(".")[0] in ON_THE_PATH
        and not node.module.startswith(known)
    }
    assert foreign == set()


def test_there_is_one_newest_migration(root: Path) -> None:
    """Two branches that each add a migration meet here, not in production."""
    config = Config()
    config.set_main_option("script_location", str(root / "migrations"))
    config.set_main_option("path_separator", "os")
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1
