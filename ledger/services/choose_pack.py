"""The rule packs that lie beside the one in use: which there are, whether each holds, and putting one in force."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

from sqlalchemy import text

from ledger.domain.entry import written_time
from ledger.domain.pack import Pack
from ledger.domain.role import Right
from ledger.domain.shadow import added, made_fixed, named_rules
from ledger.domain.worked_example import check_examples
from ledger.services.authenticate import authenticate
from ledger.services.context import Context
from ledger.services.give import NOT_GIVEN_HERE, can_give
from ledger.services.load_pack import LoadedPack, PackLoadError, load_pack_with_places
from ledger.services.open_ledger import activate_pack
from ledger.services.refusal import NOT_HERE, Refusal, RefusedError
from ledger.store.append import Caller
from ledger.store.histories import Chosen, count_records
from ledger.store.rules import standing_of

#: So many faults and failing examples are told.
_MOST: Final = 20
PACK_CHANGED: Final = Refusal(
    "pack_changed",
    "The files of this pack changed since its page was shown. Look at it again before it is put in force.",
)
_ACTIVATIONS: Final = text("""
    SELECT number, recorded_at, name, version, digest, rules FROM ledger.pack_activations
    WHERE partnership_id = :p ORDER BY number DESC""")
#: One comparison or check at a time in a process: each takes a processor for seconds.
_ONE: Final = Lock()
BUSY: Final = Refusal("busy", "Another check or comparison runs just now. Try again in a few seconds.")


def list_packs(context: Context, who: Caller, right: Right = Right.ADMINISTER) -> dict[str, Any]:
    """The packs that lie there and can be read, which is in force, and by which this process checks what is posted."""
    with context.engine.begin() as connection:
        caller = authenticate(connection, who, right)
        rows = connection.execute(_ACTIVATIONS, {"p": caller.partnership}).all()
    now = rows[0].digest if rows else None
    packs = [_told(name, pack, now, context.pack.digest) for name, pack in _shelf(context)]
    return {
        "packs": packs,
        "in_force": next((one for one in packs if one["is_in_force"]), None),
        "history": [
            {
                "name": row.name,
                "version": row.version,
                "digest": row.digest,
                "since": written_time(row.recorded_at),
                "number": row.number,
            }
            for row in rows
        ],
        "can_give": can_give(context),
    }


def read_pack(context: Context, who: Caller, name: str) -> dict[str, Any]:
    """One pack, and what putting it in force would do to rules. Raises RefusedError where there is none so named."""
    with context.engine.begin() as connection:
        caller = authenticate(connection, who, Right.ADMINISTER)
        rows = connection.execute(_ACTIVATIONS, {"p": caller.partnership}).all()
        standing = standing_of(connection, caller.partnership).values()
        children = _children(context, caller)
    pack = found_pack(context, name)
    had = set(rows[0].rules or ()) if rows else set[str]()
    return {
        **_told(name, pack, rows[0].digest if rows else None, context.pack.digest),
        "silent": added(pack, [row.rules for row in rows]),
        "live": made_fixed(pack, [(one.rule, one.why) for one in standing if not one.is_live]),
        "gone": sorted(had - set(named_rules(pack))),
        "children": children,
        "can_give": can_give(context),
    }


def check_pack(context: Context, who: Caller, name: str) -> dict[str, Any]:
    """Whether a pack can be read and its worked examples come out as they say; where not, each with file and line."""
    with context.engine.begin() as connection:
        authenticate(connection, who, Right.ADMINISTER)
    with alone():
        loaded = _loaded(context, name)
        failures = check_examples(loaded.pack)
    return {
        "examples": sum(len(one.examples) for one in loaded.pack.attributes.values())
        + sum(len(one.examples) for one in loaded.pack.rules.values()),
        "failures": [
            {
                "where": "{}:{}".format(*_place(loaded, failure.path)),
                "rule": failure.name,
                "why": failure.why,
            }
            for failure in failures[:_MOST]
        ],
        "wrong": len(failures),
    }


def put_in_force(context: Context, who: Caller, name: str, digest: str) -> bool:
    """Put a pack in force for the administrator's partnership; False when it is. `digest` is of what was shown.

    Raises RefusedError: no such pack, one that has changed since, and where this process gives nothing.
    """
    with context.engine.begin() as connection:
        authenticate(connection, who, Right.ADMINISTER)
    pack = found_pack(context, name)
    if pack.digest != digest:
        raise RefusedError(PACK_CHANGED.code, PACK_CHANGED.detail)
    if context.admin is None or not can_give(context):
        raise RefusedError(NOT_GIVEN_HERE.code, NOT_GIVEN_HERE.detail)
    return activate_pack(context.admin, context.chance, partnership=who.partnership, pack=pack, by=who.person_id)


def _shelf(context: Context) -> Iterator[tuple[str, Pack]]:
    """Every folder beside the pack in use that holds a pack: by the folder's name. No name from outside is a path."""
    if context.packs is None:
        return
    for folder in sorted(one for one in context.packs.iterdir() if one.is_dir()):
        try:
            yield folder.name, _read(folder).pack
        except (OSError, PackLoadError):
            continue  # not a pack, or one with faults: `ledger pack check` says which


def found_pack(context: Context, name: str) -> Pack:
    """The pack in the folder of this name. Raises RefusedError where there is none that can be used."""
    return _loaded(context, name).pack


def _loaded(context: Context, name: str) -> LoadedPack:
    folders = {} if context.packs is None else {one.name: one for one in context.packs.iterdir() if one.is_dir()}
    try:
        return _read(folders[name])
    except (KeyError, OSError, PackLoadError):
        raise RefusedError(NOT_HERE.code, NOT_HERE.detail) from None


def _children(context: Context, caller: Caller) -> int:
    if context.auditor is None:
        return 0
    return count_records(context.auditor, Chosen(partnership=caller.partnership))


def _read(folder: Path) -> LoadedPack:
    """A folder's pack, read again once a file of it or of the pack beneath may have changed. Raises PackLoadError."""
    files = [*folder.glob("*.yaml"), *folder.parent.glob("*/*.yaml")]
    stands = tuple(sorted((str(one), one.stat().st_mtime_ns, one.stat().st_size) for one in files))
    return _read_as(folder, stands)


@lru_cache(maxsize=16)
def _read_as(folder: Path, _stands: tuple[tuple[str, int, int], ...]) -> LoadedPack:
    return load_pack_with_places(folder)


def _told(name: str, pack: Pack, in_force: str | None, here: str) -> dict[str, Any]:
    return {
        "folder": name,
        "name": pack.name,
        "version": pack.version,
        "digest": pack.digest,
        "attributes": len(pack.attributes),
        "rules": len(named_rules(pack)),
        "is_in_force": pack.digest == in_force,
        "is_here": pack.digest == here,
    }


def _place(loaded: LoadedPack, path: Any) -> tuple[str, int]:
    file, line = loaded.place(path)
    return Path(file).name, line


@contextmanager
def alone() -> Iterator[None]:
    """Nothing else is checked or compared in this process meanwhile. Raises RefusedError where something is."""
    if not _ONE.acquire(blocking=False):
        raise RefusedError(BUSY.code, BUSY.detail)
    try:
        yield
    finally:
        _ONE.release()
