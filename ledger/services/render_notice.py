"""The notice to the family: which agencies share about their child, why, what sorts of things, and what they can do.

Short sentences and plain words, for whoever reads it. It says what holds for everybody and what this record shows to
everybody involved; of what is restricted, a pointer or kept from those who get it, not even that it is there.
"""

from collections.abc import Iterator
from typing import Any, Final

from ledger.domain.claim import Claim, claims_of_entry
from ledger.domain.lawful_basis import BASES, bases_of
from ledger.domain.pack import Pack
from ledger.domain.third_party import Category
from ledger.services.gather_disclosure import Material
from ledger.services.render_shared import agencies_in, shared_in
from ledger.services.see import Seen

#: What a topic of the pack is called for a family.
_SORTS: Final = {
    "harm": "Whether your child has been hurt",
    "health": "Your child’s health",
    "growth": "How your child grows and feeds",
    "development": "How your child develops",
    "care": "How your child is looked after",
    "voice": "How your child feels",
    "education": "Nursery and school",
    "home": "Your home",
    "sleep": "Where your child sleeps",
    "whereabouts": "Whether your child has been seen",
    "adult_risk": "The adults in your child’s life",
}
WHY: Final = (
    "Agencies that work with children share what they know, so that children are safe and families get help.",
    "They share only what is needed, and only with people whose work it is.",
)
RIGHTS: Final = (
    "You can ask to see what we hold about you.",
    "You can ask us to put right what is wrong. We must answer within one month.",
    "You can say that you do not agree. We keep what you say next to what we wrote.",
    "You can ask us who we have told, and why.",
    "If you are not happy with our answer, you can tell the Information Commissioner: 0303 123 1113, ico.org.uk.",
)
_ALWAYS: Final = "public_task"


def render_notice(material: Material, pack: Pack) -> dict[str, Any]:
    """The notice as it is given."""
    told = shared_in(material, _no_words, _no_note)
    agencies = agencies_in(material)
    return {
        "agencies": agencies,
        "told": sorted({str(one["with"]) for one in told} - {agency["name"] for agency in agencies}),
        "why": [*WHY],
        "lawful": [{"means": BASES[name].means, "law": BASES[name].law} for name in _bases(material)],
        "sorts": _sorts(material, pack),
        "rights": [*RIGHTS],
        "ask": agencies[0] if agencies else {"name": material.name(material.agency), "contact": ""},
    }


def _bases(material: Material) -> list[str]:
    shares = [
        entry for number, entry in sorted(material.own.items()) if entry.kind == "share" and number in material.shared
    ]
    named = [name for entry in shares for name in bases_of(entry.body.get("lawful_basis"))]
    return [name for name in dict.fromkeys([_ALWAYS, *named]) if name in BASES]


def _sorts(material: Material, pack: Pack) -> list[str]:
    topics = set()
    for number, hidden in material.shared.items():
        for claim in _claims(material.own[number]):
            attribute = pack.attributes.get(claim.attribute)
            is_kept_back = claim.index in hidden or material.whose.keeps_back(claim) is not None
            if attribute is not None and not is_kept_back:
                topics.add(claim.topic or attribute.topic)
    return [words for topic, words in _SORTS.items() if topic in topics]


def _claims(entry: Seen) -> Iterator[Claim]:
    yield from claims_of_entry(
        entry.kind or "", entry.body, agency=entry.agency, number=entry.number, recorded_at=entry.recorded_at
    )


def _no_words(_entry: Seen, _part: str, _said: str) -> None:
    """A notice has nobody's own words."""


def _no_note(_number: int, _part: str, _why: Category) -> None:
    """What is not in a notice is not counted: it says what sorts of things there are, and not each."""
