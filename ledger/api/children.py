"""Register children and post what concerns one of them: each body is an entry in the child's record."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from flask import Response, g
from flask_smorest import Blueprint

from ledger.api.answers import recorded_response
from ledger.api.refusals import calling, opening
from ledger.api.requests import StrictParser
from ledger.api.schemas.answers import RecordedSchema
from ledger.api.schemas.bodies import BodySchema
from ledger.api.schemas.children import ChildSchema
from ledger.api.schemas.deciding import DecidedSchema
from ledger.api.schemas.kinds import OF_A_CHILD
from ledger.domain.edtf import observed_bounds
from ledger.services.assess import ASSESSING
from ledger.services.break_glass import break_glass
from ledger.services.context import Context
from ledger.services.decide import decide, override
from ledger.services.disagree import DISAGREEMENTS
from ledger.services.hand_over import HANDING
from ledger.services.link_adults import ADULTS
from ledger.services.mark import mark
from ledger.services.order_erasure import ERASING
from ledger.services.raise_concern import CONCERNS
from ledger.services.record import record_one
from ledger.services.rectify import FAMILY
from ledger.services.register_child import change_details, register_child
from ledger.services.retain import KEEPING
from ledger.services.review_glass import review_glass
from ledger.services.share import SHARING
from ledger.services.submission import Recorded, Submission
from ledger.services.sum_up_family import SUMMARIES
from ledger.services.work_on_record import involve, withdraw, work
from ledger.store.append import Caller, Credential


def children_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The routes for a child's registration and for every body about one child."""
    blueprint = Blueprint("children", __name__, url_prefix="/api/v1/children", description="A child's record.")
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.post("")  # type: ignore[untyped-decorator]
    @blueprint.arguments(ChildSchema)  # type: ignore[untyped-decorator]
    @blueprint.response(201, RecordedSchema, description="Registered.")  # type: ignore[untyped-decorator]
    @blueprint.alt_response(200, schema=RecordedSchema, description="Sent before.")  # type: ignore[untyped-decorator]
    def post_child(_loaded: Any) -> Response:
        """Register a child, or find the record that holds this NHS number."""
        return recorded_response(context, register_child(context, calling(), g.body))

    for collection, (kind, schema) in OF_A_CHILD.items():
        _add(blueprint, context, collection, kind, schema)
    return blueprint


def _add(blueprint: Blueprint, context: Context, collection: str, kind: str, schema: type[BodySchema]) -> None:
    store = _how(collection, kind)

    def post(_loaded: Any, record_id: UUID) -> Response:
        return recorded_response(context, store(context, calling(), record_id, g.body))

    post.__name__ = f"post_{collection}"
    post.__doc__ = schema.__doc__
    answer = _ANSWERS.get(collection, RecordedSchema)
    view = blueprint.alt_response(200, schema=answer, description="Sent before.")(post)
    view = blueprint.response(201, answer, description="Stored.")(view)
    view = blueprint.arguments(schema)(view)
    blueprint.post(f"/<uuid:record_id>/{collection}")(view)


#: What is answered with more than where the entry stands.
_ANSWERS: Final[Mapping[str, type[RecordedSchema]]] = {"decisions": DecidedSchema}
_Store = Callable[[Context, Credential | Caller, UUID, Mapping[str, Any]], Recorded]
_OF_GLASS: Final[Mapping[str, _Store]] = {"glass": break_glass, "glass_review": review_glass}


def _decision(context: Context, who: Credential | Caller, record_id: UUID, body: Mapping[str, Any]) -> Recorded:
    return decide(context, who, record_id, body, opening(context))


#: Kinds of which each has a service of its own.
_OF_THEIR_OWN: Final[Mapping[str, _Store]] = {
    **HANDING,
    **ADULTS,
    **SHARING,
    **DISAGREEMENTS,
    **ASSESSING,
    **CONCERNS,
    **FAMILY,
    **KEEPING,
    **ERASING,
    "decision": _decision,
    "decision_override": override,
    **SUMMARIES,
}


def _how(collection: str, kind: str) -> _Store:
    if kind in _OF_THEIR_OWN:
        return _OF_THEIR_OWN[kind]
    if collection == "details":
        return change_details
    if kind == "involvement":
        return involve
    if kind in ("correction", "void"):
        return lambda context, who, record_id, body: withdraw(context, who, record_id, kind, body)
    if kind == "contact":
        return _contact
    if kind in _OF_GLASS:
        return _OF_GLASS[kind]
    if kind == "marking":
        return mark
    return lambda context, who, record_id, body: work(context, who, record_id, kind, body)


def _contact(context: Context, who: Credential | Caller, record_id: UUID, body: Mapping[str, Any]) -> Recorded:
    observed_from = observed_bounds(body["observed"])[0]
    submission = Submission("contact", body["event_id"], body, names=(record_id,), observed_from=observed_from)
    return record_one(context, who, submission, "observe")
