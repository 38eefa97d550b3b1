"""Every job: a name, what it is about, one verb. Run twice, a job does what it does once.

Verbs are imported inside, so that a process only pays for what it runs.
"""

from collections.abc import Awaitable, Callable
from typing import Any, cast

from models.clock import now
from models.french import jobs as french
from models.settings import Settings

Context = dict[str, Any]  # "settings"
Job = Callable[..., Awaitable[None]]
JOBS: dict[str, Job] = {}


def job(work: Job) -> Job:
    """Register it under its own name. Raises LookupError when the mairie could not read what it is."""
    if work.__name__ not in french.JOBS:
        raise LookupError(f"give {work.__name__} its French name in models/french/jobs.py")
    JOBS[work.__name__] = work
    return work


async def catch_up(settings: Settings) -> None:
    """When a process starts: what only waited for its settings may go."""
    if settings.smtp_url:
        from jobs.emails import smtp

        await smtp.catch_up()


@job
async def send_email(ctx: Context, email: int) -> None:
    from jobs.emails.smtp import send

    await send(ctx["settings"], email)


@job
async def write_receipt(ctx: Context, payment: int) -> None:
    from jobs.emails import payments

    await payments.receipt(ctx["settings"], payment)


@job
async def write_late_payment(ctx: Context, payment: int) -> None:
    from jobs.emails import payments

    await payments.late(ctx["settings"], payment)


@job
async def write_anomalies(ctx: Context) -> None:
    from jobs.emails import mairie

    await mairie.anomalies(ctx["settings"])


@job
async def write_confirmation(ctx: Context, order: int) -> None:
    from jobs.emails import orders

    await orders.confirmation(ctx["settings"], order)


@job
async def tell(ctx: Context, notice: int) -> None:
    from jobs.emails import notices

    await notices.tell(ctx["settings"], notice)


@job
async def draft_invoices(ctx: Context, campaign: int, version: int, after: int) -> None:
    from models.invoicing import drafting

    await drafting.make(campaign, version, after, now())


@job
async def issue_invoices(ctx: Context, campaign: int, turn: int) -> None:
    from models.invoicing import issue

    await issue.issue(campaign, turn, now())


@job
async def draw_papers(ctx: Context, kind: str, ids: list[int]) -> None:
    from jobs import papers

    await papers.draw(kind, ids)


@job
async def draw_letters(ctx: Context, campaign: int) -> None:
    from jobs import papers

    await papers.draw_letters(campaign)


@job
async def poll_bank(ctx: Context, payment: int, turn: int = 0) -> None:
    from models.checkout import settlement

    await settlement.ask_again(payment, now(), turn)


@job
async def notify_portal(ctx: Context, charge: int) -> None:
    from models.banks import bank
    from models.banks.demo import DemoBank

    await cast(DemoBank, bank(DemoBank.name)).notify(charge)


@job
async def promote(ctx: Context, opening: int) -> None:
    from models.bookings import waiting_list

    await waiting_list.promote(opening, now())


@job
async def expire_holds(ctx: Context) -> None:
    from models.checkout import commit

    await commit.expire_holds(now())


@job
async def lapse_offers(ctx: Context) -> None:
    from models.bookings import waiting_list

    await waiting_list.lapse_offers(now())


@job
async def sweep(ctx: Context) -> None:
    """Throw away what is only history: done tasks, old failures to sign in, ended sessions, ticks answered or left
    long ago."""
    from jobs import schedule
    from models.access.session import Session
    from models.access.throttle import Throttle
    from models.bookings.cart import Batch, CartLine
    from models.work.task import Task

    await schedule.sweep()
    await Task.sweep()
    await Throttle.sweep()
    await Session.sweep()
    await Batch.sweep(now())
    await CartLine.sweep(now())
