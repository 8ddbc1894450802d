"""One stack for the tests of a module; one alone for all modules that ask for nothing besides.

Those are one xdist_group, so that one process runs them; the last of them kills it.
"""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.running_stack import RunningStack


@pytest.fixture(scope="module")
def stack_folder() -> Iterator[Path]:
    """A folder for it, that engines may reach under another account."""
    with tempfile.TemporaryDirectory(prefix="ledger-stack-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture(scope="module")
def stack_env() -> Mapping[str, str]:
    """What its processes are told beyond what every stack of tests is; a module may say more."""
    return {}


@pytest.fixture(scope="session")
def plain_stack() -> Iterator[RunningStack]:
    """A whole stack with production settings, as every module may use it: to start one takes ten seconds."""
    with tempfile.TemporaryDirectory(prefix="ledger-stack-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        running = RunningStack(Path(name) / "data")
        try:
            running.start()
            yield running
        finally:
            running.stop()


@pytest.fixture(scope="module")
def stack(stack_folder: Path, stack_env: Mapping[str, str], request: pytest.FixtureRequest) -> Iterator[RunningStack]:
    """A whole stack with production settings: one of the module's own, where it says more, until its last test."""
    if not stack_env:
        yield request.getfixturevalue("plain_stack")
        return
    running = RunningStack(stack_folder / "data", env=stack_env)
    try:
        running.start()
        yield running
    finally:
        running.stop()
