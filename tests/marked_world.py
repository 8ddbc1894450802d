"""A record of random entries with random markings, in which every part carries a word of its own: a canary.

`MarkedWorld` sends them; what each reader may see of them says `tests.marked_oracle`, from what was sent and from the
rules as they are told to agencies, and from nothing of the program's.
"""

from __future__ import annotations

from typing import Any

from tests.attaching import LETTER, entry_of
from tests.attaching import send as attach
from tests.marked_record import AGENCIES, WHOLE, MarkedRecord, Part, Sent

__all__ = ["AGENCIES", "WHOLE", "MarkedWorld", "Part", "Sent"]


class MarkedWorld(MarkedRecord):
    """What was sent of one child, with all that speaks of it and every marking."""

    def step(self) -> None:
        """Send one thing more."""
        kinds = (
            [self.observe] * 8
            + [self.correct, self.void, self.contact, self.decide, self.link, self.dispute, self.answer_action] * 2
            + [self.mark_entry, self.mark_claim, self.mark_person] * 3
            + [self.say_otherwise, self.share, self.ask, self.consent, self.attach, self.rectify, self.sum_up]
            + [self.assess, self.worry]
        )
        self.random.choice(kinds)()

    def decide(self) -> None:
        agency, word = self._author(), self.canary()
        parts, relied = [Part("words", {word})], list[dict[str, Any]]()
        for index in range(self.random.randrange(1, 3)):
            claim, part = self._claim(agency, index)
            relied.append({name: claim[name] for name in ("about", "attribute", "value", "thing") if name in claim})
            part.canaries -= self._ref_canaries(claim.get("informant", ""))
            part.canaries |= self._ref_canaries(claim["about"])
            part.sort, part.names = "relied", {self.key(agency, claim["about"])}
            others = [one for one in self.entries if one.kind in {"observation", "correction"}]
            if others and self.maybe(0.5):
                named = self.random.choice(others)
                relied[-1]["entry"], part.rests_on = named.entry_id, named.number
            parts.append(part)
        body = {"kind": "step_down", "to": "early_help", "reason": f"For {word}", "relies_on": relied}
        self._record("decisions", "decision", agency, body, parts)

    def link(self) -> None:
        agency, word = self._author(), self.canary()
        one, other = self._known(agency), "mother"
        if one == "father":
            return
        body = {"people": [one, other], "reason": f"One: {word}"}
        keys = {self.key(agency, one), "mother"}
        parts = [Part("whole", {word, *self._ref_canaries(one)}, keys)]
        if self._record("links", "link", agency, body, parts) is not None:
            self.join(keys)

    def dispute(self) -> None:
        self._of(
            "disputes", "dispute", lambda word: {"by": "mother", "says": f"No: {word}", "on": "2023-11-01"}, "mother"
        )

    def rectify(self) -> None:
        said = {"asked_by": "father", "on": "2023-11-01"}
        self._of("rectifications", "rectification", lambda word: said | {"says": f"Wrong: {word}"}, "father")

    def _of(self, collection: str, kind: str, body: Any, by: str) -> None:
        targets = [one for one in self.entries if one.kind in {"observation", "correction", "contact"}]
        if not targets:
            return
        agency, target, word = self._author(), self.random.choice(targets), self.canary()
        self._record(
            collection, kind, agency, {"of": target.entry_id, **body(word)}, [Part("whole", {word}, {by})],
            of=target.number,
        )  # fmt: skip

    def answer_action(self) -> None:
        """Agree an action, mark it perhaps, and say that it is done."""
        agency, word = self._author(), self.canary()
        body = {"what": f"Weigh {word}", "owner": {"agency": "gp"}, "due": "2023-12-01"}
        sent = self._record("actions", "action", agency, body, [Part("whole", {word})])
        if sent is not None and self.maybe(0.5):
            done = self.canary()
            self._record("done", "done", "gp", {"of": sent.entry_id, "author": {"role": done}},
                         [Part("whole", {done})], of=sent.number)  # fmt: skip

    def say_otherwise(self) -> None:
        """A referral, a check, a position or a step of an allegation."""
        agency, word = self._author(), self.canary()
        ref = self._known(agency)
        by_ref = Part("whole", {word, *self._ref_canaries(ref)}, {self.key(agency, ref)})
        choices: list[tuple[str, str, dict[str, Any], Part]] = [
            ("referrals", "referral", {"to": "csc", "reason": f"As {word}"}, Part("whole", {word})),
            ("checks", "check", {"with": "police", "about": ref, "result": f"Held: {word}"}, by_ref),
            ("positions", "position", {"about": f"Whether {word}", "stance": "for"}, Part("whole", {word})),
            ("allegations", "allegation", {"step": "made", "thing": word}, Part("whole", {word})),
        ]
        collection, kind, body, part = self.random.choice(choices)
        self._record(collection, kind, agency, body, [part])

    def share(self) -> None:
        agency, word = self._author(), self.canary()
        body: dict[str, Any] = {
            "with": "gp",
            "what": f"All of {word}",
            "decision": "shared",
            "lawful_basis": "public_task",
        }
        if self.entries:
            body["entries"] = [self.random.choice(self.entries).entry_id]
        marks: dict[int, dict[str, Any]] = {}
        if self.maybe(0.3):
            body["sharing"] = marks[WHOLE] = self.sharing()
        sent = self._record("shares", "share", agency, body, [Part("whole", {word})])
        if sent is not None:
            self._remember_marks(sent, marks, [])

    def ask(self) -> None:
        agency, word, to = self._author(), self.canary(), self.random.choice(AGENCIES)
        ref = self._known(agency)
        body = {"to": to, "about": ref, "asks": f"What of {word}?", "purpose": "a check", "lawful_basis": "public_task"}
        part = Part("whole", {word, *self._ref_canaries(ref)}, {self.key(agency, ref)})
        sent = self._record("information-requests", "information_request", agency, body, [part])
        if sent is not None and self.maybe(0.7):
            reason = self.canary()
            body = {"of": sent.entry_id, "answer": "refused", "lawful_basis": "public_task", "reason": reason}
            self._record(
                "information-answers", "information_answer", to, body, [Part("whole", {reason})], of=sent.number
            )

    def sum_up(self) -> None:
        """A family summary, perhaps marked, and what another agency says to it."""
        agency, word = self._author(), self.canary()
        sent = self._record("family-summaries", "family_summary", agency, {"text": f"All: {word}"},
                            [Part("whole", {word})])  # fmt: skip
        if sent is not None:
            says, other = self.canary(), self._author()
            body = {"of": sent.entry_id, "answer": "disputed", "says": f"No: {says}"}
            self._record("family-summary-answers", "family_summary_answer", other, body, [Part("whole", {says})],
                         of=sent.number)  # fmt: skip

    def assess(self) -> None:
        """An assessment that asks another agency, and its answer, which names an entry."""
        agency, word, to = self._author(), self.canary(), self.random.choice(AGENCIES)
        body = {"kind": "child_and_family", "asks": [to], "reason": f"As {word}", "author": {"ref": "w1"}}
        sent = self._record("assessments", "assessment", agency, body, [Part("whole", {word})])
        if sent is not None:
            reason = self.canary()
            told: dict[str, Any] = {"of": sent.entry_id, "answer": "replied", "reason": f"So {reason}"}
            told["entries"] = [self.random.choice(self.entries).entry_id]
            self._record("assessment-replies", "assessment_reply", to, told, [Part("whole", {reason})], of=sent.number)

    def worry(self) -> None:
        """A concern, which names an entry and is perhaps marked, what another agency answers, and supervision of it."""
        agency, word = self._author(), self.canary()
        body: dict[str, Any] = {"what": f"He flinches: {word}", "topic": "harm"}
        if self.entries:
            body["entries"] = [self.random.choice(self.entries).entry_id]
        marks: dict[int, dict[str, Any]] = {}
        if self.maybe(0.3):
            body["sharing"] = marks[WHOLE] = self.sharing()
        sent = self._record("concerns", "concern", agency, body, [Part("whole", {word})])
        if sent is not None:
            self._remember_marks(sent, marks, [])
            reason = self.canary()
            told = {"of": sent.entry_id, "answer": "in_part", "reason": f"Told: {reason}"}
            self._record("concern-answers", "concern_answer", self._author(), told, [Part("whole", {reason})],
                         of=sent.number)  # fmt: skip
        said = self.canary()
        notes = {"with": "mgr1", "notes": f"We said {said}"}
        self._record("supervisions", "supervision", self._author(), notes, [Part("whole", {said})])

    def consent(self) -> None:
        agency, word = self._author(), self.canary()
        ref = self._known(agency)
        body = {"of": ref, "for": f"help {word}", "answer": "given", "how": "in words", "observed": "2023-10-01"}
        part = Part("whole", {word, *self._ref_canaries(ref)}, {self.key(agency, ref)})
        self._record("consents", "consent", agency, body, [part])

    def attach(self) -> None:
        agency, word, event = self._author(), self.canary(), self.canary()
        targets = [one for one in self.entries if one.kind == "observation"]
        target = self.random.choice(targets) if targets else None
        more: dict[str, Any] = {} if target is None else {"of": target.entry_id}
        entry = entry_of(event, describes=f"A letter of {word}", **more)
        answer = attach(self.partnership, self.child, entry, LETTER, agency=agency)
        self.answers.append((agency, answer.get_data(as_text=True)))
        if answer.status_code == 201:
            told = answer.get_json()
            number = None if target is None else target.number
            self.entries.append(Sent(told["number"], told["id"], agency, "attachment", [Part("whole", {word})], event,
                                     of=number, body=entry))  # fmt: skip

    # ── marking ──

    def mark_entry(self) -> None:
        self._mark(claim=False)

    def mark_claim(self) -> None:
        self._mark(claim=True)

    def _mark(self, *, claim: bool) -> None:
        agency = self._author()
        of_claims = [one for one in self.entries if one.agency == agency and self._claims_of(one)]
        mine = of_claims if claim else [one for one in self.entries if one.agency == agency and one.kind != "marking"]
        if not mine:
            return
        target, word, sharing = self.random.choice(mine), self.canary(), self.sharing()
        index = self.random.randrange(len(self._claims_of(target))) if claim else WHOLE
        body: dict[str, Any] = {"of": target.entry_id, "sharing": sharing, "reason": f"Since {word}"}
        body |= {"claim": index} if claim else {}
        sent = self._record("markings", "marking", agency, body, [Part("whole", {word})], of=target.number)
        if sent is not None:
            sent.marks[WHOLE] = [(sent.number, sharing)]
            target.marks.setdefault(index, []).append((sent.number, sharing))

    def _claims_of(self, sent: Sent) -> list[Any]:
        if sent.kind not in {"observation", "correction"}:
            return []
        found: list[Any] = sent.body.get("observation", sent.body).get("claims", [])
        return found

    def mark_person(self) -> None:
        agency, word, sharing = self._author(), self.canary(), self.sharing()
        ref = self._known(agency)
        body = {"person": ref, "sharing": sharing, "reason": f"Since {word}"}
        part = Part("whole", {word, *self._ref_canaries(ref)}, {self.key(agency, ref)})
        sent = self._record("markings", "marking", agency, body, [part])
        if sent is not None:
            sent.marks[WHOLE] = [(sent.number, sharing)]
            self._mark_key(agency, ref, sent.number, sharing)
