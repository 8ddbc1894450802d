from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.log.checkpoint import cosignature_blob
from ledger.domain.log.note import COSIGNATURE, key_id, parse_note, signature_line, vkey_of
from ledger.domain.log.policy import cosigned_at, is_met, parse_policy, text_of
from tests import sizes


def key(number: int, kind: int = COSIGNATURE, name: str | None = None) -> str:
    return vkey_of(name or f"witness.example/{number}", bytes([number]) * 32, kind)


TWO_GROUPS = f"""# two authorities
log {key(99, 1, "ledger.example/log")} https://ledger.example/log

witness X1 {key(1)}
witness\tX2 {key(2)}   https://two.example/
  witness X3 {key(3)}
group X 2 X1 X2 X3
witness Y1 {key(4)}
witness Y2 {key(5)}
group Y any Y1 Y2
group both all X Y
quorum both
"""


def test_a_quorum_of_groups() -> None:
    """Of all subsets of five witnesses those are enough that have two of the one group and one of the other."""
    policy = parse_policy(TWO_GROUPS)
    names = list(policy.witnesses)
    for count in range(6):
        for chosen in combinations(names, count):
            wanted = sum(name.startswith("X") for name in chosen) >= 2 and any(name.startswith("Y") for name in chosen)
            assert is_met(policy, chosen) is wanted
    # The name of a group, or of nobody, is not a cosignature.
    assert not is_met(policy, ["both", "X", "Y", "nobody"])


def test_a_policy_is_read_as_it_is_written() -> None:
    """Comments and spacing apart, the text gives the policy back."""
    policy = parse_policy(TWO_GROUPS)
    assert parse_policy(text_of(policy)) == policy
    assert policy.logs[0][1] == "https://ledger.example/log"
    assert policy.witnesses["X2"][1] == "https://two.example/"


def test_no_cosignature_may_be_asked_for() -> None:
    """The quorum `none` is met by nobody; a quorum of one witness by that one alone."""
    assert is_met(parse_policy("quorum none\n"), [])
    single = parse_policy(f"witness A {key(1)}\nwitness B {key(2)}\nquorum A\n")
    assert is_met(single, ["A"])
    assert not is_met(single, ["B"])


W = f"witness A {key(1)}\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (W, None),
        (W + "quorum B\n", 2),
        ("quorum A\n" + W, 1),
        (W + "quorum A\nquorum A\n", 3),
        (W + f"witness B {key(1)}\nquorum A\n", 2),
        (W + f"witness B {key(1, name='other.example')}\nquorum A\n", 2),
        (W + f"witness A {key(2)}\nquorum A\n", 2),
        (f"witness none {key(1)}\nquorum none\n", 1),
        (f"witness A {key(1, 1)}\nquorum A\n", 1),
        (f"log {key(1, 4)}\nquorum none\n", 1),
        (f"log {key(1, 1)}\nlog {key(1, 1, name='b')}\nquorum none\n", 2),
        ("witness A nonsense\nquorum A\n", 1),
        (W + "group G 2 A\nquorum G\n", 2),
        (W + "group G 0 A\nquorum G\n", 2),
        (W + "group G many A\nquorum G\n", 2),
        (W + "group G all\nquorum G\n", 2),
        (W + "group G all A A\nquorum G\n", 2),
        (W + "group G all G\nquorum G\n", 2),
        (W + "group G all none\nquorum G\n", 2),
        (W + "group A all A\nquorum A\n", 2),
        (W + "group G all A\ngroup H all A\nquorum H\n", 3),
        (W + "grupo G all A\nquorum A\n", 2),
        (W + "quorum A\x07\n", 2),
        (W + "quorum A\r\n", 2),
        ("# nothing\n" * 1_001 + "quorum none\n", None),
    ],
)
def test_a_policy_that_does_not_hold_names_the_line(text: str, line: int | None) -> None:
    """Undefined, doubled, circular or malformed parts are refused, with the number of the line."""
    with pytest.raises(ValueError, match="policy" if line is None else rf"line {line} of the policy: "):
        parse_policy(text)


@settings(max_examples=sizes.examples())
@given(st.text(alphabet="logwitnesgrup quorumA1\n\t#+", max_size=60))
def test_any_text_is_a_policy_or_is_refused(text: str) -> None:
    """No text makes the reader stumble."""
    try:
        policy = parse_policy(text)
    except ValueError:
        return
    assert parse_policy(text_of(policy)) == policy


def test_who_cosigned_and_when() -> None:
    """Witnesses are told by the policy's names, each with the latest of its times."""
    policy = parse_policy(TWO_GROUPS)
    lines = [
        signature_line(f"witness.example/{number}", key_id(f"witness.example/{number}", 4, bytes([number]) * 32), blob)
        for number, blob in ((1, cosignature_blob(5, bytes(64))), (1, cosignature_blob(9, bytes(64))), (4, bytes(72)))
    ]
    note = parse_note("a\n1\nb\n\n" + "".join(lines))
    assert cosigned_at(policy, note, lambda *_: True) == {"X1": 9, "Y1": 0}
