"""bootstrap.py, on checkouts made for the purpose; only the making of a bare environment is real."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import bootstrap

ROOT = Path(bootstrap.__file__).parent


class Installer:
    """Stands for pip and uv: notes what it was asked, and refuses what it is told to refuse."""

    def __init__(self, *refusing: str) -> None:
        self.asked: list[list[str]] = []
        self.refusing = refusing

    def __call__(self, command: Sequence[str], *, quiet: bool = False) -> bool:
        line = " ".join(command)
        self.asked.append(list(command))
        return not any(word in line for word in self.refusing)

    @property
    def installed(self) -> list[str]:
        return [Path(command[-1]).name for command in self.asked if "install" in command]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with a lock of each kind, and a package to start."""
    for name in (*bootstrap.LOCKS.values(), bootstrap.INSTALLER_LOCK):
        (tmp_path / name).write_text(f"# {name}\n")
    (tmp_path / "ledger").mkdir()
    (tmp_path / "ledger" / "__main__.py").write_text("import sys\nprint(__file__, sys.argv[1:])\n")
    return tmp_path


@pytest.fixture
def installer(monkeypatch: pytest.MonkeyPatch) -> Installer:
    """Nothing is downloaded; a pip is there, uv can neither be fetched nor found."""
    return use(monkeypatch, Installer())


def use(monkeypatch: pytest.MonkeyPatch, installer: Installer) -> Installer:
    """Put this installer in the place of real programs."""
    monkeypatch.setattr(bootstrap, "run", installer)
    monkeypatch.setattr("shutil.which", lambda _name: None)
    return installer


def marks(checkout: Path) -> dict[str, str]:
    """What the marker says."""
    marked = json.loads((checkout / ".venv" / "bootstrap.json").read_text())
    assert isinstance(marked, dict)
    return marked


def test_a_second_start_does_nothing(checkout: Path, installer: Installer) -> None:
    """Once the marker holds the lock's hash, no program is started and nothing is written."""
    bootstrap.Environment(checkout).ensure("runtime")
    assert installer.installed == ["requirements-uv.lock", "requirements.lock"]
    before, installer.asked = marks(checkout), []
    bootstrap.Environment(checkout).ensure("runtime")
    assert installer.asked == []
    assert marks(checkout) == before


def test_a_changed_lock_is_installed_again(checkout: Path, installer: Installer) -> None:
    """A lock of other bytes than those marked is installed, into the same environment."""
    bootstrap.Environment(checkout).ensure("runtime")
    kept = checkout / ".venv" / "kept"
    kept.touch()
    (checkout / "requirements.lock").write_text("flask==3.1.3\n")
    installer.asked = []
    bootstrap.Environment(checkout).ensure("runtime")
    assert "requirements.lock" in installer.installed
    assert kept.exists()
    assert marks(checkout)["runtime"] == bootstrap.digest(checkout / "requirements.lock")


def test_the_developers_lock_stands_for_both(checkout: Path, installer: Installer) -> None:
    """After the tests' set-up the application starts without another installation."""
    bootstrap.Environment(checkout).ensure("dev")
    installer.asked = []
    bootstrap.Environment(checkout).ensure("runtime")
    assert installer.asked == []


def test_every_installation_asks_for_hashes(checkout: Path, installer: Installer) -> None:
    """No command that installs goes without --require-hashes, uv's own included."""
    bootstrap.Environment(checkout).ensure("dev")
    commands = [command for command in installer.asked if "install" in command]
    assert commands
    assert all("--require-hashes" in command for command in commands)


def test_without_any_installer_it_says_what_to_install(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """With no pip, no ensurepip and no uv the start fails with the names of packages, not with a traceback."""
    use(monkeypatch, Installer("pip"))
    monkeypatch.setattr(bootstrap, "CHECKOUT", checkout)
    assert bootstrap.main(["sync"]) == 1
    assert "python3-pip" in capfd.readouterr().err


def test_a_failed_addition_leaves_what_worked(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the developers' packages cannot be had, the application that was installed before still starts."""
    use(monkeypatch, Installer())
    bootstrap.Environment(checkout).ensure("runtime")
    refusing = use(monkeypatch, Installer("requirements-dev.lock"))
    with pytest.raises(bootstrap.CannotBootstrapError):
        bootstrap.Environment(checkout).ensure("dev")
    refusing.asked = []
    bootstrap.Environment(checkout).ensure("runtime")
    assert refusing.asked == []


def test_a_killed_first_start_is_begun_again(checkout: Path, installer: Installer) -> None:
    """An environment with the half-made flag and no marker is removed and made anew."""
    half = checkout / ".venv"
    (half / "bin").mkdir(parents=True)
    (half / "bin" / "python").symlink_to(sys.executable)
    (half / "rubbish").touch()
    (half / "bootstrap.unfinished").touch()
    bootstrap.Environment(checkout).ensure("runtime")
    assert not (half / "rubbish").exists()
    assert not (half / "bootstrap.unfinished").exists()
    assert "requirements.lock" in installer.installed


def test_a_killed_addition_is_laid_again(checkout: Path, installer: Installer) -> None:
    """An environment in use that was being added to is repaired in place: every file of the larger lock again."""
    bootstrap.Environment(checkout).ensure("runtime")
    (checkout / ".venv" / "kept").touch()
    (checkout / ".venv" / "bootstrap.unfinished").touch()
    installer.asked = []
    bootstrap.Environment(checkout).ensure("runtime")
    assert (checkout / ".venv" / "kept").exists()
    assert any("--force-reinstall" in command for command in installer.asked)
    assert installer.installed[-1] == "requirements-dev.lock"


def test_a_checkout_that_moved_gets_its_own(checkout: Path, installer: Installer, tmp_path: Path) -> None:
    """An environment that came along with a copied or moved checkout is not trusted: its paths are another's."""
    bootstrap.Environment(checkout).ensure("runtime")
    moved = tmp_path.with_name("moved")
    checkout.rename(moved)
    bootstrap.Environment(moved).ensure("runtime")
    assert marks(moved)["checkout"] == str(moved)
    assert str(moved) in (moved / ".venv" / "bin" / "ledger").read_text()


def test_two_starts_at_once_install_once(checkout: Path, installer: Installer) -> None:
    """Of two starts in a bare checkout one makes the environment; the other waits and finds it ready."""
    slow = bootstrap.Environment._make

    def make(self: bootstrap.Environment, kind: str) -> None:
        time.sleep(0.2)
        slow(self, kind)

    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(2) as pool:
        patch.setattr(bootstrap.Environment, "_make", make)
        for done in [pool.submit(bootstrap.Environment(checkout).ensure, "runtime") for _ in range(2)]:
            done.result()
    assert installer.installed.count("requirements.lock") == 1


def test_the_launcher_works_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`.venv/bin/ledger` finds its own checkout, from a folder that has a `ledger` of its own, spaces in the path."""
    here, elsewhere = tmp_path / "a check'out", tmp_path / "elsewhere"
    for folder in (here, elsewhere):
        (folder / "ledger").mkdir(parents=True)
        (folder / "ledger" / "__main__.py").write_text("import sys\nprint(__file__, sys.argv[1:])\n")
    for name in (*bootstrap.LOCKS.values(), bootstrap.INSTALLER_LOCK):
        (here / name).touch()
    use(monkeypatch, Installer())
    bootstrap.Environment(here).ensure("runtime")
    said = subprocess.run(
        [here / ".venv" / "bin" / "ledger", "up", "--demo"],
        cwd=elsewhere,
        env={"PATH": os.defpath},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == f"{here / 'ledger' / '__main__.py'} ['up', '--demo']"


def test_an_old_python_is_refused_in_one_sentence(tmp_path: Path) -> None:
    """The refusal stands before any line that an old Python would trip over, and names the version wanted."""
    text = (
        (ROOT / "bootstrap.py")
        .read_text()
        .replace("import fcntl", "import sys; sys.version_info = (3, 9, 2)\nimport fcntl")
    )
    old = tmp_path / "bootstrap.py"
    old.write_text(text)
    done = subprocess.run([sys.executable, old, "up"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("bootstrap: this is Python 3.9; the ledger needs Python 3.11 or newer.")


@pytest.mark.parametrize("command", bootstrap.DEVELOPER)
def test_a_developers_command_has_its_tools(command: str) -> None:
    """Each program that a developer's command starts comes with the developers' lock or is the ledger itself."""
    lock = (ROOT / "requirements-dev.lock").read_text()
    package = {"lint-imports": "import-linter"}
    for program, *_ in bootstrap.DEVELOPER[command]:
        assert program == "ledger" or f"\n{package.get(program, program)}==" in lock
