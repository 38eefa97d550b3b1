"""What stands on the paper of a mandate that a family signs."""

from models.commune.commune import Commune
from models.direct_debit.mandate import Mandate
from models.invoicing.papers import addressee_of, issuer_of
from models.invoicing.recipients import recipients_of
from models.rules import papers
from models.rules.deadlines import PARIS


async def mandate_paper(mandate: Mandate) -> papers.Mandate:
    """`family` and `till` are loaded. Raises encryption.Unreadable."""
    recipient = (await recipients_of([mandate.family_id]))[mandate.family_id].text
    return papers.Mandate(
        issuer=issuer_of(await Commune.with_logo(), mandate.till),
        addressee=addressee_of(recipient, mandate.family.number),
        rum=mandate.rum,
        ics=mandate.till.ics or "",
        creditor=mandate.till.creditor or mandate.till.name,
        holder=mandate.holder,
        iban=mandate.account,
        bic=mandate.bic,
        issued_on=mandate.made_at.astimezone(PARIS).date(),
        online_on=mandate.signed_on if mandate.made_by.startswith("guardian:") else None,
    )
