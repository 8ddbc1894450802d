"""The way round: which pages stand in the header for whom, so that no page leads where somebody may not go."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, current_app, request

from ledger.domain.role import Reach, Right, Role, reach_of
from ledger.services.sign_in import SignedIn


@dataclass(frozen=True, slots=True)
class Way:
    """One word of the header: where it leads, and the right that its page asks for."""

    endpoint: str
    words: str
    right: Right
    #: Auditors read, and are nobody's lead: most pages of those who work with children are not theirs.
    for_auditors: bool = False


#: In the order of the header. What has no page is left out.
WAYS: Final = (
    Way("web.alerts", "Alerts", Right.READ),
    Way("web.children", "Children", Right.READ),
    Way("web.works", "Work", Right.READ),
    Way("web.digest", "Digest", Right.READ),
    Way("web.imports", "Import", Right.OBSERVE),
    Way("web.glass", "Broken glass", Right.READ),
    Way("web.audit", "Oversight", Right.OVERSEE, for_auditors=True),
    Way("web.administration", "Administration", Right.ADMINISTER),
    Way("web.operation", "Operation", Right.OPERATE),
    Way("web.rules", "Rules", Right.RULES, for_auditors=True),
)


def register(blueprint: Blueprint) -> None:
    """Give templates the way round."""
    blueprint.app_context_processor(lambda: {"ways_of": ways_of})


def ways_of(person: SignedIn) -> list[dict[str, str | bool]]:
    """What stands in this person's header, and on which of it they are."""
    return [
        {"endpoint": way.endpoint, "words": way.words, "here": way.endpoint == request.endpoint}
        for way in WAYS
        if way.endpoint in current_app.view_functions and is_open(way, person.roles)
    ]


def is_open(way: Way, roles: Collection[Role]) -> bool:
    """Whether a page is open to somebody in these roles, as the gate before it will say."""
    if Role.AUDITOR in roles and not way.for_auditors:
        return False
    return reach_of(roles, way.right) is not Reach.NONE
