"""The mairie's pages of the tour. What its menu leads to is there already; a page below it gets its line here."""

from datetime import date

from tests.tour_files import bring_families, imports
from tests.tour_forms import opened
from tests.tour_messages import to_all, write_to_all
from tests.tour_stop import MONDAY, Stop
from tests.tour_town import COOK, READER, STAFF, Town
from web.app import menu


def staff_stops(town: Town) -> list[Stop]:
    """The mairie has refused one of Lina’s requests."""
    town.refuse()
    town.see()
    town.sign("camille.durand")
    batch = town.collect(MONDAY.replace(day=1))
    campaign = f"/mairie/facturation/{town.drafts()}"
    roll = town.roll(date(2025, 9, 22))
    return [
        *(Stop(entry.label, entry.href, STAFF) for entry in menu()),
        Stop("dashboard of the kitchen", "/mairie/tableau-de-bord", COOK),
        Stop("lists of a day", f"/mairie/listes?jour={MONDAY}", COOK),
        Stop("lists by class", f"/mairie/listes/classes?jour={MONDAY}", STAFF),
        Stop("roll call", roll, STAFF),
        Stop("roll call, a child looked for", f"{roll}&recherche=hugo", STAFF),
        Stop("roll call, read only", roll, READER),
        Stop("roll call, to come", f"/mairie/pointage?jour={MONDAY}", STAFF),
        Stop("roll call, nothing opens", "/mairie/pointage?jour=2025-10-05", STAFF),
        Stop("lists, nothing opens", "/mairie/listes?jour=2025-10-05", STAFF),
        Stop("account of staff", "/mairie/compte", STAFF),
        Stop("passkeys of staff", "/mairie/compte/cles", STAFF),
        Stop("second step, to set up", "/mairie/compte/double-authentification", STAFF),
        Stop("family, to be made anonymous", "/mairie/familles/1/anonymisation", STAFF),
        Stop("family, to be merged", "/mairie/familles/1/fusion", STAFF),
        Stop("family, to be merged with", "/mairie/familles/1/fusion/2", STAFF),
        Stop("household, to part", "/mairie/familles/1/separation", STAFF),
        Stop("household, what parts", "/mairie/familles/1/separation?depart=2&enfant-1=even", STAFF),
        Stop("agent, a new one", "/mairie/utilisateurs/nouveau", STAFF),
        Stop("agent, one of them", "/mairie/utilisateurs/1", STAFF),
        Stop("settings, wrong", "/mairie/reglages", STAFF, 422, {"couleur": "#FFFF00"}, "/mairie/reglages"),
        Stop("logo", "/mairie/reglages/logo", STAFF),
        Stop("code of the tablet", "/mairie/compte/code-tablette", STAFF),
        Stop("retention", "/mairie/reglages/conservation", STAFF),
        Stop("first steps, wrong", "/mairie/demarrage/commune", STAFF, 422, {"nom": ""}, "/mairie/demarrage"),
        Stop("journal, nothing found", "/mairie/journal?recherche=personne", STAFF),
        Stop("who sees what", "/mairie/utilisateurs/qui-voit-quoi", STAFF),
        Stop(
            "account of staff, refused",
            "/mairie/compte/mot-de-passe",
            STAFF,
            422,
            {"actuel": ""},
            "/mairie/compte",
        ),
        Stop("messages, one of them", f"/mairie{town.conversation()}", STAFF),
        Stop("messages, read only", f"/mairie{town.conversation()}", READER),
        Stop("message, to whom", "/mairie/messages/nouveau?recherche=durand", STAFF),
        Stop("message, a new one", "/mairie/messages/nouveau?famille=1", STAFF),
        Stop("messages to many", write_to_all(town), STAFF),
        Stop("messages to many, one of them", "/mairie/messages/envois/1", STAFF),
        Stop("message to many, a new one", "/mairie/messages/envois/nouveau", STAFF),
        Stop("message to many, to confirm", "/mairie/messages/envois/nouveau", STAFF, 200, to_all(town)),
        Stop("canned answers", "/mairie/messages/reponses-types", STAFF),
        Stop("canned answers, one of them", "/mairie/messages/reponses-types/1", STAFF),
        Stop("news, a new one", "/mairie/actualites/nouvelle", STAFF),
        Stop("news, one of them", f"/mairie/actualites/{town.news()}", STAFF),
        Stop(
            "news, wrong",
            "/mairie/actualites/nouvelle",
            STAFF,
            422,
            {"titre": ""},
            "/mairie/actualites/nouvelle",
        ),
        Stop("news, none found", "/mairie/actualites?recherche=personne", STAFF),
        Stop("document, a new one", "/mairie/documents/nouveau", STAFF),
        Stop("document, one of them", "/mairie/documents/1", STAFF),
        Stop("menus, wrong", "/mairie/menus", COOK, 422, {"2025-09-22-0": "Colin [poison]"}, "/mairie/menus"),
        Stop("menus, read only", "/mairie/menus", READER),
        Stop("menus by file", "/mairie/menus/fichier", COOK),
        Stop("closed to the kitchen", "/mairie/demandes", COOK, 403),
        Stop("requests, read only", "/mairie/demandes", READER),
        Stop("shuttles", f"/mairie/listes/navettes?jour={MONDAY}", STAFF),
        Stop(
            "groups of a day", f"/mairie/listes/groupes?jour={MONDAY}&creneau={town.slot('cantine')}", STAFF
        ),
        Stop("everything exported", "/mairie/exports/tout", STAFF),
        *imports(opened(town.address, town.cookies(STAFF))),
        Stop("families by file", "/mairie/familles/fichiers", STAFF),
        Stop("families by file, shown", bring_families(opened(town.address, town.cookies(STAFF))), STAFF),
        Stop("class away", town.class_away(), STAFF),
        Stop("a day of the year", "/mairie/calendrier/2026-01-12", STAFF),
        Stop("class away, a new one", "/mairie/classes-absentes/nouvelle", STAFF),
        Stop("search", "/mairie/recherche?recherche=lin", STAFF),
        Stop("search, nothing found", "/mairie/recherche?recherche=personne", STAFF),
        Stop("requests, answered", "/mairie/demandes?etat=traitees", STAFF),
        Stop("requests, one opened", f"/mairie/demandes?demande={town.asked()}&tri=-jour", STAFF),
        Stop("requests, none found", "/mairie/demandes?recherche=personne", STAFF),
        Stop("enrolments, waiting", "/mairie/inscriptions?etat=attente", STAFF),
        Stop("waiting list, by child", "/mairie/liste-attente?tri=enfant", STAFF),
        Stop("a year simulated", "/mairie/simulateur/annee", STAFF),
        Stop("what was odd", "/mairie/a-voir?etat=vus", STAFF),
        Stop(
            "requests, no reason given",
            f"/mairie/demandes/{town.asked()}/refus",
            STAFF,
            422,
            {"motif": ""},
            "/mairie/demandes",
        ),
        *_activities(town),
        *_families(town),
        *_counter(town),
        Stop("campaigns", "/mairie/facturation", STAFF),
        Stop("campaigns, wrong", "/mairie/facturation", STAFF, 422, {"debut": ""}, "/mairie/facturation"),
        Stop("campaign, drafts", campaign, STAFF),
        Stop("campaign, to issue", f"{campaign}?etape=emission", STAFF),
        Stop("invoices", "/mairie/factures", STAFF),
        Stop("invoice", f"/mairie/factures/{town.invoice_of_before()}", STAFF),
        Stop("exports, for the accountant", "/mairie/exports/pes", STAFF),
        Stop("exports, wrong", "/mairie/exports", STAFF, 422, {"debut": ""}, "/mairie/exports"),
        Stop(
            "direct debits, a day that is none",
            "/mairie/prelevements",
            STAFF,
            422,
            {"jusqu_au": ""},
            "/mairie/prelevements",
        ),
        Stop("batch of debits", batch, STAFF),
        Stop("mandates", "/mairie/prelevements/mandats", STAFF),
        Stop("mandate of paper", "/mairie/prelevements/mandats/nouveau", STAFF),
        Stop("what is odd, a wrong sum", "/mairie/a-voir?somme=beaucoup", STAFF),
        Stop("requests, just answered", f"/mairie/demandes?fait={town.refused()}", STAFF),
        Stop("tasks that wait", "/mairie/travaux?vue=en-attente", STAFF),
        Stop("tasks, the e-mails", "/mairie/travaux?vue=courriels", STAFF),
        Stop("not found, mairie", "/mairie/nulle-part", STAFF, 404),
    ]


def _activities(town: Town) -> list[Stop]:
    """The meals, each tab; what is wrong, what has to be confirmed; a new one."""
    place, new = "/mairie/activites/1", "/mairie/activites/nouvelle"
    draft = town.draft_activity()
    tabs = ("seances", "calendrier?jour=2025-12-04", "delais", "tarifs", "adhesion", "apercu")
    return [
        Stop("activity", place, STAFF),
        *(Stop(f"activity, {tab}", f"{place}/{tab}", STAFF) for tab in tabs),
        Stop("activity, read only", f"{place}/tarifs", READER),
        Stop("activity, wrong", f"{place}/identite", STAFF, 409, {"nom": ""}, f"{place}/identite"),
        Stop("activity, a new one", new, STAFF),
        Stop("activity, a draft", f"{draft}/seances", STAFF),
        Stop("activity, a draft that is not whole", f"{draft}/apercu", STAFF),
        Stop("activity, a new one wrong", new, STAFF, 422, {"nom": ""}, new),
    ]


def _families(town: Town) -> list[Stop]:
    """A family with three children, and one that is typed in wrongly."""
    place = f"/mairie/familles/{town.family('sophie.moreau')}"
    new = "/mairie/familles/nouvelle"
    return [
        Stop("family, its summary", place, STAFF),
        Stop("family, its parents", f"{place}/responsables?modifier=foyer", STAFF),
        Stop("family, its children", f"{place}/enfants", STAFF),
        Stop("family, one more child", f"{place}/enfants?modifier=nouveau", STAFF),
        Stop("family, its health", f"{place}/sante", STAFF),
        Stop("family, its papers", f"{place}/pieces", STAFF),
        Stop("family, its quotients", f"{place}/quotients", STAFF),
        Stop("family, what it asked", f"{place}/demandes", STAFF),
        Stop("family, what was written", f"{place}/messages", STAFF),
        Stop("family, its invoices", f"{place}/factures", STAFF),
        Stop("family, its payments", f"{place}/paiements", STAFF),
        Stop("family, its avoirs", f"{place}/avoirs", STAFF),
        Stop("family, its journal", f"{place}/journal", STAFF),
        Stop("family, a day beyond the limit", f"{place}/reservation", STAFF),
        Stop("family, its shuttles", f"{place}/navettes", STAFF),
        Stop("family, read only", f"{place}/enfants", READER),
        Stop(
            "family, a wrong quotient",
            f"{place}/quotients",
            STAFF,
            422,
            {"quotient": "x"},
            f"{place}/quotients",
        ),
        Stop("family, a new one", new, STAFF),
        Stop("family, a new one wrong", new, STAFF, 422, {"r1_prenom": "Ali"}, new),
        Stop("classes", "/mairie/familles/classes", STAFF),
        Stop("classes, who left", "/mairie/familles/sortants", STAFF),
        Stop("classes, going up", "/mairie/familles/passage", STAFF),
    ]


def _counter(town: Town) -> list[Stop]:
    """Linh pays some of her invoice at the counter, by cheque."""
    family = f"/mairie/regie?famille={town.family('linh.nguyen')}"
    paid, receipt = town.hand_over("linh.nguyen")
    return [
        Stop("counter, a family", family, STAFF),
        Stop("counter, just paid", f"/mairie/regie?recu={receipt}", STAFF),
        Stop("counter, nobody found", "/mairie/regie?recherche=personne", STAFF),
        Stop(
            "counter, wrong",
            "/mairie/regie/encaissements",
            STAFF,
            422,
            {
                "famille": str(town.family("linh.nguyen")),
                "moyen": "cheque",
                "donne": "beaucoup",
                "click": "x",
            },
            family,
        ),
        Stop("counter, a receipt", f"/mairie/regie/recus/{receipt}", STAFF),
        Stop("counter, the close of the day", "/mairie/regie/cloture", STAFF),
        Stop("counter, deposits", "/mairie/regie/remises", STAFF),
        Stop("counter, an account to correct", f"/mairie/regie/familles/{town.family('linh.nguyen')}", STAFF),
        Stop("counter, the bank", "/mairie/regie/rapprochement", STAFF),
        Stop("counter, unpaid", "/mairie/regie/impayes", STAFF),
        Stop("counter, who is suspended", "/mairie/regie/suspensions", STAFF),
        Stop(
            "counter, to let a family book on",
            f"/mairie/regie/suspensions/familles/{town.family('linh.nguyen')}",
            STAFF,
        ),
        Stop("counter, refunds", "/mairie/regie/remboursements", STAFF),
        Stop("account, asking for an avoir", "/compte/remboursement", "linh.nguyen"),
        Stop("payment at the counter", paid, "linh.nguyen"),
    ]
