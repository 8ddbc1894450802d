from argon2 import Type, extract_parameters

from ledger.services import passwords
from ledger.services.passwords import hash_password, is_password, needs_rehash

PASSWORD = "wet paint on tuesday"


def test_a_hash_is_kept_at_the_full_price() -> None:
    """Argon2id with no less than RFC 9106 asks of who has little memory; other tests hash more cheaply."""
    kept = hash_password(PASSWORD)
    worked = extract_parameters(kept)
    assert worked.type is Type.ID
    assert worked.memory_cost >= 64 * 1024
    assert worked.time_cost >= 3
    assert worked.parallelism >= 4
    assert not needs_rehash(kept)
    assert is_password(PASSWORD, kept)
    assert not is_password(PASSWORD + ".", kept)


def test_where_there_is_no_password_as_much_is_worked() -> None:
    """Nobody's hash costs what everybody's does, so that the wait does not tell whether there is one."""
    assert extract_parameters(passwords._nobodys()) == extract_parameters(hash_password(PASSWORD))
    assert not is_password("of nobody", None)
