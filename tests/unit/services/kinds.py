"""One finding of each kind that compares statements or rests on them: what it shows, and its headline."""

from dataclasses import dataclass, field
from typing import Any

from ledger.domain.finding import Kind
from ledger.store.findings import StoredFinding
from ledger.store.timeline import StoredEntry
from tests.unit.services.seeing import CANARY, claim, entry, finding, observation, seen_by

INJURY = {"about": "child", "attribute": "account", "thing": "left-cheek", "valid": "2022-10-04"}
SUBSTANCE = {"about": "mother", "attribute": "substance_use", "value": "not_using", "informant": "mother"}
RELIED_ON = {"kind": "no_action", "relies_on": [{"about": "mother", "attribute": "substance_use"}]}


@dataclass(frozen=True)
class Case:
    """One finding of a kind, what it rests on, and the headline that it has."""

    kind: Kind
    headline: str
    sides: tuple[tuple[int, ...], ...]
    bodies: tuple[tuple[str, Any], ...]
    more: dict[str, Any] = field(default_factory=dict)

    def finding(self) -> StoredFinding:
        return finding(*self.sides, kind=self.kind, **self.more)

    def entries(self, withheld: frozenset[int] = frozenset()) -> list[StoredEntry]:
        """The entries by number, csc's own first, of the rest some withheld by the police with a canary in each."""
        made = []
        for number, (agency, body) in enumerate(self.bodies, 1):
            hidden = number in withheld
            holder = "police" if hidden else agency
            more = {"narrative": CANARY, "marking": "restricted"} if hidden else {}
            if isinstance(body, tuple):
                kind, said = body
                marked = {"sharing": {"marking": "restricted"}} if hidden else {}
                told = {name: CANARY for name in ("reason", "what") if hidden and name in said}
                made.append(entry(number, holder, kind, said | told | marked))
            elif isinstance(body, dict) and "relies_on" in body:
                marked = {"sharing": {"marking": "restricted"}} if hidden else {}
                made.append(entry(number, holder, "decision", body | {"narrative": CANARY if hidden else ""} | marked))
            else:
                claims = body if isinstance(body, list) else [body]
                made.append(observation(number, holder, *claims, **more))
        return made


COMPARED = {
    "two agencies": Case(
        "contradiction",
        "The mother (to Children’s social care) and Health visiting disagree about the father’s presence",
        ((1,), (2,)),
        (("csc", claim()), ("hv", seen_by(value="lives_here"))),
    ),
    "one's word, and two agencies'": Case(
        "contradiction",
        "The mother (to Children’s social care), and Health visiting and Family court, disagree about the father’s "
        "presence",
        ((1,), (2, 3)),
        (("csc", claim()), ("hv", seen_by(value="lives_here")), ("court", seen_by(value="lives_here"))),
    ),
    "two agencies, perhaps": Case(
        "contradiction",
        "Children’s social care and Health visiting may disagree about the father’s presence",
        ((1,), (2,)),
        (("csc", seen_by()), ("hv", seen_by(value="lives_here"))),
        {"certain": False},
    ),
    "two sources of one agency": Case(
        "contradiction",
        "The mother (to Children’s social care) and the father (to Children’s social care) disagree about the father’s "
        "presence",
        ((1,), (2,)),
        (("csc", claim()), ("csc", claim(value="lives_here", informant="father"))),
    ),
    "one agency, two workers": Case(
        "contradiction",
        "Statements of Children’s social care about the father’s presence cannot both be so",
        ((1,), (2,)),
        (("csc", seen_by()), ("csc", seen_by(value="lives_here"))),
    ),
    "across two attributes": Case(
        "contradiction",
        "What Children’s social care says of the father’s presence and what Health visiting says of the father’s "
        "contact condition (supervised) cannot both be so",
        ((1,), (2,)),
        (
            ("csc", seen_by(value="lives_here")),
            ("hv", seen_by(attribute="contact_condition", value="in_force", item="supervised")),
        ),
        {"marks": {"by": "no_such_rule"}},
    ),
    "across two attributes, two agencies on one side": Case(
        "contradiction",
        "What Children’s social care and Family court say of the father’s presence and what Health visiting says of "
        "the father’s contact condition (supervised) cannot both be so",
        ((1, 2), (3,)),
        (
            ("csc", seen_by(value="lives_here")),
            ("court", seen_by(value="lives_here")),
            ("hv", seen_by(attribute="contact_condition", value="in_force", item="supervised")),
        ),
        {"marks": {"by": "no_such_rule"}},
    ),
    "pulling apart": Case(
        "contradiction",
        "What Children’s social care and Health visiting say about the father’s presence pull apart",
        ((1,), (2,)),
        (("csc", seen_by()), ("hv", seen_by(value="lives_here"))),
        {"marks": {"is_strain": True}},
    ),
    "one person, two agencies": Case(
        "same_informant",
        "The mother told Children’s social care and Health visiting different things about the father’s presence",
        ((1,), (2,)),
        (("csc", claim()), ("hv", claim(value="lives_here"))),
    ),
    "one person, one agency": Case(
        "same_informant",
        "The mother told Children’s social care two different things about the father’s presence",
        ((1,), (2,)),
        (("csc", claim()), ("csc", claim(value="lives_here"))),
    ),
    "who the father is": Case(
        "identity",
        "Children’s social care and Health visiting name different people as the child’s father",
        ((1,), (2,)),
        (
            ("csc", seen_by(about="child", attribute="father", value="mr_a", valid=None)),
            ("hv", seen_by(about="child", attribute="father", value="mr_b", valid=None)),
        ),
    ),
    "what somebody is to the child": Case(
        "identity",
        "Children’s social care and Health visiting disagree about the kinship of the person whom Children’s social "
        "care calls mr a",
        ((1,), (2,)),
        (
            ("csc", seen_by(about="mr_a", attribute="kinship", value="birth_father", valid=None)),
            ("hv", seen_by(about="csc/mr_a", attribute="kinship", value="uncle", valid=None)),
        ),
    ),
    "two accounts of an injury": Case(
        "explanation",
        "Explanations about the child (left-cheek) cannot both be so: what the mother (to Children’s social care) and "
        "the father (to Health visiting) say",
        ((1,), (2,)),
        (
            ("csc", claim(**INJURY, value="level_fall")),
            ("hv", claim(**INJURY | {"thing": "csc/left-cheek"}, value="other_child", informant="father")),
        ),
    ),
    "a worry that was met": Case(
        "concern",
        "What the mother (to Health visiting) says does not answer the worry of Children’s social care about the "
        "child’s presentation",
        ((1,), (2,)),
        (
            ("csc", seen_by(about="child", attribute="presentation", value="unkempt")),
            ("hv", claim(about="child", attribute="presentation", value="well")),
        ),
        {"rule": "unanswered_worry"},
    ),
    "what did not arrive": Case(
        "passing_on",
        "What Children’s social care holds about the child’s injury (left-cheek) did not reach Health visiting whole",
        ((1,), (2,)),
        (
            ("csc", seen_by(about="child", attribute="injury", value="bruise", thing="left-cheek")),
            ("hv", claim(about="child", attribute="assessment_omits", value="the bruise", informant=None)),
        ),
    ),
    "a word alone": Case(
        "uncorroborated",
        "What is held about the mother’s substance use rests on the word of the mother alone",
        ((1,),),
        (("csc", claim(**SUBSTANCE)), ("hv", RELIED_ON)),
        {"rule": "word_that_a_decision_leans_on", "evidence": [2], "marks": {"is_pending": True}},
    ),
    "overtaken": Case(
        "overtaken",
        "What Children’s social care holds about the mother’s substance use may be overtaken by what Health visiting "
        "says",
        ((1,), (2,)),
        (
            ("csc", claim(**SUBSTANCE)),
            ("hv", seen_by(about="mother", attribute="substance_use", value="using")),
            ("csc", RELIED_ON),
        ),
        {"evidence": [3], "marks": {"is_pending": True}},
    ),
    "a word that grew stale": Case(
        "gap",
        "Nobody has confirmed the father’s presence for too long",
        ((1,),),
        (("hv", claim()),),
        {"rule": "stale_belief", "marks": {"tier": "prompt"}},
    ),
    "a decision's basis": Case(
        "decision_basis",
        "A decision relies on the mother’s substance use, which is open to question",
        ((1,),),
        (("hv", RELIED_ON),),
        {"rule": "a_rule_on_decisions"},
    ),
    "a decision against which somebody speaks": Case(
        "decision_basis",
        "What was said by Health visiting speaks against what the decision “close” of Children’s social care relies "
        "on: the mother’s substance use",
        ((1,), (2,)),
        (("csc", {"kind": "close", "relies_on": []}), ("hv", seen_by(about="mother", attribute="substance_use"))),
        {"rule": "decision_contested"},
    ),
    "a decision that leaves something open": Case(
        "decision_basis",
        "The decision “close” of Children’s social care relies on something open: every allegation has an outcome",
        ((1,),),
        (("csc", {"kind": "close", "relies_on": []}),),
        {"rule": "decision_left_open", "marks": {"topic": "open_allegations"}},
    ),
}
