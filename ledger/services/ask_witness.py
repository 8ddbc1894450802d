"""Ask one witness to cosign one checkpoint (C2SP tlog-witness), and believe nothing of its answer unchecked.

What a witness answers is another organisation's: read to a limit, within a time, by its status and the few forms that
the protocol has. Redirects are not followed, and nothing of an answer goes into a log or a message of ours.
"""

import json
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ledger.domain.log.checkpoint import Checkpoint, parse_checkpoint, parse_cosignature
from ledger.domain.log.note import BadSignature, Note, Verifier, opened, parse_note
from ledger.domain.log.strict import base64_of, number_of

#: One connection step, one wait for bytes, and all of one answer, in seconds.
TIMEOUT_S: Final = 10.0
_BYTES_MOST: Final = 64 * 1024
_STATE_BYTES_MOST: Final = 1024 * 1024
#: By how much a witness's clock may differ from the ledger's. A cosignature brackets entries in time, and whoever
#: checks allows a minute for all: for clocks, and for as long as two exchanges may take.
SKEW_S: Final = 20


class WitnessFailedError(Exception):
    """A witness did not cosign; the text says why, in words of ours."""


class WitnessDivergedError(WitnessFailedError):
    """A witness says that it saw what this log does not continue. `size`: how large that was, where it said so."""

    def __init__(self, why: str, size: int | None) -> None:
        super().__init__(why)
        self.size = size


@dataclass(frozen=True, slots=True)
class Asked:
    """One witness of the policy: the policy's name for it, its key, and its submission prefix."""

    name: str
    verifier: Verifier
    url: str


@dataclass(frozen=True, slots=True)
class Cosigned:
    """A verified cosignature: its line, and the time that it says."""

    line: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Submitted:
    """What is to be cosigned: the signed checkpoint, and how to prove that it continues a smaller size."""

    checkpoint: Checkpoint
    note: str
    proof_from: Callable[[int], Sequence[bytes]]


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: bytes


def verified(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether an Ed25519 signature holds (RFC 8032)."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def witness_client() -> httpx.Client:
    """A client of one witness's, which keeps its connection. Certificates are checked against the machine's own."""
    return httpx.Client(
        verify=ssl.create_default_context(),
        timeout=TIMEOUT_S,
        trust_env=False,
        follow_redirects=False,
        headers={"Accept-Encoding": "identity", "User-Agent": "ledger-sealer"},
    )


def is_address(url: str) -> bool:
    """Whether a policy's address of a witness can be asked. Plain http is for whoever writes it so."""
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not (parts.query or parts.fragment)


def ask_witness(
    client: httpx.Client, witness: Asked, submitted: Submitted, old: int, now: Callable[[], datetime]
) -> Cosigned:
    """The witness's cosignature; `old` is what it cosigned last, as far as we know; `now` is the clock of the ledger.

    Where it says that it last saw another size, it is asked once more from there. Raises WitnessFailedError.
    """
    answer = _submit(client, witness, submitted, min(old, submitted.checkpoint.size))
    if answer.status == httpx.codes.CONFLICT:
        seen = _size(answer.body)
        if seen > submitted.checkpoint.size:
            raise WitnessDivergedError("it says that it saw a larger log than this one", seen)
        answer = _submit(client, witness, submitted, seen)
        if answer.status == httpx.codes.CONFLICT:
            raise WitnessFailedError("it names one size after another")
    if answer.status == httpx.codes.UNPROCESSABLE_ENTITY:
        raise WitnessDivergedError("it says that this log does not continue what it saw", None)
    if answer.status != httpx.codes.OK:
        raise WitnessFailedError(_REFUSALS.get(answer.status, f"it answered with status {answer.status}"))
    return _cosigned(witness, submitted, answer.body, now())


_REFUSALS: Final = {
    400: "it could not read what it was sent",
    403: "it does not accept this log's key",
    404: "it does not know this log, or its address in the policy is wrong",
    413: "what it was sent is too large for it",
    429: "it is asked too often",
}


def last_seen(client: httpx.Client, witness: Asked, log_keys: Sequence[Verifier]) -> Checkpoint | None:
    """The checkpoint of this log that a witness of our own kind last saw, where this log's key signed it.

    Another kind of witness has no such page: None, as for whatever else is not exactly that.
    """
    try:
        answer = _exchange(client, "GET", f"{witness.url.rstrip('/')}/log-state.json", None, _STATE_BYTES_MOST)
        logs: list[dict[str, Any]] = json.loads(answer.body)["logs"]
        (text,) = [one["checkpoint"] for one in logs if one["origin"] == log_keys[0].name]
        note = parse_note(text)
        return parse_checkpoint(note.text) if opened(note, log_keys, verified) else None
    except (WitnessFailedError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _submit(client: httpx.Client, witness: Asked, submitted: Submitted, old: int) -> _Answer:
    proof = submitted.proof_from(old) if 0 < old < submitted.checkpoint.size else ()
    lines = "\n".join([f"old {old}", *map(base64_of, proof)])
    body = f"{lines}\n\n{submitted.note}".encode()
    return _exchange(client, "POST", f"{witness.url.rstrip('/')}/add-checkpoint", body, _BYTES_MOST)


def _exchange(client: httpx.Client, method: str, url: str, body: bytes | None, most: int) -> _Answer:
    until = time.monotonic() + TIMEOUT_S
    try:
        with client.stream(method, url, content=body) as response:
            read = b""
            for piece in response.iter_raw():
                read += piece
                if len(read) > most:
                    raise WitnessFailedError("its answer is too large")
                if time.monotonic() > until:
                    raise WitnessFailedError("its answer takes too long")
            return _Answer(response.status_code, read)
    except httpx.TimeoutException as error:
        raise WitnessFailedError("it does not answer in time") from error
    except ssl.SSLError as error:
        raise WitnessFailedError("its certificate does not hold") from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        wrong = "CERTIFICATE_VERIFY_FAILED" in str(error)
        raise WitnessFailedError("its certificate does not hold" if wrong else "it cannot be reached") from error


def _size(body: bytes) -> int:
    try:
        return number_of(body.decode("ascii").removesuffix("\n"))
    except (ValueError, IndexError):
        raise WitnessFailedError("it says that it saw another size, and not which") from None


def _cosigned(witness: Asked, submitted: Submitted, body: bytes, now: datetime) -> Cosigned:
    text = submitted.checkpoint.to_text()
    try:
        lines = parse_note(f"{text}\n{body.decode()}").signatures
    except ValueError:
        raise WitnessFailedError("what it answered is no cosignature") from None
    try:
        # Signatures of other keys are passed over; one in this key's name that does not hold is a lie.
        signatures = opened(Note(text, lines), [witness.verifier], verified)
    except BadSignature:
        raise WitnessFailedError("its cosignature does not hold") from None
    if not signatures:
        raise WitnessFailedError("it signed with another key than the policy names")
    at, line = max((parse_cosignature(signature.blob)[0], signature.line) for signature in signatures)
    if abs(at - now.timestamp()) > SKEW_S:
        raise WitnessFailedError(f"its clock and the ledger's differ by more than {SKEW_S} seconds")
    return Cosigned(line, datetime.fromtimestamp(at, UTC))
