"""« Écrire à plusieurs »: whom it reaches is counted, read again with its words, then confirmed by a typed word."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from models.french.messages import TAKEN, to_whom
from models.messages.mass import sending
from models.messages.mass.mass_attachment import MassAttachment
from models.messages.mass.mass_message import MassMessage
from models.messages.mass.reach import Reach, Reached, levels, reached
from models.rules.attachments import MOST_BYTES
from web.components.admin.kit.form import Choice, Day, Field, Filled, OneOf, Word, fill
from web.components.admin.messages import beginning, view
from web.http.attachments import HEARD, WrongFile, file_sent, too_long
from web.http.auth import StaffRequest, staff
from web.http.forms import plain_key, whole
from web.http.uploads import TooLong, sent, uploads
from web.page.templates import fragment, render

PLACE = "/mairie/messages/envois"
NEW = "/mairie/messages/envois/nouveau"
LAST = 50  # of the list
CHANGED = "Le nombre de familles a changé pendant votre lecture. Relisez à qui vous écrivez, puis confirmez de nouveau."
NOBODY = "Ces choix ne désignent aucune famille."
DAY = Day("jour", "Jour réservé", "Seulement les enfants attendus ce jour-là.")
OWING = OneOf(
    "solde", "Règlement", choices=(Choice("", "Sans condition"), Choice("du", "Avec une somme à régler"))
)
WAY = OneOf(
    "envoi",
    "Envoi",
    "Un message urgent part tout de suite par courriel, notification et SMS, aux heures de silence aussi.",
    choices=(Choice("", "Normal, selon ce que chaque parent a choisi"), Choice("urgent", "Urgent")),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The form as it was sent, whom it reaches, and how that is said."""

    fields: tuple[Field[Any], ...]  # whom, then what
    filled: Filled
    reach: Reach
    found: Reached
    said: str  # « 132 familles de l’école Pasteur »
    click: str

    @property
    def urgent(self) -> bool:
        return self.filled.typed.get(WAY.name) == "urgent"

    @property
    def word(self) -> Word:
        """What is typed before it goes."""
        word = "URGENT" if self.urgent else "ENVOYER"
        return Word(
            "mot", f"Tapez {word} pour confirmer", missing=f"Écrivez {word} pour confirmer.", word=word
        )


@staff(*view.ROLES)
async def show(request: StaffRequest) -> Response:
    found = await MassMessage.all().order_by("-id").limit(LAST).select_related("member")
    known = {
        "lines": [(one, await sending.progress(one.id)) for one in found],
        "place": PLACE,
        "new": NEW,
    }
    return render(request, "admin/messages/mass_list.html", known)


@staff(*view.ROLES)
async def offer(request: StaffRequest) -> Response:
    return await _page(request, await _asked(request, FormData([*request.query_params.multi_items()])), {})


@staff(*view.ROLES)
async def preview(request: StaffRequest) -> Response:
    """Whom it would reach, asked for at each choice."""
    asked = await _asked(request, FormData([*request.query_params.multi_items()]))
    return HTMLResponse(fragment(request, "admin/messages/reached.html", {"asked": asked}))


@uploads(limit_bytes=MOST_BYTES, heard_bytes=HEARD)
@staff(*view.ROLES)
async def send(request: StaffRequest) -> Response:
    """Once to read it again, with its file; once more with the word: then it goes, whatever is sent twice."""
    file, wrong = None, ""
    try:
        async with sent(request) as said:
            asked = await _asked(request, said)
            file = await file_sent(said)
    except TooLong as exc:
        if exc.fields is None:
            raise
        said, wrong = exc.fields, str(too_long(exc, exc.fields))
        asked = await _asked(request, said)
    except WrongFile as exc:
        wrong = str(exc)
    topic = await beginning.topic_of(asked.filled)
    errors = {**asked.filled.errors, **({"fichier": wrong} if wrong else {})}
    if not asked.found.families:
        errors["ecole"] = NOBODY
    if errors or topic is None:
        return await _page(request, asked, errors, 422)
    if "confirmer" not in said:
        await MassAttachment.choose(asked.click, request.user.member.id, file, request.now)
        return await _confirm(request, asked, {})
    confirmed = fill((asked.word,), said)
    if confirmed.errors:
        return await _confirm(request, asked, confirmed.errors)
    typed = asked.filled.typed
    wish = sending.Wish(
        asked.reach, asked.said, topic, typed["objet"], typed["message"], asked.urgent, asked.click
    )
    try:
        mass = await sending.begin(wish, request.user.member, str(said.get("lu", "")), request.now)
    except sending.ReachChanged:
        return await _confirm(request, asked, {"": CHANGED})
    return RedirectResponse(f"{PLACE}/{mass.id}", 303)


@staff(*view.ROLES)
async def one(request: StaffRequest) -> Response:
    return render(request, "admin/messages/mass.html", await _of(request))


@staff(*view.ROLES)
async def progress(request: StaffRequest) -> Response:
    """What the page asks for again while it goes out."""
    known = await _of(request)
    if known["mass"].done_at:
        return HTMLResponse("", headers={"HX-Refresh": "true"})
    return HTMLResponse(fragment(request, "admin/messages/moving.html", known))


routes = [
    Route(PLACE, show),
    Route(NEW, offer),
    Route(NEW, send, methods=["POST"]),
    Route("/mairie/messages/envois/apercu", preview),
    Route("/mairie/messages/envois/{id:int}", one),
    Route("/mairie/messages/envois/{id:int}/avancement", progress),
]


async def _of(request: StaffRequest) -> dict[str, Any]:
    found = MassMessage.get_or_none(id=request.number("id"))
    mass = await found.select_related("member", "topic__department")
    if mass is None:
        raise HTTPException(404)
    file = await MassAttachment.filter(click=mass.click).only("id", "name", "size").first()
    return {"mass": mass, "file": file, "far": await sending.progress(mass.id), "place": PLACE}


async def _asked(request: StaffRequest, said: FormData) -> Asked:
    catalogue, today = await request.catalogue(), request.now.date()
    schools = {str(one.id): one.name for one in catalogue.schools.values()}
    activities = {
        str(one.id): one.name
        for one in catalogue.activities.values()
        if catalogue.years[one.year].ends >= today
    }
    classes = tuple(Choice(level, level) for level in await levels(today))
    fields: tuple[Field[Any], ...] = (
        OneOf("ecole", "École", choices=(Choice("", "Toutes les écoles"), *_choices(schools))),
        OneOf("classe", "Classe", choices=(Choice("", "Toutes les classes"), *classes)),
        OneOf("activite", "Activité", choices=(Choice("", "Toutes les activités"), *_choices(activities))),
        DAY,
        OWING,
        *beginning.topics_and_words(await beginning.topics()),
        WAY,
    )
    filled = fill(fields, said)
    values = filled.values
    reach = Reach(
        whole(values.get("ecole")),
        values.get("classe", ""),
        whole(values.get("activite")),
        filled.of(DAY),
        owing=bool(values.get("solde")),
    )
    found = await reached(reach, today)
    words = to_whom(
        len(found.families),
        schools.get(values.get("ecole", ""), ""),
        reach.level,
        activities.get(values.get("activite", ""), ""),
        reach.day,
        owing=reach.owing,
    )
    click = plain_key(said, "click") or secrets.token_urlsafe(16)
    return Asked(fields, filled, reach, found, words, click)


def _choices(names: Mapping[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(id, name) for id, name in names.items())


async def _page(
    request: StaffRequest, asked: Asked, errors: Mapping[str, str], status: int = 200
) -> Response:
    nothing_sent = not errors and status == 200
    filled = Filled(asked.filled.typed, asked.filled.values, {} if nothing_sent else asked.filled.errors)
    known = {
        "asked": asked,
        "filled": filled,
        "errors": errors,
        "whom": asked.fields[:5],
        "what": asked.fields[5:],
        "new": NEW,
        "preview": f"{PLACE}/apercu",
        "taken": TAKEN,
        "place": PLACE,
    }
    return render(request, "admin/messages/mass_new.html", known, status)


async def _confirm(request: StaffRequest, asked: Asked, errors: Mapping[str, str]) -> Response:
    file = await MassAttachment.filter(click=asked.click).only("id", "name", "size").first()
    known = {"asked": asked, "file": file, "errors": errors, "new": NEW, "place": PLACE}
    return render(request, "admin/messages/mass_confirm.html", known, 422 if errors else 200)
