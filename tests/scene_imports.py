"""Files that the scene's nursery brought: one that was posted, and one to look through with a row to put right."""

import csv
import io
from collections.abc import Mapping, Sequence

from ledger.services.import_post import post_waiting
from tests.scene import SEALER, Scene

DAYS = (
    ("2026-04-07", "Brought at ten, an hour late. Tired, and ate two breakfasts.", "late_often"),
    ("2026-04-08", "Brought on time by her grandmother.", "attending"),
    ("2026-04-09", "Not brought. Nobody rang.", "irregular"),
)


def tell_imports(scene: Scene) -> None:
    """Days of the sister’s at nursery."""
    rows = [
        {
            "nhs_number": "999 000 0042", "observed": day, "statement": "fact", "narrative": narrative,
            "about": "child", "attribute": "school_attendance", "value": value, "basis": "own_record",
        }
        for day, narrative, value in DAYS
    ]  # fmt: skip
    posted = bring(scene, "n1", rows[:2])
    scene.press("n1", posted, act="post")
    post_imports(scene)
    scene.places["import_posted"] = posted.rpartition("/")[2]
    wrong = rows[2] | {"observed": "Thursday", "value": "often_late"}
    scene.places["import"] = bring(scene, "n1", [*rows, wrong]).rpartition("/")[2]


def bring(scene: Scene, person: str, rows: Sequence[Mapping[str, str]]) -> str:
    """Bring a file as somebody does; the address of what its rows would become."""
    answer = scene.press(person, "/imports", token="", file=(io.BytesIO(csv_of(rows)), "rows.csv"))
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def post_imports(scene: Scene) -> int:
    """Post what was confirmed, as a worker does."""
    return post_waiting(scene.context, scene.worker, SEALER)


def csv_of(rows: Sequence[Mapping[str, str]]) -> bytes:
    """A file of these rows."""
    held = io.StringIO()
    writer = csv.DictWriter(held, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return held.getvalue().encode()
