"""Sends the tests of one group to one process, when a run has several.

pytest-xdist 3.8 writes a test's group into the test's id, which pytest 9.2 no longer lets it do, and then spreads the
tests of a group without a word (pytest-dev/pytest-xdist#1386). So the group is read here where it is written.
"""

import functools
import re
from pathlib import Path

from xdist.scheduler import LoadGroupScheduling  # type: ignore[import-untyped]

_MARK = re.compile(r'^pytestmark = pytest\.mark\.xdist_group\("([\w-]+)"\)', re.MULTILINE)


@functools.cache
def group_of(module: Path) -> str | None:
    """The group that a module of tests says all of its tests are in."""
    found = _MARK.search(module.read_text())
    return found and found[1]


class GroupScheduling(LoadGroupScheduling):  # type: ignore[misc]
    """As a run with --dist=loadgroup is described: groups whole, and every other test by itself."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(self.config.rootpath / nodeid.partition("::")[0]) or nodeid
