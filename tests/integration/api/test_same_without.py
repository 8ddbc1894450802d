"""What somebody may not know of changes nothing for them: the same history with it and without it reads the same."""

import json
import re
from random import Random
from typing import Any

import pytest

from ledger.api.replays import NDJSON
from tests.partnership import Partnership, stored
from tests.sizes import marked_histories

HIDDEN = {"marking": "restricted", "to": [], "lawful_basis": "public task"}
_TEXTS = ("disclosure", "own_account", "background")
#: What is numbered and dated by the record itself, and what is made of numbers.
_OF_THE_RECORD = re.compile(
    r"id|number|hash|recorded_at|as_of|raised_at|since|at|finding|alert|next|entry|of|child|event_id"
)


class History:
    """One child, whom hv, csc (who leads), gp and police work with; the same twice, but for what is hidden."""

    def __init__(self, partnership: Partnership, random: Random, *, is_whole: bool) -> None:
        self._partnership, self._random, self._is_whole = partnership, random, is_whole
        self.child = partnership.child(involve=["hv", "csc", "gp", "police"])
        lead = {"event_id": partnership.event(), "agency": "csc", "person": "sw1"}
        stored(partnership.post(f"/children/{self.child}/leads", lead, "csc"))

    def play(self, steps: int) -> None:
        """Say things: some openly, and some that police restrict to nobody."""
        for step in range(steps):
            value = self._random.choice(["lives_here", "absent", "visits"])
            agency = self._random.choice(["hv", "csc", "gp"])
            self._observe(agency, [self._claim("father", "presence", value)])
            # Of what is hidden the chance is taken all the same, so that both histories go on alike.
            kind, words = self._random.randrange(4), self._random.choice(_TEXTS)
            secret = self._claim("suspect", words, f"secret {step}")
            seen = self._claim("mother", "presence", self._random.choice(["lives_here", "absent"]))
            people = [{"ref": "suspect", "name": f"Secret {step}"}]
            if kind == 0 and self._is_whole:
                self._observe("police", [secret, seen], people=people, sharing=HIDDEN)
            elif kind == 1 and self._is_whole:
                self._observe("police", [{**secret, "sharing": HIDDEN}], people=people)
            elif kind == 2:
                open_one = self._claim("child", "disclosure", f"open {step}")
                hidden = [{**secret, "sharing": HIDDEN}] if self._is_whole else []
                self._observe("police", [*hidden, open_one])
            elif kind == 3 and self._is_whole:
                body = {"event_id": self._partnership.event(), "what": "watch", "owner": {"agency": "police"}}
                action = stored(self._partnership.post(f"/children/{self.child}/actions", body, "police"))
                body = {"event_id": self._partnership.event(), "of": action["id"], "sharing": HIDDEN, "reason": "so"}
                stored(self._partnership.post(f"/children/{self.child}/markings", body, "police"))
            if self._random.random() < 0.4:
                self._partnership.detect(self.child)
        self._partnership.detect(self.child)

    def _claim(self, about: str, attribute: str, value: str) -> dict[str, Any]:
        return {"about": about, "attribute": attribute, "value": value, "basis": "seen", "valid": "2023-10-05/.."}

    def _observe(self, agency: str, claims: list[dict[str, Any]], **more: Any) -> None:
        if any(claim["about"] == "suspect" for claim in claims):
            more.setdefault("people", [{"ref": "suspect", "name": "Secret", "sharing": HIDDEN}])
        body = self._partnership.observation(self.child, claims=claims, **more)
        del body["narrative"]
        stored(self._partnership.post("/observations", body, agency))

    def read(self, agency: str, what: str) -> Any:
        """One answer with what the record itself numbers and dates taken out."""
        path = "/alerts" if what == "alerts" else f"/children/{self.child}/{what}"
        sent = self._partnership.get(path, agency)
        if sent.mimetype == NDJSON:
            return bare([json.loads(line) for line in sent.get_data(as_text=True).splitlines()])
        answer = stored(sent)
        if what == "alerts":
            answer = {"alerts": [one for one in answer["alerts"] if one["child"]["id"] == self.child]}
        return bare(answer)


def bare(value: Any) -> Any:
    """An answer without numbers of the record, times of recording, and what is made of them."""
    if isinstance(value, dict):
        return {
            name: bare(below)
            for name, below in value.items()
            if isinstance(below, dict | list) or not _OF_THE_RECORD.fullmatch(name)
        }
    if isinstance(value, list):
        return [bare(one) for one in value]
    if isinstance(value, str):
        return re.sub(
            r"[0-9a-f-]{32,}|[a-z2-7]{26}\.[0-9]+|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z|entry-[0-9]+", "…", value
        )
    return value


def first_difference(one: Any, other: Any, at: str = "") -> str:
    """Where two answers part, for whoever reads of a failure."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return next(
            (first_difference(one[name], other[name], f"{at}/{name}") for name in one if one[name] != other[name]), ""
        )
    if isinstance(one, list) and isinstance(other, list):
        for place, (left, right) in enumerate(zip(one, other, strict=False)):
            if left != right:
                return first_difference(left, right, f"{at}/{place}")
    return f"{at}: {one} | {other}"


READ = (
    "timeline", "timeline?limit=3", "timeline?valid_at=2023-10-05", "picture", "picture?history=yes", "people", "gaps",
    "expectations", "alerts", "replay", "replay?valid_at=2023-10-05", "findings?state=all", "findings-then",
    "differences?from=1", "timeline?known_by=gp", "picture?known_by=gp",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(marked_histories()))
def test_it_reads_as_if_it_had_never_been(partnership: Partnership, seed: int) -> None:
    """To a GP who may not know of it, a history with hidden entries and claims is the history without them."""
    histories = [History(partnership, Random(seed), is_whole=is_whole) for is_whole in (True, False)]
    for history in histories:
        history.play(8)
    for what in READ:
        whole, bared = (history.read("gp", what) for history in histories)
        assert whole == bared, f"{what}: {first_difference(whole, bared)}"
