"""Ask whether any package that the lock files name is known to be vulnerable: `make audit`, and a step of CI.

A found vulnerability fails. Where nobody can be asked, or the index knows nothing of vulnerabilities, that is said, as
`not checked`, and fails nothing: pip-audit itself calls a list of which it could look up nothing free of them.
"""

# ruff: noqa: INP001, T201 - a script of its own, in no package, that talks to a terminal

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
#: The developers' lock holds every pin of the other; the installer has one of its own.
LOCKS = ("requirements-dev.lock", "requirements-uv.lock")
SECONDS_MOST = 300

#: What pip-audit says of one lock file, as text; None where it says nothing.
Ask = Callable[[Path], str | None]


@dataclass
class Findings:
    """What came of asking."""

    checked: int = 0
    skipped: list[str] = field(default_factory=list)
    vulnerable: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)


def ask_pip_audit(lock: Path) -> str | None:
    """pip-audit's answer as JSON. It asks the index of packages, by name and version, and installs nothing."""
    command = [Path(sys.executable).parent / "pip-audit", "--requirement", lock, "--disable-pip", "--require-hashes"]
    options = ["--format", "json", "--progress-spinner", "off", "--timeout", "10"]
    try:
        done = subprocess.run(  # noqa: S603 - a program of this environment, on files of this checkout
            [*command, *options], capture_output=True, text=True, timeout=SECONDS_MOST, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout


def audit(ask: Ask, locks: Sequence[str] = LOCKS) -> Findings:
    """Ask about each lock file and put the answers together."""
    found = Findings()
    for lock in locks:
        try:
            packages = json.loads(ask(CHECKOUT / lock) or "")["dependencies"]
        except (ValueError, KeyError, TypeError):
            found.silent.append(lock)
            continue
        for package in packages:
            if "skip_reason" in package:
                found.skipped.append(str(package["name"]))
                continue
            found.checked += 1
            found.vulnerable += [_named(package, known) for known in package.get("vulns", ())]
    return found


def _named(package: dict[str, str], known: dict[str, list[str]]) -> str:
    mended = ", ".join(known.get("fix_versions") or ["no version yet"])
    return f"{package['name']} {package['version']}: {known['id']}, mended in {mended}"


def report(found: Findings) -> tuple[int, list[str]]:
    """The exit code, and what to say."""
    said = [f"vulnerable: {one}" for one in found.vulnerable]
    said += [f"not checked: pip-audit gave no answer about {lock}" for lock in found.silent]
    if found.skipped:
        shown = ", ".join(found.skipped[:5]) + (" …" if len(found.skipped) > 5 else "")
        said.append(f"not checked: {len(found.skipped)} packages of which the index tells nothing ({shown})")
    said.append(f"checked: {found.checked} packages, {len(found.vulnerable)} known vulnerabilities")
    return (1 if found.vulnerable else 0), said


if __name__ == "__main__":
    code, lines = report(audit(ask_pip_audit))
    print(*lines, sep="\n")
    sys.exit(code)
