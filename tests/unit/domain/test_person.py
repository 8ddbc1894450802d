"""Who is one person: links, unlinks and roles."""

from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.person import LinkFact, Links, link_facts, person_key, thing_key

KEYS = ["father", "csc/father", "hv/father", "hv/k1", "police/k2", "gp/k3"]
facts = st.builds(
    LinkFact,
    st.just("people"),
    st.booleans(),
    st.lists(st.sampled_from(KEYS), min_size=2, max_size=3, unique=True).map(tuple),
)


def joined(*keys: str) -> LinkFact:
    return LinkFact("people", is_unlink=False, keys=keys)


def apart(*keys: str) -> LinkFact:
    return LinkFact("people", is_unlink=True, keys=keys)


def test_a_role_is_one_person_and_a_reference_is_its_agencys_own() -> None:
    """Mother, father and child mean the same to all; any other word is its agency's until linked."""
    assert [person_key(ref, "hv") for ref in ("child", "mother", "father")] == ["child", "mother", "father"]
    assert (person_key("k1", "hv"), person_key("csc/k1", "hv")) == ("hv/k1", "csc/k1")
    assert (thing_key("b1", "hv"), thing_key("csc/b1", "hv")) == ("hv/b1", "csc/b1")


def test_links_join_and_the_role_names_the_group() -> None:
    """Keys joined one after another are one person, named by the role among them."""
    links = Links.of([joined("police/k2", "hv/k1"), joined("hv/k1", "father")])
    assert {links.resolve(key, "x") for key in ("police/k2", "hv/k1", "father")} == {"father"}
    assert links.keys_of("father") == {"father", "hv/k1", "police/k2"}


def test_an_unlink_takes_back_a_link() -> None:
    """After the unlink of what a link joined, everybody is who they were."""
    links = Links.of([joined("police/k2", "father"), apart("police/k2", "father")])
    assert links == Links()


def test_an_unlink_parts_two_whom_a_third_still_joins() -> None:
    """The later named leaves the group; the others stay one."""
    links = Links.of([joined("hv/k1", "police/k2", "gp/k3"), apart("hv/k1", "gp/k3")])
    assert links.resolve("hv/k1", "hv") == links.resolve("police/k2", "police")
    assert links.resolve("gp/k3", "gp") == "gp/k3"


def test_an_agencys_own_father_can_leave_the_role_and_come_back() -> None:
    """What one agency calls father is another man once it is unlinked, and the same again once linked."""
    links = Links.of([apart("father", "hv/father")])
    assert (links.resolve("father", "hv"), links.resolve("father", "csc")) == ("hv/father", "father")
    assert "father" in links.keys_of("hv/father")
    assert links.after(joined("father", "hv/father")) == Links()


@given(st.lists(facts, max_size=6))
def test_everybody_is_exactly_one_person(said: list[LinkFact]) -> None:
    """Names are stable, every key is among the keys of its name, and no two names share a key that is not a role."""
    links = Links.of(said)
    for key in KEYS:
        name = links.resolve(key, "x")
        assert links.resolve(name, "x") == name
        assert key in links.keys_of(name)


@given(st.lists(facts, max_size=6), st.lists(st.sampled_from(KEYS[3:]), min_size=2, max_size=3, unique=True))
def test_those_unlinked_are_apart(said: list[LinkFact], keys: list[str]) -> None:
    """Whatever was linked before, two whom the last unlink names are not one person."""
    links = Links.of([*said, apart(*keys)])
    assert len({links.resolve(key, "x") for key in keys}) == len(keys)


def test_an_observation_that_declares_a_role_links_the_reference_for_good() -> None:
    """A reference said to be the father is the father in later entries too."""
    body = {"people": [{"ref": "k1", "role": "father"}, {"ref": "k9", "role": "partner"}]}
    assert link_facts("observation", "hv", body) == [joined("father", "hv/k1")]
    assert link_facts("link", "hv", {"people": ["k1", "father"], "reason": "r"}) == [joined("hv/k1", "father")]


def test_a_mother_named_with_the_childs_details_is_the_mother() -> None:
    """The reference that an agency gives with the registration means the mother in its later entries."""
    assert link_facts("child", "hv", {"mother": {"ref": "m-12", "name": "Jo"}}) == [joined("mother", "hv/m-12")]
    assert link_facts("child", "hv", {"mother": "Jo"}) == link_facts("child", "hv", {"mother": {"ref": "mother"}}) == []


def test_an_unlink_parts_only_those_who_are_one() -> None:
    """Keys that a link or a role has joined can be taken apart, others not, and not twice."""
    links = Links.of([joined("hv/k1", "police/k2")])
    assert links.part(["hv/k1", "police/k2"])
    assert links.part(["gp/k3", "hv/k1", "police/k2"])
    assert not links.part(["gp/k3", "hv/k1"])
    assert links.part(["father", "hv/father"])
    assert not links.after(apart("father", "hv/father")).part(["father", "hv/father"])
