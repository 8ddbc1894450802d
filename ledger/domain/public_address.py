"""Which internet addresses may be connected to on somebody else's word: public ones, and no other.

The list says why each network is refused. What it does not name must besides be global by the registries of IANA, as
the standard library has them; of IPv6 only 2000::/3 is. Whatever carries an IPv4 address within an IPv6 one (mapped,
translated, tunnelled) is refused whole, whichever address it carries: where it ends up is for another machine to say.
"""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

Address = IPv4Address | IPv6Address
_Network = IPv4Network | IPv6Network

#: Networks that are never connected to, and what each is. The narrower stand before the wider.
REFUSED: Final[tuple[tuple[_Network, str], ...]] = tuple(
    (ip_network(network), meaning)
    for network, meaning in (
        ("0.0.0.0/8", "this machine itself"),
        ("10.0.0.0/8", "a private network"),
        ("100.64.0.0/10", "shared address space of a carrier"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.169.254/32", "the metadata of a cloud machine"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "a private network"),
        ("192.0.0.0/24", "set aside for protocols"),
        ("192.0.2.0/24", "set aside for documentation"),
        ("192.31.196.0/24", "set aside for protocols"),
        ("192.52.193.0/24", "set aside for protocols"),
        ("192.88.99.0/24", "a relay to another network"),
        ("192.168.0.0/16", "a private network"),
        ("192.175.48.0/24", "set aside for protocols"),
        ("198.18.0.0/15", "set aside for measuring"),
        ("198.51.100.0/24", "set aside for documentation"),
        ("203.0.113.0/24", "set aside for documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved, and broadcast"),
        ("::/128", "this machine itself"),
        ("::1/128", "loopback"),
        ("::ffff:0:0/96", "an IPv4 address within an IPv6 one"),
        ("::/96", "an IPv4 address within an IPv6 one"),
        ("64:ff9b::/96", "an IPv4 address behind a translator"),
        ("64:ff9b:1::/48", "an IPv4 address behind a translator"),
        ("100::/64", "set aside to lead nowhere"),
        ("2001::/32", "a tunnel to an IPv4 address"),
        ("2001::/23", "set aside for protocols"),
        ("2001:db8::/32", "set aside for documentation"),
        ("2002::/16", "a tunnel to an IPv4 address"),
        ("3fff::/20", "set aside for documentation"),
        ("5f00::/16", "set aside for protocols"),
        ("fc00::/7", "a private network"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "a private network"),
        ("ff00::/8", "multicast"),
    )
)
_GLOBAL_6: Final = ip_network("2000::/3")
_NUMBER: Final = re.compile(r"(0[xX][0-9A-Fa-f]*|[0-9]+)\Z")


def why_not(address: Address) -> str | None:
    """What an address is, where it is none to connect to; None where it is public."""
    for network, meaning in REFUSED:
        if address.version == network.version and address in network:
            return f"{meaning}, {network}"
    if isinstance(address, IPv6Address) and (address not in _GLOBAL_6 or address.scope_id is not None):
        return "not a public address"
    return None if address.is_global else "not a public address"


def written_address(host: str) -> Address | None:
    """The address that a host's text stands for in whichever form some resolver would read it; None where it is a name.

    `host` is without the brackets of IPv6. Besides the usual forms these are the old ones of inet_aton: one to four
    parts, each decimal, octal (a leading 0) or hexadecimal (0x), of which the last fills what the others leave.
    """
    try:
        return ip_address(host)
    except ValueError:
        pass
    parts = host.removesuffix(".").split(".")
    if len(parts) > 4 or not all(_NUMBER.match(part) for part in parts):
        return None
    try:
        numbers = [_number(part) for part in parts]
    except ValueError:
        return None
    *first, last = numbers
    if any(number > 255 for number in first) or last >= 256 ** (5 - len(numbers)):
        return None
    value = last + sum(number << (24 - 8 * place) for place, number in enumerate(first))
    return IPv4Address(value)


def is_number(label: str) -> bool:
    """Whether a name's last part is a number: no public name ends in one, and some resolvers read an address in it."""
    return _NUMBER.match(label) is not None


def _number(text: str) -> int:
    if text[:2].lower() == "0x":
        return int(text[2:] or "0", 16)
    return int(text, 8) if len(text) > 1 and text[0] == "0" else int(text)
