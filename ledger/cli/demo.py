"""Play the five published cases on a demonstration ledger, through its HTTP interface, as their agencies posted them.

The ledger's clock is moved to each entry's moment, and to each moment at which something falls due on the way, and
detection is let catch up before it moves on: so recorded times, ages and *as known on* are the cases' own. Played
twice, everything is known already and nothing is recorded again.
"""

import heapq
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import click
import httpx
from sqlalchemy import Engine, text

from config.settings import Settings
from ledger.api.schemas.kinds import OF_A_CHILD
from ledger.cli.administer import admin_engine
from ledger.cli.environment import current_settings
from ledger.cli.opening import reviews
from ledger.domain.entry_names import with_entries
from ledger.domain.scenario import Scenario, ScenarioEntry, opening_steps
from ledger.services.authenticate import SCOPES
from ledger.services.issue_key import issue_key
from ledger.services.ring import bell_for
from ledger.services.word_dates import word_observed
from ledger.store import clock
from ledger.store.database import SYSTEM, transaction

_COLLECTIONS = {kind: collection for collection, (kind, _schema) in OF_A_CHILD.items()}
#: How long detection may take over one moment before the demonstration says that nobody is detecting.
_PATIENCE_S = 60.0
_KEY_LIFETIME = timedelta(days=30)


@click.command()
def demo() -> None:
    """Play the five cases on the running demonstration ledger and print its alerts as they arrive."""
    settings = current_settings()
    with admin_engine() as engine:
        _refuse_other_ledgers(engine)
        play(settings, engine)


def play(settings: Settings, engine: Engine) -> None:
    """Post every scenario's entries in order of their moments."""
    scenarios = reviews()
    stage = _Stage(settings, engine)
    click.echo(f"Playing {len(scenarios)} cases, {sum(len(s.entries) for s in scenarios)} entries, by their agencies.")
    began = time.monotonic()
    for count, (moment, scenario, entry) in enumerate(_moments(scenarios), start=1):
        stage.move_to(moment)
        if entry is None:
            continue
        stage.post(scenario, entry)
        stage.settle()
        stage.say_alerts()
        if count % 10 == 0:
            click.echo(f"  … {moment:%d %b %Y}, {count} entries posted")
    stage.say_alerts()
    click.echo(
        f"The cases have been played in {time.monotonic() - began:.0f} s: {stage.posted} entries, "
        f"{len(stage.told)} alerts. Open {settings.base_url}/ with a sign-in link from above to see them."
    )


def _moments(scenarios: Iterable[Scenario]) -> Iterator[tuple[datetime, Scenario, ScenarioEntry | None]]:
    """Everything that happens, merged so that time only moves forward; None marks the end of a case."""
    told = [
        [*((entry.at, place, scenario, entry) for entry in scenario.entries), (scenario.until, place, scenario, None)]
        for place, scenario in enumerate(scenarios)
    ]
    for moment, _place, scenario, entry in heapq.merge(*told, key=lambda item: item[:2]):
        yield moment, scenario, entry


@dataclass(slots=True)
class _Stage:
    settings: Settings
    engine: Engine
    keys: dict[str, str] = field(default_factory=dict)
    children: dict[str, str] = field(default_factory=dict)
    entries: dict[tuple[str, str], str] = field(default_factory=dict)
    involved: set[tuple[str, str]] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    readers: set[str] = field(default_factory=set)
    posted: int = 0
    client: httpx.Client = field(init=False)
    bell: Any = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx.Client(base_url=f"{self.settings.base_url}/api/v1", timeout=30, trust_env=False)
        self.bell = bell_for(self.settings.broker_url)

    def move_to(self, moment: datetime) -> None:
        """Move the clock, stopping wherever something falls due, and never back."""
        while True:
            with transaction(self.engine, party=SYSTEM) as connection:
                now = clock.now(connection)
                due: datetime | None = connection.scalar(
                    text("SELECT min(next_due_at) FROM ledger.heads WHERE next_due_at <= :moment"), {"moment": moment}
                )
                stop = max(now, due) if due else moment
                if stop > now:
                    clock.move(connection, stop)
            if due is None:
                return
            self.settle()

    def settle(self) -> None:
        """Wait until nothing that is known or due is undetected."""
        deadline = time.monotonic() + _PATIENCE_S
        self.bell.ring()
        while time.monotonic() < deadline:
            with transaction(self.engine, party=SYSTEM) as connection:
                if not connection.scalar(
                    text(
                        "SELECT count(*) FROM ledger.heads "
                        "WHERE due_seq > detected_seq OR next_due_at <= ledger.clock_now()"
                    )
                ):
                    return
            time.sleep(0.01)
        raise click.ClickException(f"nothing was detected for {_PATIENCE_S:.0f} s: is a worker running?")

    def post(self, scenario: Scenario, entry: ScenarioEntry) -> None:
        """Post one entry of a case, its child registered first."""
        if scenario.name not in self.children:
            self._open(scenario)
        self._involve(scenario, entry.agency, entry.kind)
        known = {name: stored for (case, name), stored in self.entries.items() if case == scenario.name}
        body = with_entries(entry.kind, entry.body, known)
        answer = self._send(scenario, entry.agency, entry.kind, body, entry.id)
        self.entries[scenario.name, entry.id] = answer["id"]
        if entry.kind == "involvement":
            self.involved.add((scenario.name, entry.agency))

    def say_alerts(self) -> None:
        """Print what has been brought to anybody since last asked."""
        for agency in sorted(self.readers):
            answer = self.client.get("/alerts", headers=self._bearer(agency))
            for alert in _successful(answer)["alerts"]:
                if alert["id"] not in self.told:
                    self.told.add(alert["id"])
                    _say(alert, self.settings.base_url)

    def _open(self, scenario: Scenario) -> None:
        for count, (agency, kind, body) in enumerate(opening_steps(scenario)):
            if kind == "child":
                answer = self._post("/children", agency, {**body, "event_id": f"{scenario.name}.child"})
                self.children[scenario.name] = answer["child"]
            else:
                self._involve(scenario, agency, kind)
                self._send(scenario, agency, kind, body, f"opening{count}")
                if kind == "lead":
                    self.readers.add(body["agency"])
        if scenario.lead is None:
            self.readers.add("duty")

    def _involve(self, scenario: Scenario, agency: str, kind: str) -> None:
        # Posting takes no involvement; working on the record does.
        if (scenario.name, agency) in self.involved or kind in ("observation", "involvement"):
            return
        self.involved.add((scenario.name, agency))
        body = {"role": "involved in the case", "reason": "Works with the family.", "lawful_basis": "public task"}
        self._send(scenario, agency, "involvement", body, f"involved.{agency}")

    def _send(self, scenario: Scenario, agency: str, kind: str, body: Mapping[str, Any], event: str) -> dict[str, Any]:
        child = self.children[scenario.name]
        sent = {**body, "event_id": f"{scenario.name}.{event}"}
        if kind == "observation":
            return self._post("/observations", agency, {**sent, "child": {"id": child}})
        return self._post(f"/children/{child}/{_COLLECTIONS[kind]}", agency, sent)

    def _post(self, path: str, agency: str, body: Mapping[str, Any]) -> dict[str, Any]:
        self.posted += 1
        return _successful(self.client.post(path, json=body, headers=self._bearer(agency)))

    def _bearer(self, agency: str) -> dict[str, str]:
        if agency not in self.keys:
            _key_id, self.keys[agency] = issue_key(
                self.engine,
                os.urandom,
                agency=agency,
                scopes=list(SCOPES),
                now=datetime.now(UTC),
                lifetime=_KEY_LIFETIME,
            )
        return {"Authorization": f"Bearer {self.keys[agency]}"}


def _successful(answer: httpx.Response) -> dict[str, Any]:
    if answer.is_success:
        body: dict[str, Any] = answer.json()
        return body
    problem = answer.json() if "json" in answer.headers.get("content-type", "") else {}
    fields = "; ".join(f"{error['pointer']}: {error['detail']}" for error in problem.get("errors", ()))
    raise click.ClickException(f"{answer.status_code} {problem.get('title', 'no answer')} {fields}".strip())


def _say(alert: Mapping[str, Any], base_url: str) -> None:
    """An alert as a person reads it: what, who said which, whose it is, where to see it."""
    finding = alert["finding"]
    click.secho(f"  ALERT [{finding['severity']}] {finding['headline']}", bold=True)
    for side in finding["sides"]:
        for said in side["statements"]:
            when = said["observed_words"] or word_observed(said["recorded_at"][:10])
            click.echo(f"        {said['agency_name']}, {when}: {said['said']}. {said['words']}.")
    to = alert["to"]
    click.echo(f"        {alert['child']['name']}; for {to['person'] or 'the duty desk'} at {to['agency']}: "
               f"{base_url}/alerts/{alert['id']}")  # fmt: skip


def _refuse_other_ledgers(engine: Engine) -> None:
    with transaction(engine, party=SYSTEM) as connection:
        state = connection.execute(text("SELECT demonstration, clock_at FROM ledger.ledger_state")).one_or_none()
    if state is None or not state.demonstration:
        raise click.ClickException("this is not a demonstration ledger: start one with ledger up --demo")
    if state.clock_at is None:
        raise click.ClickException(
            "the clock of this ledger shows today and the cases are from years ago: start one with ledger up --demo"
        )
