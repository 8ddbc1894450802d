"""What was decided, assessed and talked over about the scene's child: each with something open, for its pages."""

from tests.scene import Scene

SOCIAL_WORKER = {"ref": "sw1", "role": "social worker"}
HEALTH_VISITOR = {"ref": "hv1", "role": "health visitor"}


def tell_deciding(scene: Scene) -> None:
    """A step-down that does not stand, an assessment under way and one to sign, a concern met too lightly."""
    assessment = scene.act(
        "csc", "assessments", kind="child_and_family", asks=["hv", "gp", "police"], author=SOCIAL_WORKER,
        reason="The bruise, and two accounts of where the father is.",
    )["id"]  # fmt: skip
    scene.act("hv", "assessment-replies", of=assessment, answer="replied", author=HEALTH_VISITOR)
    scene.act("police", "assessment-replies", of=assessment, answer="refused", reason="An enquiry is under way.")
    concern = scene.act(
        "nursery", "concerns", topic="harm", what="The older child says that the baby was dropped.",
        author={"ref": "n1", "role": "designated safeguarding lead"},
    )["id"]  # fmt: skip
    scene.act(
        "csc", "concern-answers", of=concern, answer="in_part", how=["told"], author=SOCIAL_WORKER,
        reason="Mother was asked by telephone and says that it was a doll.",
    )  # fmt: skip
    scene.act(
        "csc", "supervisions", about="Whether the plan fits what is known of the father.", author=SOCIAL_WORKER,
        notes="Ask the health visitor what she saw. See the baby undressed.", **{"with": "Toni Marsh"},
    )  # fmt: skip
    scene.act(
        "csc", "decisions", kind="step_down", to="early_help", author=SOCIAL_WORKER,
        reason="The father has left the home and the mother works well with services.",
        relies_on=[{"about": "father", "attribute": "presence", "value": "absent"}],
    )  # fmt: skip
    scene.detect()
