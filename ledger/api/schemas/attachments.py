"""What an attachment's entry says of its bytes: what they are, by their hash, and by whom and by what leave made.

Invariants: the body commits to the bytes by what was sent, so hash, size and type are all asked for, and none is filled
in. A photograph or body map names the policy under which it was taken.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar

from ledger.api import limits
from ledger.api.pointers import Refusal
from ledger.api.schemas import names
from ledger.api.schemas.bodies import RuleRefusal
from ledger.api.schemas.fields import CheckedField, Object, OneOf, Pattern, Text
from ledger.api.schemas.observations import SentSchema
from ledger.api.schemas.seen_by import SharingSchema
from ledger.api.schemas.times import Observed
from ledger.domain.media import TAKEN

KINDS = ("photograph", "body_map", "letter", "report", "drawing")
#: Of a child's body: taken only by the posting agency's policy.
OF_A_BODY = frozenset({"photograph", "body_map"})

_SHA256 = Refusal("This must be the SHA-256 of the file's bytes, 64 hexadecimal digits in lower case.", "sha256")
_POLICY = Refusal(
    "Name the photograph policy of your agency that was followed, by its reference: 'ledger agency policy' set it.",
    "policy_needed",
)
_TRUE = Refusal("This must be true, or left out.", "true")


class Size(CheckedField):
    """A count of bytes."""

    documentation: ClassVar[Mapping[str, Any]] = {
        "type": "integer",
        "minimum": 1,
        "maximum": limits.ATTACHMENT_BYTES_CEILING,
    }

    def refusal(self, value: object) -> Refusal | None:
        if type(value) is int and 1 <= value <= limits.ATTACHMENT_BYTES_CEILING:
            return None
        return Refusal("This must be how many bytes the file has.", "size")


class OnlyTrue(CheckedField):
    """Something said on purpose, or not at all."""

    documentation: ClassVar[Mapping[str, Any]] = {"type": "boolean", "enum": [True]}

    def refusal(self, value: object) -> Refusal | None:
        return None if value is True else _TRUE


class AttachmentSchema(SentSchema):
    """A photograph, body map, letter, report or drawing: what its bytes are, who made it, and by what leave."""

    kind = OneOf(KINDS, "What it is.", required=True)
    of = names.entry("Your own observation or contact that it belongs to.", required=False)
    media_type = OneOf(tuple(TAKEN), "The file's media type; held against the bytes.", required=True)
    sha256 = Pattern(limits.SHA256_PATTERN, _SHA256, "SHA-256 of the file's bytes, in hexadecimal.", required=True)
    size = Size("How many bytes the file has.", required=True)
    describes = Text("What it shows or says, for whoever may not open it or cannot see it.", required=True)
    taken_by = Text("Who took, drew or wrote it.", most=limits.NAME_CHARS_MAX, required=True)
    taken_at = Observed("When it was taken, drawn or written: a day, or a time with its zone.", required=True)
    authority = Text("Under which authority or whose consent.", most=limits.REASON_CHARS_MAX, required=True)
    photograph_policy = Text(
        "The reference of your agency's photograph policy that was followed; for photographs and body maps.",
        most=limits.NAME_CHARS_MAX,
    )
    location_kept = OnlyTrue("That the picture says where it was taken, and is to be kept with that.")
    sharing = Object(SharingSchema, "Who may see it.")

    def rules(self, body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:
        if body.get("kind") in OF_A_BODY and "photograph_policy" not in sent:
            yield ("photograph_policy",), _POLICY
