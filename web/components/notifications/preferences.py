"""« Me prévenir »: what by which channel, and when nothing rings."""

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.notifying import choices
from models.notifying.push_subscription import PushSubscription
from models.rules.notices.quiet_hours import HOURS, USUAL, QuietHours, quiet_hours
from web.components.notifications.devices import PLACE, Known, platform
from web.components.notifications.words import CHANNELS, channels, lines
from web.http.auth import ParentRequest, parent
from web.http.forms import form, whole
from web.page.templates import render

DONE = {
    "choix": "C’est enregistré.",
    "appareil": "Les notifications arriveront sur cet appareil.",
    "retire": "Cet appareil ne recevra plus de notification.",
    "essai": "Une notification d’essai est en route.",
    "personne": "Aucun appareil ne reçoit vos notifications\u00a0: permettez-les d’abord sur celui-ci.",
}


@parent
async def show(request: ParentRequest) -> Response:
    guardian = request.user.guardian
    quiet = quiet_hours(guardian.preferences)
    done, by = request.query_params.get("fait", ""), channels(request.settings)
    context = {
        "lines": lines(request.user, by),
        "channels": [CHANNELS[one] for one in by],
        "phone": guardian.phone,
        "quiet": quiet,
        "hours": quiet or USUAL,
        "all_hours": HOURS,
        "devices": [Known.of(row) for row in await PushSubscription.of(guardian.id)],
        "platform": platform(request.headers.get("user-agent", "")),
        "done": DONE.get(done, ""),
        "kind": "warn" if done == "personne" else "good",
    }
    return render(request, "notifications/preferences.html", context)


@parent
async def choose(request: ParentRequest) -> Response:
    """A box that is not ticked sends nothing: what the form has not is not wanted."""
    sent = await form(request)
    drawn = [choice for line in lines(request.user, channels(request.settings)) for choice in line.choices]
    boxes = [choice for choice in drawn if choice.offered and not choice.locked]
    chosen = {box.name: box.name in sent for box in boxes}
    begins, ends = (whole(str(sent.get(name, ""))) for name in ("de", "a"))
    quiet = None
    if "silence" in sent and begins in HOURS and ends in HOURS and begins != ends:
        quiet = QuietHours(begins or 0, ends or 0)
    await choices.choose(request.user.guardian, chosen, quiet, request.now)
    return RedirectResponse(f"{PLACE}?fait=choix", 303)


routes = [
    Route(PLACE, show, methods=["GET"]),
    Route(PLACE, choose, methods=["POST"]),
]
