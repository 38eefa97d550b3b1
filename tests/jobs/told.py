"""What the tests of e-mails share: who books, who asks, what was written."""

from jobs import registry
from models.bookings.waiting_list import Waiting
from models.money import ledger
from models.notices.message import LONGEST_TITLE
from models.rules import postings
from models.rules.postings import FamilyAccount
from models.work.email import Email
from models.work.notice import Notice
from tests.jobs.town import NOW


async def first() -> Email:
    email = await Email.all().order_by("id").first()
    assert email is not None
    assert len(email.subject) <= LONGEST_TITLE
    for body in (email.text, email.html):
        assert "None" not in body and "{" not in body
        assert " :" not in body and " €" not in body and " ?" not in body, "an ordinary space before a sign"
    assert "<img" not in email.html and "src=" not in email.html
    assert "\n\n\n" not in email.text
    return email


async def given_back(town, key, cents, owed=0):
    """What the books say: a debt from before, perhaps, and the price of a day that came back."""
    family_account = FamilyAccount(town.family.id, town.till.id)
    if owed:
        await ledger.post(
            postings.opening_debt(family_account, "opening:1", owed, "Solde"), at=NOW, actor="test"
        )
    await ledger.post(
        postings.given_back(family_account, key, "CANTINE", cents, "Annulation"), at=NOW, actor="test"
    )


def about(booking):
    return {"subject": f"booking:{booking.id}", "booking_id": booking.id}


async def said(kind, noun, row):
    about = f"{noun}:{row.id}"
    await Notice.say(kind, row.family_id, about, NOW)
    return await Notice.get(kind=kind, about=about)


async def tell(ctx, kind, noun, row):
    await registry.tell(ctx, (await said(kind, noun, row)).id)


async def wait(booking, state, **more):
    return await Waiting.create(
        booking_id=booking.id, opening_id=booking.opening_id, since=NOW, state=state, **more
    )
