"""How the pages on decisions, assessments, supervision and concerns are asked: forms that leave a record as it was."""

from collections.abc import Mapping
from typing import Any, Final

from tests.integration.api.ask import Ask, Tie
from tests.integration.api.asking_bodies import asks_page


def _form(path: str, *answered: int, **form: Any) -> Ask:
    """A form with too little in it: whoever may is told what is missing."""
    return asks_page(
        "POST", f"/children/{{record}}/{path}", Tie.INVOLVED, form=lambda _: form, answered=frozenset(answered)
    )


DECIDING_PAGES: Final[Mapping[str, Ask]] = {
    "web.child_decisions": asks_page("GET", "/children/{record}/decisions"),
    "web.decide": asks_page("GET", "/children/{record}/decide?kind=close"),
    # Of a basis that nobody was shown nothing is recorded.
    "web.record_decision": _form("decide", 409, kind="close", reason="x"),
    "web.override": _form("decisions/1/overrides", 400),
    **{
        f"web.{name}": asks_page("GET", f"/children/{{record}}/{path}")
        for name, path in (
            ("child_assessments", "assessments"),
            ("assess", "assess"),
            ("child_history", "history-pack"),
            ("child_supervisions", "supervisions"),
            ("child_concerns", "concerns"),
        )
    },
    "web.open_assessment": _form("assess", 400),
    "web.ask_for_assessment": _form("assessments/1/asks", 400),
    "web.reply_to_assessment": _form("assessments/1/replies", 400),
    "web.sign_assessment": _form("assessments/1/signatures", 400, reason="x" * 2_001),
    "web.supervise": _form("supervisions", 400),
    "web.raise_concern": _form("concerns", 400),
    "web.answer_concern": _form("concerns/1/answers", 400),
}
