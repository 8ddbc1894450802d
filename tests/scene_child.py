"""The scene's child: a baby whose father is said to be gone and to stay overnight, a bruise, and work nobody took."""

from typing import Any

from tests.scene import Scene

HEALTH_VISITOR = {"ref": "hv1", "role": "health visitor"}
MIDWIFE = {"ref": "mw1", "role": "community midwife"}
SOCIAL_WORKER = {"ref": "sw1", "role": "social worker"}
SEEN = {"depth": "seen", "outcome": "held"}
PARTS = {
    "mw": "antenatal care", "csc": "lead agency", "hv": "health visiting", "gp": "registered practice",
    "eh": "family support", "nursery": "the older sister’s nursery", "police": "protecting vulnerable people",
}  # fmt: skip


def claim(about: str, attribute: str, value: Any, basis: str = "own_record", **more: Any) -> dict[str, Any]:
    """A claim; `by` stands for who told it, and so for the basis `told`."""
    informant = more.pop("by", None)
    said = {"basis": "told", "informant": informant} if informant else {"basis": basis}
    return {"about": about, "attribute": attribute, "value": value} | said | more


def tell_child(scene: Scene) -> None:
    """All that has been said of the child, in order, and what has not followed."""
    _tell_before_birth(scene)
    _tell_two_accounts(scene)
    _tell_spring(scene)
    _tell_bruise(scene)
    for alert in scene.alerts():
        scene.places.setdefault(f"alert_{alert['finding']['rule']}", alert["id"])
    scene.places["alert"] = scene.places["alert_states_of_the_world"]


def _tell_before_birth(scene: Scene) -> None:
    scene.at("2026-01-07T10:00:00+00:00")
    scene.child("child", "mw", PARTS, expected="2026-02", name="Baby Rowan")
    scene.act("csc", "leads", agency="csc", person="sw1", role="social worker", deputy="sw2")
    scene.observe(
        "mw", "2026-01-07", "Booked late. She lives with her own mother and the older child; asked about the father.",
        claim("child", "expected_date", "2026-02-03"),
        {"about": "child", "attribute": "father", "not_known": "not_asked", "basis": "own_record"},
        claim("mother", "engagement", "late", item="midwifery", valid="2026-01-07/.."),
        claim("mgm", "kinship", "grandparent", by="mother"),
        claim("mgm", "household_member", "member", by="mother", valid="2026-01/.."),
        claim("ivy", "kinship", "half_sibling", by="mother"),
        people=[
            {"ref": "mother", "role": "mother", "name": "Jade Rowan", "born": "2001-06-14"},
            {"ref": "mgm", "role": "maternal grandmother", "name": "Carol Rowan", "born": "1972"},
            {"ref": "ivy", "role": "half-sister", "name": "Ivy Pryce", "born": "2021-09-02"},
        ],
        author=MIDWIFE, contact=SEEN,
    )  # fmt: skip
    scene.at("2026-01-20T15:00:00+00:00")
    scene.observe(
        "police", "2026-01-18", "Called by a neighbour: shouting. Both said that it was words only. Children upstairs.",
        claim("father", "name_used", "Dean Harker", item="surname as given"),
        claim("father", "domestic_abuse", "alleged", thing="january-call", by="anonymous", **{"with": "mother"}),
        claim("father", "criminal_history", "convicted", valid="2023-03"),
        claim("kev", "presence", "present", "seen"),
        people=[
            {"ref": "father", "role": "father", "name": "Dean Harker", "born": "1998-11-30"},
            {"ref": "kev", "role": "friend of the father", "description": "Known as Kev, in his forties."},
        ],
        author={"ref": "det1", "role": "detective"},
    )  # fmt: skip


def _tell_two_accounts(scene: Scene) -> None:
    scene.at("2026-02-03T10:00:00+00:00")
    scene.act("hv", "details", born="2026-02-01", name="Baby Rowan", nhs_number="9990000018")
    scene.at("2026-02-12T11:00:00+00:00")
    scene.observe(
        "hv", "2026-02-12", "New birth visit. Feeding well. He slept in the cot in her mother’s room.",
        claim("child", "weight", "3.64", "measured"), claim("child", "feeding", "feeds_well", "seen"),
        claim("child", "mobility", "not_rolling", "seen"), claim("child", "sleeps_at", "Carol Rowan’s flat", "seen"),
        claim("mother", "care_arrangement", "main", "seen", valid="2026-02/.."),
        claim("mgf", "kinship", "grandparent", by="mgm"), claim("mgf", "death", "happened", by="mgm", valid="2019"),
        people=[
            {"ref": "mgm", "role": "maternal grandmother", "name": "Carol Rowan"},
            {"ref": "mgf", "role": "maternal grandfather", "name": "Alan Rowan"},
        ],
        author=HEALTH_VISITOR, contact=SEEN | {"home_entered": "yes", "present": ["mother", "child", "mgm"]},
    )  # fmt: skip
    scene.at("2026-03-02T10:00:00+00:00")
    scene.places["absent"] = scene.observe(
        "csc", "2026-03-02",
        "Mother says the father is out of their lives since the move, and that she does not know where he lives now.",
        claim("father", "presence", "absent", by="mother", valid="2026-03-02/.."),
        claim("father", "relationship", "separated", by="mother", valid="2026-02/..", **{"with": "mother"}),
        author=SOCIAL_WORKER, contact=SEEN,
    )  # fmt: skip
    scene.at("2026-03-05T10:00:00+00:00")
    for agency, day, way in (("hv", "2026-03-04", "declined"), ("eh", "2026-03-05", "evaded")):
        scene.observe(
            agency, day, "Asked about the baby’s father.",
            {"about": "child", "attribute": "father", "not_known": way, "basis": "told", "informant": "mother"},
            contact=SEEN,
        )  # fmt: skip
    scene.at("2026-03-09T10:00:00+00:00")
    scene.places["overnight"] = scene.observe(
        "hv", "2026-03-09", "Mother says he lives ten minutes away and comes often, some nights too.",
        claim("father", "presence", "stays_overnight", by="mother", valid="2026-03/.."),
        claim("father", "contact_with_child", "overnight", by="mother", valid="2026-03/.."),
        author=HEALTH_VISITOR, contact=SEEN,
    )  # fmt: skip


def _tell_spring(scene: Scene) -> None:
    scene.at("2026-03-16T10:00:00+00:00")
    offer = scene.act(
        "csc", "handovers", of="work", to={"agency": "eh"}, due="2026-03-30", author=SOCIAL_WORKER,
        what="Parenting support at home, twice a week.",
    )  # fmt: skip
    scene.act(
        "csc", "actions", what="Home safety check with the mother, and a cot for the baby", owner={"agency": "hv"},
        due="2026-03-20",
    )  # fmt: skip
    scene.at("2026-03-18T11:00:00+00:00")
    scene.act("eh", "replies", of=offer["id"], answer="declined", reason="Above our threshold; no worker until May.")
    scene.at("2026-03-19T14:00:00+00:00")
    for day, outcome in (("2026-03-11", "no_access"), ("2026-03-18", "cancelled")):
        visit = {"depth": "doorstep", "outcome": outcome}
        scene.observe("hv", day, "Visit as agreed by telephone.", contact=visit, author=HEALTH_VISITOR)
    scene.observe(
        "nursery", "2026-03-19", "Mother brings Ivy and is easy to talk with. Her uncle Liam collects on Fridays.",
        claim("mother", "engagement", "good", "judgement", item="nursery", statement="opinion"),
        claim("liam", "kinship", "aunt_or_uncle", by="mother"), claim("ivy-dad", "kinship", "parent", by="mother",
                                                                      **{"with": "ivy"}),
        people=[
            {"ref": "liam", "role": "uncle", "name": "Liam Rowan"},
            {"ref": "ivy", "role": "half-sister", "name": "Ivy Pryce", "born": "2021-09-02"},
            {"ref": "ivy-dad", "role": "father of the half-sister", "name": "Tom Pryce"},
        ],
        author={"ref": "n1", "role": "designated safeguarding lead"},
    )  # fmt: skip


def _tell_bruise(scene: Scene) -> None:
    scene.at("2026-04-13T15:00:00+00:00")
    scene.places["bruise"] = scene.observe(
        "hv", "2026-04-13", "Round bruise on the left cheek. Mother says that he rolled onto a toy.",
        claim("child", "injury", "bruise", "seen", thing="left-cheek"),
        claim("child", "mobility", "not_rolling", "seen"),
        claim("child", "account", "object", by="mother", thing="left-cheek"),
        author=HEALTH_VISITOR, contact=SEEN,
    )  # fmt: skip
    scene.at("2026-04-14T09:00:00+00:00")
    scene.observe(
        "gp", "2026-04-14", "Six-week check, done late. Dad, who has moved back in, held him and was tender.",
        claim("father", "presence", "lives_here", by="father", valid="2026-04/.."),
        claim("child", "weight", "5.9", "measured"),
        claim("pgm", "kinship", "grandparent", by="father"), claim("aunt", "kinship", "aunt_or_uncle", by="father"),
        people=[
            {"ref": "pgm", "role": "paternal grandmother", "name": "Sheila Harker"},
            {"ref": "aunt", "role": "aunt", "name": "Donna Harker"},
        ],
        author={"ref": "gp1", "role": "general practitioner"}, contact=SEEN,
    )  # fmt: skip
    scene.observe(
        "police", "2026-04-14", "What a source says of the address; nobody outside is to learn that we were told.",
        claim("kev", "presence", "stays_overnight", by="anonymous", valid="2026-04/.."),
        sharing={"marking": "restricted", "to": ["csc"], "lawful_basis": "public task"},
        author={"ref": "det1", "role": "detective"},
    )  # fmt: skip
    scene.places["own_entry"] = scene.places["bruise"].rpartition(".")[2]
    scene.at("2026-04-16T09:30:00+00:00")
