"""« Accueil »: what presses, what is to do, this week, the account."""

from collections.abc import Sequence

from starlette.responses import Response
from starlette.routing import Route

from models.family_file.parents import reading
from models.family_file.parents.meal_warnings import allergic_children
from models.french import plural
from models.french.file_changes import lacking
from models.planning import overview
from models.planning.overview import Overview
from models.publishing.meal_menu import lunches
from models.publishing.news import News
from models.rules.money import euros
from web.http.auth import ParentRequest, parent
from web.page.late_drafts import losses, told, untold
from web.page.templates import render

NEWS_SHOWN = 3  # the others are one step away


@parent
async def show(request: ParentRequest) -> Response:
    home = await overview.read(await request.catalogue(), request.user.family, request.now)
    late = untold(request, home.late)
    said = losses(late)
    today = request.now.date()
    meals = await lunches(today)
    wanted = await reading.wanted(request.user.family.id, await _children(request), today)
    context = {
        "home": home,
        "losses": said,
        "news": news(home, said, request.user.unread, wanted),
        "wanted": wanted,
        "lacking": lacking,
        "latest": (await News.current(today))[:NEWS_SHOWN],
        "meals": meals,
        "allergic": await allergic_children(request.user.family.id) if meals else [],
    }
    return told(request, render(request, "home/page.html", context), late)


async def _children(request: ParentRequest) -> list[int]:
    return [child.id for child in await request.user.children()]


def news(home: Overview, losses: Sequence[object], unread: int, wanted: int = 0) -> list[str]:
    """What is owed, what waits for an answer: the first sentence of the page. `unread`: answers of the mairie;
    `wanted`: papers to send."""
    said = []
    if unread:
        said.append(f"Vous avez {plural(unread, 'réponse non lue', 'réponses non lues')} de la mairie.")
    if total := home.debt + home.invoiced:
        said.append(f"Vous devez {euros(total)}.")
    if home.pressing:
        said.append(f"{plural(home.pressing, 'chose attend', 'choses attendent')} votre réponse.")
    if wanted:
        said.append(f"La mairie attend {plural(wanted, 'document')} de vous.")
    if home.asked:
        noun = plural(home.asked, "demande attend", "demandes attendent")
        said.append(f"{noun} la réponse de la mairie.")
    return said or ([] if losses else ["Tout est à jour."])


routes = [Route("/accueil", show)]
