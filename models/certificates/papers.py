"""What stands on the paper of a certificate, from the row as it was issued."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from models.certificates.certificate import Certificate
from models.commune.commune import Commune
from models.commune.till import Till
from models.invoicing.papers import addressee_of, issuer_of
from models.rules import papers
from models.rules.papers import CertifiedChild, Issuer


async def certificates(ids: Sequence[int]) -> dict[int, papers.TaxCertificate]:
    """By id. As many statements for forty as for one."""
    commune = await Commune.with_logo()
    tills = {till.id: till for till in await Till.all().order_by("position", "id")}
    found = await Certificate.filter(id__in=list(ids)).select_related("family", "replaces").order_by("id")
    return {row.id: _certificate(commune, tills, row) for row in found}


async def of_run(run: int) -> list[papers.TaxCertificate]:
    """All that left with it, in the order of the families."""
    issued = Certificate.filter(run_id=run, issued_on__not_isnull=True).order_by("family_id")
    ids: list[int] = await issued.values_list("id", flat=True)  # type: ignore[assignment]
    found = await certificates(ids)
    return [found[id] for id in ids]


def _certificate(commune: Commune | None, tills: dict[int, Till], row: Certificate) -> papers.TaxCertificate:
    return papers.TaxCertificate(
        issuer=_issuer(
            commune, [till for till in tills.values() if till.id in row.tills] or [*tills.values()]
        ),
        addressee=addressee_of(row.recipient, row.family.number),
        payer=row.payer,
        year=row.year,
        issued_on=row.issued_on or date(row.year, 12, 31),
        children=tuple(
            CertifiedChild(
                name=child["name"],
                born_on=date.fromisoformat(child["born"]),
                paid=tuple((label, cents) for label, cents in child["paid"]),
                alternating=child["alternating"],
            )
            for child in row.children
        ),
        replaces=row.replaces.issued_on if row.replaces else None,
    )


def _issuer(commune: Commune | None, tills: Sequence[Till]) -> Issuer:
    """The tills that took the money, the first of which signs."""
    return replace(issuer_of(commune, tills[0]), service=", ".join(till.name for till in tills))
