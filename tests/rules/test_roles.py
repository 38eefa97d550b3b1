"""What each role opens: DESIGN's six, and nobody else's."""

import pytest

from models.rules.roles import ROLES, may


@pytest.mark.parametrize(
    ("opened", "read", "change"),
    [
        ((), {"administrator"}, {"administrator"}),
        (("manager",), {"administrator", "manager", "reader"}, {"administrator", "manager"}),
        (("cashier",), {"administrator", "cashier"}, {"administrator", "cashier"}),
        (
            ("manager", "leader"),
            {"administrator", "manager", "leader", "reader"},
            {"administrator", "manager", "leader"},
        ),
        (("reader",), {"administrator", "reader"}, {"administrator"}),
        (ROLES, set(ROLES), set(ROLES) - {"reader"}),
    ],
)
def test_a_page_is_open_to_its_roles(opened: tuple[str, ...], read: set[str], change: set[str]) -> None:
    assert {role for role in ROLES if may([role], opened)} == read
    assert {role for role in ROLES if may([role], opened, change=True)} == change


def test_several_roles_open_what_each_of_them_opens() -> None:
    assert may(["reader", "cashier"], ["manager"]) and may(["reader", "cashier"], ["cashier"], change=True)
    assert not may(["reader", "cashier"], ["manager"], change=True)


def test_a_role_of_another_day_opens_nothing() -> None:
    assert not may(["king"], ROLES) and not may([], ROLES)
