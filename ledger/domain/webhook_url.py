"""What address an agency may have its webhooks sent to: how it must be written, and which names are no public ones.

Read here once and strictly, and kept as its parts: what is connected to is what was read, and no second reader can
understand it otherwise. What a name leads to is asked when it is connected to, each time.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from ledger.domain.public_address import is_number, why_not, written_address

CHARS_MAX: Final = 500
#: Where web servers for others listen. Others' ports would make of the ledger a scanner of their machines.
PORTS: Final = frozenset({443, 8443})
#: Names that lead to the machine itself or into somebody's own network, whatever a resolver says of them.
_NOT_PUBLIC: Final = frozenset(
    {
        "localhost", "localdomain", "local", "internal", "intranet", "private", "corp", "home", "lan",
        "arpa", "onion", "alt", "invalid",
    }
)  # fmt: skip
_LABEL: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)\Z")
_PATH: Final = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*\Z")
_QUERY: Final = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*\Z")
_SHAPE: Final = re.compile(r"(https?)://([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?\Z", re.IGNORECASE)


class BadUrlError(ValueError):
    """The address is none to send to. The text says why, names the part of it that is wrong, and repeats nothing."""


@dataclass(frozen=True, slots=True)
class WebhookUrl:
    """An https address by its parts; `target` is its path and query. `is_plain`: http, on the machine itself alone."""

    host: str
    port: int
    target: str
    is_plain: bool = False

    @property
    def origin(self) -> str:
        """Where it listens, without what may be a secret of the receiver's: the path and the query."""
        scheme, usual = ("http", 80) if self.is_plain else ("https", 443)
        return f"{scheme}://{self.host}" + ("" if self.port == usual else f":{self.port}")

    @property
    def text(self) -> str:
        """The whole, as it is kept."""
        return self.origin + self.target


def read_url(text: str, *, allowed: Collection[str] = (), loopback: bool = False) -> WebhookUrl:
    """Read an address. Raises BadUrlError.

    `allowed`: the only names that it may have, as the agency's list has them. `loopback`: also plain http and any port
    on 127.0.0.1, which is for demonstrations alone.
    """
    if not 0 < len(text) <= CHARS_MAX or not text.isascii() or not text.isprintable() or " " in text or "\\" in text:
        raise BadUrlError(
            f"an address is up to {CHARS_MAX} printable characters of ASCII without spaces or backslashes; write a "
            "name in other letters in its xn-- form"
        )
    shape = _SHAPE.match(text)
    if shape is None:
        raise BadUrlError("write the whole address, beginning with https://")
    scheme, authority, path, query, fragment = shape.groups()
    if "@" in authority:
        raise BadUrlError("an address has no user or password in it: what is sent is signed, and needs neither")
    if fragment is not None:
        raise BadUrlError("an address has no fragment (#): it would not be sent")
    if not _PATH.match(path) or not _QUERY.match(query[1:] if query else ""):
        raise BadUrlError("the path or the query has a character that must be written with a per cent sign")
    host, port = _split(authority)
    target = (path or "/") + (query or "")
    if scheme.lower() == "http":
        return _plain(host, port, target, loopback=loopback)
    found = WebhookUrl(host, 443 if port is None else port, target)
    if found.port not in PORTS:
        raise BadUrlError(f"the port must be {' or '.join(map(str, sorted(PORTS)))}")
    _check_host(host)
    if host not in allowed:
        raise BadUrlError(
            "the host is not on your agency's list. Ask the ledger's operator to add it: ledger webhook allow"
        )
    return found


def read_origin(text: str) -> str:
    """Of an address that was read before, where it listens: without its path and query."""
    return text[: text.index("/", len("https://"))]


def check_name(host: str) -> None:
    """Raise BadUrlError unless this may be a public host's name, written in small letters."""
    if host != host.lower() or not host.isascii():
        raise BadUrlError("write the host's name in small letters of ASCII")
    _check_host(host)


def _split(authority: str) -> tuple[str, int | None]:
    """The host in small letters, of IPv6 with its brackets, and the port where one is written."""
    match = re.fullmatch(r"(\[[^\[\]]*\]|[^:\[\]]*)(?::([0-9]{1,5}))?", authority)
    if match is None:
        raise BadUrlError("after https:// stand a host's name and, where it is not 443, a colon and the port")
    host = match[1].lower()
    if not host:
        raise BadUrlError("the host's name is missing")
    return host, None if match[2] is None else int(match[2])


def _plain(host: str, port: int | None, target: str, *, loopback: bool) -> WebhookUrl:
    if loopback and host == "127.0.0.1" and port is not None and 0 < port < 65_536:
        return WebhookUrl(host, port, target, is_plain=True)
    raise BadUrlError("the scheme must be https: over http anybody on the way could read and hold back what is sent")


def _check_host(host: str) -> None:
    literal = host.removeprefix("[").removesuffix("]")
    address = written_address(literal)
    if address is not None:
        why = why_not(address)
        if why is not None:
            raise BadUrlError(f"the host is an address that is not public ({why}): nothing is sent there")
        raise BadUrlError("the host is an address: name the host, for its certificate is checked by name")
    labels = host.split(".")
    if host != literal or len(host) > 253 or not all(_LABEL.match(label) for label in labels):
        raise BadUrlError("the host is not a name as the domain name system has them, without a dot at its end")
    if is_number(labels[-1]):
        raise BadUrlError("the host's name ends in a number, which some readers take for an address")
    if len(labels) < 2 or labels[-1] in _NOT_PUBLIC:
        raise BadUrlError("the host's name is none of the public domain name system")
