"""Every view of a record of which entries, or all of it, were erased."""

import io
import zipfile

from ledger.domain.role import Role
from tests.exporting import sealed
from tests.integration.services.test_erasing import Officers
from tests.partnership import Partnership, stored

_VIEWS = (
    "timeline?{}", "timeline?{}&known_by=csc", "picture?{}", "picture?{}&history=yes", "replay?{}",
    "findings?{}&state=all", "findings-then?{}", "people?{}", "gaps?{}", "expectations?{}",
)  # fmt: skip


def test_every_view_answers_whatever_was_erased(partnership: Partnership) -> None:
    """First what findings, an acknowledgement and an outcome rested on, then the whole: each view at several points."""
    officers, child = Officers(partnership), partnership.child(involve=["hv", "csc"])
    alert = partnership.alert(child)
    auditor = partnership.session(partnership.person("hv", "aud", Role.AUDITOR))
    worker = partnership.session(partnership.person("csc", "worker", Role.PRACTITIONER))
    path = f"/alerts/{alert['id']}"
    stored(partnership.post(f"{path}/acknowledgements", {"event_id": partnership.event(), "note": "Seen."}, "csc"))
    outcome = {"outcome": "known_and_assessed", "reason": "We met and talked it over."}
    stored(partnership.post(f"{path}/outcomes", {"event_id": partnership.event(), **outcome}, "csc"))
    partnership.detect(child)
    for entries in ([alert["finding"]["sides"][0]["statements"][0]["entry"]], []):
        officers.erase(child, entries)
        sealed(partnership)
        last = stored(partnership.get(f"/children/{child}/timeline", "csc"))["as_of"]["number"]
        for number, session in ((last // 2, worker), (last, auditor)):
            views = [view.format(f"as_of={number}") for view in _VIEWS] + [f"differences?from=1&to={number}"]
            for view in views:
                address = f"/children/{child}/{view}"
                headers = {"Access-Purpose": "a check"}
                answer = partnership.send_as(session, "GET", f"/api/v1{address}", headers=headers)
                assert answer.status_code == 200, address
            page = partnership.send_as(worker, "GET", f"/children/{child}/chronology?as_of={number}")
            assert page.status_code == 200
        assert partnership.send_as(worker, "GET", "/").status_code == 200
        answer = partnership.post(f"/children/{child}/exports", {"reason": "our own file"}, "csc")
        with zipfile.ZipFile(io.BytesIO(answer.get_data())) as copy:
            assert "Erased" in copy.read("chronology.html").decode()
