"""Who belongs to the scene's child: kin whom few know of, two who may be the father, gaps in care, a summary."""

from tests.scene import Scene
from tests.scene_child import HEALTH_VISITOR, MIDWIFE, SOCIAL_WORKER, claim

_POLICE = {"ref": "det1", "role": "detective"}


def tell_people(scene: Scene) -> None:
    """Two who may be the father, a grandfather who has died, one man under two names; care and a family summary."""
    scene.observe(
        "csc", "2026-04-15", "Family tree drawn with Jade and her mother at the flat.",
        claim("mother", "relationship", "separated", by="mother", valid="2026-01/..", **{"with": "father"}),
        claim("gf", "death", "happened", by="mgm", valid="2019"),
        claim("gf", "kinship", "parent", by="mgm", **{"with": "mother"}),
        claim("mgm", "kinship", "parent", "document", **{"with": "mother"}),
        claim("mgm", "relationship", "together", by="mgm", valid="1995/2019", **{"with": "gf"}),
        claim("liam", "kinship", "aunt_or_uncle", by="mgm"),
        claim("mother", "kinship", "parent", "document", **{"with": "ivy"}),
        claim("mother", "household_member", "member", "seen", valid="2026-04/.."),
        claim("ivy", "household_member", "member", "seen", valid="2026-04/.."),
        claim("child", "main_carer", "mother", "seen", valid="2026-02-20/.."),
        claim("mgm", "care_arrangement", "had_care", by="mgm", valid="2026-03-02/2026-03-20"),
        people=[
            {"ref": "gf", "role": "maternal grandfather", "name": "Alan Rowan", "born": "1969"},
            {"ref": "mgm", "role": "maternal grandmother", "name": "Carol Rowan", "born": "1972"},
            {"ref": "liam", "role": "mother's brother", "name": "Liam Rowan"},
            {"ref": "ivy", "role": "half-sister", "name": "Ivy Pryce", "born": "2021-09-02"},
        ],
        author=SOCIAL_WORKER,
    )  # fmt: skip
    scene.observe(
        "police", "2026-04-15", "Held for another matter, he says that the baby is his and that she carries again.",
        claim("child", "father", "kev", by="kev"),
        claim("mother", "pregnancy", "pregnant", by="kev", valid="2026-04/.."),
        claim("kev", "relationship", "together", by="kev", valid="2026-03/..", **{"with": "mother"}),
        people=[{"ref": "kev", "role": "friend of the father", "name": "Kevin Stroud", "born": "1984-02-11"}],
        author=_POLICE,
    )  # fmt: skip
    scene.observe(
        "hv", "2026-04-15", "A man called Kev opened the door, and held the baby while Jade made tea.",
        claim("hv-kev", "presence", "visits", "seen"),
        claim("child", "father", "father", by="mother"),
        claim("child", "in_care_of", "hv-kev", "seen", valid="2026-04-15T14:00:00Z/2026-04-15T14:20:00Z"),
        people=[{"ref": "hv-kev", "role": "mother's partner", "name": "Kev Stroud"}],
        author=HEALTH_VISITOR,
    )  # fmt: skip
    scene.observe(
        "mw", "2026-04-15", "Discharged to her mother’s after the birth; the plan was that they stay there.",
        claim("child", "placement", "with_relatives", valid="2026-02-04/2026-02-20"),
        claim("father", "contact_condition", "supervised_only", valid="2026-02-10/.."),
        author=MIDWIFE,
    )  # fmt: skip
    for service, value in (
        ("health visiting", "engaging"),
        ("early help", "declined"),
        ("freedom project", "no_access"),
    ):
        scene.observe(
            "eh", "2026-04-15", f"How far the use of {service} got.",
            claim("mother", "engagement", value, item=service, valid="2026-04"),
            author={"ref": "eh1", "role": "family worker"},
        )  # fmt: skip
    for one, other in (("mw/mgm", "csc/mgm"), ("mw/ivy", "csc/ivy"), ("nursery/ivy", "csc/ivy")):
        scene.act("csc", "links", people=[one, other], reason="Met by both workers, at one address.")
    summary = scene.act(
        "csc", "family-summaries", author=SOCIAL_WORKER,
        text="Jade is 24 and lives with her mother Carol, Ivy and the baby. She says that Dean, his father, is gone.",
    )["id"]  # fmt: skip
    scene.places["summary"] = summary
    scene.act(
        "hv", "family-summary-answers", of=summary, answer="disputed", author=HEALTH_VISITOR,
        says="She told us in March that he stays some nights.",
    )  # fmt: skip
    scene.act("mw", "family-summary-answers", of=summary, answer="confirmed", author=MIDWIFE)
    scene.detect()
