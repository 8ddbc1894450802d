"""What the environment says of the log: the keys that sign, where the sealer keeps what it signed, and the witnesses.

Secrets that stand in files have been read into it before. A process gets the keys that it needs and no others: the
log's is the sealer's alone.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

SEED_BYTES = 32
LOG_KEY, RECEIPT_KEY = "LEDGER_LOG_KEY", "LEDGER_RECEIPT_KEY"


class LogSettingsError(ValueError):
    """A setting is wrong; the text names the variable and what it should be, and repeats nothing."""


@dataclass(frozen=True, slots=True)
class LogSettings:
    """Keys are Ed25519 seeds of 32 bytes, or None. `policy` is a tlog-policy file, None where nobody cosigns."""

    key: bytes | None = field(repr=False)
    receipt_key: bytes | None = field(repr=False)
    store: Path
    policy: Path | None = None

    @classmethod
    def from_env(cls, env: Mapping[str, str], data: Path) -> Self:
        """Read the settings; `data` is the ledger's data folder. Raises LogSettingsError."""
        store, policy = env.get("LEDGER_LOG_STORE"), env.get("LEDGER_LOG_POLICY")
        return cls(
            key=_seed(env, LOG_KEY),
            receipt_key=_seed(env, RECEIPT_KEY),
            store=Path(store).absolute() if store else data / "log-store",
            policy=Path(policy).absolute() if policy else None,
        )


def _seed(env: Mapping[str, str], name: str) -> bytes | None:
    text = env.get(name)
    if not text:
        return None
    try:
        seed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        seed = b""
    if len(seed) != SEED_BYTES:
        raise LogSettingsError(f"{name} must be {SEED_BYTES} bytes in URL-safe base64: `ledger log key new` makes one")
    return seed
