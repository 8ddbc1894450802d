"""A second partnership of the same ledger, in another nation, beside the one that tests have."""

import os
from typing import Any

from ledger.domain.role import Role
from ledger.services.enrol import Agency, add_agency
from ledger.services.open_ledger import open_partnership
from tests.integration.services.peopled import Peopled
from tests.opened import issue_test_key
from tests.partnership import Partnership, default_pack, stored

DESK, THEIRS, OTHER = "wales-duty", "wales-csc", "wales-gp"


class Elsewhere(Peopled):
    """A child led by csc, and a partnership in Wales: a desk, social care with w1, and a practice."""

    def __init__(self, partnership: Partnership) -> None:
        super().__init__(partnership)
        admin = partnership.engine("ledger_admin")
        open_partnership(
            admin, os.urandom, ref="wales", name="Wales", nation="wales",
            duty_desk=Agency(DESK, "duty_desk", "Welsh desk", "ring wales"), pack=default_pack(),
        )  # fmt: skip
        for agency, kind in ((THEIRS, "csc"), (OTHER, "gp")):
            add_agency(admin, os.urandom, partnership="wales", agency=Agency(agency, kind, agency, f"ring {agency}"))
        for agency in (DESK, THEIRS, OTHER):
            partnership.keys[agency] = issue_test_key(admin, agency)[1]
        self.people["w1"] = partnership.person(THEIRS, "w1", Role.PRACTITIONER)

    def offer(self, to: str = THEIRS, by: str = "csc", due: str = "2099-01-01", **more: Any) -> str:
        """The record is offered; the entry by which it is."""
        body = {"of": "record", "to": {"agency": to, **more}, "due": due, "reason": "They have moved to Cardiff."}
        return str(stored(self.post("handovers", by, **body))["id"])

    def sees(self, agency: str) -> bool:
        """Whether an agency reads the record."""
        return self.partnership.get(f"/children/{self.child}/timeline", agency).status_code == 200

    def belongs_to(self) -> str:
        """The partnership that the record is in."""
        with self.partnership.acting("ledger_worker") as connection:
            query = "SELECT partnership_id FROM ledger.heads WHERE record_id = %s"
            return str(connection.exec_driver_sql(query, (self.child,)).scalar_one())
