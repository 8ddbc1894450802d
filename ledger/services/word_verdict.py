"""What a review of a breaking of the glass came to, in words."""

from collections.abc import Mapping
from typing import Final

from ledger.domain.glass import VERDICTS

VERDICT_WORDS: Final[Mapping[str, str]] = {
    "justified": "It was needed",
    "not_justified": "It was not needed",
    "training": "It was not needed, and is taken up as training",
    "referred": "It is taken further",
}
assert tuple(VERDICT_WORDS) == VERDICTS, "every verdict has its words"
