"""A portal with a few pages that try its doors."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from models.settings import Settings
from tests.portal import Portal
from web.app import create_app
from web.http.auth import member, parent, staff
from web.http.forms import form
from web.page.templates import render


@parent
async def own(request: Request) -> Response:
    return PlainTextResponse(f"{request.user.name} {request.user.family.number}")


@parent
async def own_page(request: Request) -> Response:
    return render(request, "frame/trouble.html", {"title": "Chez vous", "sentence": "…", "reference": None})


@staff("cashier")
async def till(request: Request) -> Response:
    return PlainTextResponse(request.user.name)


@member
async def office(request: Request) -> Response:
    return PlainTextResponse(request.user.name)


async def fail(request: Request) -> Response:
    raise ZeroDivisionError("the secret is 42")


async def away(request: Request) -> Response:
    raise ConnectionRefusedError


@parent
async def write(request: Request) -> Response:
    return PlainTextResponse(",".join(map(str, (await form(request)).getlist("op"))))


async def receive(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


EXTRA = [
    Route("/essai", own),
    Route("/essai/page", own_page),
    Route("/essai", write, methods=["POST"]),
    Route("/mairie/essai", office),
    Route("/mairie/essai/regie", till),
    Route("/essai/panne", fail),
    Route("/essai/absent", away),
    Route("/banque/essai", receive, methods=["POST"]),
]


def of(settings: Settings) -> Portal:
    app: Starlette = create_app(settings)
    app.router.routes.extend(EXTRA)
    return Portal(app, settings)
