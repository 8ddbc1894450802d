"""What must be known of a partnership that was opened in a database of which tests get copies."""

import json
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Opened:
    """What a database holds in which a partnership was opened already, that could not be read from it."""

    record_id: UUID
    key_ids: dict[str, str]
    keys: dict[str, str]

    def written(self) -> str:
        return json.dumps({"record_id": str(self.record_id), "key_ids": self.key_ids, "keys": self.keys})

    @classmethod
    def read(cls, text: str) -> "Opened":
        told = json.loads(text)
        return cls(UUID(told["record_id"]), told["key_ids"], told["keys"])
