"""Claims as they are taken from a body."""

from datetime import UTC, datetime

from ledger.domain.act import ALONE, MET
from ledger.domain.claim import claims_of, claims_of_entry, observation_of
from ledger.domain.person import Links
from ledger.domain.source import source_of

AT = datetime(2022, 3, 10, tzinfo=UTC)


def test_a_claim_is_as_sent_with_its_names_as_keys() -> None:
    """Roles declared in the body count for it, the claim's statement overrides, and other values are canonical JSON."""
    body = {
        "observed": "2022-03-10",
        "statement": "fact",
        "author": {"ref": "w", "role": "nurse"},
        "people": [{"ref": "dad", "role": "father"}],
        "claims": [
            {"about": "dad", "attribute": "presence", "value": "absent", "basis": "told", "informant": "gran"},
            {
                "about": "child",
                "attribute": "father",
                "value": {"one_of": ["b", "a"]},
                "basis": "agency",
                "from": "csc",
                "informant": {"agency": "csc", "role": "worker"},
                "statement": "opinion",
                "with": "dad",
                "thing": "t",
            },
        ],
    }
    first, second = claims_of(body, agency="hv", number=7, recorded_at=AT)
    assert (first.about, first.informant, first.office, first.statement) == ("father", "hv/gran", "nurse", "fact")
    assert (second.value, second.informant) == ('{"one_of":["b","a"]}', "office:csc/worker")
    assert (second.statement, second.counterpart, second.thing) == ("opinion", "father", "hv/t")
    assert [(claim.number, claim.index) for claim in (first, second)] == [(7, 0), (7, 1)]


def test_only_observations_contacts_and_corrections_make_claims() -> None:
    """What else is sent has no observation in it."""
    body = {"observed": "2022-03-10"}
    assert observation_of("observation", body) is observation_of("contact", body) is body
    assert observation_of("correction", {"observation": body}) is body
    assert observation_of("decision", body) is None


def test_who_was_met_at_a_contact_is_told_of_each() -> None:
    """The child is not told of, who else was there is, under one key each, and whether they were alone with it."""

    def met(*present: str) -> list[tuple[str, str | None]]:
        contact = {"depth": "seen", "present": [*present]}
        body = {"observed": "2022-03-10", "statement": "fact", "people": [{"ref": "dad", "role": "father"}]}
        claims = claims_of_entry(
            "observation", {**body, "contact": contact}, agency="hv", number=1, recorded_at=AT, on={MET}
        )
        return [(claim.about, claim.value) for claim in claims]

    assert met("child", "mother", "dad") == [("mother", ""), ("father", "")]
    assert met("child", "gran") == [("hv/gran", ALONE)]
    assert met("child") == []


def test_a_claim_belongs_to_its_source() -> None:
    """The informant of what was told, else the author's office, else the register; anonymous callers are not one."""

    def source(**more: object) -> str:
        body = {
            "observed": "2022-03-10",
            "statement": "fact",
            "claims": [{"about": "father", "attribute": "a", **more}],
        }
        (claim,) = claims_of(body, agency="hv", number=int(str(more.pop("number", 1))), recorded_at=AT)
        return source_of(claim, Links()).key

    assert source(basis="told", informant="mother") == source(basis="agency", informant="mother") == "person:mother"
    assert source(basis="agency", **{"from": "csc"}) == "agency:csc"
    assert source(basis="seen") == "register:hv"
    assert source(basis="told", informant="anonymous") != source(basis="told", informant="anonymous", number=2)
