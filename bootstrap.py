#!/usr/bin/env python3
"""From a checkout and a bare Python to any of the project's commands: make `.venv` once, then become the command.

Standard library only, for it runs before anything is installed. What holds:

- Only what a lock file names, with its hash, is installed. A later start compares two hashes and does nothing else.
- A half-made environment is never used: a flag file stands while files are being laid, and whoever finds it begins
  again. An installation that fails without having been killed leaves what worked before as it was.
- Two starts at once do not meet: one works under a file lock while the other waits.
- The launcher `.venv/bin/ledger` and a .pth file put this checkout on Python's path; nothing is built or copied.
"""

import fcntl
import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import time
import venv
from contextlib import contextmanager
from pathlib import Path

OLDEST = (3, 11)
if sys.version_info < OLDEST:  # before any line that an older Python could not run
    sys.exit(
        "bootstrap: this is Python {}.{}; the ledger needs Python {}.{} or newer.\n"
        "           Name one: PYTHON=python3.11 make up, or: python3.11 bootstrap.py up".format(
            *(sys.version_info[:2] + OLDEST)
        )
    )

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PYTHON = "{}.{}".format(*sys.version_info)
CHECKOUT = Path(__file__).resolve().parent
INSTALLER_LOCK = "requirements-uv.lock"
LOCKS = {"runtime": "requirements.lock", "dev": "requirements-dev.lock"}

#: Commands of a developer: programs of `.venv/bin` with their arguments, run in order, the last one also with what
#: followed on the command line. Everything else is a command of `ledger`.
DEVELOPER: "Mapping[str, Sequence[Sequence[str]]]" = {
    "test": [["pytest", "-n", "3"]],
    "lint": [["ruff", "check", "."], ["ruff", "format", "--check", "."]],
    "format": [["ruff", "check", "--fix", "."], ["ruff", "format", "."]],
    "types": [["mypy"]],
    "imports": [["lint-imports", "--no-logo"]],
    "bench": [["ledger", "bench"]],
}

USAGE = """usage: python3 bootstrap.py COMMAND [ARGUMENT ...]

  up, doctor, migrate, ...      make .venv when it is missing or old, then run that command of `ledger`
  test, lint, types, imports,   the same with the developers' tools
  format, bench
  shell                         a shell in which `ledger`, `python`, `pytest` are those of .venv
  sync [--dev]                  only make .venv
"""


class CannotBootstrapError(Exception):
    """Nothing can be installed here; the message says what the person at the terminal should do."""


def main(arguments: "Sequence[str]") -> int:
    """Make the environment that the command needs, then become the command. Returns only for help and for failure."""
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(USAGE, end="")
        return 0 if arguments else 2
    command, rest = arguments[0], list(arguments[1:])
    dev = command in DEVELOPER or command == "shell" or (command == "sync" and rest == ["--dev"])
    try:
        Environment(CHECKOUT).ensure("dev" if dev else "runtime")
        return become(command, rest, CHECKOUT / ".venv" / "bin")
    except CannotBootstrapError as error:
        say(str(error))
        return 1


def become(command: str, rest: "Sequence[str]", programs: Path) -> int:
    """Replace this process by the command. A developer's command of several parts stops at the first that fails."""
    if command == "sync":
        return 0
    if command == "shell":
        shell = os.environ.get("SHELL", "/bin/sh")
        path = f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        os.execve(shell, [shell], {**os.environ, "PATH": path, "VIRTUAL_ENV": str(programs.parent)})
    if command not in DEVELOPER:
        os.execv(programs / "ledger", ["ledger", command, *rest])
    *first, last = DEVELOPER[command]
    os.chdir(CHECKOUT)
    for program, *options in first:
        code = subprocess.run([programs / program, *options], check=False).returncode
        if code:
            return code
    return os.execv(programs / last[0], [*last, *rest])


class Environment:
    """`.venv` in one checkout. Owns three files beside it or in it: the lock, the half-made flag and the marker."""

    def __init__(self, checkout: Path) -> None:
        self.checkout = checkout
        self.folder = checkout / ".venv"
        self.python = self.folder / "bin" / "python"
        self.marker = self.folder / "bootstrap.json"
        self.unfinished = self.folder / "bootstrap.unfinished"

    def ensure(self, kind: str) -> None:
        """Have the environment hold what the lock of this kind names. Costs two hashes when it already does."""
        if self._is_ready(kind):
            return
        with alone(self.checkout / ".venv.lock"):
            if not self._is_ready(kind):  # else someone made it while we waited
                self._make(kind)

    def _is_ready(self, kind: str) -> bool:
        marked = self._marked()
        return (
            self.python.exists()
            and not self.unfinished.exists()
            and self._is_ours(marked)
            and marked.get(kind) == digest(self.checkout / LOCKS[kind])
        )

    def _is_ours(self, marked: "Mapping[str, str]") -> bool:
        return marked.get("checkout") == str(self.checkout) and marked.get("python") == PYTHON

    def _marked(self) -> "Mapping[str, str]":
        try:
            marked = json.loads(self.marker.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return marked if isinstance(marked, dict) else {}

    def _make(self, kind: str) -> None:
        started = time.monotonic()
        marked = self._marked()
        killed = self.unfinished.exists()
        anew = not self.python.exists() or (not self._is_ours(marked) if marked else killed)
        if anew:
            say(f"making .venv with Python {sys.version.split()[0]}")
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir()
            self.unfinished.touch()
            venv.EnvBuilder(with_pip=False, symlinks=True).create(self.folder)
        repair = killed and not anew
        if repair:
            kind = "dev"  # whatever was half laid is in there
        self.unfinished.touch()
        try:
            install(self.checkout, self.python, LOCKS[kind], repair=repair)
        except CannotBootstrapError:
            if not anew and not repair:
                self.unfinished.unlink()
            raise
        self._write_launcher()
        self._mark(kind)
        self.unfinished.unlink()
        say(f"ready in {time.monotonic() - started:.1f} s")

    def _write_launcher(self) -> None:
        """`ledger` for the shell, and the checkout on the path of every Python of this environment."""
        site = sysconfig.get_path("purelib", "venv", {"base": str(self.folder), "platbase": str(self.folder)})
        write(Path(site) / "ledger-checkout.pth", f"{self.checkout}\n")
        launcher = self.folder / "bin" / "ledger"
        write(launcher, f'#!/bin/sh\nexec {shlex.quote(str(self.python))} -P -m ledger "$@"\n', mode=0o755)

    def _mark(self, kind: str) -> None:
        """The developers' lock holds every pin of the other (tests/structure sees to it), so it stands for both."""
        kinds = ("runtime", "dev") if kind == "dev" else ("runtime",)
        marks = {name: digest(self.checkout / LOCKS[name]) for name in kinds}
        write(self.marker, json.dumps({"checkout": str(self.checkout), "python": PYTHON, **marks}, indent=1) + "\n")


def install(checkout: Path, python: Path, lock: str, *, repair: bool) -> None:
    """Install exactly what the lock names, by uv when it can be had, else by pip; to repair, lay every file again."""
    wanted = ["--require-hashes", "-r", str(checkout / lock)]
    uv = find_uv(checkout, python)
    if uv is not None:
        say(f"installing {lock} with uv")
        again = ["--reinstall"] if repair else []
        if run([*uv, "pip", "install", "--python", str(python), *again, *wanted]):
            return
        say("uv could not; trying pip")
    pip = find_pip(python)
    if pip is None:
        raise CannotBootstrapError(f"{lock} could not be installed (see above)" if uv else NO_PIP)
    say(f"installing {lock} with pip")
    again = ["--force-reinstall"] if repair else []
    if not run([*pip, "install", *again, *wanted]):
        raise CannotBootstrapError(f"{lock} could not be installed (see above)")


NO_PIP = """this Python has neither pip nor ensurepip, and no uv was found: nothing can be installed. Any one will do:
           Debian, Ubuntu: apt-get install python3-pip
           Fedora: dnf install python3-pip
           Alpine: apk add py3-pip
           anywhere: uv, on the PATH"""


def find_uv(checkout: Path, python: Path) -> "Sequence[str] | None":
    """The command that starts uv: in the environment (fetched there at its pin), else one on the path."""
    local = python.parent / "uv"
    pinned = checkout / INSTALLER_LOCK
    if local.exists():
        return [str(local)]
    pip = find_pip(python)
    if pip is not None:
        say("fetching uv")
        if run([*pip, "install", "--require-hashes", "-r", str(pinned)], quiet=True) and local.exists():
            return [str(local)]
    elsewhere = shutil.which("uv")
    return None if elsewhere is None else [elsewhere]


def find_pip(python: Path) -> "Sequence[str] | None":
    """The command that starts a pip which installs into the environment: this Python's own, else one made by ensurepip.

    This Python's own pip is told `--python`: it then works on the environment and not on the system, and so also
    where the system's packages belong to the distribution (PEP 668).
    """
    outside = [sys.executable, "-m", "pip", "--python", str(python)]
    if run([*outside, "--version"], quiet=True):
        return outside
    inside = [str(python), "-m", "pip"]
    if run([*inside, "--version"], quiet=True) or run([str(python), "-m", "ensurepip"], quiet=True):
        return inside
    return None


def run(command: "Sequence[str]", *, quiet: bool = False) -> bool:
    """Whether the command succeeded. Its output is shown only when it failed and matters."""
    settings = {"PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    done = subprocess.run(
        command, env={**os.environ, **settings}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if done.returncode and not quiet:
        sys.stderr.write(done.stdout.decode(errors="replace"))
    return done.returncode == 0


@contextmanager
def alone(path: Path) -> "Iterator[None]":
    """Hold the file lock at this path; the system lets it go when this process ends, however it ends."""
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another start to finish .venv")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write(path: Path, text: str, *, mode: int = 0o644) -> None:
    """Put the text in place at one stroke, so that nobody reads half of it."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.chmod(mode)
    beside.replace(path)


def say(text: str) -> None:
    """One line to the terminal; standard output stays the command's own."""
    print(f"bootstrap: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
