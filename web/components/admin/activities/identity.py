"""« Identité » and « Adhésion »: how an activity is called and billed, how a child comes to it."""

from dataclasses import replace
from typing import Any

from models.activities.definition import description
from models.activities.definition.mistake import Mistake
from models.activity_file.definition import Definition
from models.activity_file.site import Site
from web.components.admin.activities import words
from web.components.admin.activities.sheet import Reading, Sent, Tab, same_text, written
from web.components.admin.kit.form import Choice, Email, Field, Filled, Lines, Money, OneOf, Text, Whole, fill

NAME = Text(
    "nom",
    "Nom",
    "Tel que les parents le lisent.",
    "Donnez un nom à l’activité.",
    longest=description.LONGEST_NAME,
)
KIND = OneOf("genre", "Genre", missing="Choisissez un genre.", choices=words.choices(words.KINDS))
PLACE = Text("lieu", "Équipement", "Où les enfants vont, par exemple «\u00a0École Jules-Ferry\u00a0».")
MEMO = Lines("memo", "À savoir", "Quelques phrases pour les parents.", longest=description.LONGEST_MEMO)
KITCHEN = Email(
    "traiteur",
    "Adresse e-mail de la cuisine ou du traiteur",
    "Pour un repas\u00a0: les effectifs y partent à la limite, en PDF et en CSV, sans aucun nom.",
)
BILLING = OneOf(
    "facturation", "Paiement", missing="Choisissez un paiement.", choices=words.choices(words.BILLING)
)
ACCEPTANCE = OneOf(
    "validation",
    "Réservation acceptée",
    missing="Choisissez une réponse.",
    choices=words.choices(words.ACCEPTANCE),
)
PRESENCE = OneOf(
    "presence",
    "Qui vient",
    "D’office\u00a0: chaque jour de chaque enfant inscrit est réservé et facturé, même si sa famille ne fait rien. "
    "Pour ce qui se paie sur la facture du mois.",
    missing="Choisissez une réponse.",
    choices=words.choices(words.PRESENCE),
)
ENROLMENT = OneOf(
    "inscription", "Inscription", missing="Choisissez une réponse.", choices=words.choices(words.ENROLMENT)
)
FEE = Money(
    "adhesion", "Adhésion par enfant et par an", "Sans montant, l’activité ne demande pas d’adhésion."
)
SEATS = Whole(
    "places-inscription",
    "Enfants inscrits dans chaque groupe, au plus",
    "Vide\u00a0: sans limite.",
    least=1,
    most=9999,
)
MEMBERSHIP_FIELDS: tuple[Field[Any], ...] = (ENROLMENT, FEE, SEATS)


def fields(site: Site) -> tuple[Field[Any], ...]:
    till = OneOf("regie", "Régie", choices=tuple(Choice(*one) for one in site.tills.items()))
    membership = MEMBERSHIP_FIELDS if site.fresh else ()  # a tab of its own, but no step
    return (
        NAME,
        KIND,
        PLACE,
        MEMO,
        KITCHEN,
        *([till] if site.tills else []),
        BILLING,
        ACCEPTANCE,
        PRESENCE,
        *membership,
    )


def _typed(definition: Definition, site: Site) -> dict[str, str]:
    said = definition.said
    values = {
        "nom": said.name,
        "genre": said.kind,
        "lieu": said.place,
        "memo": said.memo,
        "traiteur": said.kitchen_email,
        "regie": said.till,
        "facturation": said.billing,
        "validation": said.acceptance,
        "presence": said.presence,
        "inscription": said.enrolment,
        "adhesion": said.membership_fee,
        "places-inscription": said.enrolment_places,
    }
    return written(fields(site), values)


def _read(sent: Sent, definition: Definition, site: Site) -> Reading:
    filled, said = fill(fields(site), sent), definition.said
    values = filled.values
    wanted = replace(
        said,
        name=same_text(values.get("nom"), said.name) or said.name,
        kind=values.get("genre", said.kind),
        place=same_text(values.get("lieu"), said.place),
        memo=same_text(filled.of(MEMO), said.memo),
        kitchen_email=filled.of(KITCHEN) or None,
        till=values.get("regie", said.till),
        billing=values.get("facturation", said.billing),
        acceptance=values.get("validation", said.acceptance),
        presence=values.get("presence", said.presence),
    )
    if site.fresh:
        wanted = _joined(wanted, filled)
    return Reading(replace(definition, said=wanted), filled)


def _membership(definition: Definition, site: Site) -> dict[str, str]:
    said = definition.said
    values = {
        "inscription": said.enrolment,
        "adhesion": said.membership_fee,
        "places-inscription": said.enrolment_places,
    }
    return written(MEMBERSHIP_FIELDS, values)


def _read_membership(sent: Sent, definition: Definition, site: Site) -> Reading:
    filled, said = fill(MEMBERSHIP_FIELDS, sent), definition.said
    return Reading(replace(definition, said=_joined(said, filled)), filled)


def _joined(said: description.Activity, filled: Filled) -> description.Activity:
    fee = filled.of(FEE) or None
    return replace(
        said,
        enrolment=filled.of(ENROLMENT) or said.enrolment,
        membership_fee=fee,
        enrolment_places=filled.of(SEATS),
    )


def _where(mistake: Mistake) -> str:
    if mistake.where:
        return ""
    return {"till": "regie", "presence": "presence"}.get(mistake.key, "")


IDENTITY = Tab(
    "identite", "Identité", _typed, _read, _where, lambda definition, site, filled: {"fields": fields(site)}
)
MEMBERSHIP = Tab(
    "adhesion",
    "Adhésion",
    _membership,
    _read_membership,
    lambda mistake: SEATS.name if mistake.key == "enrolment_places" else "",
    lambda definition, site, filled: {"fields": MEMBERSHIP_FIELDS},
)
