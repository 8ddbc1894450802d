import pytest

from ledger.domain.password import LEAST, MOST, amiss_with, normal

PERSON = ("sw1", "csc", "cscsw1", "Sam Whitfield")


@pytest.mark.parametrize(
    "password",
    [
        "wet paint on tuesday",
        "x7" * 5 + "y ",
        "            .",
        "ausreichend länglich",
        "🐚🐙🦀🐡🐠🐟🦑🐬🐳🦈🐊🐢",
        "Sam Whitfield has a dog",
        "k" + "q" * (MOST - 1),
    ],
)
def test_any_long_password_will_do(password: str) -> None:
    """No kind of character is asked for, and none is refused."""
    assert LEAST <= len(normal(password)) <= MOST
    assert amiss_with(password, *PERSON) is None


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("", "12 characters or more"),
        ("elevenchars", "12 characters or more"),
        ("k" * 5 + "q" * MOST, "128 characters or fewer"),
        ("password1234", "guessed first"),
        ("PassWord1234", "guessed first"),
        ("qwertyuiop123", "guessed first"),
        ("safeguarding", "guessed first"),
        ("aaaaaaaaaaaa", "guessed first"),
        ("abcdabcdabcd", "guessed first"),
        ("abcdefghijklm", "guessed first"),
        ("zyxwvutsrqponm", "guessed first"),
        ("samwhitfield", "must not be your name"),
        ("Sam Whitfield sw1", "must not be your name"),
        ("CSC-sw1 / CSC-sw1", "must not be your name"),
    ],
)
def test_what_is_short_or_guessed_first_is_refused(password: str, words: str) -> None:
    """In words that say why, and never repeat it."""
    refused = amiss_with(password, *PERSON)
    assert refused is not None
    assert words in refused
    assert not password or password not in refused


def test_a_person_without_a_name_is_no_reason() -> None:
    """Empty words are not looked for."""
    assert amiss_with("wet paint on tuesday", "", " ") is None


def test_a_password_is_the_same_however_it_was_composed() -> None:
    """Keyboards differ in how they send an accent."""
    assert normal("Zoe\u0308") == normal("Zo\u00eb")
