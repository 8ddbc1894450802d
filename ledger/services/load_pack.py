"""Load a rule pack from its folder: ``pack.yaml`` names it, every other YAML file adds attributes.

Every scalar is text unless the pack's form says otherwise; aliases and tags are refused. A pack is loaded whole or not
at all: every fault is said with its file and line, and repeats nothing of the content.
"""

from collections.abc import Iterator
from pathlib import Path

from ledger.domain.pack import Pack, PackError
from ledger.services.read_yaml import Document, ReadError, read_yaml

HEADER = "pack.yaml"


class PackLoadError(ValueError):
    """A pack that cannot be used; every fault is (file, line, what to do about it)."""

    def __init__(self, faults: list[tuple[str, int, str]]) -> None:
        self.faults = faults
        super().__init__("\n".join(f"{file}, line {line}: {message}" for file, line, message in faults))


def load_pack(folder: Path) -> Pack:
    """The pack in this folder. Raises PackLoadError."""
    documents = {file.name: _read(file) for file in sorted(folder.glob("*.yaml"))}
    if HEADER not in documents:
        raise PackLoadError([(str(folder.name), 1, f"a pack has a {HEADER} with its name and version")])
    faults = [fault for name, document in documents.items() for fault in _faults_of_file(name, document)]
    if faults:
        raise PackLoadError(faults)
    content = dict(_mapping(documents[HEADER].content))
    attributes: dict[str, object] = {}
    file_of: dict[str, str] = {}
    for name, document in documents.items():
        for attribute, written in _mapping(_mapping(document.content).get("attributes", {})).items():
            if attribute in attributes:
                line = document.line(("attributes", attribute))
                raise PackLoadError([(name, line, f"this attribute is in {file_of[attribute]} already")])
            attributes[attribute], file_of[attribute] = written, name
    content["attributes"] = attributes
    try:
        return Pack.from_mapping(content)
    except PackError as error:
        raise PackLoadError(
            [
                (
                    name := file_of.get(str(path[1]), HEADER) if len(path) > 1 else HEADER,
                    documents[name].line(path),
                    why,
                )
                for path, why in error.faults
            ]
        ) from None


def _read(file: Path) -> Document:
    try:
        return read_yaml(file.read_text(encoding="utf-8"))
    except ReadError as error:
        raise PackLoadError([(file.name, error.line, error.message)]) from None
    except (OSError, UnicodeDecodeError):
        raise PackLoadError([(file.name, 1, "the file cannot be read as UTF-8 text")]) from None


def _faults_of_file(name: str, document: Document) -> Iterator[tuple[str, int, str]]:
    content = document.content
    if not isinstance(content, dict):
        yield name, 1, "a file of a pack is a mapping"
        return
    if name != HEADER and content.keys() != {"attributes"}:
        yield name, 1, f"only {HEADER} has other keys than attributes"
    if not isinstance(content.get("attributes", {}), dict):
        yield name, document.line(("attributes",)), "attributes is a mapping from names to attributes"


def _mapping(value: object) -> dict[str, object]:
    assert isinstance(value, dict), "the form of the files was checked"
    return value
