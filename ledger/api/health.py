"""Whether this process lives and whether it can serve; neither says anything about anybody."""

from flask import Blueprint, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from ledger.api.answers import as_json
from ledger.services.context import Context
from ledger.services.read_audits import read_state
from ledger.services.read_machinery import read_troubles
from ledger.services.read_sealing import read_sealing
from ledger.services.see_witnesses import see_witnesses

# By the heads' partial indexes, as workers look: what is not due is not gone through, however many records there are.
_WAITING = """
    SELECT count(*) FROM (
        SELECT record_id FROM ledger.heads WHERE due_seq > detected_seq
        UNION
        SELECT record_id FROM ledger.heads WHERE next_due_at <= (SELECT ledger.clock_now())) due"""


def health_blueprint(context: Context, revision: str) -> Blueprint:
    """/health/live and /health/ready."""
    blueprint = Blueprint("health", __name__, url_prefix="/health")

    @blueprint.get("/live")
    def live() -> Response:
        return as_json({"live": True})

    @blueprint.get("/ready")
    def ready() -> Response:
        checks: dict[str, object] = {"database": False, "schema": False}
        try:
            with context.engine.begin() as connection:
                current = connection.scalar(text("SELECT version_num FROM ledger.alembic_version"))
                waiting = connection.scalar(text(_WAITING))
                is_current = current == revision
                sealing = read_sealing(connection) if is_current else {}
                audited = read_state(connection, context.real_now()) if is_current else None
                report = see_witnesses(connection, context.log_policy, context.real_now()) if is_current else None
                troubles = read_troubles(connection) if is_current else []
            checks = {
                "database": True,
                "schema": current == revision,
                "records_waiting_for_detection": waiting,
                "sealing": sealing,
                # None before the first look of the ledger through itself.
                "self_audit": audited,
                # None where the policy names nobody; whatever they say, entries are taken unless the ledger is closed.
                "witnesses": None if report is None else report.to_json(),
                # What is wrong, as the processes that watch have found it; none of it stops this one from serving.
                "machinery": troubles,
            }
        except SQLAlchemyError:
            pass  # the answer says it
        is_ready = bool(checks["database"] and checks["schema"])
        return as_json({"ready": is_ready, **checks}, 200 if is_ready else 503)

    return blueprint
