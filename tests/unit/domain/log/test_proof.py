import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.log.proof import TlogProof, parse_proof
from tests import sizes
from tests.standard_vectors import standard

hashes = st.binary(min_size=32, max_size=32)
CHECKPOINT = "ledger.example/log\n1\nAAAA\n\n— ledger.example/log AAAAAAA=\n"


@settings(max_examples=sizes.examples())
@given(st.integers(0, 2**63 - 1), st.lists(hashes, max_size=63), st.none() | st.binary(max_size=40))
def test_a_proof_is_read_as_it_is_written(index: int, path: list[bytes], extra: bytes | None) -> None:
    """Text and proof stand for each other, the checkpoint within it untouched."""
    proof = TlogProof(index, tuple(path), CHECKPOINT, extra)
    assert parse_proof(proof.to_text()) == proof


@pytest.mark.parametrize(
    "text",
    [
        "",
        "c2sp.org/tlog-proof@v1\nindex 00\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex 0\nextra AAAA\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nextra AAAA\nextra AAAA\nindex 0\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nextra AAAB=\nindex 0\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex 0\n\n",
        "c2sp.org/tlog-proof@v1\nindex 0\n" + (base64.b64encode(bytes(32)).decode() + "\n") * 64 + "\ncheckpoint\n",
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    """Another order, second spelling, missing part or a path longer than any tree needs is no proof."""
    with pytest.raises(ValueError, match=r"proof|base64|number|hash"):
        parse_proof(text)


def test_published_proofs() -> None:
    """The published encodings byte for byte, the published refusals."""
    vectors = standard("checkpoint/tlog-proof.json")
    for case in vectors["marshal"]:
        path = tuple(base64.b64decode(text) for text in case["hashes_b64"])
        extra = base64.b64decode(case["extra_b64"]) if case["extra_b64"] else None
        proof = TlogProof(case["index"], path, case["checkpoint"], extra)
        assert proof.to_text() == case["out"]
        assert parse_proof(case["out"]) == proof
    for case in vectors["reject"]:
        with pytest.raises(ValueError, match=r"proof|base64|number|hash"):
            parse_proof(case["in"])
