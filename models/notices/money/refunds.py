"""What became of an avoir that was to be given back."""

from collections.abc import Sequence

from models.counter.refunds.refund import Refund
from models.french.payments import REFUNDED_BY
from models.notices.message import Link, Message, words_of
from models.rules.money import NBSP, euros
from models.rules.states.notices import NoticeKind
from models.rules.states.payments import PaymentMethod, RefundState
from models.work.notice import Notice


@words_of(NoticeKind.REFUND_ANSWERED, "Réponse à votre demande.", "/compte/historique")
async def answered(digest: Sequence[Notice]) -> Message:
    refund = await Refund.get(id=digest[0].id_of_about).select_related("till")
    link = Link("Voir mon compte", f"/compte/historique?regie={refund.till_id}")
    if refund.state == RefundState.SENT:
        how = REFUNDED_BY[PaymentMethod(refund.method)]
        said = f"{refund.till.name}{NBSP}: {euros(refund.cents)} vous sont remboursés {how}."
        return Message(f"Remboursement de {euros(refund.cents)}", [said], link=link)
    return Message(
        "Votre demande de remboursement",
        [
            f"La mairie n’a pas accepté de rembourser {euros(refund.cents)}{NBSP}: {refund.answer}",
            "La somme reste votre avoir, déduit de votre prochain règlement.",
        ],
        link=link,
    )
