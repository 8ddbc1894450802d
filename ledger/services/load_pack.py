"""Load a rule pack from its folder: ``pack.yaml`` names it, every other YAML file adds to its sections.

A pack may stand ``over`` another: that one is the folder of this name beside it, else the one that ships. Every scalar
is text unless the pack's form says otherwise; aliases and tags are refused. A pack is loaded whole or not at all: every
fault is said with its file and line, and repeats nothing of the content.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ledger.domain.pack import Pack, PackError
from ledger.domain.pack_layer import OVER, Layered, lay_over
from ledger.domain.shape import Fault
from ledger.domain.shape import Path as Place
from ledger.services.read_yaml import Document, ReadError, read_yaml

HEADER = "pack.yaml"
#: The packs that ship with the program.
SHIPPED = Path(__file__).resolve().parents[2] / "config" / "packs"
SECTIONS = ("attributes", "topics", "agencies", "rules", "alerts", "disagreements", "views", "decisions")
_OF_HEADER = frozenset({"pack", "version", OVER, "severity", *SECTIONS})


class PackLoadError(ValueError):
    """A pack that cannot be used; every fault is (file, line, what to do about it)."""

    def __init__(self, faults: list[tuple[str, int, str]]) -> None:
        self.faults = faults
        super().__init__("\n".join(f"{file}:{line}: {message}" for file, line, message in faults))


@dataclass(frozen=True)
class LoadedPack:
    """A pack, and where each part of it is written: a file, named with its folder, and a line."""

    pack: Pack
    place: Callable[[Place], tuple[str, int]]


def load_pack(folder: Path) -> Pack:
    """The pack in this folder. Raises PackLoadError."""
    return load_pack_with_places(folder).pack


def load_pack_with_places(folder: Path) -> LoadedPack:
    """The pack in this folder, and where its parts are written. Raises PackLoadError."""
    layer = _Layer.read(folder)
    named = layer.content.get(OVER)
    if named is None:
        return _loaded(Layered(layer.content), layer, layer)
    if not isinstance(named, str):
        raise layer.refused([((OVER,), "this must be the name of the pack beneath")])
    beneath = _Layer.read(_folder_beneath(folder, named, layer))
    if OVER in beneath.content:
        raise layer.refused([((OVER,), "the pack beneath stands over another itself: stand over one that does not")])
    _loaded(Layered(beneath.content), beneath, beneath)  # whatever is wrong beneath is said of the pack beneath
    above = {key: value for key, value in layer.content.items() if key != OVER}
    layered = lay_over(beneath.content, above)
    if layered.faults:
        raise layer.refused(layered.faults)
    return _loaded(layered, layer, beneath)


def _folder_beneath(folder: Path, named: str, layer: "_Layer") -> Path:
    if named not in {".", ".."} and "/" not in named:
        for packs in (folder.resolve().parent, SHIPPED):
            if (packs / named / HEADER).is_file() and (packs / named).resolve() != folder.resolve():
                return packs / named
    raise layer.refused([((OVER,), "no pack of this name lies beside this one or ships: name the folder of one")])


def _loaded(layered: Layered, above: "_Layer", beneath: "_Layer") -> LoadedPack:
    def place(path: Place) -> tuple[str, int]:
        is_above, written_at = layered.place(path)
        return (above if is_above else beneath).place(written_at)

    try:
        return LoadedPack(Pack.from_mapping(layered.content), place)
    except PackError as error:
        raise PackLoadError([(*place(path), why) for path, why in error.faults]) from None


@dataclass(frozen=True)
class _Layer:
    """One folder's files as one mapping."""

    folder: str
    documents: Mapping[str, Document]
    content: dict[str, object]
    file_of: Mapping[tuple[str, str], str]

    @classmethod
    def read(cls, folder: Path) -> "_Layer":
        """Read the folder's files. Raises PackLoadError."""
        shown = folder.resolve().name
        documents = {file.name: _read(file, shown) for file in sorted(folder.glob("*.yaml"))}
        if HEADER not in documents:
            raise PackLoadError([(shown, 1, f"a pack has a {HEADER} with its name and version")])
        faults = [fault for name, document in documents.items() for fault in _faults_of_file(name, document)]
        file_of: dict[tuple[str, str], str] = {}
        content: dict[str, object] = {}
        if not faults:
            content = dict(_mapping(documents[HEADER].content))
            faults = [*_gather(documents, content, file_of)]
        if faults:
            raise PackLoadError([(f"{shown}/{file}", line, why) for file, line, why in faults])
        return cls(shown, documents, content, file_of)

    def place(self, path: Place) -> tuple[str, int]:
        """The file and the line at which a part of the content is written, or the nearest around it."""
        file = self.file_of.get((str(path[0]), str(path[1])), HEADER) if len(path) > 1 else HEADER
        return f"{self.folder}/{file}", self.documents[file].line(path)

    def refused(self, faults: list[Fault]) -> PackLoadError:
        """These faults of this layer, each with its file and line."""
        return PackLoadError([(*self.place(path), why) for path, why in faults])


def _gather(
    documents: Mapping[str, Document], content: dict[str, object], file_of: dict[tuple[str, str], str]
) -> Iterator[tuple[str, int, str]]:
    """Put what all files' sections have into the content, and note which file has each; faults come out."""
    for section in SECTIONS:
        named: dict[str, object] = {}
        for file, document in documents.items():
            for name, written in _mapping(_mapping(document.content).get(section, {})).items():
                if name in named:
                    why = f"one of this name is in {file_of[section, name]} already: choose another name"
                    yield file, document.line((section, name)), why
                file_of.setdefault((section, name), file)
                named[name] = written
        if named:
            content[section] = named


def _read(file: Path, folder: str) -> Document:
    name = f"{folder}/{file.name}"
    try:
        return read_yaml(file.read_text(encoding="utf-8"))
    except ReadError as error:
        raise PackLoadError([(name, error.line, error.message)]) from None
    except (OSError, UnicodeDecodeError):
        raise PackLoadError([(name, 1, "the file cannot be read as UTF-8 text")]) from None


def _faults_of_file(name: str, document: Document) -> Iterator[tuple[str, int, str]]:
    content = document.content
    if not isinstance(content, dict):
        yield name, 1, "a file of a pack is a mapping"
        return
    known = _OF_HEADER if name == HEADER else frozenset(SECTIONS)
    for key in content:
        if key not in known:
            where = "" if name == HEADER else f": only {HEADER} says anything else"
            yield name, document.line((key,)), f"a file of a pack has {', '.join(sorted(known))}{where}"
    for section in SECTIONS:
        if not isinstance(content.get(section, {}), dict):
            yield name, document.line((section,)), f"{section} is a mapping from names"


def _mapping(value: object) -> dict[str, object]:
    assert isinstance(value, dict), "the form of the files was checked"
    return value
