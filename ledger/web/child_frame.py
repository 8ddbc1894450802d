"""The frame of every page about one child: whose it is, and the way from one of its pages to the next."""

from typing import Any, Final
from uuid import UUID

from flask import current_app, render_template, request, url_for
from sqlalchemy import Connection

from ledger.domain.role import Right
from ledger.services.child_told import child_told
from ledger.services.name_child import name_child
from ledger.services.reach import may_there
from ledger.services.see import open_eyes
from ledger.services.sign_in import SignedIn
from ledger.web.sessions import reader_of

#: The pages about a child, in the order of their tabs: endpoint and what the tab says.
TABS: Final = (
    ("web.child", "Picture"),
    ("web.child_people", "People"),
    ("web.chronology", "Chronology"),
    ("web.child_gaps", "Gaps"),
    ("web.child_work", "Work"),
    ("web.child_decisions", "Decisions"),
    ("web.child_assessments", "Assessments"),
    ("web.child_engagement", "Engagement"),
    ("web.child_care", "Care"),
    ("web.child_reach", "Who knows what"),
)

#: What is done from any of them: endpoint, words, and the right that it takes.
DEEDS: Final = (
    ("web.observe", "Post an observation", Right.OBSERVE),
    ("web.decide", "Record a decision", Right.WORK),
)


def render_child(
    template: str, connection: Connection, person: SignedIn, record_id: UUID, here: str | None, **values: Any
) -> str:
    """A page about a child, in its frame; ``here`` is the endpoint of its tab, None on a page that has none.

    Templates have `child`, what the child is called, and `details`, what is held of who they are.

    Call it once the page's own reading has let the person in: the frame checks nothing and records nothing.
    """
    reader = reader_of(person)
    eyes = open_eyes(connection, reader, [record_id])
    details = child_told(connection, eyes, [record_id]).get(record_id, {})
    tabs = [
        {"endpoint": endpoint, "words": words, "here": endpoint == here}
        for endpoint, words in TABS
        if endpoint in current_app.view_functions
    ]
    deeds = [
        {"endpoint": endpoint, "words": words}
        for endpoint, words, right in DEEDS
        if endpoint in current_app.view_functions
        and request.path != url_for(endpoint, record_id=record_id)
        and may_there(connection, reader, record_id, right)
    ]
    return render_template(
        template,
        **{"errors": {}, **values},
        child=name_child(details),
        details=details,
        record_id=record_id,
        tabs=tabs,
        deeds=deeds,
    )
