"""Somebody of the mairie who looks at a family's pages, and what stays the family's own."""

from starlette.exceptions import HTTPException

from web.http.auth import Parent, Person


class OnlyLooking(HTTPException):
    """A member who looks as a family does asked for something that only the family may do."""

    def __init__(self) -> None:
        super().__init__(403)


def only_themselves(person: Person) -> None:
    """For every form, a secret, the way to the bank: no business of the mairie. Raises OnlyLooking."""
    if isinstance(person, Parent) and person.viewer is not None:
        raise OnlyLooking
