"""Records of others, and of nobody: what the ids that a route takes are exchanged for."""

import base64
import copy
import os
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from ledger.domain.role import Role
from ledger.services.enrol import Agency, add_agency
from ledger.services.open_ledger import open_partnership
from ledger.store.append import Caller
from tests.integration.api.scene import Scene
from tests.partnership import Partnership, default_pack

#: What of a scene names something of a record's, or of an agency's.
IDS: Final = frozenset(
    {
        "record", "own", "others", "alert", "finding", "handover", "action", "request", "breaking", "broken",
        "rectification",
        "decision", "disagreement", "summary", "attachment", "key", "person", "webhook",
        "sibling", "linked", "adult",
    }
)  # fmt: skip
#: Another agency of the same partnership; and those of another partnership, each in the place of one of this one.
NEIGHBOUR: Final = "school"
FAR: Final = {"hv": "far-hv", "gp": "far-gp", "police": "far-police", "far": "far"}


class Exchanged:
    """A scene of which some things are another's. `asked` are the names of the ids that were asked for."""

    def __init__(self, ours: Scene, theirs: Any, names: Collection[str] = ()) -> None:
        self._ours, self._theirs, self._names = ours, theirs, names
        self.asked = set[str]()

    #: So that making a body writes nothing.
    is_involved = False

    def __getattr__(self, name: str) -> Any:
        if name in IDS or name == "agency":
            self.asked.add(name)
        return getattr(self._theirs if name in self._names else self._ours, name)


@dataclass(frozen=True)
class Nowhere:
    """Ids of the right form that nothing has. `like` is the scene whose place it takes."""

    like: Scene

    def __getattr__(self, name: str) -> str:
        if name in ("record", "sibling", "person"):
            return str(uuid4())
        if name in ("alert", "finding", "adult"):
            return secrets.token_hex(16)
        if name == "key":
            return f"{self.like.key.partition('.')[0]}.{base64.b32encode(os.urandom(5)).decode().lower()}"
        if name == "webhook":
            return f"wh_{base64.b32encode(os.urandom(10)).decode().lower()}"
        if name == "broken":
            return str(self.like.broken)
        if name == "agency":
            return "nowhere"
        number = str(getattr(self.like, name)).rpartition(".")[2]
        return f"{base64.b32encode(os.urandom(16)).decode().rstrip('=').lower()}.{number}"


def neighbours(partnership: Partnership) -> Scene:
    """A record of another agency of the same partnership, with which the caller's has nothing to do."""
    if NEIGHBOUR not in partnership.keys:
        agency = Agency(NEIGHBOUR, "school", NEIGHBOUR, "ring the school")
        add_agency(partnership.engine("ledger_admin"), os.urandom, partnership="demo", agency=agency)
        partnership.keys[NEIGHBOUR] = partnership.issue(NEIGHBOUR)[1]
    return Scene(partnership, NEIGHBOUR, ("teacher",), is_involved=True)


def far_away(partnership: Partnership) -> Scene:
    """A record of another partnership's, on the same database."""
    admin = partnership.engine("ledger_admin")
    desk = Agency("far-desk", "duty_desk", "Desk", "ring the far desk")
    open_partnership(
        admin, os.urandom, ref="elsewhere", name="Elsewhere", nation="wales", duty_desk=desk, pack=default_pack()
    )
    for ref in FAR.values():
        add_agency(admin, os.urandom, partnership="elsewhere", agency=Agency(ref, "hv", ref, "ring them"))
    assert partnership.app is not None  # made before the copy, and shared by both
    return Scene(_Far.of(partnership), "far", ("caller",), is_involved=True)


class _Far(Partnership):
    """The same ledger, as the agencies of another partnership send to it."""

    @classmethod
    def of(cls, partnership: Partnership) -> "_Far":
        far = copy.copy(partnership)
        far.__class__ = cls
        far.keys = {name: partnership.issue(agency)[1] for name, agency in FAR.items()}
        assert isinstance(far, cls)
        return far

    def issue(self, agency: str, **options: Any) -> tuple[str, str]:
        return super().issue(FAR[agency], **options)

    def person(self, agency: str, ref: str, *roles: Role) -> Caller:
        return super().person(FAR[agency], ref, *roles)
