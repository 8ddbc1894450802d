"""Post observations, one or many; the hot path, so nothing here does a thing twice."""

from typing import Any

from flask import Response, g, request
from flask_smorest import Blueprint

from ledger.api.answers import as_json, recorded, recorded_response, with_notices
from ledger.api.problems import Problem, bad_json
from ledger.api.refusals import calling, problem_of
from ledger.api.requests import StrictParser, read_batch, refused_fields
from ledger.api.schemas.answers import BatchSchema, RecordedSchema
from ledger.api.schemas.observations import ObservationSchema
from ledger.api.strict_json import BadJsonError
from ledger.services.context import Context
from ledger.services.observe import submission_of
from ledger.services.record import record, record_one
from ledger.services.refusal import Refusal
from ledger.services.submission import Outcome, Submission
from ledger.store.append import Caller, Credential


def observations_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The two routes for observations."""
    blueprint = Blueprint("observations", __name__, url_prefix="/api/v1", description="What was seen or said.")
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.post("/observations")  # type: ignore[untyped-decorator]
    @blueprint.arguments(ObservationSchema)  # type: ignore[untyped-decorator]
    @blueprint.response(201, RecordedSchema, description="Stored.")  # type: ignore[untyped-decorator]
    @blueprint.alt_response(200, schema=RecordedSchema, description="Stored before.")  # type: ignore[untyped-decorator]
    def post_observation(_loaded: Any) -> Response:
        """Record one observation about one child."""
        credential = calling()
        return recorded_response(context, record_one(context, credential, submission_of(g.body, credential), "observe"))

    @blueprint.post("/observations/batch")  # type: ignore[untyped-decorator]
    @blueprint.response(200, BatchSchema)  # type: ignore[untyped-decorator]
    @blueprint.doc(  # type: ignore[untyped-decorator]
        requestBody={
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Observation"}}
                },
                "application/x-ndjson": {"schema": {"$ref": "#/components/schemas/Observation"}},
            },
        }
    )
    def post_batch() -> Response:
        """Record up to a thousand observations: the good ones together, a result for each in order."""
        credential = calling()
        results, outcomes = _batch(context, parser, credential, read_batch(request))
        return as_json(with_notices({"results": results}, outcomes))

    return blueprint


def _batch(
    context: Context, parser: StrictParser, credential: Credential | Caller, items: list[object]
) -> tuple[list[dict[str, Any]], list[Outcome]]:
    schema = parser.bound(ObservationSchema)
    results: list[dict[str, Any] | None] = [None] * len(items)
    submissions: list[Submission] = []
    places: list[int] = []
    for place, item in enumerate(items):
        if isinstance(item, BadJsonError):
            results[place] = _refused(bad_json(item))
        elif errors := refused_fields(schema, item):
            results[place] = _refused(Problem("invalid", errors=errors))
        else:
            assert isinstance(item, dict), "the schema passes nothing else"
            submissions.append(submission_of(item, credential))
            places.append(place)
    # With nothing good in it the batch is still asked whether its key holds.
    outcomes = record(context, credential, submissions, "observe")
    for place, outcome in zip(places, outcomes, strict=True):
        results[place] = _result(context, outcome)
    return [result for result in results if result is not None], outcomes


def _result(context: Context, outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome, Refusal):
        return _refused(problem_of(outcome))
    return {"status": 201 if outcome.is_new else 200, **recorded(outcome, context.receipts)}


def _refused(problem: Problem) -> dict[str, Any]:
    said = problem.as_json()
    return {name: said[name] for name in ("status", "code", "detail", "errors") if name in said}
