"""What is shared and not shared, requests for information and their answers, and consent.

Invariants: every decision says on what lawful basis it was taken, a refusal as well as a share; a refusal says why.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar

from ledger.api import limits
from ledger.api.pointers import Refusal
from ledger.api.schemas import names
from ledger.api.schemas.bodies import BodySchema, RuleRefusal
from ledger.api.schemas.fields import CheckedField, EitherOf, Fields, Items, Object, OneOf, Text, YesNo
from ledger.api.schemas.observations import SentSchema
from ledger.api.schemas.seen_by import SharingSchema
from ledger.api.schemas.times import Observed
from ledger.domain.body_part import BEARS, CONSENT_ANSWERS, DECISIONS, INFORMATION_ANSWERS
from ledger.domain.lawful_basis import BASES, BASES_MOST, rests_on_consent

ENTRIES_MAX = 50

_NEEDS_REASON = Refusal("A refusal, in whole or in part, needs a reason.", "needs_reason")
_SHARES_NOTHING = Refusal("Say what it is about: in words, by entries, or both.", "says_nothing")
_NEEDS_CONSENT = Refusal(
    "Where consent is the lawful basis, name the entry in which it was given; where it was never asked for, name the "
    "basis that you do rely on.",
    "needs_consent",
)
_CONSENT_UNUSED = Refusal("A consent goes with lawful_basis consent.", "consent_unused")
_NEEDS_WHY_NOT = Refusal("Say why their views were not sought.", "needs_reason")
_ASKED_MUST_SEE = Refusal(
    "Whom you ask must be able to read what you ask: share it, or restrict it to agencies that include this one.",
    "asked_must_see",
)
_NEEDS_ENTRIES = Refusal(
    "What bears a statement out, or speaks against it, is an entry of yours that says so: post what you hold as an "
    "observation, and name it in entries. Where you hold nothing that tells either way, bears is cannot_say.",
    "needs_entries",
)
_WORDS = ", ".join(BASES)


class LawfulBasis(CheckedField):
    """One lawful basis of the list, or several: what is special needs a condition beside a basis."""

    def __init__(self, description: str, *, required: bool = True) -> None:
        one = {"type": "string", "enum": list(BASES)}
        several = {"type": "array", "items": one, "minItems": 1, "maxItems": BASES_MOST, "uniqueItems": True}
        super().__init__(description, required=required, documentation={"anyOf": [one, several]})
        self._refusal = Refusal(
            f"This must be a lawful basis, or a list of up to {BASES_MOST}, each once: {_WORDS}.", "lawful_basis"
        )

    def refusal(self, value: object) -> Refusal | None:
        named = value if type(value) is list else [value]
        if not 1 <= len(named) <= BASES_MOST:
            return self._refusal
        if any(type(one) is not str or one not in BASES for one in named):
            return self._refusal
        return None if len(named) == len(set(named)) else self._refusal


def entries_named(description: str) -> Items:
    """A list of entries, by their ids."""
    return Items(names.entry("An entry.", required=False), description, most=ENTRIES_MAX, least=1, unique=True)


class ShareSchema(SentSchema):
    """What was decided about sharing: shared, shared in part or not, with whom, on what lawful basis and why."""

    class Meta(SentSchema.Meta):
        include: ClassVar = {
            "with": EitherOf(
                [
                    names.agency("An agency of this partnership."),
                    Fields({"body": Text("Anybody else, by name.", most=limits.NAME_CHARS_MAX, required=True)}),
                ],
                Refusal("This must be an agency's id, or an object with body: the name of anybody else.", "party"),
                "With whom.",
                required=True,
            )
        }

    what = Text("What it is, in words.")
    entries = entries_named("The entries that it is about.")
    decision = OneOf(DECISIONS, "What was decided.", required=True)
    lawful_basis = LawfulBasis("On what lawful basis: of sharing, and of not sharing too.")
    reason = names.reason()
    consent = names.entry("With lawful_basis consent: the entry in which it was given.", required=False)
    views_sought = YesNo("Whether the family was asked for their views first.")
    views_not_sought_because = Text("Why they were not asked.", most=limits.REASON_CHARS_MAX)
    on = Observed("When it was decided; when it is recorded, where this is left out.")
    sharing = Object(SharingSchema, "Who may see this decision.")

    def rules(self, body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:
        if not sent & {"what", "entries"}:
            yield ("what",), _SHARES_NOTHING
        if body.get("decision") == "refused" and "reason" not in sent:
            yield ("reason",), _NEEDS_REASON
        if "lawful_basis" in body:
            rests = rests_on_consent(body["lawful_basis"])
            if rests and "consent" not in sent:
                yield ("consent",), _NEEDS_CONSENT
            elif "consent" in sent and not rests:
                yield ("consent",), _CONSENT_UNUSED
        if body.get("views_sought") in (False, "no") and "views_not_sought_because" not in sent:
            yield ("views_not_sought_because",), _NEEDS_WHY_NOT


class NamedClaimSchema(BodySchema):
    """One claim of an entry."""

    entry = names.entry("The entry in which it stands.")
    index = names.Position(
        "Its place among the claims of that entry, from 0.", most=limits.CLAIMS_MAX - 1, required=True
    )


class InformationRequestSchema(SentSchema):
    """A question to another agency about the child, or about somebody in the child's life."""

    to = names.agency("The agency asked; it need not be involved.", required=True)
    about = names.person("Whom it is about; the child, where this is left out:")
    asks = Text("What is asked, in words that the agency asked can answer by themselves.", required=True)
    purpose = Text("What it is for.", most=limits.REASON_CHARS_MAX, required=True)
    lawful_basis = LawfulBasis("On what lawful basis it is asked.")
    by = Observed("By when an answer is needed.")
    claim = Object(
        NamedClaimSchema,
        "The claim that the answer is to bear out or speak against, where it asks for that. Whom you ask is shown its "
        "words as far as its marks allow, so ask so that they can answer without.",
    )
    sharing = Object(SharingSchema, "Who may see it.")

    def rules(self, body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:  # noqa: ARG002
        sharing = body.get("sharing", {})
        marking, to = sharing.get("marking"), sharing.get("to", ())
        if marking == "pointer" or (marking == "restricted" and "to" in body and body["to"] not in to):
            yield ("sharing", "to"), _ASKED_MUST_SEE


class InformationAnswerSchema(SentSchema):
    """An answer to a request for information, by the agency that was asked."""

    of = names.entry("The request.")
    answer = OneOf(INFORMATION_ANSWERS, "The answer.", required=True)
    lawful_basis = LawfulBasis("On what lawful basis it is answered, or refused.")
    reason = names.reason()
    entries = entries_named("Your entries that answer it.")
    bears = OneOf(BEARS, "Of a request that names a claim: whether your entries bear it out, or speak against it.")
    sharing = Object(SharingSchema, "Who may see it; whoever asked must be able to.")

    def rules(self, body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:
        if body.get("answer") in {"refused", "in_part"} and "reason" not in sent:
            yield ("reason",), _NEEDS_REASON
        if body.get("bears") in {"out", "against"} and "entries" not in sent:
            yield ("entries",), _NEEDS_ENTRIES


class ConsentSchema(SentSchema):
    """What somebody said when they were asked for consent, and until when it holds."""

    class Meta(SentSchema.Meta):
        include: ClassVar = {"for": Text("To what.", most=limits.REASON_CHARS_MAX, required=True)}

    of = names.person("Who was asked:", required=True)
    answer = OneOf(CONSENT_ANSWERS, "What they said.", required=True)
    how = Text("How they said so, and in whose hearing.", most=limits.REASON_CHARS_MAX, required=True)
    observed = Observed("When they said so.", required=True)
    until = Observed("When it ends.")
    replaces = names.entry("The earlier word of theirs that this takes the place of.", required=False)
    sharing = Object(SharingSchema, "Who may see it.")
