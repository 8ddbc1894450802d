"""Who may do what: ten roles, twenty rights, and how far each right reaches. One table, and nothing beside it.

A right says what may be done, its reach to which children's records: those that one leads, those that one's agency is
involved with, or any. What the reach asks of a record is looked up where the record is; this module knows no record.
The same table is printed as docs/roles.md.
"""

from collections.abc import Collection, Mapping
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Final


class Role(StrEnum):
    """In what part somebody calls."""

    AGENCY_SYSTEM = "agency_system"
    PRACTITIONER = "practitioner"
    LEAD = "lead"
    DEPUTY = "deputy"
    MANAGER = "manager"
    DUTY_DESK = "duty_desk"
    AUDITOR = "auditor"
    RECORDS_OFFICER = "records_officer"
    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"


class Right(StrEnum):
    """What a route asks of who calls it. The first four are what a key's scopes are made of, and `monitor` too."""

    OBSERVE = "observe"
    REGISTER = "register"
    READ = "read"
    WORK = "work"
    ANSWER = "answer"
    INVOLVE = "involve"
    ADULTS = "adults"
    GLASS = "glass"
    REVIEW = "review"
    OVERSEE = "oversee"
    MONITOR = "monitor"
    DISCLOSE = "disclose"
    EXPORT = "export"
    RETAIN = "retain"
    STAFF = "staff"
    ADMINISTER = "administer"
    OPERATE = "operate"
    RULES = "rules"
    HEAR = "hear"
    ACCOUNT = "account"


#: What each right is, in the words of docs/roles.md.
MEANS: Final[Mapping[Right, str]] = MappingProxyType(
    {
        Right.OBSERVE: "post what was seen or said, correct, void and mark one's own, and read one's own back",
        Right.REGISTER: "register children and change their details",
        Right.READ: "read what others wrote, as far as their markings allow",
        Right.WORK: "leads, links, decisions, hand-overs, alerts: the other bodies about a child",
        Right.ANSWER: "take an alert on, act on it, put it off, say what it came to: alerts that are theirs",
        Right.INVOLVE: "record that one's agency has a part in a child's record, by which all of it reads",
        Right.ADULTS: "see in which children's records an adult is known, or may be: in all, or in those one reads",
        Right.GLASS: "break the glass: read for some hours without being involved",
        Right.REVIEW: "review a breaking of the glass",
        Right.OVERSEE: "read who looked at what, and what was unusual about it",
        Right.MONITOR: "follow the whole of the log: of every record its pseudonym, numbers and times; no content",
        Right.DISCLOSE: "answer the family: subject access, notices, what a rectification came to",
        Right.RETAIN: "say for how long records are kept, hold them, and order or approve erasure",
        Right.EXPORT: "take a copy of a record away as files, with its proofs, as far as its markings allow",
        Right.STAFF: "say who of one's agency has left or is away, who covers, its teams, who is above, and addresses",
        Right.ADMINISTER: (
            "see keys, people and sessions as metadata, give them and take them away; put a rule pack in force; "
            "no content"
        ),
        Right.OPERATE: (
            "see how the ledger runs, in counts; have what failed tried again; put rules into shadow, and bring them "
            "live; no content"
        ),
        Right.RULES: "see in counts how each rule fares: how often it was acted on, and how soon; no content",
        Right.HEAR: "say where one's agency's systems are told of what concerns it, and what signs that: webhooks",
        Right.ACCOUNT: "one's own session, password, second factor and absences",
    }
)


class Reach(IntEnum):
    """To which children's records a right extends; each includes those before it."""

    NONE = 0
    #: Those that one leads, or is the deputy of.
    LED = 1
    #: Those that one's agency is involved with now.
    INVOLVED = 2
    #: Every one of one's partnership; also what concerns no child's record.
    ANY = 3


_OWN: Final = {Right.ACCOUNT: Reach.ANY}
_LEADING: Final = {
    Right.OBSERVE: Reach.LED,
    Right.REGISTER: Reach.LED,
    Right.READ: Reach.LED,
    Right.WORK: Reach.LED,
    Right.ANSWER: Reach.LED,
    Right.REVIEW: Reach.LED,
    Right.EXPORT: Reach.LED,
    **_OWN,
}

#: What is not named is not given.
RIGHTS: Final[Mapping[Role, Mapping[Right, Reach]]] = MappingProxyType(
    {
        Role.AGENCY_SYSTEM: {
            Right.OBSERVE: Reach.ANY,
            Right.REGISTER: Reach.ANY,
            Right.READ: Reach.INVOLVED,
            Right.WORK: Reach.INVOLVED,
            # By the scope `work`.
            Right.ANSWER: Reach.INVOLVED,
            # Who of its agency may, the agency's own system knows; by the scope `work`.
            Right.INVOLVE: Reach.ANY,
            # By the scope `read`.
            Right.ADULTS: Reach.INVOLVED,
            # For an author whom the system names, by the scope `work`; a review where its agency leads.
            Right.GLASS: Reach.ANY,
            Right.REVIEW: Reach.LED,
            # By the scope `read`.
            Right.EXPORT: Reach.INVOLVED,
            # By the scope `monitor`, which is given to whoever keeps watch over the log, and by no scope else.
            Right.MONITOR: Reach.ANY,
            # By the scope `work`.
            Right.HEAR: Reach.ANY,
        },
        Role.PRACTITIONER: {
            Right.OBSERVE: Reach.ANY,
            Right.REGISTER: Reach.ANY,
            Right.READ: Reach.INVOLVED,
            Right.WORK: Reach.INVOLVED,
            Right.ANSWER: Reach.INVOLVED,
            Right.ADULTS: Reach.INVOLVED,
            Right.GLASS: Reach.ANY,
            # Whoever leads is one of them.
            Right.RULES: Reach.ANY,
            **_OWN,
        },
        Role.LEAD: _LEADING,
        Role.DEPUTY: _LEADING,
        Role.MANAGER: {
            Right.READ: Reach.INVOLVED,
            # An alert on which nobody acted comes to them.
            Right.ANSWER: Reach.INVOLVED,
            Right.REVIEW: Reach.INVOLVED,
            Right.EXPORT: Reach.INVOLVED,
            # At the duty desk of all records: `ledger.services.follow_adult`.
            Right.ADULTS: Reach.INVOLVED,
            Right.STAFF: Reach.ANY,
            # Nobody opens a record to all of their agency by their own word alone: there is the glass for that.
            Right.INVOLVE: Reach.ANY,
            Right.RULES: Reach.ANY,
            **_OWN,
        },
        Role.DUTY_DESK: {
            Right.OBSERVE: Reach.ANY,
            Right.REGISTER: Reach.ANY,
            Right.READ: Reach.INVOLVED,
            Right.WORK: Reach.INVOLVED,
            Right.ANSWER: Reach.INVOLVED,
            Right.ADULTS: Reach.ANY,
            Right.REVIEW: Reach.INVOLVED,
            Right.INVOLVE: Reach.ANY,
            Right.RULES: Reach.ANY,
            **_OWN,
        },
        Role.AUDITOR: {
            Right.READ: Reach.ANY,
            Right.ADULTS: Reach.ANY,
            Right.REVIEW: Reach.ANY,
            Right.OVERSEE: Reach.ANY,
            Right.MONITOR: Reach.ANY,
            Right.EXPORT: Reach.ANY,
            Right.RULES: Reach.ANY,
            **_OWN,
        },
        Role.RECORDS_OFFICER: {
            Right.READ: Reach.INVOLVED,
            Right.DISCLOSE: Reach.INVOLVED,
            Right.EXPORT: Reach.INVOLVED,
            Right.RETAIN: Reach.INVOLVED,
            **_OWN,
        },
        Role.ADMINISTRATOR: {Right.ADMINISTER: Reach.ANY, Right.STAFF: Reach.ANY, **_OWN},
        Role.OPERATOR: {Right.OPERATE: Reach.ANY, Right.RULES: Reach.ANY, **_OWN},
    }
)

#: Given to a person and taken away again by an entry in the partnership's record; the other four follow from it.
STANDING: Final = frozenset(
    {
        Role.PRACTITIONER,
        Role.MANAGER,
        Role.AUDITOR,
        Role.RECORDS_OFFICER,
        Role.ADMINISTRATOR,
        Role.OPERATOR,
    }
)
#: Who may be named lead or deputy and lead by it: being named alone lets nobody see content.
LEADING: Final = frozenset({Role.PRACTITIONER, Role.MANAGER})


def reach_of(roles: Collection[Role], right: Right) -> Reach:
    """How far a right reaches for somebody in these roles: as far as the one of them that reaches farthest."""
    return max((RIGHTS[role].get(right, Reach.NONE) for role in roles), default=Reach.NONE)


def follow(standing: Collection[Role], *, at_desk: bool) -> frozenset[Role]:
    """A person's roles wherever they act: those that were given, and the duty desk's for its practitioners."""
    desk = {Role.DUTY_DESK} if at_desk and Role.PRACTITIONER in standing else set()
    return frozenset(standing) | desk


def on_record(roles: Collection[Role], *, leads: bool, deputises: bool) -> frozenset[Role]:
    """The same person's roles at a record that they lead, or are the deputy of."""
    if not LEADING.intersection(roles):
        return frozenset(roles)
    named = ({Role.LEAD} if leads else set()) | ({Role.DEPUTY} if deputises else set())
    return frozenset(roles) | named


def at_most(roles: Collection[Role], right: Right) -> Reach:
    """How far a right could reach at some record: what is NONE here is refused before any record is looked at."""
    return reach_of(on_record(roles, leads=True, deputises=True), right)


def stands_against(held: Collection[Role], role: Role) -> Role | None:
    """The role already held beside which this one may not be given: an auditor looks on, and does nothing else."""
    others = sorted(set(held) - {role})
    if role is Role.AUDITOR and others:
        return others[0]
    return Role.AUDITOR if Role.AUDITOR in others else None
