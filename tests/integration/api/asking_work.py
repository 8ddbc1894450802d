"""How the pages of alerts, work and disagreements are asked: forms with too little in them leave a record as it was."""

from collections.abc import Mapping
from typing import Any, Final

from tests.integration.api.ask import Ask, Tie
from tests.integration.api.asking_bodies import asks_page
from tests.integration.api.scene import Scene


def _form(path: str, *answered: int, **form: Any) -> Ask:
    """A form with too little in it: whoever may is told what is missing."""
    return asks_page(
        "POST", f"/children/{{record}}/{path}", Tie.INVOLVED, form=lambda _: form, answered=frozenset(answered)
    )


def _request(scene: Scene) -> str:
    number = scene.request.rpartition(".")[2]
    return f"/children/{scene.record}/requests/{number}/answers"


def _finding(scene: Scene) -> str:
    return f"/children/{scene.record}/findings/{scene.finding}"


WORK_PAGES: Final[Mapping[str, Ask]] = {
    "web.finding": Ask("GET", _finding),
    "web.works": asks_page("GET", "/work", Tie.NOWHERE),
    "web.child_work": asks_page("GET", "/children/{record}/work"),
    "web.offer_lead": asks_page("GET", "/children/{record}/offers"),
    "web.disagreements": asks_page("GET", "/children/{record}/disagreements"),
    "web.answer_work": _form("owed/1/answers", 400),
    "web.finish_work": _form("owed/1/done", 400),
    "web.answer_request": Ask("POST", _request, Tie.FREE, form=lambda _: {}, answered=frozenset({400})),
    "web.press_offer": _form("offers", 400),
    "web.disagree": _form("disagreements", 400),
    "web.move_disagreement": _form("disagreements/1/moves", 400),
}
