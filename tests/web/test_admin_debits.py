"""« Prélèvements »: a batch from what was told to its money, rejects by hand and from a bank's file, the mandates."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest

from models import clock
from models.direct_debit import bank_answer
from models.direct_debit.debit import DirectDebit
from models.direct_debit.debit_batch import DebitBatch
from models.direct_debit.mandate import Mandate
from models.money.invoice import Invoice
from models.rules.deadlines import PARIS
from models.rules.money import euros
from models.work.audit_log import Event
from models.work.notice import Notice
from tests.models.debits import BOOKED, IBAN, OTHER_IBAN, booked, every_invoice, invoiced, signed
from tests.portal import Client, Portal
from tests.web.checkout import words

OpenPortal = Callable[..., Awaitable[Portal]]
PLACE = "/mairie/prelevements"
MANDATES = f"{PLACE}/mandats"
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def town(portal: OpenPortal) -> Portal:
    """Camille and Sophie are to be collected on the third of December."""
    town = await portal("demo", now=BOOKED, change=every_invoice)
    camille, sophie = await booked(town)
    await signed(camille.family)
    await signed(sophie.family, OTHER_IBAN, "Sophie Moreau")
    await invoiced(town)
    return town


@pytest.fixture
async def till(town: Portal) -> Client:
    return await town.client("regie")


async def prepared(till: Client) -> DebitBatch:
    await till.post_form(PLACE, {"regie": "1", "jusqu_au": "2025-12-03"})
    return await DebitBatch.all().order_by("-id").first() or pytest.fail("no batch")


async def upload(till: Client, content: str) -> tuple[int, str]:
    fields = {"csrf": await till.token()}
    answer = await till.post(
        f"{PLACE}/rejets", data=fields, files={"fichier": ("rejets.xml", content.encode())}
    )
    return answer.status_code, words(answer.text)


def answered(message: str, *lines: str, group: str = "", space: str = "pain.002.001.10") -> str:
    return (
        f'<?xml version="1.0"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{space}"><CstmrPmtStsRpt>\n'
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{message}</OrgnlMsgId>{group}</OrgnlGrpInfAndSts>\n"
        f"<OrgnlPmtInfAndSts>\n{chr(10).join(lines)}\n</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    )


def line(reference: str, code: str = "AM04", sum: str = "", status: str = "RJCT") -> str:
    amount = f"<OrgnlTxRef><Amt><InstdAmt Ccy='EUR'>{sum}</InstdAmt></Amt></OrgnlTxRef>" if sum else ""
    reason = f"<StsRsnInf><Rsn><Cd>{code}</Cd></Rsn></StsRsnInf>" if code else ""
    told = f"<OrgnlEndToEndId>{reference}</OrgnlEndToEndId><TxSts>{status}</TxSts>{reason}{amount}"
    return f"<TxInfAndSts>{told}</TxInfAndSts>"


async def test_a_batch_goes_from_its_preparation_to_its_money(town: Portal, till: Client) -> None:
    said = words(await till.get_page(PLACE))
    cents = await Invoice.filter(before_portal=False).values_list("cents", flat=True)
    due = words(euros(sum(cents)))  # type: ignore[arg-type]
    assert f"Mercredi 3 décembre 2025 Régie scolaire 2 {due}" in said
    for wrong in ({}, {"regie": "2", "jusqu_au": "2025-12-03"}, {"regie": "1", "jusqu_au": "demain"}):
        assert (await till.post_form(PLACE, wrong)).status_code == 422
    batch = await prepared(till)
    answer = await till.post_form(PLACE, {"regie": "1", "jusqu_au": "2025-12-03"})
    assert answer.status_code == 409 and "Il ne reste rien à prélever" in words(answer.text)
    lot = f"{PLACE}/lots/{batch.id}"
    said = words(await till.get_page(lot))
    assert f"2 prélèvements, {due}" in said and "À transmettre" in said and "•••• 0189" in said
    assert IBAN not in said
    file = await till.get(f"{PLACE}/lots/{batch.id}/fichier")
    assert file.content == batch.content() and "DFT-SDD-25337" in file.headers["content-disposition"]
    assert (await till.post_form(f"{PLACE}/lots/{batch.id}/envoi")).status_code == 303
    assert (await till.post_form(f"{PLACE}/lots/{batch.id}/envoi")).status_code == 409
    assert (await till.post_form(f"{PLACE}/lots/{batch.id}/abandon")).status_code == 409
    assert (await till.post_form(f"{PLACE}/lots/{batch.id}/encaissement")).status_code == 409, "too early"
    assert "L’encaissement se dit à partir du mercredi 3 décembre 2025" in words(await till.get_page(lot))
    clock.shift_to(datetime(2025, 12, 3, 9, tzinfo=PARIS))
    assert "1 à transmettre ou à encaisser" in words(await till.get_page("/mairie/tableau-de-bord"))
    assert (await till.post_form(f"{PLACE}/lots/{batch.id}/encaissement")).status_code == 303
    assert "Encaissé" in words(await till.get_page(lot))
    assert await DirectDebit.filter(state="paid").count() == 2
    await town.run_jobs()
    await town.verify()


async def test_a_batch_is_left_before_it_leaves(town: Portal, till: Client) -> None:
    batch = await prepared(till)
    assert (await till.post_form(f"{PLACE}/lots/{batch.id}/abandon")).status_code == 303
    said = words(await till.get_page(PLACE))
    assert "À préparer" in said and batch.message not in said
    assert "Ce lot n’est jamais parti." in words(await till.get_page(f"{PLACE}/lots/{batch.id}"))
    await town.verify()


async def test_a_file_that_was_cut_short_is_made_when_it_is_asked_for(town: Portal, till: Client) -> None:
    batch = await prepared(till)
    await DebitBatch.filter(id=batch.id).update(file=None, sha256="")
    assert (await till.get(f"{PLACE}/lots/{batch.id}/fichier")).status_code == 404
    assert (await till.post_form(f"{PLACE}/lots/{batch.id}/envoi")).status_code == 409, "nothing to hand over"
    await till.get_page(f"{PLACE}/lots/{batch.id}")
    assert (await till.get(f"{PLACE}/lots/{batch.id}/fichier")).content
    await town.verify()


async def test_a_reject_is_told_by_hand(town: Portal, till: Client) -> None:
    batch = await prepared(till)
    debit = await DirectDebit.filter(batch_id=batch.id).order_by("id").first()
    assert debit
    assert (await till.post_form(f"{PLACE}/{debit.id}/rejet", {"motif": "AM04"})).status_code == 409, (
        "it has not left"
    )
    await till.post_form(f"{PLACE}/lots/{batch.id}/envoi")
    for wrong in ("", "XX99"):
        answer = await till.post_form(f"{PLACE}/{debit.id}/rejet", {"motif": wrong})
        assert answer.status_code == 422 and "Choisissez le motif" in words(answer.text)
    assert (await till.post_form(f"{PLACE}/{debit.id}/rejet", {"motif": "AM04"})).status_code == 303
    said = words(await till.get_page(f"{PLACE}/lots/{batch.id}"))
    assert "AM04 : provision insuffisante" in said
    assert await Event.filter(action="debit.rejected", object=f"debit:{debit.id}").count() == 1
    odd = words(await till.get_page("/mairie/a-voir?objet=rejets"))
    assert "Prélèvement rejeté" in odd and "La facture est de nouveau à payer" in odd
    assert "Présenter de nouveau" in said
    assert (await till.post_form(f"{PLACE}/{debit.id}/nouvelle-presentation")).status_code == 303
    again = await till.post_form(f"{PLACE}/{debit.id}/nouvelle-presentation")
    assert again.status_code == 409 and "attend déjà son prélèvement" in words(again.text)
    assert (await till.post_form(f"{PLACE}/9999/nouvelle-presentation")).status_code == 404
    await town.run_jobs()
    await town.verify()


async def test_a_banks_file_is_taken_whole(town: Portal, till: Client) -> None:
    batch = await prepared(till)
    await till.post_form(f"{PLACE}/lots/{batch.id}/envoi")
    first, second = await DirectDebit.filter(batch_id=batch.id).order_by("id")
    content = answered(
        batch.message, line(first.reference, sum="1.20"), line(second.reference, "", status="ACSC")
    )
    status, _ = await upload(till, content)
    assert status == 303
    assert (await DirectDebit.get(id=first.id)).reason == "AM04"
    assert (await DirectDebit.get(id=second.id)).state == "sent", "the bank took it"
    assert (await upload(till, content))[0] == 303, "the same file again changes nothing"
    assert await Notice.filter(kind="debit_rejected").count() == 1
    group = "<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>FF01</Cd></Rsn></StsRsnInf>"
    whole = answered(batch.message, group=group).replace("<OrgnlPmtInfAndSts>\n\n</OrgnlPmtInfAndSts>", "")
    assert (await upload(till, whole))[0] == 303
    assert [one.reason for one in await DirectDebit.all().order_by("id")] == ["AM04", "FF01"]
    await town.run_jobs()
    await town.verify()


async def test_a_bad_file_is_refused_by_line_and_reason(town: Portal, till: Client) -> None:
    batch = await prepared(till)
    await till.post_form(f"{PLACE}/lots/{batch.id}/envoi")
    first, second = await DirectDebit.filter(batch_id=batch.id).order_by("id")
    good = line(first.reference)
    entity = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    for content, *said in (
        ("", "Choisissez le fichier"),
        ("<Document>\n<oups", "Ligne 2 : ce n’est pas un fichier XML lisible"),
        ("<Document/>", "Ligne 1 : ce n’est pas une réponse de banque"),
        (answered(batch.message, good, space="camt.054.001.08"), "ce n’est pas une réponse de banque"),
        (answered(batch.message, good).replace("?>", f"?>{entity}", 1), "ce n’est pas un fichier XML lisible"),
        (answered("AUTRE", good), "Ligne 3 : ce fichier répond à un lot que ce portail n’a pas fait (AUTRE)"),
        (
            answered(batch.message, good, line("PRLV-999"), line(second.reference, ""), line(second.reference, "AM4")),
            "Ligne 6 : ce prélèvement n’est pas dans le lot (PRLV-999)",
            "Ligne 7 : le motif du rejet manque",
            f"Ligne 8 : ce prélèvement est dit deux fois ({second.reference})",
        ),
        (answered(batch.message, good, line(second.reference, sum="9.99")), "Ligne 6 : ce montant n’est pas celui"),
        (answered(batch.message, good, "<PmtInfSts>RJCT</PmtInfSts></OrgnlPmtInfAndSts><OrgnlPmtInfAndSts>"
                  "<OrgnlPmtInfId>G2</OrgnlPmtInfId><PmtInfSts>RJCT</PmtInfSts>"), "sans dire lesquels"),
        (answered(batch.message, group="<GrpSts>RJCT</GrpSts>"), "le motif du rejet manque"),
    ):  # fmt: skip
        status, told = await upload(till, content)
        assert status == 422, content
        for one in said:
            assert one in told, (one, told)
        assert await DirectDebit.filter(state="sent").count() == 2, "nothing of it counts"
    assert not await Notice.exists(kind="debit_rejected")
    await DirectDebit.filter(id=second.id).update(state="prepared")
    status, told = await upload(till, answered(batch.message, good, line(second.reference)))
    assert status == 422 and "n’a pas été marqué comme transmis" in told
    assert bank_answer.LONGEST >= 1024 * 1024


async def test_mandates_are_listed_added_and_revoked(town: Portal, till: Client) -> None:
    said = words(await till.get_page(MANDATES))
    assert "Camille Durand" in said and "•••• 0189" in said and IBAN not in said
    assert "Sophie Moreau" not in words(await till.get_page(f"{MANDATES}?recherche=durand"))
    assert "Rien ne correspond" in words(await till.get_page(f"{MANDATES}?etat=revoques"))
    page = await till.get_page(f"{MANDATES}/nouveau")
    assert "Numéro de dossier" in words(page)
    good = {
        "dossier": "VF-1003",
        "regie": "1",
        "iban": IBAN,
        "titulaire": "Karim Petit",
        "signature": "2025-11-01",
    }
    for changed, status, told in (
        ({"dossier": "VF-9"}, 422, "Ce dossier n’existe pas."),
        ({"iban": IBAN[:-1] + "8"}, 422, "est mal recopié"),
        ({"signature": "2025-11-04"}, 422, "n’est pas signé demain"),
        ({"titulaire": ""}, 422, "Saisissez le titulaire."),
        ({"dossier": "VF-1001"}, 409, "a déjà un mandat actif"),
    ):
        answer = await till.post_form(f"{MANDATES}/nouveau", good | changed)
        assert answer.status_code == status and told in words(answer.text), told
    assert (await till.post_form(f"{MANDATES}/nouveau", good)).status_code == 303
    made = await Mandate.get(holder="Karim Petit")
    assert made.account == IBAN and made.made_by.startswith("member:")
    await till.get_page(f"{MANDATES}/{made.id}/pdf", status=404)  # not drawn yet
    await town.run_jobs()
    assert (await till.get(f"{MANDATES}/{made.id}/pdf")).content.startswith(b"%PDF")
    assert "Mandat à signer (PDF)" in words(await till.get_page(MANDATES))
    assert (await till.post_form(f"{MANDATES}/{made.id}/revocation")).status_code == 303
    assert "Karim Petit" in words(await till.get_page(f"{MANDATES}?etat=revoques"))
    assert (await till.post_form(f"{MANDATES}/999/revocation")).status_code == 404
    await town.run_jobs()
    await town.verify()
