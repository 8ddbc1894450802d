"""One stack for the tests of a module. A module whose last test kills it, or that is dear, is one xdist_group."""

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


@pytest.fixture(scope="module")
def stack(stack_folder: Path, stack_env: Mapping[str, str]) -> Iterator[RunningStack]:
    """A whole stack with production settings, which runs until the module's last test has ended."""
    running = RunningStack(stack_folder / "data", env=stack_env)
    try:
        running.start()
        yield running
    finally:
        running.stop()
