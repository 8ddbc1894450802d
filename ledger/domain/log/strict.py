"""Numbers, hashes and bytes as the log's texts write them: each value has one spelling, and no other is read.

A second spelling of the same value would be a second text with the same meaning, and a signed text must have one.
"""

import base64
import binascii

HASH_BYTES = 32
#: What C2SP allows a timestamp to be, and far beyond any log's size.
LARGEST = 2**63 - 1


def base64_of(data: bytes) -> str:
    """Standard base64 with padding (RFC 4648 section 4)."""
    return base64.b64encode(data).decode("ascii")


def loose_bytes_of(text: str) -> bytes:
    """The bytes that base64 stands for, whatever stands in the bits behind the last of them; else `ValueError`."""
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise ValueError("not base64") from None


def bytes_of(text: str) -> bytes:
    """The bytes that standard base64 stands for; `ValueError` for any other spelling of them."""
    data = loose_bytes_of(text)
    if base64_of(data) != text:
        raise ValueError("base64 in another spelling than the standard one")
    return data


def hash_of(text: str) -> bytes:
    """The 32 bytes that a line of base64 stands for, else `ValueError`."""
    data = bytes_of(text)
    if len(data) != HASH_BYTES:
        raise ValueError("a hash is 32 bytes")
    return data


def number_of(text: str) -> int:
    """A whole number from 0 in ASCII digits without leading zeroes, at most 2⁶³ - 1; else `ValueError`."""
    if not (text.isascii() and text.isdigit()) or (text[0] == "0" and text != "0"):
        raise ValueError("not a whole number in plain digits")
    # Nineteen digits hold every number up to the largest; more are not worth converting.
    if len(text) > len(str(LARGEST)) or int(text) > LARGEST:
        raise ValueError("the number is too large")
    return int(text)


def checked(value: bytes) -> bytes:
    """The hash itself; `ValueError` for what is not 32 bytes."""
    if len(value) != HASH_BYTES:
        raise ValueError("a hash is 32 bytes")
    return value
