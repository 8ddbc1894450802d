"""`export.json`: what an export says of itself, and the SHA-256 of every other file."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ledger.domain.log.note import BadSignature, Verifier, Verify, opened, parse_note
from ledger.domain.log.policy import parse_policy
from ledger.domain.verify.fault import Faults, FileFaultError, TooManyFaultsError, UnreadableError
from ledger.domain.verify.source import Source
from ledger.domain.verify.strict_json import strict_object, string_of, whole_of

EXPORT_FORMAT = "ledger-export/1"
MANIFEST, MANIFEST_NOTE, POLICY = "export.json", "export.note", "policy"
#: Some 120 bytes a file, and a log of ten million entries has 80,000.
_LARGEST_MANIFEST = 256 * 1024**2
LARGEST_TEXT = 1_000_000


@dataclass(frozen=True, slots=True)
class Manifest:
    """An export as it says that it is; nothing here is believed before it is checked."""

    kind: str
    log: str
    origin: str
    keys: Mapping[str, str]
    made_at: str
    record: str | None
    up_to: int | None
    last_hash: str | None
    size: int
    recipient: str
    files: Mapping[str, str]
    sha256: str

    @property
    def log_origin(self) -> str:
        """The first line of its log's checkpoints."""
        return f"{self.origin}/log" if self.log == "entries" else f"{self.origin}/log/access"


def read_manifest(source: Source) -> Manifest:
    """The export's own description; UnreadableError where there is none that can be read."""
    try:
        data = source.read(MANIFEST, _LARGEST_MANIFEST)
        return _manifest_of(strict_object(data), hashlib.sha256(data).hexdigest())
    except FileFaultError as error:
        raise UnreadableError(f"{error.name}: {error.why}") from None
    except ValueError as error:
        raise UnreadableError(f"{MANIFEST} does not describe an export: {error}") from None


def _manifest_of(members: Mapping[str, Any], sha256: str) -> Manifest:
    if members.get("format") != EXPORT_FORMAT:
        raise ValueError(f"its format is not {EXPORT_FORMAT}")
    kind, log = string_of(members, "kind"), string_of(members, "log")
    if (kind, log) not in {("record", "entries"), ("log", "entries"), ("log", "access")}:
        raise ValueError("it is of a kind or a log that is not known here")
    as_of = _members(members, "as_of") if kind == "record" else {}
    return Manifest(
        kind=kind,
        log=log,
        origin=string_of(members, "origin"),
        keys=_texts(members, "keys"),
        made_at=string_of(members, "made_at"),
        record=string_of(members, "record") if kind == "record" else None,
        up_to=whole_of(as_of, "number") if kind == "record" else None,
        last_hash=string_of(as_of, "hash") if kind == "record" else None,
        size=whole_of(members, "size"),
        recipient=string_of(members, "for"),
        files=_texts(members, "files"),
        sha256=sha256,
    )


def _members(members: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = members.get(name)
    if type(value) is not dict:
        raise ValueError(f"its member {name} is missing or not an object")
    return value


def _texts(members: Mapping[str, Any], name: str) -> dict[str, str]:
    value = _members(members, name)
    if any(type(item) is not str for item in value.values()):
        raise ValueError(f"its member {name} holds something else than texts")
    return value


def check_manifest_note(
    source: Source, manifest: Manifest, keys: list[Verifier], verify: Verify, faults: Faults
) -> bool:
    """Whether the note over `export.json` is signed by one of the receipt keys; a fault where it is of another."""
    text = source.text(MANIFEST_NOTE, LARGEST_TEXT)
    try:
        note = parse_note(text)
        is_signed = bool(opened(note, keys, verify))
    except BadSignature:
        faults.add("its signature by the receipt key does not fit", file=MANIFEST_NOTE)
        return False
    except ValueError as error:
        faults.add(f"it is not a signed note: {error}", file=MANIFEST_NOTE)
        return False
    if note.text != f"{manifest.origin}/exports\n{manifest.sha256}\n":
        faults.add("it was signed for another export.json than the one that lies beside it", file=MANIFEST_NOTE)
        return False
    if keys and not is_signed:
        faults.add("it is not signed by a receipt key that you gave", file=MANIFEST_NOTE)
    return is_signed


def claims_of(source: Source, manifest: Manifest) -> list[str]:
    """What the export says of keys and witnesses, in words that leave no doubt about whose word that is."""
    known = {name: manifest.keys[name][:200] for name in ("log", "receipts") if name in manifest.keys}
    said = [f"of its own accord, and not believed here: the {name} key is {vkey}" for name, vkey in known.items()]
    try:
        policy = parse_policy(source.text(POLICY, LARGEST_TEXT))
    except (ValueError, FileFaultError):
        return said
    names = ", ".join(policy.witnesses) or "none"
    return [*said, f"and its policy asks for {policy.quorum}, its witnesses being: {names}"]


def check_files(source: Source, manifest: Manifest, faults: Faults) -> None:
    """Every file is named in `export.json` with the SHA-256 that it has, and none is missing."""
    for name in sorted(manifest.files.keys() | source.names.keys()):
        if name in (MANIFEST, MANIFEST_NOTE):
            continue
        try:
            if name not in manifest.files:
                faults.add("the file is not named in export.json", file=name)
            elif source.finish(name) != manifest.files[name]:
                faults.add("the file is not the one whose SHA-256 export.json gives", file=name)
        except FileFaultError as error:
            faults.add_file(error)
        except TooManyFaultsError:
            return
