from itertools import combinations

import pytest

from ledger.domain.role import (
    LEADING,
    MEANS,
    RIGHTS,
    STANDING,
    Reach,
    Right,
    Role,
    at_most,
    follow,
    on_record,
    reach_of,
    stands_against,
)

#: Rights by which somebody is shown or tells something about a child.
OF_CONTENT = (
    Right.OBSERVE, Right.REGISTER, Right.READ, Right.WORK, Right.GLASS, Right.REVIEW, Right.OVERSEE, Right.DISCLOSE
)  # fmt: skip


def test_the_table_is_whole() -> None:
    """Every role has a row, every right a meaning, and none is given that is not one."""
    assert RIGHTS.keys() == set(Role)
    assert MEANS.keys() == set(Right)
    assert {reach for rights in RIGHTS.values() for reach in rights.values()} <= set(Reach) - {Reach.NONE}


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.OPERATOR])
def test_who_runs_it_sees_no_content(role: Role) -> None:
    """An administrator and an operator reach no record by any right, also where an entry names them lead."""
    named = on_record({role}, leads=True, deputises=True)
    assert named == {role}
    assert {at_most({role}, right) for right in OF_CONTENT} == {Reach.NONE}


def test_who_oversees_does_nothing() -> None:
    """An auditor reads and reviews, and can neither write about a child nor give or take anything away."""
    doing = (Right.OBSERVE, Right.REGISTER, Right.WORK, Right.GLASS, Right.DISCLOSE, Right.ADMINISTER, Right.OPERATE)
    assert {at_most({Role.AUDITOR}, right) for right in doing} == {Reach.NONE}
    for other in STANDING - {Role.AUDITOR}:
        assert stands_against([other], Role.AUDITOR) is other
        assert stands_against([Role.AUDITOR], other) is Role.AUDITOR


def test_other_roles_go_together() -> None:
    """Small agencies have one person in several parts: all but the auditor's may be held by one."""
    for one, other in combinations(sorted(STANDING - {Role.AUDITOR}), 2):
        assert stands_against([one], other) is None
    assert stands_against([Role.AUDITOR], Role.AUDITOR) is None


def test_more_roles_never_reach_less() -> None:
    """Somebody in two roles reaches as far as either of them would, by every right."""
    for one, other in combinations(Role, 2):
        for right in Right:
            assert reach_of({one, other}, right) == max(reach_of({one}, right), reach_of({other}, right))


def test_nobody_is_allowed_nothing() -> None:
    """Without a role there is no right, one's own account included."""
    assert {reach_of((), right) for right in Right} == {Reach.NONE}
    assert {at_most((), right) for right in Right} == {Reach.NONE}


def test_the_desk_is_its_practitioners() -> None:
    """Belonging to the duty desk's agency gives its part to practitioners there, and to nobody else."""
    assert follow({Role.PRACTITIONER}, at_desk=True) == {Role.PRACTITIONER, Role.DUTY_DESK}
    assert follow({Role.PRACTITIONER}, at_desk=False) == {Role.PRACTITIONER}
    for role in STANDING - {Role.PRACTITIONER}:
        assert follow({role}, at_desk=True) == {role}


def test_a_deputy_is_as_the_lead() -> None:
    """At the record where they are named, lead and deputy may do the same."""
    assert RIGHTS[Role.LEAD] == RIGHTS[Role.DEPUTY]
    for role in LEADING:
        assert on_record({role}, leads=True, deputises=False) == {role, Role.LEAD}
        assert on_record({role}, leads=False, deputises=True) == {role, Role.DEPUTY}
        assert on_record({role}, leads=False, deputises=False) == {role}


def test_leading_is_never_more_than_the_record() -> None:
    """What follows from being named lead reaches the records one leads, except one's own account."""
    for right, reach in RIGHTS[Role.LEAD].items():
        assert reach is (Reach.ANY if right is Right.ACCOUNT else Reach.LED)
