"""« À régler avec elle »: what waits of a family or of the mairie, with the page where it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from models.families.family import Family
from models.family_file import overview
from models.family_file.overview import TillLine
from models.family_file.parents import reading
from models.family_file.parents.reading import Asks
from models.french import day_numeric, euros, plural
from models.money.amounts_due import AmountDue
from models.rules.families.documents import PLAN, Standing
from models.rules.families.health import Health
from web.components.admin.families.place import EDITORS, PLACE
from web.http.auth import StaffRequest


@dataclass(frozen=True, slots=True)
class Settling:
    """One thing; `mark` and `drawing` are those of a day of the planning. `href` "": this reader may not open it."""

    mark: str
    drawing: str
    title: str
    said: str = ""
    href: str = ""
    verb: str = "Ouvrir"


PAPERS = {  # how a paper stands: mark, drawing, in words, what the button says
    Standing.PENDING: ("requested", "m-sent", "reçue, à vérifier", "Vérifier"),
    Standing.MISSING: ("waiting", "m-waiting", "manque", "Ouvrir"),
    Standing.ENDING: ("waiting", "m-waiting", "expire bientôt", "Ouvrir"),
    Standing.OVER: ("refused", "m-refused", "expirée", "Ouvrir"),
    Standing.REFUSED: ("refused", "m-refused", "refusée", "Ouvrir"),
}


async def settling(
    request: StaffRequest, family: Family, children: dict[int, str], tills: Sequence[TillLine]
) -> list[Settling]:
    """`children`: first names by id. As many questions for one thing as for ten."""
    today = request.now.date()
    found = await _papers(request, family, children, today) if request.user.may(EDITORS) else []
    till = _way(request, "/mairie/regie", f"?famille={family.id}")
    found += [_overdue(one, till) for line in tills for one in line.overdue]
    waiting = await overview.waiting(family.id)
    asked = _way(request, "/mairie/demandes", f"?recherche={family.number}")
    written = _way(request, "/mairie/messages", f"?recherche={family.number}")
    odd = _way(request, "/mairie/a-voir", f"?recherche={family.number}")
    if waiting.requests:
        title = f"{plural(waiting.requests, 'demande')} sans réponse"
        found.append(Settling("requested", "m-sent", title, href=asked, verb="Répondre"))
    if waiting.threads:
        title = f"{plural(waiting.threads, 'conversation')} sans réponse"
        found.append(Settling("requested", "m-sent", title, href=written, verb="Répondre"))
    if waiting.anomalies:
        title = f"{plural(waiting.anomalies, 'anomalie de paiement', 'anomalies de paiement')} à voir"
        found.append(Settling("refused", "m-refused", title, href=odd))
    return found


async def _papers(
    request: StaffRequest, family: Family, children: dict[int, str], today: date
) -> list[Settling]:
    asked = await reading.asks(family.id, list(children), today)
    if not Health(plan=True).seen_by(request.user.member.roles).plan:
        asked = [one for one in asked if one.required.per != PLAN]
    return [_paper(one, children, family) for one in asked if one.standing in PAPERS]


def _paper(one: Asks, children: dict[int, str], family: Family) -> Settling:
    mark, drawing, said, verb = PAPERS[one.standing]
    name = one.required.name
    title = f"{name}, {children[one.child]}" if one.child else name
    if one.last and one.standing in (Standing.ENDING, Standing.OVER) and one.last.until:
        said = f"{said}, valable jusqu’au {day_numeric(one.last.until)}"
    elif one.last and one.standing is Standing.PENDING:
        said = f"reçue le {day_numeric(one.last.sent_at.date())}, à vérifier"
    return Settling(mark, drawing, title, said, f"{PLACE}/{family.id}/pieces", verb)


def _overdue(one: AmountDue, href: str) -> Settling:
    said = f"{euros(one.open)}, échue le {day_numeric(one.due_on)}" if one.due_on else euros(one.open)
    return Settling("refused", "m-refused", one.label, said, href, "Encaisser")


def _way(request: StaffRequest, page: str, asked: str) -> str:
    """To a page of the menu that this person may open."""
    open_ = any(entry.href == page and request.user.may(entry.roles) for entry in request.menu)
    return page + asked if open_ else ""
