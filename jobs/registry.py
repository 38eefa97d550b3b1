"""Every job: a name, what it is about, one verb imported inside. Run twice, a job does what it does once."""

from collections.abc import Awaitable, Callable
from typing import Any, cast

from jobs.schedule import At, Every, Schedule
from models.clock import now
from models.settings import Settings
from models.work.task import TITLES

Context = dict[str, Any]  # "settings"
Job = Callable[..., Awaitable[None]]
JOBS: dict[str, Job] = {}
SCHEDULES: dict[str, Schedule] = {}  # of the jobs that come due by themselves


def job(title: str, schedule: Schedule | None = None) -> Callable[[Job], Job]:
    """Register a job under its own name. `title` is what the mairie reads of it in « Travaux »: « Faire le ménage »."""
    if not isinstance(title, str):
        raise TypeError('say in French what the mairie reads of it: @job("Faire le ménage")')

    def register(work: Job) -> Job:
        name = work.__name__
        JOBS[name], TITLES[name] = work, title
        if schedule:
            SCHEDULES[name] = schedule
        return work

    return register


async def catch_up(settings: Settings) -> None:
    """When a process starts: what only waited for its settings may go."""
    if settings.smtp_url:
        from jobs.emails import smtp

        await smtp.catch_up()


@job("Envoyer un courriel")
async def send_email(ctx: Context, email: int) -> None:
    from jobs.emails.smtp import send

    await send(ctx["settings"], email)


@job("Écrire à la mairie ce qui est à voir")
async def write_anomalies(ctx: Context) -> None:
    from jobs.emails import mairie

    await mairie.anomalies(ctx["settings"])


@job("Prévenir un service d’un message")
async def write_department(ctx: Context, message: int) -> None:
    from jobs.emails import departments

    await departments.tell(ctx["settings"], message)


@job("Écrire à un agent de quoi ouvrir son compte")
async def write_member(ctx: Context, invitation: int) -> None:
    from jobs.emails import staff

    await staff.invite(ctx["settings"], invitation)


@job("Avertir une famille")
async def tell(ctx: Context, notice: int) -> None:
    from jobs import telling

    await telling.tell(ctx["settings"], notice)


@job("Envoyer une notification")
async def send_push(ctx: Context, entry: int, subscription: int) -> None:
    from jobs.push import sending

    await sending.send(ctx["settings"], entry, subscription)


@job("Envoyer une notification d’essai")
async def send_push_trial(ctx: Context, subscription: int) -> None:
    from jobs.push import sending

    await sending.send_trial(ctx["settings"], subscription)


@job("Envoyer de quoi rouvrir un compte")
async def send_access_links(ctx: Context, email: str, purpose: str, click: str) -> None:
    from models.access import forgotten
    from models.access.token import Purpose

    await forgotten.send(email, Purpose(purpose), click, now())


@job("Préparer des factures")
async def draft_invoices(ctx: Context, campaign: int, version: int, after: int) -> None:
    from models.invoicing import drafting

    await drafting.make(campaign, version, after, now())


@job("Émettre des factures")
async def issue_invoices(ctx: Context, campaign: int, turn: int) -> None:
    from models.invoicing import issue

    await issue.issue(campaign, turn, now())


@job("Annuler les jours d’une classe absente")
async def cancel_class_days(ctx: Context, event: int) -> None:
    from models.class_events import carrying_out

    await carrying_out.cancel_class_days(event, now())


@job("Rétablir les jours d’une classe")
async def return_class_days(ctx: Context, event: int) -> None:
    from models.class_events import giving_back

    await giving_back.return_class_days(event, now())


@job("Annuler ce qui a été payé pour une classe absente", Every(600))
async def keep_class_days(ctx: Context) -> None:
    from models.class_events import carrying_out

    await carrying_out.keep_class_days(now())


@job("Dessiner des documents")
async def draw_papers(ctx: Context, kind: str, ids: list[int]) -> None:
    from jobs import papers

    await papers.draw(kind, ids)


@job("Rassembler les factures à imprimer")
async def draw_letters(ctx: Context, campaign: int) -> None:
    from jobs import papers

    await papers.draw_letters(campaign)


@job("Dessiner des courriers de première connexion")
async def draw_access_letters(ctx: Context, run: int) -> None:
    from jobs import papers

    await papers.draw_access_letters(run)


@job("Préparer des attestations fiscales")
async def prepare_certificates(ctx: Context, run: int, version: int, after: int) -> None:
    from models.certificates import preparing

    await preparing.make(run, version, after, now())


@job("Établir des attestations fiscales")
async def issue_certificates(ctx: Context, run: int, turn: int) -> None:
    from models.certificates import issuing

    await issuing.issue(run, turn, now())


@job("Rassembler les attestations fiscales")
async def draw_certificates(ctx: Context, run: int) -> None:
    from jobs import papers

    await papers.draw_certificates(run)


@job("Tenir le règlement et le guide à jour", Every(300))
async def draw_rulebook(ctx: Context) -> None:
    from jobs import papers

    await papers.draw_rulebook()


@job("Dessiner les mandats de prélèvement", Every(3600))
async def draw_mandates(ctx: Context) -> None:
    from jobs import papers

    await papers.draw_mandates()


@job("Demander à la banque")
async def poll_bank(ctx: Context, payment: int, turn: int = 0) -> None:
    from models.checkout import settlement

    await settlement.ask_again(payment, now(), turn)


@job("Rembourser sur une carte")
async def refund_card(ctx: Context, order: int) -> None:
    from models.counter.refunds import card_refund

    await card_refund.carry_out(order, now())


@job("Demander à la banque, qui a donné signe")
async def ask_bank(ctx: Context, payment: int) -> None:
    from models.checkout import settlement

    await settlement.ask_once(payment, now())


@job("Avertir le portail (banque de démonstration)")
async def notify_portal(ctx: Context, charge: int) -> None:
    from models.banks import bank
    from models.banks.demo import DemoBank

    await cast(DemoBank, bank(DemoBank.name)).notify(charge)


@job("Attribuer une place libérée")
async def promote(ctx: Context, opening: int) -> None:
    from models.bookings import waiting_list

    await waiting_list.promote(opening, now())


@job("Libérer les places non payées", Every(60))
async def expire_holds(ctx: Context) -> None:
    from models.checkout import commit

    await commit.expire_holds(now())


@job("Passer les places sans réponse au suivant", Every(300))
async def lapse_offers(ctx: Context) -> None:
    from models.bookings import waiting_list

    await waiting_list.lapse_offers(now())


@job("Rappeler ce qui n’est pas validé", Every(900))
async def remind_drafts(ctx: Context) -> None:
    from models.checkout import draft_reminders

    await draft_reminders.remind_drafts(now())


@job("Avertir de ce qui est urgent", Every(60))
async def tell_urgent(ctx: Context) -> None:
    from models.publishing.news import News

    await News.tell_urgent(now())


@job("Clore les mandats de prélèvement inutilisés, renouveler leur chiffrement", At("04:10"))
async def expire_mandates(ctx: Context) -> None:
    from models.direct_debit import planning
    from models.direct_debit.debit_batch import DebitBatch
    from models.direct_debit.mandate import Mandate

    await planning.expire_mandates(now())
    await Mandate.renew_seals()
    await DebitBatch.renew_seals()


@job("Renouveler le chiffrement des courriers et des dossiers", At("04:20"))
async def renew_seals(ctx: Context) -> None:
    from models.access.letter import Letter, LetterRun
    from models.access.member import Member
    from models.families.file.health import ChildHealth
    from models.families.file.sent_document import SentDocument
    from models.notifying.push_key import PushKey

    for noun in (Letter, Member, LetterRun, PushKey, ChildHealth, SentDocument):
        await noun.renew_seals()


@job("Faire le ménage", At("03:30"))
async def sweep(ctx: Context) -> None:
    """Throw away what is only history: done tasks, old failures to sign in, ended sessions, old ticks."""
    from jobs import scheduler
    from models.access.session import Session
    from models.access.staff.invitation import Invitation
    from models.access.throttle import Throttle
    from models.access.token import Token
    from models.bookings.cart import Batch, CartLine
    from models.notifying.bell_entry import BellEntry
    from models.personal_data.retention import session_days
    from models.work.task import Task

    days = await session_days()
    await scheduler.sweep()
    await Task.sweep()
    await Throttle.sweep()
    await Session.sweep(days)
    await Token.sweep(days)
    await Invitation.sweep(days)
    await Batch.sweep(now())
    await CartLine.sweep(now())
    await BellEntry.sweep(now())


from jobs import enrolments, households, personal_data, registry_day, retention  # noqa: E402, F401 (their own)
