"""What else the scene's ledger holds: papers and questions about the child, and other children of the same agencies."""

import json

from tests.answers import stored
from tests.attaching import LETTER, entry_of, form
from tests.scene import Scene
from tests.scene_child import HEALTH_VISITOR, SEEN, SOCIAL_WORKER, claim


def tell_others(scene: Scene) -> None:
    """A letter, a question that waits, a sister in whom nobody differs, a schoolboy without a lead, two more."""
    sent = entry_of(
        scene.event(), taken_at="2026-04-14", describes="Letter from the practice after the six-week check.",
        taken_by="Dr Farah Siddiq", authority="Public task; the mother knows of it.",
    )  # fmt: skip
    path = f"/children/{scene.places['child']}/attachments"
    parts = form(("entry", json.dumps(sent).encode()), ("file", LETTER))
    scene.places["attachment"] = str(stored(scene.send("POST", path, "gp", **parts))["id"])
    scene.places["request"] = scene.act(
        "csc", "information-requests", to="hospital", asks="Was the baby or his sister brought to you, and with what?",
        purpose="To know of injuries before the conference.", lawful_basis="public_task", by="2026-04-24",
        author=SOCIAL_WORKER,
    )["id"]  # fmt: skip
    _tell_sister(scene)
    _tell_schoolboy(scene)
    for name, called, born in (("third", "Noah Bright", "2018-05-06"), ("fourth", "Amira Saleh", "2024-07-19")):
        scene.child(name, "csc", {"csc": "lead agency", "hv": "health visiting"}, born=born, name=called)
        scene.act("csc", "leads", child=name, agency="csc", person="sw2", role="social worker", deputy="sw1")
    scene.detect()


def _tell_sister(scene: Scene) -> None:
    parts = {"nursery": "nursery place", "csc": "lead agency", "hv": "health visiting"}
    scene.child("sister", "nursery", parts, born="2021-09-02", name="Ivy Pryce", nhs_number="9990000042")
    scene.act("csc", "leads", child="sister", agency="csc", person="sw1", role="social worker")
    scene.observe(
        "nursery", "2026-04-15", "Settled and chatty. Says that the baby sleeps in the big bed now.",
        claim("child", "own_account", "Baby sleeps in the big bed.", by="child"),
        claim("mother", "engagement", "good", item="nursery", valid="2026-04/.."),
        author={"ref": "n1", "role": "designated safeguarding lead"}, child="sister",
    )  # fmt: skip


def _tell_schoolboy(scene: Scene) -> None:
    parts = {"school": "school place", "hv": "school nursing"}
    scene.child("schoolboy", "school", parts, born="2015-03-11", name="Leo Marsden")
    scene.observe(
        "school", "2026-03-23", "His father told the office that Leo is now taught at home, and will not be back.",
        claim("child", "school_roll", "home_educated", by="father", valid="2026-03-23/.."),
        author={"ref": "dsl1", "role": "designated safeguarding lead"}, child="schoolboy",
    )  # fmt: skip
    scene.observe(
        "hv", "2026-04-10", "Seen at the clinic with his aunt. Says that he goes to school every day.",
        claim("child", "school_attendance", "attending", by="child", valid="2026-04/.."),
        author=HEALTH_VISITOR, contact=SEEN, child="schoolboy",
    )  # fmt: skip
