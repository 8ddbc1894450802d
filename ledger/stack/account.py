"""Whom the engines run as: the caller, or an unprivileged account when the caller is root.

PostgreSQL refuses to run as root, and neither engine needs it. Nothing here changes the permissions of a folder that
the stack did not make itself: a path that the account cannot reach is worked around, never opened up.
"""

import os
import pwd
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ledger.stack.fault import StackError

SERVICE_NAMES = ("ledger", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """An operating-system account; `changes` says whether a child must change to it."""

    name: str
    uid: int
    gid: int
    changes: bool


def engine_account(env: Mapping[str, str], data: Path | None = None) -> Account:
    """The account for the engines: the owner of existing data, else a service account, else the caller."""
    if os.geteuid() != 0:
        return _account(pwd.getpwuid(os.geteuid()).pw_name, changes=False)
    if data is not None and data.exists() and data.stat().st_uid != 0:
        return _account_of_uid(data.stat().st_uid)
    wanted = env.get("LEDGER_SERVICE_USER")
    for name in (wanted,) if wanted else SERVICE_NAMES:
        try:
            account = _account(name, changes=True)
        except KeyError:
            continue
        if account.uid != 0:
            return account
    raise StackError("Running as root needs an unprivileged account for the engines: name one in LEDGER_SERVICE_USER.")


def _account(name: str, *, changes: bool) -> Account:
    entry = pwd.getpwnam(name)
    return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid, changes=changes)


def _account_of_uid(uid: int) -> Account:
    try:
        return _account(pwd.getpwuid(uid).pw_name, changes=True)
    except KeyError:
        return Account(name=str(uid), uid=uid, gid=uid, changes=True)


def groups_of(account: Account) -> set[int]:
    """The groups that a child of this account has: its own only when changed to, else the caller's."""
    return {account.gid} if account.changes else {os.getegid(), *os.getgroups()}


def can_reach(path: Path, account: Account) -> bool:
    """Whether the account may pass through every folder down to `path`, and enter it or run it.

    Permission bits only: an access list that allows more is not seen, and the copy made then does no harm.
    """
    resolved = path.resolve()
    groups = groups_of(account)
    return all(_may_execute(step, account.uid, groups) for step in (*resolved.parents, resolved) if step.exists())


def _may_execute(path: Path, uid: int, groups: set[int]) -> bool:
    status = path.stat()
    if status.st_uid == uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid in groups:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)
