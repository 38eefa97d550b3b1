"""The table of contents: every component on one line, what surrounds them, how the portal opens."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Protocol

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute

from models import banks, clock
from models.personal_data import erasures
from models.settings import Settings
from models.storage import database, encryption
from models.storage.migrate import migrate
from web.components.absences import absences
from web.components.accessibility import accessibility
from web.components.account import account
from web.components.account_history import account_history
from web.components.admin.absences import absences as expected_absences
from web.components.admin.accounts import accounts
from web.components.admin.activities import activities
from web.components.admin.anomalies import anomalies
from web.components.admin.anonymising import anonymising
from web.components.admin.campaigns import campaigns
from web.components.admin.certificates import certificates
from web.components.admin.class_events import class_events
from web.components.admin.counter import counter
from web.components.admin.dashboard import dashboard
from web.components.admin.day_lists import day_lists
from web.components.admin.debits import debits as direct_debits
from web.components.admin.documents import documents as public_documents
from web.components.admin.enrolments import enrolments as all_enrolments
from web.components.admin.exports import exports
from web.components.admin.families import families
from web.components.admin.family_imports import family_imports
from web.components.admin.first_run import first_run
from web.components.admin.households import households
from web.components.admin.imports import imports
from web.components.admin.invoices import invoices as issued_invoices
from web.components.admin.journal import journal
from web.components.admin.menus import menus as meal_menus
from web.components.admin.messages import messages as shared_inbox
from web.components.admin.news import news as public_news
from web.components.admin.requests import requests
from web.components.admin.roll_call import roll_call
from web.components.admin.roll_pin import roll_pin
from web.components.admin.search import search
from web.components.admin.second_step import second_step as setting_up
from web.components.admin.simulator import simulator
from web.components.admin.statistics import statistics
from web.components.admin.tasks import tasks
from web.components.admin.town_calendar import town_calendar
from web.components.admin.town_settings import town_settings
from web.components.admin.users import users
from web.components.admin.waiting import waiting
from web.components.bank_demo import bank_demo
from web.components.calendar_feed import calendar_feed
from web.components.debits import debits
from web.components.demo_mail import demo_mail
from web.components.enrolments import enrolments
from web.components.family_file import family_file
from web.components.first_connection import first_connection
from web.components.forgotten import forgotten
from web.components.frame import frame
from web.components.guide import guide
from web.components.home import home
from web.components.invitation import invitation
from web.components.invoices import invoices
from web.components.memberships import memberships
from web.components.messages import messages
from web.components.my_data import my_data
from web.components.notifications import notifications
from web.components.passkeys import passkeys
from web.components.payment import payment
from web.components.payments import payments
from web.components.planning import planning
from web.components.planning.watch import Watch
from web.components.planning_cell import planning_cell
from web.components.public import public
from web.components.published import published
from web.components.pwa import pwa
from web.components.reading import reading
from web.components.recap import recap
from web.components.rulebook import rulebook
from web.components.second_step import second_step
from web.components.session_end import session_end
from web.components.type_week import type_week
from web.http.errors import trouble
from web.http.middleware import PortalMiddleware
from web.page import assets, town
from web.page.menu import Entry

COMPONENTS = (
    planning,  # the grid, the ticks: before all others, since an address is looked for from the first one on
    frame,  # colours, health, pages of trouble
    pwa,  # the application on the home screen: manifest, icons, worker, how to install it
    public,  # the first page, signing in and out
    session_end,  # « Vous allez être déconnecté(e) »
    second_step,  # the code of an agent's telephone, after the password
    invitation,  # an agent chooses a password
    first_connection,  # « Inscrivez-vous »: what the letter says becomes an account
    forgotten,  # « Mot de passe oublié ? », the user name too
    published,  # « Actualités », « Documents », « Menus », « Tarifs », legal pages: for everybody
    home,  # what presses, this week, the account
    family_file,  # « Mon dossier », « Mes démarches »
    planning_cell,  # what a cell says once it is looked at
    type_week,  # « Modification avancée »: a type week, a copy for brothers and sisters, a month erased
    recap,  # what was ticked, the click that validates it, what it did
    payment,  # the way to the bank and back, the ticket
    invoices,  # « Factures »: to pay in three steps, paid, each with its paper
    debits,  # « Mes prélèvements »: mandates, what is collected
    account_history,  # every movement of the family's account; paying money in
    payments,  # « Mes paiements »: what the family paid, month by month
    messages,  # « Messages »: what the family and the mairie write to each other
    account,  # « Mon compte »: layout, password, devices
    my_data,  # « Mes données »: taken away as a file; the account that ends
    passkeys,  # « Clés d’accès »: added, taken away
    notifications,  # the bell; « Me prévenir »; the link that stops an e-mail
    rulebook,  # « Règlement »: deadlines, prices and places in words, as page and PDF
    guide,  # « Guide d’utilisation »: step by step, with pictures, as page and PDF
    calendar_feed,  # « Mon calendrier »: the family's days in other calendars, under a secret address
    reading,  # « Aide à la lecture »: letters, space, contrast, a ruler
    accessibility,  # « Déclaration d’accessibilité »
    enrolments,  # « Mes inscriptions »: who is in what; enrol, ask, wait
    memberships,  # « Inscriptions en paiement immédiat »
    absences,  # « Prévenir d'une absence »
    dashboard,  # the mairie: what waits, for each role
    requests,  # the mairie: what families ask
    waiting,  # the mairie: who waits for a place
    families,  # the mairie: each family's file
    anonymising,  # the mairie: of a family that has left nobody is named any more
    households,  # the mairie: two files that are one family, a household that parts
    all_enrolments,  # the mairie: who is in which activity, who waits for one
    family_imports,  # the mairie: families from a file of another program
    statistics,  # the mairie: hours for the CAF, meals at 1 €
    imports,  # the mairie: quotients, takings and enrolments from a table
    day_lists,  # the mairie: who comes, day by day
    roll_call,  # the mairie: who was there, called on a tablet
    expected_absences,  # the mairie: who will not come
    accounts,  # the mairie: who has an account, letters and invitations
    anomalies,  # the mairie: what the bank said that somebody must look at
    campaigns,  # the mairie: a month's invoices, from the drafts to what follows
    issued_invoices,  # the mairie: what was issued, and its credit notes
    certificates,  # the mairie: tax certificates of a year
    class_events,  # the mairie: classes that are not there
    exports,  # the mairie: takings and invoices as files for spreadsheets
    shared_inbox,  # the mairie: what families write, its answers
    public_news,  # the mairie: what it tells everybody
    public_documents,  # the mairie: what everybody may download
    meal_menus,  # the mairie: menus of the canteen, by week and by file
    direct_debits,  # the mairie: mandates, the files that collect, what banks reject
    counter,  # the mairie: a day at the till's counter
    search,  # the mairie: pages and what stands on them, by a few letters; the palette's list
    activities,  # the mairie: what can be booked, changed tab by tab, made in steps
    town_calendar,  # the mairie: the year of the commune, its closures
    simulator,  # the mairie: what families would pay
    users,  # the mairie: its agents, their roles, who sees what
    town_settings,  # the mairie: what it says of itself
    first_run,  # the mairie: the first steps of a new installation
    journal,  # the mairie: who did what
    setting_up,  # the mairie: one's own second step
    roll_pin,  # the mairie: one's own code of a covered tablet
    tasks,  # the mairie: what the portal does in the background
    demo_mail,  # the e-mails of a demo
    bank_demo,  # the demo bank's page, and the banks' notifications
)


PACKED_FROM = 4000  # bytes: pages, not the answers to ticks, which would cost more time than they save


class Runner(Protocol):
    """Who does the work for later: jobs.runner, given by the process."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


def create_app(settings: Settings, runner: Runner | None = None) -> Starlette:
    """The portal. Without its lifespan (tests) the database must be connected and the banks configured."""
    app = Starlette(
        routes=routes(),
        middleware=[
            Middleware(GZipMiddleware, minimum_size=PACKED_FROM, compresslevel=5),
            Middleware(PortalMiddleware, settings=settings, trouble=trouble),
        ],
        exception_handlers={HTTPException: trouble},
        lifespan=lambda app: _open(app, settings, runner),
    )
    app.router.redirect_slashes = False
    app.state.settings, app.state.commune = settings, None
    app.state.memberships = app.state.messages = False
    app.state.menu, app.state.watch = menu(), Watch()
    return app


def routes() -> list[BaseRoute]:
    return [*assets.static_routes, *(route for component in COMPONENTS for route in component.routes)]


def menu() -> tuple[Entry, ...]:
    """The mairie's, in its order; each member sees what their roles open."""
    entries = [component.menu for component in COMPONENTS if hasattr(component, "menu")]
    return tuple(sorted(entries, key=lambda entry: entry.order))


def _open(app: Starlette, settings: Settings, runner: Runner | None) -> AbstractAsyncContextManager[None]:
    @asynccontextmanager
    async def opened() -> AsyncIterator[None]:
        encryption.use(settings.secret_keys)
        await migrate(settings.database_url)
        async with AsyncExitStack() as closing:
            closing.push_async_callback(database.close)
            await database.connect(settings.database_url)
            await clock.follow(settings.now)
            await banks.open_accounts(settings)
            await erasures.apply_again(settings.data_dir, clock.now())  # a backup may have been put back
            await erasures.remember(settings.data_dir)
            await town.follow(app.state, await town.revision())
            if runner:
                await runner.start()
                closing.push_async_callback(runner.stop)
            yield

    return opened()
