"""Decisions and what they rest on, actions, checks, positions and the steps of an allegation."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar

from ledger.api import limits
from ledger.api.pointers import Refusal
from ledger.api.schemas import names
from ledger.api.schemas.bodies import BodySchema, RuleRefusal
from ledger.api.schemas.claims import NOT_KNOWN, outside_vocabulary
from ledger.api.schemas.fields import AnyValue, EitherOf, Fields, Items, Object, OneOf, Text, YesNo
from ledger.api.schemas.observations import SentSchema
from ledger.api.schemas.times import Observed, Valid

#: The last place in an entry that may be named: what is read of it as claims has places after those that it sent.
PLACE_MOST = 999
STANCES = ("for", "against", "for_if")
STEPS = ("made", "subject_heard", "child_heard", "withdrawn", "outcome")
ALLEGATION_OUTCOMES = ("substantiated", "unsubstantiated", "unfounded", "not_enquired")

_NOT_BOTH = Refusal("Send value or not_known, not both.", "value_or_not_known")
_SAY_WHAT = Refusal(
    "Say what is relied on, in about and attribute, or which statement, in entry and index.", "relied_on"
)
_INDEX_OF_ENTRY = Refusal("A place goes with the entry in which it is: name that in entry.", "index_of_entry")
_NEEDS_CONDITION = Refusal("With stance for_if, say the condition.", "needs_condition")
_OUTCOME_STEP = Refusal("An outcome goes with step outcome only.", "outcome_step")
_ASKED = Refusal("This must be words, a date, or yes or no.", "asked")
_NOTHING_ASKED = Refusal("Say what was asked, what was answered or what came of it.", "says_nothing")


class ReliedOnSchema(BodySchema):
    """A belief that a decision rests on: said here, or by naming the statement that says it."""

    class Meta(BodySchema.Meta):
        include: ClassVar = {"with": names.person("The counterpart, where the attribute has one:")}

    about = names.person("Whom it is about:")
    attribute = names.word("An attribute of the vocabulary.")
    value = AnyValue("The value relied on.")
    not_known = OneOf(NOT_KNOWN, "That it is not known, and why.")
    valid = Valid("When it was so.")
    thing = names.thing("The thing it is about.")
    item = names.item()
    topic = names.word("A topic of the vocabulary.")
    entry = names.entry("The entry that says so.", required=False)
    index = names.Position("With entry: the place in it of the statement that says so.", most=PLACE_MOST)

    def rules(self, body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:
        if "value" in sent and "not_known" in sent:
            yield ("not_known",), _NOT_BOTH
        missing = {"about", "attribute"} - sent
        if missing and ("entry" not in sent or len(missing) == 1):
            yield (min(missing),), _SAY_WHAT
        if "index" in sent and "entry" not in sent:
            yield ("index",), _INDEX_OF_ENTRY
        if self.pack is not None and "about" in body and "attribute" in body:
            for path, words in self.pack.check_claim(body):
                if path and path[0] in body:  # less than a claim may be said here, but nothing else
                    yield path, outside_vocabulary(words)


class OverrideSchema(BodySchema):
    """Why a decision is taken all the same, and who second-signed it: somebody else than its author, by name."""

    reason = names.reason(required=True)
    second = names.professional("The second person who agreed: another than the author.", required=True)


class DecisionSchema(SentSchema):
    """A decision, with the beliefs it rests on as far as they are stated."""

    kind = names.word("What kind of decision, for example step_down.", required=True)
    to = Text("To what, for example early_help.", most=limits.NAME_CHARS_MAX)
    reason = names.reason()
    relies_on = Items(Object(ReliedOnSchema), "What it rests on.", most=limits.RELIES_ON_MAX)
    override = Object(OverrideSchema, "Why it is taken all the same.")


class DecisionOverrideSchema(SentSchema):
    """That a decision which does not stand is taken all the same: why, and the second person who agreed."""

    of = names.entry("The entry that is the decision.")
    reason = names.reason(required=True)
    second = names.professional(
        "The second person who agreed: another than this body’s author, and than the decision’s.", required=True
    )


class OwnerSchema(BodySchema):
    """Whose action it is."""

    agency = names.agency(required=True)
    person = Text("A name or reference at that agency.", most=limits.NAME_CHARS_MAX)


class ActionSchema(SentSchema):
    """Something agreed, and by whom it is to be done."""

    what = Text("What is to be done.", required=True)
    owner = Object(OwnerSchema, "Whose it is.", required=True)
    due = Observed("By when.")


class DoneSchema(SentSchema):
    """That a referral or an agreed action is done, by the agency that asked for it or that owes it."""

    of = names.entry("The referral or the action that is now done.")


class CheckSchema(SentSchema):
    """Something asked of the agency that would know, and what it answered."""

    class Meta(BodySchema.Meta):
        include: ClassVar = {"with": names.agency("The agency asked.", required=True)}

    about = names.person("Whom it is about:")
    asked = EitherOf([Text(), YesNo()], _ASKED, "What or when it was asked, or whether.")
    answered = EitherOf([Text(), YesNo()], _ASKED, "What or when it was answered, or whether.")
    result = Text("What the answer was.")

    def rules(self, _body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:
        if not sent & {"asked", "answered", "result"}:
            yield ("asked",), _NOTHING_ASKED


class PositionSchema(SentSchema):
    """Where a professional stands on a question."""

    about = EitherOf(
        [
            Text("The question in words.", most=limits.REASON_CHARS_MAX),
            Fields(
                {
                    "about": names.person("Whom it is about:", required=True),
                    "attribute": names.word("An attribute of the vocabulary.", required=True),
                    "with": names.person("The counterpart:"),
                    "thing": names.thing("The thing it is about."),
                    "item": names.item(),
                }
            ),
        ],
        Refusal("This must be the question in words, or an object with about and attribute.", "question"),
        "The question.",
        required=True,
    )
    stance = OneOf(STANCES, "For, against, or for on a condition.", required=True)
    condition = Text("The condition.", most=limits.REASON_CHARS_MAX)

    def rules(self, body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:
        if body.get("stance") == "for_if" and "condition" not in sent:
            yield ("condition",), _NEEDS_CONDITION
        question = body.get("about")
        if self.pack is not None and isinstance(question, Mapping):
            for path, words in self.pack.check_claim(question):
                if path and path[0] in question:
                    yield ("about", *path), outside_vocabulary(words)


class AllegationSchema(SentSchema):
    """A step in the life of an allegation."""

    step = OneOf(STEPS, "Which step.", required=True)
    thing = names.thing("The allegation.", required=True)
    outcome = OneOf(ALLEGATION_OUTCOMES, "What came of it, with step outcome.")

    def rules(self, body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:
        if "outcome" in sent and body.get("step") not in {None, "outcome"}:
            yield ("outcome",), _OUTCOME_STEP
