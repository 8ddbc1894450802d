import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.webhook_url import BadUrlError, WebhookUrl, check_name, read_origin, read_url
from tests.unit.domain.test_public_address import NOT_PUBLIC

HOST = "hooks.hv.example"
ALLOWED = frozenset({HOST, "8.8.8.8", "localhost", "127.0.0.1"})

REFUSED = {
    "http://hooks.hv.example/": "must be https",
    "http://127.0.0.1:8080/": "must be https",
    "ftp://hooks.hv.example/": "beginning with https",
    "hooks.hv.example/x": "beginning with https",
    "//hooks.hv.example/": "beginning with https",
    "https:/hooks.hv.example": "beginning with https",
    "https://user@hooks.hv.example/": "user or password",
    "https://user:secret@hooks.hv.example/": "user or password",
    "https://8.8.8.8@hooks.hv.example/": "user or password",
    "https://hooks.hv.example@169.254.169.254/": "user or password",
    "https://hooks.hv.example:22/": "port must be",
    "https://hooks.hv.example:80/": "port must be",
    "https://hooks.hv.example:0/": "port must be",
    "https://hooks.hv.example:65979/": "port must be",
    "https://hooks.hv.example:/": "colon and the port",
    "https://hooks.hv.example:443:443/": "colon and the port",
    "https://hooks.hv.example#x": "fragment",
    "https://hooks.hv.example\\@evil.example/": "backslashes",
    "https://hooks.hv.example/ x": "backslashes",
    "https://hooks.hv.example/\nx": "backslashes",
    "https://hooks.hv.example/\tx": "backslashes",
    "https://hööks.hv.example/": "xn--",
    "https://\uff11\uff12\uff17.0.0.1/": "xn--",
    "https://127\u30020\u30020\u30021/": "xn--",
    "https://8.8.8.8/": "name the host",
    "https://[2606:4700::1111]/": "name the host",
    "https://2130706433/": "loopback",
    "https://0x7f.1/": "loopback",
    "https://017700000001/": "loopback",
    "https://2852039166/": "metadata",
    "https://1.2.3.4.5/": "ends in a number",
    "https://hooks.0x7f/": "ends in a number",
    "https://localhost/": "none of the public",
    "https://intranet/": "none of the public",
    "https://db.internal/": "none of the public",
    "https://printer.local/": "none of the public",
    "https://1.0.0.127.in-addr.arpa/": "none of the public",
    "https://hooks.hv.example./": "without a dot",
    "https://hooks..example/": "without a dot",
    "https://hooks%2ehv.example/": "without a dot",
    "https://hooks_hv.example/": "without a dot",
    "https://-hooks.example/": "without a dot",
    "https://[fe80::1%25eth0]/": "link-local",
    "https://[hooks.hv.example]/": "without a dot",
    "https:///x": "missing",
    "https://hooks.hv.example/%zz": "per cent",
    'https://hooks.hv.example/"': "per cent",
    "https://hooks.hv.example/?<": "per cent",
    "https://other.example/": "not on your agency's list",
    "https://x.hooks.hv.example/": "not on your agency's list",
    "https://hv.example/": "not on your agency's list",
    "": "printable",
    "https://hooks.hv.example/" + "x" * 500: "up to 500",
}


@pytest.mark.parametrize("text", REFUSED)
def test_an_address_that_is_none_to_send_to_is_refused(text: str) -> None:
    """With the reason, and without a word of what was sent."""
    with pytest.raises(BadUrlError, match=REFUSED[text].replace("(", ".")) as refused:
        read_url(text, allowed=ALLOWED)
    assert "secret" not in str(refused.value)
    assert "evil" not in str(refused.value)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_no_address_that_is_not_public_is_taken(address: str) -> None:
    """Whatever stands on the agency's list."""
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(BadUrlError, match="not public"):
        read_url(f"https://{host}/", allowed={host, address})


@pytest.mark.parametrize(
    ("text", "port", "target"),
    [
        ("https://hooks.hv.example", 443, "/"),
        ("HTTPS://Hooks.HV.example/a/b?c=d%20e&f", 443, "/a/b?c=d%20e&f"),
        ("https://hooks.hv.example:8443/a;b=c?", 8443, "/a;b=c?"),
        ("https://hooks.hv.example:443?x", 443, "/?x"),
    ],
)
def test_an_address_is_read_into_its_parts(text: str, port: int, target: str) -> None:
    """And kept as them: what is written of it again is read as the same."""
    found = read_url(text, allowed=ALLOWED)
    assert found == WebhookUrl(HOST, port, target)
    assert read_url(found.text, allowed=ALLOWED) == found
    assert read_origin(found.text) == found.origin


def test_loopback_is_for_demonstrations() -> None:
    """One address, by plain http, on a port that is said; no other comes with it."""
    assert read_url("http://127.0.0.1:8099/x", loopback=True).text == "http://127.0.0.1:8099/x"
    for text in ("http://127.0.0.1/", "http://127.0.0.2:80/", "http://localhost:80/", "http://10.0.0.1:80/",
                 "https://127.0.0.1/", "http://[::1]:80/", "http://127.1:80/", "http://127.0.0.1:0/"):  # fmt: skip
        with pytest.raises(BadUrlError):
            read_url(text, allowed=ALLOWED, loopback=True)


@given(st.text(max_size=60))
def test_whatever_is_sent_is_read_or_refused(text: str) -> None:
    """No other error, and nothing that is taken leaves the list or the ports."""
    for sent in (text, f"https://{text}", f"https://{HOST}{text}"):
        try:
            found = read_url(sent, allowed={HOST})
        except BadUrlError:
            continue
        assert (found.host, found.port in {443, 8443}, found.is_plain) == (HOST, True, False)
        assert found.target.startswith("/")


@pytest.mark.parametrize("host", ["Hooks.example", "hooks", "10.0.0.1", "[::1]", "hooks.example:443", "*.example", ""])
def test_only_names_stand_on_a_list(host: str) -> None:
    """In small letters, whole, and public ones."""
    with pytest.raises(BadUrlError):
        check_name(host)


def test_a_public_name_may_stand_on_a_list() -> None:
    """Also one in its xn-- form."""
    check_name(HOST)
    check_name("xn--hks-5qa.example")
