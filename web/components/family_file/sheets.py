"""The forms of the file, each on an address of its own: what they ask, what they begin with, what they do."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from models.families.child import Child
from models.families.file.consent import ConsentAnswer
from models.families.file.contact import ChildContact, NewContact, TooManyContacts
from models.families.file.health import ChildHealth
from models.family_file.parents import asking, own, reading
from models.family_file.parents.asking import NewPerson
from models.rules.families.consents import CONSENTS
from models.rules.families.health import Health, in_order
from models.rules.families.household import DELIVERIES, SCHEMES
from models.rules.menus.dishes import ALLERGENS
from web.components.family_file.questions import Answers, Question
from web.http.auth import ParentRequest

HERE, ASKED = "modifiable ici", "sur demande"
Asking = Callable[[ParentRequest, Child | None], Awaitable[tuple[Question, ...]]]
Begin = Callable[[ParentRequest, Child | None], Awaitable[Mapping[str, Any]]]
Save = Callable[[ParentRequest, Child | None, Answers, str], Awaitable[None]]


class CannotSave(Exception):
    """By the names of questions, what is wrong with them; "" for the whole form."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(errors)
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str  # the end of its address
    title: str
    bucket: str  # HERE: it is done at once; ASKED: the mairie answers
    asks: Asking
    begins: Begin
    save: Save
    about: str = ""
    of_child: bool = False

    @property
    def submit(self) -> str:
        return "Enregistrer" if self.bucket == HERE else "Envoyer la demande"


def _always(*questions: Question) -> Asking:
    async def asks(request: ParentRequest, child: Child | None) -> tuple[Question, ...]:
        return questions

    return asks


async def _nothing(request: ParentRequest, child: Child | None) -> Mapping[str, Any]:
    return {}


PHONES = (
    Question("mobile", "Téléphone mobile", "phone", autocomplete="tel"),
    Question("domicile", "Téléphone du domicile", "phone"),
    Question("travail", "Téléphone du travail", "phone"),
)


async def _own_phones(request: ParentRequest, child: Child | None) -> Mapping[str, Any]:
    guardian = request.user.guardian
    return {one.name: getattr(guardian, column) or "" for one, column in zip(PHONES, own.PHONES, strict=True)}


async def _set_phones(request: ParentRequest, child: Child | None, said: Answers, click: str) -> None:
    mobile, home, work = (said.values[one.name] for one in PHONES)
    await own.set_phones(request.user.guardian, (mobile, home, work), request.now)


DELIVERY = Question(
    "factures",
    "Je reçois mes factures",
    "radio",
    missing="Choisissez une réponse.",
    choices=tuple(DELIVERIES.items()),
)


async def _own_delivery(request: ParentRequest, child: Child | None) -> Mapping[str, Any]:
    return {DELIVERY.name: request.user.family.invoice_delivery}


async def _set_delivery(request: ParentRequest, child: Child | None, said: Answers, click: str) -> None:
    await own.set_delivery(request.user.guardian, said.values[DELIVERY.name], request.now)


ADDRESS = Question(
    "adresse",
    "Adresse",
    "lines",
    "Numéro et rue, puis code postal et ville.",
    "Saisissez votre adresse.",
    400,
)


async def _own_address(request: ParentRequest, child: Child | None) -> Mapping[str, Any]:
    return {ADDRESS.name: request.user.family.address}


async def _ask_address(request: ParentRequest, child: Child | None, said: Answers, click: str) -> None:
    await asking.household(request.user.guardian, {"address": said.values[ADDRESS.name]}, click, request.now)


FUND = {
    "holder": Question("allocataire", "Nom de l’allocataire"),
    "scheme": Question("regime", "Régime", "one", choices=tuple(SCHEMES.items())),
    "holder_number": Question("numero", "Numéro d’allocataire", longest=30),
    "dependants": Question("enfants", "Enfants à charge", "number", most=30),
}


async def _own_fund(request: ParentRequest, child: Child | None) -> Mapping[str, Any]:
    family = request.user.family
    kept = {one.name: getattr(family, column) for column, one in FUND.items()}
    return {name: "" if value is None else str(value) for name, value in kept.items()}


async def _ask_fund(request: ParentRequest, child: Child | None, said: Answers, click: str) -> None:
    wanted = {column: said.values[one.name] for column, one in FUND.items()}
    texts = {column: value or "" for column, value in wanted.items() if column != "dependants"}
    await asking.household(
        request.user.guardian, {**texts, "dependants": wanted["dependants"]}, click, request.now
    )


ROLE = Question(
    "qui", "Qui ajouter\u00a0?", "radio", missing="Choisissez une réponse.",
    choices=(("child", "Un enfant"), ("guardian", "Un autre responsable")),
)  # fmt: skip
PERSON = (
    ROLE,
    Question("prenom", "Prénom", missing="Saisissez le prénom."),
    Question("nom", "Nom", missing="Saisissez le nom."),
    Question("naissance", "Date de naissance", "day", "Pour un enfant."),
    Question("courriel", "Adresse e-mail", "email", "Pour un responsable."),
    Question("telephone", "Téléphone", "phone", "Pour un responsable, si vous le souhaitez."),
)


async def _ask_person(request: ParentRequest, child: Child | None, said: Answers, click: str) -> None:
    values, errors = said.values, {}
    is_child = values[ROLE.name] == "child"
    if is_child and (values["naissance"] is None or values["naissance"] > request.now.date()):
        errors["naissance"] = "Saisissez la date de naissance de l’enfant."
    if not is_child and values["courriel"] is None:
        errors["courriel"] = "Saisissez l’adresse e-mail du responsable."
    if errors:
        raise CannotSave(errors)
    person = NewPerson(
        values[ROLE.name],
        values["prenom"],
        values["nom"],
        values["naissance"] if is_child else None,
        None if is_child else values["courriel"],
        None if is_child else values["telephone"],
    )
    await asking.person(request.user.guardian, person, click, request.now)


async def _health_questions(request: ParentRequest, child: Child | None) -> tuple[Question, ...]:
    diets = tuple((diet, diet[0].upper() + diet[1:]) for diet in await reading.diets())
    return (
        Question("regime", "Régime alimentaire", "one", choices=(("", "Aucun"), *diets)),
        Question("allergies", "Allergies", "some", choices=tuple((word, word) for word in ALLERGENS)),
        Question("pai", "Un projet d’accueil individualisé (PAI)", "some", choices=(("oui", "Oui"),)),
        Question("pai_fin", "Fin du PAI", "day", "Si le PAI a une date de fin."),
    )


async def _own_health(request: ParentRequest, child: Child | None) -> Mapping[str, Any]:
    _, health = await ChildHealth.version_of(child.id if child else 0)
    return {
        "regime": health.diet,
        "allergies": list(health.allergens),
        "pai": ["oui"] if health.plan else [],
        "pai_fin": health.plan_until.isoformat() if health.plan_until else "",
    }


async def _ask_health(request: ParentRequest, child: Child | None, said: Answers, click: str) -> None:
    values = said.values
    plan = bool(values["pai"])
    if values["pai_fin"] and not plan:
        raise CannotSave({"pai": "Cochez «\u00a0Oui\u00a0» pour un PAI qui a une date de fin."})
    until = values["pai_fin"] if plan else None
    wanted = Health(values["regime"] or "", in_order(values["allergies"]), plan, until)
    await asking.health(request.user.guardian, child.id if child else 0, wanted, click, request.now)


USES = Question(
    "role", "Cette personne", "some", missing="Cochez au moins une case.",
    choices=(("collects", "peut venir chercher mon enfant"), ("emergency", "est à prévenir en cas d’urgence")),
)  # fmt: skip
CONTACT = (
    Question("nom", "Prénom et nom", missing="Saisissez le prénom et le nom."),
    Question(
        "lien",
        "Lien avec l’enfant",
        hint="Par exemple grand-mère, voisin.",
        missing="Saisissez le lien.",
        longest=60,
    ),
    Question("telephone", "Téléphone", "phone", missing="Saisissez le téléphone."),
    USES,
)


async def _add_contact(request: ParentRequest, child: Child | None, said: Answers, click: str) -> None:
    values, uses = said.values, said.values[USES.name]
    contact = NewContact(
        click, values["nom"], values["lien"], values["telephone"], "collects" in uses, "emergency" in uses
    )
    try:
        await ChildContact.add(request.user.guardian, child.id if child else 0, contact, request.now)
    except TooManyContacts:
        raise CannotSave(
            {"": "Cet enfant a déjà beaucoup de contacts\u00a0: retirez-en un d’abord."}
        ) from None


CONSENT = tuple(
    Question(
        one.code,
        one.title,
        "radio",
        one.words,
        "Choisissez une réponse.",
        choices=(("oui", "Oui"), ("non", "Non")),
    )
    for one in CONSENTS
)


async def _own_consents(request: ParentRequest, child: Child | None) -> Mapping[str, Any]:
    answers = (await ConsentAnswer.of([child.id])).get(child.id, {}) if child else {}
    return {code: "oui" if row.granted else "non" for code, row in answers.items()}


async def _answer_consents(request: ParentRequest, child: Child | None, said: Answers, click: str) -> None:
    answers = {name: value == "oui" for name, value in said.values.items()}
    await ConsentAnswer.answer(request.user.guardian, child.id if child else 0, answers, request.now)


SHEETS = (
    Sheet("telephones", "Mes téléphones", HERE, _always(*PHONES), _own_phones, _set_phones),
    Sheet("factures", "Envoi de mes factures", HERE, _always(DELIVERY), _own_delivery, _set_delivery),
    Sheet("adresse", "Changer d’adresse", ASKED, _always(ADDRESS), _own_address, _ask_address),
    Sheet("allocataire", "Allocataire", ASKED, _always(*FUND.values()), _own_fund, _ask_fund),
    Sheet("personne", "Ajouter une nouvelle personne", ASKED, _always(*PERSON), _nothing, _ask_person),
)
OF_CHILD = (
    Sheet(
        "repas", "Repas et santé", ASKED, _health_questions, _own_health, _ask_health, of_child=True,
        about="Indiquez ce que la cantine doit savoir, sans en dire la raison. Ces informations sont chiffrées, "
        "et chaque lecture par la mairie est notée.",
    ),
    Sheet(
        "personnes", "Ajouter une personne de confiance", HERE, _always(*CONTACT), _nothing, _add_contact,
        of_child=True, about="Les parents de l’enfant sont prévenus par e-mail.",
    ),
    Sheet(
        "autorisations", "Autorisations", HERE, _always(*CONSENT), _own_consents, _answer_consents, of_child=True,
        about="Vous pouvez changer d’avis à tout moment\u00a0; la date de chaque réponse est gardée.",
    ),
)  # fmt: skip
