"""The web application: the interface and the pages over one engine, one pack, one clock and one source of chance."""

import os
from datetime import UTC, datetime
from typing import Protocol
from uuid import uuid4

import psycopg
from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from ledger.api.alerts import alerts_blueprint
from ledger.api.children import children_blueprint
from ledger.api.entries import entries_blueprint
from ledger.api.gaps import gaps_blueprint
from ledger.api.health import health_blueprint
from ledger.api.observations import observations_blueprint
from ledger.api.openapi import create_api
from ledger.api.people import people_blueprint
from ledger.api.pictures import pictures_blueprint
from ledger.api.problems import register_problem_handlers
from ledger.api.refusals import register_refusal_handlers
from ledger.api.requests import PACK, StrictParser
from ledger.api.timelines import timelines_blueprint
from ledger.domain.pack import Pack
from ledger.services.context import Context
from ledger.services.ring import bell_for
from ledger.store.database import connect_engine
from ledger.store.migrate import newest_revision
from ledger.web import add_pages


class WebSettings(Protocol):
    """What of the settings a web process needs."""

    @property
    def web_database_url(self) -> str: ...
    @property
    def broker_url(self) -> str | None: ...
    @property
    def web_threads(self) -> int: ...


def create_app(settings: WebSettings, pack: Pack) -> Flask:
    """The application of one process; the engine connects when it is first used, so after any fork."""
    context = Context(
        engine=connect_engine(settings.web_database_url, "ledger_web", pool_size=settings.web_threads),
        pack=pack,
        chance=os.urandom,
        real_now=lambda: datetime.now(UTC),
        bell=bell_for(settings.broker_url),
    )
    return application(context)


def application(context: Context) -> Flask:
    """The application over what it is given."""
    app = Flask("ledger", static_folder=None)
    app.extensions["ledger"] = context
    app.extensions[PACK] = context.pack
    register_problem_handlers(
        app,
        new_incident=lambda: uuid4().hex[:12],
        unavailable=(OperationalError, PoolTimeoutError, psycopg.OperationalError),
    )
    register_refusal_handlers(app)
    api, parser = create_api(app), StrictParser()
    for make in (
        observations_blueprint,
        children_blueprint,
        entries_blueprint,
        timelines_blueprint,
        people_blueprint,
        pictures_blueprint,
        gaps_blueprint,
        alerts_blueprint,
    ):
        api.register_blueprint(make(context, parser))
    app.register_blueprint(health_blueprint(context, newest_revision()))
    add_pages(app)
    return app
