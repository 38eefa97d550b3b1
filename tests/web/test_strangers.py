"""The Petits ask for what is the Durands': nothing of it exists for them. Each route has its line here.

A new route fails `test_each_route_has_its_line` until it has one:
- `Open(why)`: for everybody, and nobody's data.
- `Own()`: the page shows the asker's own family; the address names nothing. A visitor signs in first.
- `Theirs(address)`: the address (or the form) names something of the Durands. The Petits get a 404.

Routes behind `@staff` or `@member` need none: they are `Mairie`, closed to parents with a 403.
"""

import re

import pytest

from models.access.session import Session
from models.settings import Settings
from tests.portal import Client, Portal
from tests.town import People, settle
from tests.web import theirs, theirs_file, theirs_papers, theirs_told
from tests.web.stranger import Form, Mairie, Open, Own, Theirs, all_routes, send
from web.app import create_app
from web.components.planning import live

PAID_AT_ONCE = ("/paiement-immediat", "/paiement-immediat/recapitulatif")
LINES: dict[str, Open | Own | Theirs] = {
    "GET /static/{name}": Open("style, scripts and pictures"),
    "GET /theme.css": Open("the commune's colour"),
    "GET /manifest.webmanifest": Open("the application's name and icons"),
    "GET /sante": Open("says only that the portal is well"),
    "GET /favicon.ico": Open("a picture"),
    "GET /apple-touch-icon.png": Open("a picture"),
    "GET /icone/{key}/{name}": Open("a picture"),
    "GET /logo/{name}": Open("a picture"),
    "GET /sw.js": Open("the worker, the same for everybody"),
    "GET /hors-connexion": Open("says that there is no network"),
    "GET /installer": Open("how to install"),
    "GET /": Open("before signing in"),
    "GET /connexion": Open("before signing in"),
    "POST /connexion": Open("signing in"),
    "GET /session/fin": Open("how long one’s own session lasts; to look is no use of it"),
    "POST /session/fin": Open("the same, and stays signed in"),
    "GET /connexion/cle": Open("leads back to signing in"),
    "POST /connexion/cle": Open("signing in; what the device has signed is the proof"),
    "GET /connexion/code": Open("before signing in, after the password"),
    "POST /connexion/code": Open("signing in; its cookie says who has typed the password"),
    "GET /espace-mairie/invitation/{jeton}": Open("its address is its secret"),
    "POST /espace-mairie/invitation/{jeton}": Open("its address is its secret, for one use"),
    "POST /deconnexion": Open("signing out"),
    "GET /inscrivez-vous": Open("before signing in"),
    "POST /inscrivez-vous": Open(
        "before signing in; a code of the letter, or an e-mail to the address that is known"
    ),
    "GET /inscrivez-vous/envoye": Open("says what comes next"),
    "GET /inscription": Open("leads to the one above"),
    "GET /activation/{jeton}": Open("its address is its secret"),
    "POST /activation/{jeton}": Open("its address is its secret, for one use"),
    "GET /mot-de-passe-oublie": Open("before signing in"),
    "POST /mot-de-passe-oublie": Open("the same answer for everybody"),
    "GET /mot-de-passe-oublie/envoye": Open("the same answer for everybody"),
    "GET /mot-de-passe-oublie/change": Open("says that it is done"),
    "GET /connexion/lien": Open("before signing in"),
    "POST /connexion/lien": Open("the same answer for everybody"),
    "GET /connexion/lien/envoye": Open("the same answer for everybody"),
    "GET /connexion/lien/{jeton}": Open("its address is its secret"),
    "POST /connexion/lien/{jeton}": Open("its address is its secret, for one use"),
    "GET /nouveau-mot-de-passe/{jeton}": Open("its address is its secret"),
    "POST /nouveau-mot-de-passe/{jeton}": Open("its address is its secret, for one use"),
    "POST /banque/{code}/notification": Open("a bank speaks; its signature is its key, or it is asked"),
    "GET /banque/{code}/notification": Open("a bank speaks; its signature is its key, or it is asked"),
    "GET /banque/demo/{jeton}": Open("stands for another site; its address is its secret"),
    "POST /banque/demo/{jeton}": Open("stands for another site; its address is its secret"),
    "GET /planning": Theirs(theirs.child),
    "POST /planning": Theirs(theirs.whole_form, form=theirs.changed),
    "POST /planning/operations": Theirs(theirs.operations, form=theirs.tick),
    "GET /planning/semaines": Theirs(theirs.weeks),
    "GET /planning/case": Theirs(theirs.cell),
    "GET /planning/direct": Own(),
    "GET /planning/direct/jours": Theirs(theirs.live),
    "POST /planning/comme": Theirs(theirs.like, form=theirs.like_previous_week),
    "GET /accueil": Own(),
    "GET /compte": Own(),
    "POST /compte": Own(form=lambda people: {"mobile": "always", "affichage": "sombre"}),
    "GET /compte/mot-de-passe": Own(),
    "POST /compte/mot-de-passe": Own(),
    "POST /compte/appareils/deconnexion": Own(),
    "POST /compte/appareils/{id:int}/deconnexion": Theirs(theirs.device),
    "GET /compte/cles": Own(),
    "POST /compte/cles": Own(),
    "GET /compte/cles/creation": Own(),
    "POST /compte/cles/creation": Own(),
    "POST /compte/cles/{id:int}/suppression": Theirs(theirs_told.passkey),
    "GET /compte/adresse": Own(),
    "POST /compte/adresse": Own(),
    "GET /compte-supprime": Open("says that it is done"),
    "GET /adresse-e-mail/confirmee": Open("says that it is done"),
    "GET /adresse-e-mail/{jeton}": Open("its address is its secret"),
    "POST /adresse-e-mail/{jeton}": Open("its address is its secret, for one use"),
    "GET /notifications": Own(),
    "GET /notifications/{id:int}": Theirs(theirs_told.bell_entry),
    "POST /notifications/lues": Own(),
    "GET /compte/notifications": Own(),
    "POST /compte/notifications": Own(form=lambda people: {"place.email": "1"}),
    "POST /compte/notifications/cle": Own(),
    "POST /compte/notifications/appareils": Own(answers=(400,)),
    "POST /compte/notifications/appareils/{id:int}/suppression": Theirs(theirs_told.browser),
    "POST /compte/notifications/essai": Own(),
    "GET /desabonnement/{jeton}": Open("its address is its secret; a look changes nothing"),
    "POST /desabonnement/{jeton}": Open("its address is its secret, for less e-mail"),
    "GET /aide/guide": Open("how the portal is used, nobody's data"),
    "GET /aide/guide/pdf": Open("the same as a paper"),
    "GET /reglement": Open("deadlines, prices and places, nobody's data"),
    "GET /reglement/pdf": Open("the same as a paper"),
    "GET /actualites": Open("what the commune tells everybody"),
    "GET /actualites/{id:int}": Open("what the commune tells everybody"),
    "GET /documents": Open("what everybody may download"),
    "GET /documents/{id:int}": Open("what everybody may download"),
    "GET /menus": Open("what is served, nobody's data"),
    "GET /menus/menus-collectifs.csv": Open("the same as open data"),
    "GET /tarifs": Open("prices, nobody's data"),
    "GET /mentions-legales": Open("who publishes the portal"),
    "GET /donnees-personnelles": Open("what is kept, of whom, and why"),
    "GET /compte/calendrier": Own(),
    "POST /compte/calendrier": Own(form=lambda people: {"remplace": "1"}),
    "POST /compte/calendrier/suppression": Own(form=lambda people: {"adresse": "1"}),
    "GET /calendrier/{jeton}.ics": Open("read by other programs; its address is its secret"),
    "GET /lecture": Open("how the pages are to be read on this device"),
    "POST /lecture": Open("the same; an account keeps its own"),
    "GET /accessibilite": Open("what the portal is worth to those who read otherwise"),
    "GET /demo/sms": Open("only with --demo, for what its carrier would send"),
    "GET /demo/courriels": Open("only with --demo, for the play money's letters"),
    "GET /planning/semaine-type": Theirs(theirs.type_week),
    "POST /planning/semaine-type": Theirs(theirs.at("/planning/semaine-type"), form=theirs.their_child),
    "POST /planning/semaine-type/appliquer": Theirs(
        theirs.at("/planning/semaine-type/appliquer"), form=theirs.their_child
    ),
    "POST /planning/semaine-type/annuler": Theirs(theirs.batch, form=lambda people: {"lot": "theirs"}),
    "POST /planning/copier": Theirs(theirs.at("/planning/copier"), form=theirs.their_child),
    "POST /planning/effacer": Theirs(theirs.at("/planning/effacer"), form=theirs.their_child),
    "GET /planning/recapitulatif": Own(),
    "POST /planning/recapitulatif": Own(answers=(409,)),
    "POST /planning/brouillon/{ligne:int}/suppression": Theirs(theirs.line),
    "POST /planning/places/{place:int}/abandon": Theirs(theirs.offer),
    "GET /planning/panier": Own(),
    "GET /planning/vider": Own(),
    "POST /planning/vider": Own(),
    "GET /planning/confirmation/{click}": Theirs(theirs.click),
    "GET /paiements": Own(),
    "GET /factures": Own(),
    "GET /factures/selection": Own(),
    "GET /factures/historique": Own(),
    "GET /factures/recapitulatif": Own(answers=(422,)),
    "POST /factures/recapitulatif": Own(answers=(422,)),
    "GET /factures/attestations": Own(),
    "GET /factures/attestations/{id:int}/pdf": Theirs(theirs.certificate),
    "GET /factures/{id:int}": Theirs(theirs.invoice()),
    "GET /factures/{id:int}/pdf": Theirs(theirs.invoice("/pdf")),
    **{line: Own(answers=answers) for line, answers in theirs_file.OWN.items()},
    **{line: Theirs(address) for line, address in theirs_file.THEIRS.items()},
    "GET /messages": Own(),
    "GET /messages/nouveau": Own(),
    "POST /messages/nouveau": Own(form=lambda people: {"enfant": str(people.chloe.id)}, answers=(404,)),
    "GET /messages/themes": Own(),
    "GET /messages/{id:int}": Theirs(theirs_told.thread()),
    "POST /messages/{id:int}": Theirs(theirs_told.thread(), form=lambda people: {"message": "Bonjour"}),
    "GET /messages/{id:int}/pieces/{piece:int}": Theirs(theirs_told.thread("/pieces/{file}")),
    "GET /factures/avoirs": Own(),
    "GET /factures/prelevements": Own(),
    "GET /factures/prelevements/mandat": Own(),
    "POST /factures/prelevements/mandat": Own(answers=(404, 422)),
    "GET /factures/prelevements/{id:int}/mandat": Theirs(theirs_papers.mandate),
    "POST /factures/prelevements/{id:int}/revocation": Theirs(theirs.mandate),
    "POST /factures/prelevements/factures/{id:int}": Theirs(theirs.collectable),
    "GET /compte/historique": Own(),
    "GET /compte/alimenter": Own(),
    "GET /compte/remboursement": Own(),
    "POST /compte/remboursement": Own(),
    "POST /compte/alimenter": Own(answers=(422,)),
    "GET /paiement/{id:int}": Theirs(theirs.payment()),
    "GET /paiement/{id:int}/banque": Theirs(theirs.payment("/banque")),
    "GET /paiement/{id:int}/retour": Theirs(theirs.payment("/retour")),
    "GET /paiement/{id:int}/recu": Theirs(theirs.payment("/recu")),
    "GET /paiement/{id:int}/etat": Theirs(theirs.payment("/etat")),
    "POST /paiement/{id:int}/payer": Theirs(theirs.payment("/payer")),
    "POST /paiement/{id:int}/annulation": Theirs(theirs.payment("/annulation")),
    "GET /absences/nouvelle": Theirs(theirs.absent_child),
    "POST /absences/nouvelle": Theirs(theirs.absent_form, form=theirs.absent),
    "GET /absences/{id:int}": Theirs(theirs.absence),
    "GET /inscriptions": Own(),
    **{
        f"POST /inscriptions{path}": Own(
            form=lambda people: {"inscription": f"{people.chloe.id}-1"}, answers=(404,)
        )
        for path in ("", "/attente", "/attente/fin", "/demande", "/refus", "/reprise", *PAID_AT_ONCE)
    },
    "GET /inscriptions/paiement-immediat": Own(),
    "POST /inscriptions/paiement-immediat/reponse": Own(
        form=lambda people: {"refus": f"{people.chloe.id}-1"}, answers=(404,)
    ),
    "GET /inscriptions/paiement-immediat/recapitulatif": Theirs(
        theirs.asking("/inscriptions/paiement-immediat/recapitulatif")
    ),
}


MAIRIE = {
    line: Mairie(re.sub(r"{[^}]*}", "999999", route.path), roles)
    for line, route in all_routes().items()
    if (roles := vars(route.endpoint).get("opened_to")) is not None
}
STRANGERS: dict[str, Open | Own | Theirs | Mairie] = {**LINES, **MAIRIE}


def test_each_route_has_its_line() -> None:
    assert [route for route in all_routes() if route not in STRANGERS] == [], "add it to LINES"


def test_what_is_the_mairies_has_its_address() -> None:
    assert [line for line in MAIRIE if not line.split(" ")[1].startswith("/mairie")] == []
    assert [line for line in LINES if line.split(" ")[1].startswith("/mairie")] == [], "guard it with @staff"


def test_no_line_outlives_its_route() -> None:
    assert [line for line in LINES if line not in all_routes()] == []


closed = [line for line, kind in LINES.items() if not isinstance(kind, Open)]
on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def people(db: str) -> People:
    return await settle()


@pytest.fixture
def portal(people: People, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Portal:
    monkeypatch.setattr(live, "LIFE", 0)  # seconds: a stream ends at once
    return Portal(create_app(settings), settings)


async def named(line: str, people: People) -> tuple[str, Form]:
    """The address and the form that name what is the Durands'."""
    kind, path = STRANGERS[line], line.split(" ")[1]
    match kind:
        case Theirs():
            return await kind.address(people), kind.form(people)
        case Own(form=form) if form:
            return path, form(people)
        case Mairie():
            return kind.path, {}
    return path, {}


async def ask(browser: Client, line: str, people: People) -> tuple[int, str, str]:
    return await send(browser, line, *await named(line, people))


async def wrong(line: str, portal: Portal, people: People) -> list[object]:
    """A visitor signs in first, a stranger finds nothing: what answers otherwise."""
    path, form = await named(line, people)
    status, _, location = await send(await portal.client(), line, path, form)
    found: list[object] = []
    if status != 303 or not location.startswith("/connexion"):
        found.append((line, "a visitor", status, location))
    status, text, _ = await send(await portal.client(people.petit.username), line, path, form)
    kind = STRANGERS[line]
    expected = kind.answers if isinstance(kind, Own) else (404,) if isinstance(kind, Theirs) else (403,)
    if status not in expected or people.chloe.first_name in text or people.durand.last_name in text:
        found.append((line, "a stranger", status, text))
    return found


@on_sqlite
@pytest.mark.parametrize("line", closed)
async def test_a_visitor_signs_in_first_and_a_stranger_finds_nothing(
    line: str, portal: Portal, people: People
) -> None:
    assert await wrong(line, portal, people) == []


@on_sqlite
async def test_the_mairies_is_closed_to_visitors_and_parents(portal: Portal, people: People) -> None:
    """In one town: who is turned away changes nothing."""
    assert [found for line in MAIRIE for found in await wrong(line, portal, people)] == []


@on_sqlite
async def test_a_number_that_does_not_exist_and_a_strangers_look_the_same(people: People) -> None:
    from starlette.exceptions import HTTPException

    from web.http.auth import Parent

    session = Session(id=1)
    parent = Parent(people.petit, await people.petit.family, session)
    assert (await parent.child(people.hugo.id)).first_name == "Hugo"
    assert [child.first_name for child in await parent.children()] == ["Hugo"]
    for id in (people.chloe.id, 999999):
        with pytest.raises(HTTPException) as refused:
            await parent.child(id)
        assert refused.value.status_code == 404
