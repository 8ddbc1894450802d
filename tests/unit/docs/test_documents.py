import re
from pathlib import Path

import click
import pytest

import bootstrap
from ledger.cli import COMMANDS, main
from tests.markdown import ROOT, anchors, code, documents, links, rows

COMMAND = re.compile(r"(?<![\w/.-])(?:\.venv/bin/)?ledger ([a-z]+)(?: ([a-z][a-z-]*))?")
MAKE = re.compile(r"(?<![\w-])make ([a-z-]+)")
BOOTSTRAP = re.compile(r"bootstrap\.py ([a-z]+)")
#: Words that follow `ledger` in a compose service or a sentence set as code, and are no commands.
PATHS = re.compile(r"`((?:ledger|workers|config|migrations|tests|docs)/[\w./-]+)`")


@pytest.fixture(params=documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
def document(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_every_link_leads_somewhere(document: Path) -> None:
    """A link within the checkout names a file that is there and, after #, a heading of it."""
    for link in links(document.read_text()):
        target, _, anchor = link.partition("#")
        if "://" in target:
            continue
        path = (document.parent / target).resolve() if target else document
        assert path.exists(), f"{document.name} links to {link}"
        if anchor:
            assert anchor in anchors(path.read_text()), f"{document.name} links to {link}"


def test_every_command_exists(document: Path) -> None:
    """Each `ledger` command that a document names is one, and so is each command of a group."""
    for piece in code(document.read_text()):
        for name, below in COMMAND.findall(piece):
            assert name in COMMANDS, f"ledger {name}"
            command = main.get_command(click.Context(main), name)
            if isinstance(command, click.Group) and below:
                assert below in command.commands, f"ledger {name} {below}"


def test_every_option_exists() -> None:
    """Each option that the operator's guide gives to a command of a group is one of that command's."""
    guide = (ROOT / "docs" / "guides" / "operating.md").read_text()
    joined = "\n".join(code(guide)).replace("\\\n", " ")
    found = re.findall(r"^ *ledger ([a-z]+) ([a-z]+) (.*--.*)$", joined, re.MULTILINE)
    assert len(found) >= 3
    for name, below, arguments in found:
        group = main.get_command(click.Context(main), name)
        assert isinstance(group, click.Group)
        known = {option for parameter in group.commands[below].params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", arguments)) <= known


def test_every_make_target_exists(document: Path) -> None:
    """Each target and each command of bootstrap.py that a document names is there."""
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for piece in code(document.read_text()):
        assert set(MAKE.findall(piece)) <= targets
        assert set(BOOTSTRAP.findall(piece)) <= {*COMMANDS, *bootstrap.DEVELOPER, "sync", "shell"}


def test_every_place_in_the_code_exists(document: Path) -> None:
    """A path of the code that a document names is there."""
    for path in PATHS.findall(document.read_text()):
        assert (ROOT / path).exists(), f"{document.name} names {path}"


def test_the_code_map_names_every_part() -> None:
    """The map in ARCHITECTURE.md has every part of the program and no other."""
    mapped = {
        path.removesuffix(".py").removeprefix("ledger/")
        for path in re.findall(r"^\| `([\w/.]+)`", (ROOT / "ARCHITECTURE.md").read_text(), re.MULTILINE)
        if "/" not in path.removeprefix("ledger/")
    }
    parts = {
        path.stem for path in (ROOT / "ledger").iterdir() if (path / "__init__.py").exists() or path.name == "app.py"
    }
    assert parts | {"workers", "config", "migrations", "tests"} == mapped


def test_glossary_words_are_in_the_code() -> None:
    """The code speaks the glossary's words: each is in a name or a sentence of the program."""
    said = "\n".join(path.read_text() for path in (ROOT / "ledger").rglob("*.py")).lower()
    words = [word for row in rows((ROOT / "GLOSSARY.md").read_text()) for word in re.findall(r"\*\*(.+?)\*\*", row[0])]
    assert len(words) > 30
    assert [word for word in words if word not in said] == []


def test_the_picture_is_small() -> None:
    """The README's picture loads quickly."""
    for picture in (ROOT / "docs" / "images").iterdir():
        assert picture.stat().st_size < 300_000


def test_decisions_have_their_form() -> None:
    """Every decision is numbered without a gap and says its status, context and decision."""
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    for number, path in enumerate(files, start=1):
        text = path.read_text()
        assert path.name.startswith(f"{number:04d}-")
        assert text.startswith(f"# {number}. ")
        assert "\nStatus: " in text
        for heading in ("Context", "Decision"):
            assert f"\n## {heading}\n" in text
