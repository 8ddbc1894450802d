"""What was known and did not reach whom it should have reached: said aloud, or seen from the other end.

``not_passed_on``: somebody says that what was known was not shared, or was left out of a report or a summary (``says``:
words of attributes, and any omission of what an ``of`` attribute records). Beside it stands what was held: of the same
thing, or what the words themselves name.

``not_received``: one agency holds that something was sent or done (``sent``), and another says from its own record or
search that it was not (``not_received``), or that it knows nothing of what the first ascribes to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.claim import Claim
from ledger.domain.finding import ENTRIES_MAX, EVIDENCE_MAX, Basis
from ledger.domain.owner import owns
from ledger.domain.question import Question, Topic
from ledger.domain.rule import Family, Rule, Verdict, View
from ledger.domain.rules.spoken import (
    WORDS,
    agency_heard,
    has_word,
    is_after,
    is_said,
    order,
    said_at,
    side,
    speaks_of,
    unknown_words,
)
from ledger.domain.shape import Fault, Items, Text
from ledger.domain.statement import COMPARED

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

_OMISSION: Final = "omission"
_SAYING: Final = COMPARED | {_OMISSION}
_HALF: Final = ENTRIES_MAX // 2
_WORDS: Final = re.compile(r"[a-z]{4,}")


# ── said aloud ──


def _says_so(view: View) -> Verdict:
    """What was not passed on and has not been since, beside what was held of it."""
    facts, rule = view.facts, view.rule
    said = [claim for claim in facts.claims_on(view.area) if _is_not_passed_on(claim, rule)]
    since = [
        claim for claim in facts.claims_on(view.area) if is_said(claim) and has_word(claim, rule.settings["after"])
    ]
    open_ = [claim for claim in said if not any(is_after(one, claim) for one in since)]
    if not open_:
        return Verdict()
    told = side(open_, _HALF)
    held = [claim for claim in _held(open_, view) if claim.number not in {ref.number for ref in told}]
    sides = (side(held, _HALF), told) if held else (told,)
    return Verdict(basis=Basis(kind="passing_on", sides=sides))


def _is_not_passed_on(claim: Claim, rule: Rule) -> bool:
    if claim.value is None:
        return False
    if claim.statement == _OMISSION and claim.attribute in rule.settings["of"]:
        return True
    return claim.statement in _SAYING and has_word(claim, rule.settings["says"])


def _held(said: Sequence[Claim], view: View) -> Iterator[Claim]:
    """What had been seen or heard by then of the same thing, or is called by name in the words."""
    for attribute in view.rule.settings["of"]:
        for claim in view.facts.claims(Topic(attribute, view.area.about)):
            if is_said(claim) and any(_is_meant(claim, one, view) for one in said):
                yield claim


def _is_meant(claim: Claim, said: Claim, view: View) -> bool:
    if is_after(claim, said):
        return False
    thing = view.facts.question_of(said).thing
    if thing is not None:
        return view.facts.question_of(claim).thing == thing
    is_text = not view.pack.attributes[said.attribute].values
    words = _stems(f"{said.value if is_text else ''} {said.item or ''}")
    value = claim.value if view.pack.attributes[claim.attribute].values else ""
    return bool(words & _stems(f"{claim.attribute} {value}".replace("_", " ")))


def _stems(text: str) -> set[str]:
    """The words of a text without the endings that make them several."""
    return {re.sub(r"(?:ing|ies|es|ed|y|e|s|d)\Z", "", word) for word in _WORDS.findall(text.casefold())}


def _areas_said(rule: Rule, question: Question, facts: Facts) -> Iterator[Question]:
    yield question
    if question.attribute in rule.settings["of"]:
        for attribute in sorted(rule.settings["says"]):
            yield from facts.questions(Topic(attribute, question.about))


def _enumerates_said(rule: Rule, question: Question, _pack: Pack) -> Iterator[Topic]:
    if question.attribute in rule.settings["of"]:
        for attribute in sorted(rule.settings["says"]):
            yield Topic(attribute, question.about)


def _reads_said(rule: Rule, area: Question, _pack: Pack) -> Iterator[Topic]:
    yield area.topic
    for attribute in rule.settings["of"]:
        yield Topic(attribute, area.about)


def _listens_said(rule: Rule, _pack: Pack) -> frozenset[str]:
    return frozenset(rule.settings["says"]).union(rule.settings["of"], rule.settings["after"])


def _check_said(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    for key in ("says", "after"):
        yield from unknown_words((key,), written[key], vocabulary)
    for place, name in enumerate(written["of"]):
        if name not in vocabulary:
            yield ("of", place), "the vocabulary has no such attribute"


SAID = Family(
    name="not_passed_on",
    judge=_says_so,
    areas=_areas_said,
    reads=_reads_said,
    listens=_listens_said,
    enumerates=_enumerates_said,
    form={"says": WORDS, "after": WORDS, "of": Items(Text(), least=1)},
    required="says after of",
    kinds=frozenset({"passing_on"}),
    check=_check_said,
    closes_as="passed_on",
)


# ── seen from the other end ──


def _nothing_came(view: View) -> Verdict:
    """What one agency holds was sent or done, beside the word of whom it should have reached."""
    facts, settings = view.facts, view.rule.settings
    claims = [
        claim for one in facts.questions(view.area.topic) if _may_be(one, view.area) for claim in facts.claims_on(one)
    ]
    sent = [claim for claim in facts.claims_on(view.area) if is_said(claim) and _is_sent(claim, view)]
    came = [claim for claim in claims if is_said(claim) and has_word(claim, settings.get("received", {}))]
    lost = [claim for claim in claims if _is_lost(claim, view)]
    pairs = [
        (one, other)
        for one in sent
        for other in lost
        if _is_ascribed(one, other, view)
        and not any(is_after(later, other) and later.agency == other.agency for later in came)
        and not any(_takes_back(later, one) for later in facts.claims_on(view.area))
    ]
    if not pairs:
        return Verdict()
    shown = max(pairs, key=lambda pair: (order(pair[1]), order(pair[0])))
    ones = [one for one, other in pairs if other.agency == shown[1].agency]
    others = [other for one, other in pairs if other.agency == shown[1].agency and one.agency == shown[0].agency]
    sides = (side(ones, _HALF), side(others, _HALF))
    rest = {claim.ref for pair in pairs for claim in pair} - {ref for part in sides for ref in part}
    return Verdict(basis=Basis(kind="passing_on", sides=sides, evidence=tuple(sorted(rest)[-EVIDENCE_MAX:])))


def _is_sent(claim: Claim, view: View) -> bool:
    sent = view.rule.settings["sent"]
    return has_word(claim, sent) if claim.attribute in sent else not _leaves_all_open(claim, view)


def _leaves_all_open(claim: Claim, view: View) -> bool:
    attribute = view.pack.attributes[claim.attribute]
    return attribute.values.get(claim.value or "") == (1 << len(attribute.states)) - 1


def _is_lost(claim: Claim, view: View) -> bool:
    """Whether somebody looked, and found nothing of it."""
    if claim.statement not in COMPARED or not view.facts.source(claim).is_own:
        return False
    if has_word(claim, view.rule.settings["not_received"]):
        return True
    # What is compared conflicts by itself where a value says that it was not so.
    is_compared = view.pack.attributes[claim.attribute].is_compared
    return claim.basis == "searched" and (claim.not_known == "unknown" or (claim.value is not None and not is_compared))


def _is_ascribed(one: Claim, other: Claim, view: View) -> bool:
    """Whether the one says of the other's agency what that one has nothing of, and of a time before it looked.

    What nobody but itself can know, an agency's own search denies to whoever ascribes it to that agency; a value that
    says that nothing came stands against whoever holds that it was sent.
    """
    if one.agency == other.agency or not speaks_of(one)[0] < said_at(other)[1]:
        return False
    if has_word(other, view.rule.settings["not_received"]):
        return one.attribute in view.rule.settings["sent"]
    values = view.pack.attributes[one.attribute].values
    if other.value is not None and values.get(one.value or "", 0) & values.get(other.value, 0):
        return False
    if agency_heard(one, view.facts.source(one)) == other.agency:
        return True
    kind = view.facts.agency_kind(other.agency)
    item = (one.item or "").replace("_", " ")
    return one.attribute in view.rule.settings["acts"] and (owns(item or None, kind) or item.casefold() == other.agency)


def _may_be(question: Question, other: Question) -> bool:
    """Whether two questions of one topic may be one: who names no thing, person or item may mean any."""
    parts = zip(question[2:], other[2:], strict=True)
    return all(mine is None or theirs is None or mine == theirs for mine, theirs in parts)


def _takes_back(later: Claim, one: Claim) -> bool:
    """Whether whoever said it says otherwise by now."""
    return later.agency == one.agency and later.value not in {None, one.value} and is_after(later, one)


def _areas_sent(_rule: Rule, question: Question, facts: Facts) -> Iterator[Question]:
    yield question
    yield from (one for one in facts.questions(question.topic) if _may_be(one, question))


def _reads_sent(_rule: Rule, area: Question, _pack: Pack) -> Iterator[Topic]:
    yield area.topic


def _listens_sent(_rule: Rule, pack: Pack) -> frozenset[str]:
    return frozenset(pack.attributes)


def _check_sent(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    for key in ("sent", "not_received", "received"):
        yield from unknown_words((key,), written.get(key, {}), vocabulary)
    for place, name in enumerate(written["acts"]):
        if name not in vocabulary:
            yield ("acts", place), "the vocabulary has no such attribute"


NOT_RECEIVED = Family(
    name="not_received",
    judge=_nothing_came,
    areas=_areas_sent,
    reads=_reads_sent,
    listens=_listens_sent,
    form={"sent": WORDS, "not_received": WORDS, "received": WORDS, "acts": Items(Text(), least=1)},
    required="sent not_received acts",
    kinds=frozenset({"passing_on"}),
    check=_check_sent,
    closes_as="received",
)
