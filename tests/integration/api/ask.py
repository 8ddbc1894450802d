"""What one route is asked, and what tie to a record it needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tests.integration.api.scene import Scene


class Tie(StrEnum):
    """What a route needs of the record besides the right."""

    #: As far as the right reaches.
    REACH = "reach"
    #: Involvement besides, however far the right reaches.
    INVOLVED = "involved"
    #: Nothing: anybody who has the right may, of any record that they can name.
    FREE = "free"
    #: It is about no record.
    NOWHERE = "nowhere"
    #: It is about an alert, which must have been brought to them.
    ALERT = "alert"
    #: It is of those who lead the record, and of auditors.
    LEADING = "leading"


@dataclass(frozen=True, slots=True)
class Ask:
    """One route's request. `body` makes what is sent as JSON, `form` what is sent as a form, of a scene."""

    method: str
    path: Callable[[Scene], str]
    tie: Tie = Tie.REACH
    body: Callable[[Scene], dict[str, Any] | list[Any]] | None = None
    form: Callable[[Scene], Mapping[str, Any]] | None = None
    #: What is sent as a form of several parts, as the test client is told.
    parts: Callable[[Scene], Mapping[str, Any]] | None = None
    #: Statuses by which it is refused: by a page, also with the form again.
    refused: frozenset[int] = frozenset({401, 403, 404})
    #: Where who may not see a page is sent in place of a refusal.
    instead: frozenset[str] = frozenset()
    #: Statuses by which it is answered to whoever may; a refusal of the body among them where state decides.
    answered: frozenset[int] = frozenset({200, 201})
