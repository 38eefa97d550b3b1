"""« Mes prélèvements »: a mandate is signed with one's password, told masked, collected, rejected, revoked."""

from collections.abc import Awaitable, Callable

import pytest

from models import clock
from models.access import passwords
from models.direct_debit import rejecting
from models.direct_debit.mandate import Mandate
from models.direct_debit.rejecting import Reject
from models.families.guardian import Guardian
from models.money.invoice import Invoice
from models.work.audit_log import Event
from models.work.email import Email
from tests.documents.reading import words as drawn_words
from tests.models.debits import (
    BOOKED,
    IBAN,
    OTHER_IBAN,
    booked,
    every_invoice,
    invoiced,
    of,
    prepared,
    sent,
    settled,
)
from tests.portal import Client, Portal
from tests.web.checkout import parent, words

OpenPortal = Callable[..., Awaitable[Portal]]
HOME = "/factures/prelevements"
STAFF = "/mairie/prelevements/mandats/{}/pdf"
PASSWORD = "portail-famille-demo"
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def town(portal: OpenPortal, monkeypatch: pytest.MonkeyPatch) -> Portal:
    """Its passwords are known without Argon2."""

    async def verify(hashed: str | None, password: str) -> bool:
        return password == PASSWORD

    monkeypatch.setattr(passwords, "verify", verify)
    return await portal("demo", now=BOOKED, change=every_invoice)


@pytest.fixture
async def camille(town: Portal) -> Client:
    return await town.client("camille.durand")


def filled(**others: str) -> dict[str, str]:
    return {"iban": "FR76 3000 6000 0112 3456 7890 189", "titulaire": "Camille Durand", "mot_de_passe": PASSWORD,
            "accord": "1"} | others  # fmt: skip


async def test_a_mandate_is_signed_online(town: Portal, camille: Client) -> None:
    assert "Mettre en place le prélèvement" in words(await camille.get_page(HOME))
    page = words(await camille.get_page(f"{HOME}/mandat"))
    assert "FR72ZZZ123456" in page and "VILLE DE VAL-FLEURI" in page and "8 semaines" in page
    for form, said in (
        (filled(iban=""), "Saisissez l’IBAN"),
        (filled(iban="FR76 3000 6000 0112 3456 7890 188"), "est mal recopié"),
        (filled(iban="BR1500000000000010932840814P2"), "un compte d’un pays de la zone SEPA"),
        (filled(titulaire=" "), "Saisissez le nom du titulaire"),
        (filled(titulaire="x" * 71), "70 caractères au maximum"),
        (filled(accord=""), "Cochez l’autorisation"),
        (filled(mot_de_passe=""), "Saisissez votre mot de passe"),
        (filled(mot_de_passe="devine"), "Le mot de passe n’est pas le bon"),
    ):
        answer = await camille.post_form(f"{HOME}/mandat", form)
        assert answer.status_code == 422 and said in words(answer.text), said
        assert PASSWORD not in answer.text and "devine" not in answer.text
    assert not await Mandate.exists()
    answer = await camille.post_form(f"{HOME}/mandat", filled())
    assert answer.status_code == 303
    mandate = await Mandate.get()
    assert mandate.account == IBAN
    page = await camille.get_page(answer.headers["location"])
    said = words(page)
    assert "•••• 0189" in said and mandate.rum in said and "Votre mandat est signé." in said
    assert "FR7630006" not in page.replace(" ", "") and "Mettre en place" not in said
    assert (await camille.post_form(f"{HOME}/mandat", filled())).status_code == 409, "once"
    assert await Event.filter(action="mandate.signed", family_id=mandate.family_id).count() == 1
    await camille.get_page(f"{HOME}/{mandate.id}/mandat", status=404)  # not drawn yet
    await town.run_jobs()
    kept = bytes((await Mandate.get()).paper or b"")
    assert kept and b"%PDF" not in kept, "sealed, as the account is"
    for who, path in (
        (camille, f"{HOME}/{mandate.id}/mandat"),
        (await town.client("regie"), STAFF.format(mandate.id)),
    ):
        answer = await who.get(path)
        assert answer.headers["cache-control"] == "no-store"
        paper = " ".join(drawn_words(answer.content).split())
        for part in (mandate.rum, "FR72ZZZ123456", "FR76 3000 6000 0112 3456 7890 189", "Signé en ligne le"):
            assert part in paper, part
    written = await Email.filter(subject="Votre mandat de prélèvement est enregistré").order_by("id")
    assert written and mandate.rum in written[0].text and "•••• 0189" in written[0].text
    await town.verify()


async def test_a_till_that_collects_nothing_has_no_mandate(town: Portal, camille: Client) -> None:
    assert (await camille.get(f"{HOME}/mandat?regie=2")).status_code == 404
    assert (await camille.get(f"{HOME}/mandat?regie=x")).status_code == 404


async def test_what_is_collected_is_told_everywhere(town: Portal, camille: Client) -> None:
    """On the list, on the invoice and in the e-mail; then that the bank is asked."""
    await booked(town)
    await camille.post_form(f"{HOME}/mandat", filled())
    await invoiced(town)
    await town.run_jobs()
    debit = await of((await parent(town, "camille.durand")).family)
    said = words(await camille.get_page(HOME))
    assert "Prochain prélèvement Mercredi 3 décembre 2025" in said and debit.invoice.number in said
    list_ = await camille.get_page("/factures")
    assert "Prélèvement le mercredi 3 décembre 2025 sur le compte •••• 0189" in words(list_)
    assert f'value="facture-{debit.invoice_id}"' in list_, "it may be paid before"
    one = words(await camille.get_page(f"/factures/{debit.invoice_id}"))
    assert "vous n’avez rien à faire" in one and "Payer" in one
    mail = await Email.filter(subject__contains="Votre facture").order_by("id").first()
    assert mail and "Prélevée le mercredi 3 décembre 2025" in mail.text and "•••• 0189" in mail.text
    await prepared()
    list_ = await camille.get_page("/factures")
    assert f'value="facture-{debit.invoice_id}"' not in list_ and "ne la payez pas une seconde fois" in words(
        list_
    )
    one = words(await camille.get_page(f"/factures/{debit.invoice_id}"))
    assert "ne la payez pas une seconde fois" in one and "Payer 1,20" not in one
    answer = await camille.get(f"/factures/recapitulatif?choix=facture-{debit.invoice_id}")
    assert answer.status_code == 422


async def test_a_reject_is_told_with_its_reason(town: Portal, camille: Client) -> None:
    await booked(town)
    await camille.post_form(f"{HOME}/mandat", filled())
    await invoiced(town)
    await settled(await sent(await prepared()))
    debit = await of((await parent(town, "camille.durand")).family)
    said = words(await camille.get_page(HOME))
    assert "Prélèvements passés" in said and "Prélevé" in said
    assert "Aucun paiement" in words(await camille.get_page("/paiements")), "no card was charged"
    await rejecting.reject([Reject(debit.id, "AM04")], "member:1", clock.now())
    await town.run_jobs()
    assert "Rejeté : provision insuffisante" in words(await camille.get_page(HOME))
    mail = await Email.filter(subject__contains="Prélèvement rejeté").first()
    assert mail and "provision insuffisante" in mail.text and debit.invoice.number in mail.text
    assert f'value="facture-{debit.invoice_id}"' in await camille.get_page("/factures")
    said = words(await camille.get_page("/compte/historique"))
    assert "Prélèvement rejeté" in said
    assert (await camille.get(f"/paiement/{debit.payment_id}")).status_code == 404, "a ticket is a card’s"


async def test_a_mandate_is_revoked_with_the_password(town: Portal, camille: Client) -> None:
    await camille.post_form(f"{HOME}/mandat", filled())
    mandate = await Mandate.get()
    for password, said in (("", "Saisissez votre mot de passe"), ("devine", "n’est pas le bon")):
        answer = await camille.post_form(f"{HOME}/{mandate.id}/revocation", {"mot_de_passe": password})
        assert answer.status_code == 422 and said in words(answer.text)
    assert (await Mandate.get()).is_active
    answer = await camille.post_form(f"{HOME}/{mandate.id}/revocation", {"mot_de_passe": PASSWORD})
    said = words(await camille.get_page(answer.headers["location"]))
    assert "Le mandat est révoqué." in said and "Mandats clos" in said and "Mettre en place" in said
    assert (await camille.post_form(f"{HOME}/mandat", filled(iban=OTHER_IBAN))).status_code == 303
    assert await Guardian.exists(username="camille.durand")
    await town.verify()


async def test_an_invoice_of_before_the_mandate_is_added_by_the_family(town: Portal, camille: Client) -> None:
    await booked(town)
    await invoiced(town)
    invoice = await Invoice.get(family__guardians__username="camille.durand", before_portal=False)
    assert "Factures qui peuvent être prélevées" not in words(await camille.get_page(HOME))
    refused = await camille.post_form(f"{HOME}/factures/{invoice.id}")
    assert refused.status_code == 409 and "Aucun mandat ne permet" in words(refused.text)
    await camille.post_form(f"{HOME}/mandat", filled())
    assert f"Facture n° {invoice.number}" in words(await camille.get_page(HOME))
    answer = await camille.post_form(f"{HOME}/factures/{invoice.id}")
    said = words(await camille.get_page(answer.headers["location"]))
    assert "rejoint votre prochain prélèvement" in said and "Lundi 17 novembre 2025" in said
    await town.run_jobs()
    [told, *_] = await Email.filter(subject="Une facture sera prélevée")
    assert invoice.number in told.text and "17 novembre 2025" in told.text
    assert (await camille.post_form(f"{HOME}/factures/99999")).status_code == 404
    await town.verify()
