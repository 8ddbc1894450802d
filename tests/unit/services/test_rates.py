from threading import Thread

import pytest

from ledger.services.rates import WINDOW_S, Quotas, Rates, Standing, address_behind, network_of


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 600.0

    def __call__(self) -> float:
        return self.now


def test_so_many_pass_in_a_window_and_then_none_until_the_next() -> None:
    """The quota is used up one by one, refused beyond it, and whole again when the minute is over."""
    clock = Clock()
    rates = Rates(Quotas(agency=2), clock)
    assert rates.count("agency", "a") == Standing(is_within=True, left=1, reset_s=WINDOW_S)
    clock.now += 20.5
    assert rates.count("agency", "a") == Standing(is_within=True, left=0, reset_s=40)
    assert rates.count("agency", "a") == Standing(is_within=False, left=0, reset_s=40)
    clock.now += 40
    assert rates.count("agency", "a") == Standing(is_within=True, left=1, reset_s=60)


def test_nobody_uses_up_what_is_anothers() -> None:
    """Callers, and sorts of caller, are counted apart."""
    rates = Rates(Quotas(agency=1, person=1), Clock())
    for sort, caller in (("agency", "a"), ("agency", "b"), ("person", "a")):
        standing = rates.count(sort, caller)
        assert standing is not None
        assert standing.is_within


def test_what_has_no_quota_is_not_counted() -> None:
    """0 is as many as they like."""
    rates = Rates(Quotas(agency=1), Clock())
    assert rates.count("person", "a") is None
    assert (rates.quota("person"), rates.quota("agency")) == (None, 1)


def test_counts_of_threads_add_up() -> None:
    """Requests at once are all counted: no two threads take the last place."""
    rates, passed = Rates(Quotas(agency=1_000), Clock()), list[bool]()

    def ask() -> None:
        for _ in range(500):
            standing = rates.count("agency", "a")
            assert standing is not None
            passed.append(standing.is_within)

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(passed), sum(passed)) == (2_000, 1_000)


def test_a_quota_is_shared_by_the_processes() -> None:
    """Each process counts for itself, so each gets its part, rounded up; none stays none."""
    assert Quotas(6_000, 600, 5).shared_by(2) == Quotas(3_000, 300, 3)
    assert Quotas(0, 1, 1).shared_by(64) == Quotas(0, 1, 1)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("made up", "unknown"),
        ("", "unknown"),
    ],
)
def test_of_ipv6_the_network_counts(address: str, network: str) -> None:
    """Whoever has one IPv6 address has 2^64 of them: they count as one. What is no address counts as one too."""
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ("", 0, "proxy"),
        ("made-up", 0, "proxy"),
        ("made-up, client", 1, "client"),
        ("made-up, client, outer", 2, "client"),
        ("client", 2, "proxy"),
        ("", 1, "proxy"),
    ],
)
def test_an_address_is_taken_from_ones_own_proxies_alone(forwarded: str, proxies: int, address: str) -> None:
    """Only what so many proxies of ours wrote at the end of the header is believed: a caller writes what they like."""
    assert address_behind("proxy", forwarded, proxies) == address
