"""The web application: the interface and the pages over one engine, one pack, one clock and one source of chance."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Protocol
from uuid import uuid4

import psycopg
from flask import Flask
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from ledger.api.administration import administration_blueprint, operation_blueprint
from ledger.api.adults import adults_blueprint, child_adults_blueprint
from ledger.api.agency import agency_blueprint
from ledger.api.alerts import alerts_blueprint
from ledger.api.assessments import assessments_blueprint
from ledger.api.attachments import attachments_blueprint
from ledger.api.audit import audit_blueprint, child_access_blueprint
from ledger.api.children import children_blueprint
from ledger.api.decisions import decisions_blueprint
from ledger.api.digests import digests_blueprint
from ledger.api.disagreements import disagreements_blueprint
from ledger.api.entries import entries_blueprint
from ledger.api.exports import exports_blueprint
from ledger.api.family import family_blueprint
from ledger.api.gaps import gaps_blueprint
from ledger.api.glass import glass_blueprint
from ledger.api.health import health_blueprint
from ledger.api.histories import histories_blueprint
from ledger.api.involvements import involvements_blueprint
from ledger.api.limits import ATTACHMENT_BYTES_MAX, BODY_BYTES_MAX
from ledger.api.log import log_blueprint
from ledger.api.notices import notices_blueprint
from ledger.api.observations import observations_blueprint
from ledger.api.openapi import create_api
from ledger.api.people import people_blueprint
from ledger.api.pictures import pictures_blueprint
from ledger.api.problems import register_problem_handlers
from ledger.api.rates import add_rates
from ledger.api.reach import reach_blueprint
from ledger.api.receipts import receipts_blueprint
from ledger.api.refusals import register_refusal_handlers
from ledger.api.replays import log_size_blueprint, replays_blueprint
from ledger.api.requests import PACK, StrictParser, add_query_check, refused_fields
from ledger.api.retention import retention_blueprint
from ledger.api.rights import add_gate
from ledger.api.rules import rules_blueprint
from ledger.api.schemas.observations import ObservationSchema
from ledger.api.sharing import sharing_blueprint
from ledger.api.timelines import timelines_blueprint
from ledger.api.tokens import tokens_blueprint
from ledger.api.webhooks import partnership_webhooks_blueprint, webhooks_blueprint
from ledger.api.work import work_blueprint
from ledger.domain.cap import Caps
from ledger.domain.pack import Pack
from ledger.services.context import Context
from ledger.services.provider import Provider, Registration
from ledger.services.rates import UNLIMITED, Quotas, Rates
from ledger.services.read_policy import read_policy
from ledger.services.receive import signer_for
from ledger.services.ring import bell_for
from ledger.services.seal import Sealer
from ledger.services.sign_in_rules import SignInRules
from ledger.services.webhook_rules import WebhookRules
from ledger.store.database import connect_engine
from ledger.store.log import LOGS
from ledger.store.migrate import newest_revision
from ledger.web import add_pages
from ledger.web.imports import CHECK_OBSERVATION

#: Connections of one process for auditors, who are few; and for what administrators give and operators do, seldom.
AUDITORS_AT_ONCE, GIVERS_AT_ONCE = 2, 1


class OidcSettings(Protocol):
    """How this ledger is registered at an OpenID provider."""

    @property
    def issuer(self) -> str: ...
    @property
    def client_id(self) -> str: ...
    @property
    def client_secret(self) -> str | None: ...
    @property
    def name(self) -> str: ...
    @property
    def acr(self) -> frozenset[str]: ...
    @property
    def amr(self) -> frozenset[str]: ...


class SignInSettings(Protocol):
    """How people sign in."""

    @property
    def secret_keys(self) -> tuple[bytes, ...]: ...
    @property
    def is_factor_required(self) -> bool: ...
    @property
    def oidc(self) -> OidcSettings | None: ...
    @property
    def proxies(self) -> int: ...


class LogSettings(Protocol):
    """What of the log's settings a web process needs: the key of receipts, and whose cosignatures are asked for."""

    @property
    def receipt_key(self) -> bytes | None: ...
    @property
    def policy(self) -> Path | None: ...


class WebhookSettings(Protocol):
    """What of webhooks a web process needs."""

    @property
    def loopback(self) -> bool: ...


class WebSettings(Protocol):
    """What of the settings a web process needs."""

    @property
    def web_database_url(self) -> str: ...
    @property
    def auditor_database_url(self) -> str: ...
    @property
    def admin_database_url(self) -> str: ...
    @property
    def worker_database_url(self) -> str: ...
    @property
    def pack_folder(self) -> Path: ...
    @property
    def broker_url(self) -> str | None: ...
    @property
    def web_threads(self) -> int: ...
    @property
    def token_minutes(self) -> int: ...
    @property
    def reads_client_certificates(self) -> bool: ...
    @property
    def base_url(self) -> str: ...
    @property
    def live_url(self) -> str | None: ...
    @property
    def sign_in(self) -> SignInSettings: ...
    @property
    def log(self) -> LogSettings: ...
    @property
    def webhooks(self) -> WebhookSettings: ...
    @property
    def web_workers(self) -> int: ...
    @property
    def attachment_bytes(self) -> int: ...
    @property
    def agency_requests(self) -> int: ...
    @property
    def person_requests(self) -> int: ...
    @property
    def address_requests(self) -> int: ...
    @property
    def person_hour_reads(self) -> int: ...
    @property
    def person_day_reads(self) -> int: ...
    @property
    def agency_hour_reads(self) -> int: ...
    @property
    def agency_day_reads(self) -> int: ...


def create_app(settings: WebSettings, pack: Pack) -> Flask:
    """The application of one process; the engine connects when it is first used, so after any fork.

    Raises PolicyFileError where the policy of witnesses cannot be read.
    """
    engine = connect_engine(settings.web_database_url, "ledger_web", pool_size=settings.web_threads)
    receipt_key = settings.log.receipt_key
    hour, day = settings.person_hour_reads, settings.person_day_reads
    context = Context(
        engine=engine,
        pack=pack,
        chance=os.urandom,
        real_now=lambda: datetime.now(UTC),
        bell=bell_for(settings.broker_url),
        token_lifetime=timedelta(minutes=settings.token_minutes),
        reads_client_certificates=settings.reads_client_certificates,
        auditor=connect_engine(settings.auditor_database_url, "ledger_auditor", pool_size=AUDITORS_AT_ONCE),
        admin=connect_engine(settings.admin_database_url, "ledger_admin", pool_size=GIVERS_AT_ONCE),
        worker=connect_engine(settings.worker_database_url, "ledger_worker", pool_size=GIVERS_AT_ONCE),
        packs=settings.pack_folder.resolve().parent,
        sign_in=_rules(settings.sign_in, settings.base_url),
        caps=Caps(hour, day, settings.agency_hour_reads, settings.agency_day_reads),
        receipts=None if receipt_key is None else signer_for(engine, receipt_key),
        log_policy=read_policy(settings.log.policy),
        webhooks=WebhookRules(_sealer(settings.sign_in), settings.webhooks.loopback),
    )
    quotas = Quotas(settings.agency_requests, settings.person_requests, settings.address_requests)
    return application(
        context,
        quotas=quotas.shared_by(settings.web_workers),
        attachment_bytes=settings.attachment_bytes,
        is_secure=settings.base_url.startswith("https://"),
        streams=settings.live_url,
    )


def _rules(said: SignInSettings, base_url: str) -> SignInRules:
    at = said.oidc
    provider = Registration(at.issuer, at.client_id, at.client_secret, at.name, at.acr, at.amr) if at else None
    return SignInRules(
        sealer=_sealer(said),
        is_factor_required=said.is_factor_required,
        provider=Provider(provider) if provider else None,
        base_url=base_url,
        proxies=said.proxies,
    )


def _sealer(said: SignInSettings) -> Sealer | None:
    return Sealer(said.secret_keys) if said.secret_keys else None


def application(
    context: Context,
    *,
    quotas: Quotas = UNLIMITED,
    attachment_bytes: int = ATTACHMENT_BYTES_MAX,
    is_secure: bool = False,
    streams: str | None = None,
) -> Flask:
    """The application over what it is given. `is_secure`: people reach it by https alone; `streams`: see add_pages."""
    app = Flask("ledger", static_folder=None)
    # What no route of its own reads: forms. Bodies of the interface are read by ledger.api.requests, each to its limit.
    app.config.update(MAX_CONTENT_LENGTH=BODY_BYTES_MAX, MAX_FORM_MEMORY_SIZE=BODY_BYTES_MAX, MAX_FORM_PARTS=100)
    app.extensions["ledger"] = context
    app.extensions[PACK] = context.pack
    register_problem_handlers(
        app,
        new_incident=lambda: uuid4().hex[:12],
        unavailable=(OperationalError, PoolTimeoutError, psycopg.OperationalError),
        unfit=(DataError, psycopg.DataError),
    )
    register_refusal_handlers(app)
    add_rates(app, Rates(quotas, monotonic), proxies=context.sign_in.proxies)
    add_gate(app, context)
    add_query_check(app)
    api, parser = create_api(app), StrictParser()
    for make in (
        observations_blueprint,
        children_blueprint,
        entries_blueprint,
        receipts_blueprint,
        timelines_blueprint,
        people_blueprint,
        child_adults_blueprint,
        adults_blueprint,
        reach_blueprint,
        pictures_blueprint,
        histories_blueprint,
        gaps_blueprint,
        digests_blueprint,
        replays_blueprint,
        log_size_blueprint,
        alerts_blueprint,
        administration_blueprint,
        agency_blueprint,
        operation_blueprint,
        rules_blueprint,
        sharing_blueprint,
        disagreements_blueprint,
        assessments_blueprint,
        work_blueprint,
        decisions_blueprint,
        notices_blueprint,
        retention_blueprint,
        family_blueprint,
        exports_blueprint,
        glass_blueprint,
        involvements_blueprint,
        audit_blueprint,
        child_access_blueprint,
        tokens_blueprint,
        webhooks_blueprint,
        partnership_webhooks_blueprint,
    ):
        api.register_blueprint(make(context, parser))
    api.register_blueprint(attachments_blueprint(context, parser, attachment_bytes))
    app.register_blueprint(health_blueprint(context, newest_revision()))
    for log in LOGS:
        app.register_blueprint(log_blueprint(context, log))
    app.extensions[CHECK_OBSERVATION] = lambda body: [
        (error.pointer, error.detail) for error in refused_fields(parser.bound(ObservationSchema), body)
    ]
    add_pages(app, is_secure=is_secure, streams=streams)
    return app
