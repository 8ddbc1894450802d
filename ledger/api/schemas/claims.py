"""One claim: a structured statement about someone, over a time, on a basis.

Invariants: a claim says a value or why there is none, never both; what was told has an informant, what came from an
agency names it. Attributes, values and topics are the rule pack's.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar

from ledger.api.pointers import Refusal
from ledger.api.schemas import names
from ledger.api.schemas.bodies import BodySchema, RuleRefusal
from ledger.api.schemas.fields import AnyValue, Object, OneOf
from ledger.api.schemas.gradings import GradingSchema
from ledger.api.schemas.seen_by import SharingSchema
from ledger.api.schemas.times import Valid

BASES = ("seen", "measured", "own_record", "document", "searched", "judgement", "agency", "told")
STATEMENTS = ("fact", "opinion", "allegation", "admission", "finding", "plan", "intention", "omission")
NOT_KNOWN = ("unknown", "not_asked", "declined", "evaded")

_VALUE_OR_NOT = Refusal(
    "Send either value, or not_known with why there is no value; one of the two.", "value_or_not_known"
)
_NEEDS_INFORMANT = Refusal(
    "With basis told, say who told it: a person, `anonymous`, or {agency, role}.", "needs_informant"
)
_NEEDS_FROM = Refusal("With basis agency, say which agency said it.", "needs_from")


def outside_vocabulary(words: str) -> Refusal:
    """What the rule pack has against it, as it says it: it may begin with an attribute's name, so no capital."""
    return Refusal(words + ("" if words.endswith(".") else "."), "vocabulary")


class ClaimSchema(BodySchema):
    """A claim of an observation."""

    class Meta(BodySchema.Meta):
        include: ClassVar = {
            "from": names.agency("The agency that said it, with basis agency."),
            "with": names.person("The counterpart, where the attribute has one:"),
        }

    about = names.person("Whom it is about:", required=True)
    attribute = names.word("An attribute of the vocabulary.", required=True)
    value = AnyValue("One of the attribute's values.")
    not_known = OneOf(NOT_KNOWN, "Why there is no value.")
    valid = Valid("When it was so; left out, the day observed.")
    basis = OneOf(BASES, "How the author knows.", required=True)
    informant = names.informant()
    statement = OneOf(STATEMENTS, "Overrides the observation's.")
    thing = names.thing("The injury, incident, allegation or other thing it is about.")
    item = names.item()
    topic = names.word("A topic of the vocabulary.")
    in_earshot = names.people("Who could hear it said.")
    sharing = Object(SharingSchema, "Who may see this claim, where that is fewer than may see the rest.")
    grading = Object(GradingSchema, "How the police grade it, where they do.")

    def rules(self, body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:
        says_one = ("value" in sent) != ("not_known" in sent)
        if not says_one:
            yield ("not_known" if "value" in sent else "value",), _VALUE_OR_NOT
        basis = body.get("basis")
        if basis == "told" and "informant" not in sent:
            yield ("informant",), _NEEDS_INFORMANT
        elif basis == "agency" and "from" not in sent:
            yield ("from",), _NEEDS_FROM
        if self.pack is not None and "about" in body and "attribute" in body:
            refused = sent - body.keys()
            for path, words in self.pack.check_claim(body):
                if not refused.intersection(path[:1] or ("value", "not_known")) and (path or says_one):
                    yield path, outside_vocabulary(words)
