"""A payment of Claire’s at the bank’s door."""

from models.money.payment import Payment
from tests.web.checkout import Parent


async def at_the_door(claire: Parent) -> Payment:
    """The parent is on the bank's page."""
    await claire.click()
    return await Payment.get()
