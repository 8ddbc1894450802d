from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.public_address import REFUSED, is_number, why_not, written_address

#: Every case that is to be refused, and its edges.
_NOT_PUBLIC = """
    127.0.0.1 127.255.255.254 0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1
    192.168.255.255
    169.254.169.254 169.254.0.1 100.64.0.1 100.127.255.254 192.0.0.1 192.0.2.1 198.18.0.1 198.19.255.255 198.51.100.1
    203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 192.88.99.1
    ::1 :: fc00::1 fdff::1 fe80::1 febf::1 fec0::1 ff02::1 ::ffff:8.8.8.8 ::ffff:127.0.0.1 ::ffff:169.254.169.254
    ::127.0.0.1 64:ff9b::7f00:1 64:ff9b::8.8.8.8 64:ff9b:1::1 2002:7f00:1:: 2001::1 2001:db8::1 100::1 3fff::1 5f00::1
    4000::1 fe80::1%eth0
"""
NOT_PUBLIC = _NOT_PUBLIC.split()
PUBLIC = (
    "8.8.8.8 1.1.1.1 93.184.215.14 172.15.255.255 172.32.0.1 100.63.255.255 100.128.0.1 2606:4700::1111 2a00:1450::1"
)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_what_is_not_public_is_not_connected_to(address: str) -> None:
    """With a word of what it is."""
    assert why_not(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC.split())
def test_what_is_public_is(address: str) -> None:
    """Also what lies just beside a network that is not."""
    assert why_not(ip_address(address)) is None


@given(st.ip_addresses())
def test_nothing_passes_that_the_registries_do_not_have_as_global(address: IPv4Address | IPv6Address) -> None:
    """Whatever the list forgets."""
    if why_not(address) is None:
        assert address.is_global
        assert not address.is_multicast
        assert not address.is_reserved
        assert not (isinstance(address, IPv6Address) and (address.ipv4_mapped or address.sixtofour or address.teredo))


@given(st.sampled_from([network for network, _ in REFUSED]), st.floats(0, 1))
def test_no_address_of_a_refused_network_passes(network: object, place: float) -> None:
    """Its first, its last and whatever lies between."""
    first, last = int(network[0]), int(network[-1])  # type: ignore[index]
    at = min(last, first + int((last - first) * place))
    kind = IPv4Address if network.version == 4 else IPv6Address  # type: ignore[attr-defined]
    assert why_not(kind(at))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("2130706433", "127.0.0.1"), ("017700000001", "127.0.0.1"), ("0x7f000001", "127.0.0.1"), ("127.1", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"), ("0x7f.0.0.1", "127.0.0.1"), ("0X7F.1", "127.0.0.1"), ("0", "0.0.0.0"),
        ("10.1", "10.0.0.1"), ("192.168.257", "192.168.1.1"), ("2852039166", "169.254.169.254"), ("0x", "0.0.0.0"),
        ("169.254.43518", "169.254.169.254"), ("127.0.0.1.", "127.0.0.1"), ("::1", "::1"),
    ],
)  # fmt: skip
def test_every_form_of_an_address_is_seen_through(text: str, address: str) -> None:
    """Decimal, octal, hexadecimal, with parts left out: as inet_aton reads them."""
    assert written_address(text) == ip_address(address)


@given(st.integers(0, 2**32 - 1))
def test_numbers_are_read_as_addresses(value: int) -> None:
    """The same address however it is written."""
    forms = {str(value), hex(value), f"0{value:o}", str(IPv4Address(value))}
    assert {written_address(form) for form in forms} == {IPv4Address(value)}


@pytest.mark.parametrize("name", ["hooks.example", "1.2.3.4.5", "256.256.256.256", "08.1.1.1", "4294967296", "a.1", ""])
def test_a_name_is_no_address(name: str) -> None:
    """Also what only looks like one."""
    assert written_address(name) is None


def test_labels_that_are_numbers_are_told() -> None:
    """By which a name is refused that some reader takes for an address."""
    assert [is_number(label) for label in ("1", "0x7f", "0x", "09", "a1", "1a", "")] == [True] * 4 + [False] * 3
