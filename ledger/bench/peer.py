"""The bare peers: a Flask application and a loop that do no more than put a body into one table of the same server.

`POST /one` and `POST /many` parse the JSON, insert it by the driver in one commit and answer. What they leave out
(checking, keys, idempotency, row-level security, the chain, projections) is what the ledger costs.
"""

import json
import threading
from typing import Any

import psycopg
from flask import Flask, Response, request

#: In a database of its own, so that the ledger's tables are measured alone.
DATABASE = "bench"
TABLE = "CREATE TABLE bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body jsonb NOT NULL)"
INSERT_ONE = b"INSERT INTO bare (body) VALUES (%s) RETURNING id"

Driver = psycopg.Connection[tuple[Any, ...]]


def insert_many(rows: int) -> bytes:
    """One statement for so many rows."""
    return b"INSERT INTO bare (body) VALUES " + b",".join([b"(%s)"] * rows)


def bare_app(database_url: str) -> Flask:
    """The application of one process; each of its threads has a connection of its own."""
    app = Flask("bare", static_folder=None)
    local = threading.local()

    def driver() -> Driver:
        found: Driver | None = getattr(local, "driver", None)
        if found is None:
            found = local.driver = psycopg.connect(database_url, autocommit=True)
        return found

    @app.post("/one")
    def one() -> Response:
        body = request.get_json()
        row = driver().execute(INSERT_ONE, (json.dumps(body),)).fetchone()
        return Response(json.dumps({"id": row[0] if row else None}), 201, mimetype="application/json")

    @app.post("/many")
    def many() -> Response:
        bodies = request.get_json()
        driver().execute(insert_many(len(bodies)), [json.dumps(body) for body in bodies])
        results = [{"status": 201} for _ in bodies]
        return Response(json.dumps({"results": results}, separators=(",", ":")), 200, mimetype="application/json")

    return app
