"""What they booked, ticked, asked for and did not come to."""

from models.personal_data.part import DAYS, HOME, NO_NAME, Part

_BOOKED = "booking_id IN (SELECT id FROM booking WHERE family_id = {family})"
_ORDERED = "order_id IN (SELECT id FROM family_order WHERE family_id = {family})"

BOOKED = (
    Part(
        "family_order",
        "Commandes",
        HOME,
        told="till_id kind state net debt credit due made_at",
        plain="click hold_until",
        stays=DAYS,
    ),
    Part(
        "order_line",
        "Lignes des commandes",
        _ORDERED,
        told="child_id activity_id slot_id action day cents reason",
        stays=DAYS,
    ),
    Part(
        "booking",
        "Réservations",
        HOME,
        told="child_id slot_id day state cents billed reason late by_default returns note made_at changed_at",
        emptied={"note": None},
        of=HOME,
        stays=DAYS,
    ),
    Part(
        "cart_line",
        "Jours cochés, pas encore validés",
        HOME,
        told="child_id slot_id day action cents reason made_at",
        plain="waits",
        stays=DAYS,
    ),
    Part("batch", "", "", plain="key applied_at back"),
    Part(
        "waiting",
        "Listes d’attente",
        _BOOKED,
        told="since state offered_until",
        plain="priority",
        stays=NO_NAME,
    ),
    Part("absence", "Absences signalées", HOME, told="reason billed told_at", stays=NO_NAME),
    Part(
        "attendance",
        "Pointage",
        _BOOKED,
        told="state reason arrived departed fetched_by proved_on unbooked due_cents noted_at",
        emptied={"fetched_by": None},
        of=_BOOKED,
        stays=DAYS,
    ),
    Part(
        "roll_charge",
        "Jours facturés après le pointage",
        "attendance_id IN (SELECT id FROM attendance WHERE " + _BOOKED + ")",  # noqa: S608
        told="cents at",
        stays=DAYS,
    ),
    Part(
        "cancelled_day", "Jours annulés par la mairie", _BOOKED, told="was cents returned_at kept", stays=DAYS
    ),
    Part(
        "request",
        "Demandes à la mairie",
        HOME,
        told="kind before after state reason made_at answered_at",
        plain="subject form",
        emptied={"reason": "Motif effacé"},
        of=HOME,
        stays="Ce qui fut demandé est vidé mot par mot\u00a0; reste quelle colonne l’était.",
    ),
)
