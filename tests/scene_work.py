"""What agencies ask of one another about the scene's children, and where they do not agree: for the pages of work."""

from typing import Any

from tests.scene import Scene

SOCIAL_WORKER = {"ref": "sw1", "role": "social worker"}
HEALTH_VISITOR = {"ref": "hv1", "role": "health visitor"}


def tell_work(scene: Scene) -> None:
    """A referral and a question that wait, an action, an offer of the lead, and a disagreement that was answered."""
    scene.places["referral"] = scene.act(
        "hv", "referrals", to="csc", reason="The bruise on the baby’s cheek: please see him today.",
        author=HEALTH_VISITOR,
    )["id"]  # fmt: skip
    scene.act(
        "hv", "information-requests", to="csc", asks="Who is known to live at the address?", lawful_basis="public_task",
        purpose="To know whom to expect at the next visit.", by="2026-04-20", author=HEALTH_VISITOR,
    )  # fmt: skip
    action = scene.act(
        "csc", "actions", what="See the baby at home, undressed, and weigh him", owner={"agency": "hv"},
        due="2026-04-22", author=SOCIAL_WORKER,
    )["id"]  # fmt: skip
    scene.act("hv", "replies", of=action, answer="accepted", author=HEALTH_VISITOR)
    scene.places["offer"] = scene.act(
        "csc", "handovers", child="third", of="lead", to={"agency": "hv"}, due="2026-05-01", author=SOCIAL_WORKER,
        reason="What is left to do is about his weight.",
    )["id"]  # fmt: skip
    view: dict[str, Any] = {"with": ["csc"], "view": "A bruise in a baby who cannot roll is not for early help."}
    disagreement = scene.act(
        "hv", "disagreements", kind="threshold", wants="A strategy discussion today.", author=HEALTH_VISITOR, **view
    )["id"]
    scene.act(
        "csc", "disagreement-replies", of=disagreement, answer="agreed_in_part", author=SOCIAL_WORKER,
        view="The examination comes first. We meet once the doctor has seen him.",
    )  # fmt: skip
    scene.detect()
    scene.places["finding"] = next(
        one["finding"]["finding"] for one in scene.alerts() if one["finding"]["kind"] == "same_informant"
    )
