"""What detection costs: one new claim in a short record and in a long one, and a whole record in memory.

The first goes the whole way, with its SQL, through the service that the workers call; posts and children are the
stack's, and its own workers are held meanwhile. The second sets detection beside clingo, which is given the same
statements and finds the same pairs that cannot both be so.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from ledger.bench.bed import LEDGER_DATABASE, Bed
from ledger.bench.client import Client
from ledger.bench.load import LoadError
from ledger.bench.solver import is_here, solve
from ledger.bench.standing import forgo_detection, register, settle
from ledger.bench.whole_record import ATTRIBUTE, Rolls, at_once, claims_of_words, facts_of, words_of
from ledger.domain.pack import Pack
from ledger.domain.vocabulary import Attribute
from ledger.services.detect import detect
from ledger.store.database import connect_engine

SHORT, LONG = 100, 10_000
#: Claims on one question: many years of a busy record.
ON_ONE = 20
#: The same in the record that is gone through in memory, where each question is as long as they get.
ON_ONE_AT_ONCE = 50
_A_BATCH = 100
_CLAIMS_A_POST = 2
_OFTEN = (
    ATTRIBUTE, "contact_with_child", "care_arrangement", "household_member", "mental_health", "domestic_abuse",
    "criminal_history", "engagement", "parenting", "known_to_service", "money_worries", "learning_disability",
    "pregnancy", "kinship", "housing", "custody", "works_with_children", "earlier_children", "home_conditions",
    "gp_registration",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds for one new claim by the length of its record, and for whole records in memory."""

    one_claim: dict[int, list[float]]
    whole: dict[int, float]
    #: What clingo took for the longest of those; None where it is not installed.
    solver: float | None

    def growth(self, length: int) -> float:
        """How many times as much one claim costs in a record of this length as in the shortest."""
        return median(self.one_claim[length]) / median(self.one_claim[min(self.one_claim)])

    @property
    def whole_growth(self) -> float:
        """How many times as much a claim costs in the longest record as in the shortest, all gone through at once."""
        least, most = min(self.whole), max(self.whole)
        return (self.whole[most] / most) / (self.whole[least] / least)

    def as_json(self) -> dict[str, Any]:
        return {
            "one_claim_ms": {str(length): [s * 1e3 for s in seconds] for length, seconds in self.one_claim.items()},
            "whole_s": {str(length): seconds for length, seconds in self.whole.items()},
            "clingo_s": self.solver,
        }


def measure(bed: Bed, lengths: Sequence[int], times: int, longest: int = LONG) -> Costs:
    """All of it; one claim at each of these lengths so many times, in turns. Raises LoadError.

    ``longest``: the claims in the longer record that is gone through in memory.
    """
    one_claim = _one_claim(bed, lengths, times)
    words = {length: [*words_of(length, ON_ONE_AT_ONCE)] for length in (longest // 10, longest)}
    whole = {length: at_once(claims_of_words(words[length]), bed.pack) for length in words}
    solver = None
    if is_here():
        facts, masks = facts_of(words[longest], bed.pack)
        began = time.monotonic()
        solve(facts, masks, threes=False)
        solver = time.monotonic() - began
    return Costs(one_claim, whole, solver)


# ── one new claim, the whole way ──


def _one_claim(bed: Bed, lengths: Sequence[int], times: int) -> dict[int, list[float]]:
    children = dict(zip(lengths, register(bed, "cost.child.", len(lengths)), strict=True))
    engine = connect_engine(bed.server_url(LEDGER_DATABASE), "ledger_worker", pool_size=1)
    took: dict[int, list[float]] = {length: [] for length in lengths}
    try:
        with bed.connect() as driver, Client(bed.port, bed.keys["hv"]) as sender:
            settle(driver)
            with bed.without_detection():
                for length, child in children.items():
                    _fill(sender, child, length, bed)
                forgo_detection(driver)
                for turn in range(times + 1):
                    for length, child in children.items():
                        said = [_new_claim(turn, bed.today)]
                        _post(sender, [_observation(child, f"cost.new.{length}.{turn}", said, bed.today)])
                        seconds = _detected(engine, child, bed)
                        if turn:  # the first prepares statements, and opens what the rest joins
                            took[length].append(seconds)
    finally:
        engine.dispose()
    return took


def _detected(engine: Engine, child: str, bed: Bed) -> float:
    began = time.monotonic()
    ran = detect(engine, UUID(child), lambda _: bed.pack, bed.chance)
    seconds = time.monotonic() - began
    if ran.busy or not ran.steps:
        raise LoadError("a claim was posted and nothing was detected")
    return seconds


def _fill(sender: Client, child: str, length: int, bed: Bed) -> None:
    """So many claims, each question with a few tens of them, on each of its people.

    Whom they are about is declared with the first.
    """
    rolls, attributes = Rolls(length), _attributes(bed.pack)
    questions = length // ON_ONE
    claims = [_claim(number % questions, attributes, rolls, bed.today) for number in range(length)]
    posts = [claims[at : at + _CLAIMS_A_POST] for at in range(0, length, _CLAIMS_A_POST)]
    for at in range(0, len(posts), _A_BATCH):
        some = []
        for number, post in enumerate(posts[at : at + _A_BATCH], at):
            new = sorted({claim["about"] for claim in post}) if number * _CLAIMS_A_POST < questions else []
            named = {"people": [{"ref": ref, "role": "friend"} for ref in new]}
            some.append(_observation(child, f"cost.{length}.{number}", post, bed.today) | named)
        _post(sender, some)


def _attributes(pack: Pack) -> list[Attribute]:
    """What much is said of about any adult, and needs nothing beside it; the one that is measured first."""
    return [pack.attributes[name] for name in _OFTEN if name in pack.attributes]


def _claim(question: int, attributes: Sequence[Attribute], rolls: Rolls, today: date) -> dict[str, Any]:
    """Most say the same, and roughly; one in twenty says otherwise."""
    attribute = attributes[question % len(attributes)]
    values = sorted(attribute.values, key=lambda value: -attribute.values[value].bit_count())
    since = today - timedelta(days=30 + rolls.below(570))
    return {
        "about": f"person-{question // len(attributes)}",
        "attribute": attribute.name,
        "value": rolls.one_of(*values) if rolls.below(20) == 0 else values[0],
        "valid": f"{since}/..",
        "basis": "told",
        "informant": rolls.one_of("mother", "father"),
    }


def _new_claim(turn: int, today: date) -> dict[str, Any]:
    value = "visits" if turn % 2 else "stays_overnight"
    return {"about": "person-0", "attribute": ATTRIBUTE, "value": value, "valid": f"{today}/..", "basis": "seen"}


def _observation(child: str, event: str, claims: Sequence[dict[str, Any]], today: date) -> dict[str, Any]:
    author = {"ref": "worker1", "role": "health visitor"}
    said = {"observed": today.isoformat(), "statement": "fact", "narrative": "As said.", "author": author}
    return {"event_id": event, "child": {"id": child}, "claims": claims, **said}


def _post(sender: Client, observations: Sequence[dict[str, Any]]) -> None:
    if len(observations) == 1:
        path, body = "/api/v1/observations", json.dumps(observations[0])
    else:
        path, body = "/api/v1/observations/batch", json.dumps(observations)
    answer = sender.send("POST", path, body.encode())
    stored = answer.body.count(b'"status":201') if len(observations) > 1 else 1
    if answer.status not in {200, 201} or stored < len(observations):
        raise LoadError(f"what detection was to be measured on was answered with {answer.status}")
