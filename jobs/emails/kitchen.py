"""The caterer is sent the numbers of a meal, as they were at the limit: PDF and CSV, no name of a child."""

import asyncio
from typing import Any

from jobs.documents import render
from jobs.emails import drawn
from models.bookings.day.kitchen_list import KitchenList
from models.bookings.day.kitchen_paper import heads, kitchen_paper, lines
from models.french import day_long, plural
from models.french.spreadsheets import table
from models.rules.money import NBSP
from models.settings import Settings
from models.storage.database import transaction
from models.work.email import Email
from models.work.email_attachment import EmailAttachment
from models.work.task import Task

PDF, CSV = "application/pdf", "text/csv"


async def send_list(settings: Settings, list_id: int) -> None:
    """Once; nobody where the meal had no address when its list was taken."""
    row = await KitchenList.get(id=list_id).select_related("slot__activity")
    if not row.recipient:
        return
    paper = await kitchen_paper(row)
    day = day_long(paper.day)
    facts: dict[str, Any] = {
        "subject": f"{paper.meal} du {day}{NBSP}: {plural(paper.expected, 'repas', 'repas')}",
        "portal": settings.base_url,
        "paper": paper,
    }
    pdf = await asyncio.to_thread(render, paper)
    csv = table(heads(paper), lines(paper)).encode()
    name = f"repas-{row.slot.code}-{row.day:%Y-%m-%d}"
    email = drawn("kitchen", f"kitchen:{row.id}", row.recipient, facts)
    async with transaction():
        await Email.bulk_create([email], ignore_conflicts=True)
        written = await Email.get(key=email.key)
        files = ((f"{name}.pdf", PDF, pdf), (f"{name}.csv", CSV, csv))
        await EmailAttachment.bulk_create(
            [
                EmailAttachment(email_id=written.id, name=name, kind=kind, content=content)
                for name, kind, content in files
            ],
            ignore_conflicts=True,
        )
        await Task.later("send_email", written.id, key=f"email:{written.id}")
