"""A witness over HTTP: `add-checkpoint` for logs, and plain pages for people. No cookies, no scripts, no accounts.

There is nothing to keep from anybody: a log's checkpoints are public, and only what the log's own key signed is
weighed. What is sent and refused is neither logged nor repeated.
"""

from datetime import UTC, datetime

from flask import Flask, Response, jsonify, render_template_string, request

from ledger.witness.page import PAGE
from ledger.witness.submission import BODY_BYTES_MOST
from ledger.witness.witness import TEXT, Witness
from ledger.witness.words import TITLES, evidence_text

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def witness_app(witness: Witness) -> Flask:
    """The WSGI application of one witness."""
    app = Flask("ledger.witness", static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_BYTES_MOST
    app.jinja_env.filters["moment"] = lambda at: f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S} UTC"

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.update(_HEADERS)
        return response

    @app.post("/add-checkpoint")
    def add_checkpoint() -> Response:
        answer = witness.add_checkpoint(request.get_data(cache=False))
        return Response(answer.body, answer.status, content_type=answer.content_type)

    @app.get("/")
    def page() -> str:
        return render_template_string(
            PAGE, name=witness.key.name, vkey=witness.key.vkey, states=witness.states(),
            evidence=witness.store.evidence(), titles=TITLES,
        )  # fmt: skip

    @app.get("/evidence/<int:number>")
    def evidence(number: int) -> Response:
        for one in witness.store.evidence():
            if one.number == number:
                vkeys = next((state.vkeys for state in witness.states() if state.origin == one.origin), ())
                return Response(evidence_text(one, vkeys), content_type=TEXT)
        return Response("there is nothing here\n", 404, content_type=TEXT)

    @app.get("/log-state.json")
    def log_state() -> Response:
        return jsonify({"format": "ledger-witness-state/1", "witness": witness.key.vkey, "logs": _logs(witness)})

    return app


def _logs(witness: Witness) -> list[dict[str, object]]:
    """How each log stands; `checkpoint` is its own signed note, which whoever follows the log may check."""
    found: list[dict[str, object]] = []
    for state in witness.states():
        latest = state.latest
        found.append(
            {
                "origin": state.origin,
                "keys": state.vkeys,
                "size": None if latest is None else latest.size,
                "cosigned_at": None if latest is None else latest.cosigned_at,
                "checkpoint": None if latest is None else latest.note,
                "proofs_of_misbehaviour": state.proofs,
            }
        )
    return found
