"""What a new password may be, after NIST SP 800-63B: long, of any characters, and not one that is guessed first.

Nothing is asked of its composition. It is compared as people type it: in normal form, and here without regard to case.
"""

import unicodedata
from collections.abc import Iterable
from itertools import pairwise

LEAST, MOST = 12, 128

#: Of twelve characters and more, the ones that lists of leaked passwords have oftenest, and what this ledger invites.
_WORDS = """
    123456789012 1234567890123 12345678901234 123456789123 1234567891011 0123456789012 098765432109 112233445566
    11223344556677 121212121212 123123123123 123412341234 147258369147 159753456852 qwertyuiop12 qwertyuiop123
    qwertyuiop1234 qwertyuiopasdf qwertyuiopasdfghjkl qwertyuiop[] qwerty123456 qwerty1234567 qwerty12345678
    qwerty123456789 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1q2w3e4r5t6y7u8i 1qaz2wsx3edc 1qaz2wsx3edc4rfv zaq12wsxcde3
    q1w2e3r4t5y6 asdfghjkl123 asdfghjkl1234 zxcvbnm12345 zxcvbnm123456 abcdefghijkl abcdefghijklm abcdefgh1234
    abcdef123456 abc123456789 abcd12345678 a1b2c3d4e5f6 password1234 password12345 password123456 password1234567
    password2024! password2025! password2026! passwordpassword mypassword123 mypassword1234 newpassword1
    newpassword123 changeme1234 changeme12345 changemenow1 p@ssw0rd1234 p@ssword1234 p@ssw0rd12345 passw0rd1234
    welcome12345 welcome123456 welcome1234! welcometowork letmein12345 letmein123456 iloveyou1234 iloveyou12345
    iloveyou123456 iloveyouforever administrator administrator1 administrator123 admin1234567 adminadminadmin
    superman1234 liverpoolfc1 liverpool123 liverpool1234 manchester123 manchesterunited arsenal12345 chelsea12345
    everton12345 sunshine1234 princess1234 football1234 football12345 monkey123456 dragon123456 michael12345
    jessica12345 charlie12345 spring2026!! summer2026!! autumn2026!! winter2026!! correcthorsebatterystaple
    thisismypassword whatever1234 trustno1trustno1 safeguarding safeguarding1 safeguarding123 safeguardingchildren
    safeguardingledger childprotection childrensservices socialworker1 socialworker123 healthvisitor1
    healthvisitor123
"""
_COMMONEST = frozenset(_WORDS.split())


def normal(password: str) -> str:
    """A password in the one form in which it is hashed, however a keyboard composed its characters."""
    return unicodedata.normalize("NFKC", password)


def amiss_with(password: str, *known: str) -> str | None:
    """What is wrong with a new password, or None. `known` are words it must not be, as its person's own reference."""
    password = normal(password)
    if len(password) < LEAST:
        return f"The password must be {LEAST} characters or more"
    if len(password) > MOST:
        return f"The password must be {MOST} characters or fewer"
    plain = password.casefold()
    if plain in _COMMONEST or _is_one_thing_again(plain) or _is_a_run(plain):
        return "This password is among those that are guessed first: choose another"
    if _is_made_of(plain, known):
        return "The password must not be your name or your reference: choose another"
    return None


def _is_one_thing_again(text: str) -> bool:
    """Whether it is a piece of up to four characters, over and over."""
    return any((text[:size] * len(text)).startswith(text) for size in range(1, 5))


def _is_a_run(text: str) -> bool:
    """Whether each character is the next one of its alphabet, up or down."""
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return steps in ({1}, {-1})


def _is_made_of(text: str, words: Iterable[str]) -> bool:
    """Whether nothing is left of its letters and figures once these words are taken out of it."""
    left = "".join(character for character in text if character.isalnum())
    for word in sorted(words, key=len, reverse=True):
        bare = "".join(character for character in normal(word).casefold() if character.isalnum())
        left = left.replace(bare, "") if bare else left
    return not left and any(character.isalnum() for character in text)
