"""« Reprendre des quotients »: the differences are read before they are written; a wrong file changes nothing."""

import pytest

from models.families.family import Family
from models.families.quotient import Quotient
from tests.portal import Portal, hidden
from tests.web.checkout import words

PAGE = "/mairie/familles/quotients"
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


async def test_a_file_is_read_shown_and_taken(portal) -> None:
    town: Portal = await portal("demo", now="2025-11-03T10:00")
    mairie = await town.client("gestion")
    assert PAGE in await mairie.get_page("/mairie/familles")
    token = hidden(await mairie.get_page(PAGE), "csrf")
    first, second = (await Family.all().order_by("id"))[:2]
    before = await Quotient.all().count()

    async def send(content: str, day: str = "2026-01-01"):
        files = {"fichier": ("qf.csv", content.encode(), "text/csv")}
        return await mairie.post(PAGE, data={"csrf": token, "debut": day}, files=files)

    wrong = await send("dossier;quotient\nVF-nobody;600\n")
    assert wrong.status_code == 422 and "aucune famille n’a ce numéro de dossier (VF-nobody)" in words(
        wrong.text
    )
    assert (await send("dossier;quotient\n", day="")).status_code == 422
    shown = await send(f"dossier;quotient\n{first.number};777\n{second.number};0\n")
    assert "2 quotients changent" in words(shown.text) and await Quotient.all().count() == before
    sent = [("lignes", hidden(shown.text, "lignes"))]
    answer = await mairie.post_form(f"{PAGE}/reprise", sent)
    assert answer.headers["location"] == f"{PAGE}?repris=2"
    assert "2 quotients repris" in words(await mairie.get_page(f"{PAGE}?repris=2"))
    taken = await Quotient.filter(start="2026-01-01").order_by("family_id")
    assert [row.value for row in taken] == [777, 0]
    again = await send(f"dossier;quotient\n{first.number};777\n")
    assert "1 ligne dit ce qui est déjà connu" in words(again.text)
    assert (await mairie.post_form(f"{PAGE}/reprise", [("lignes", "x")])).status_code == 422
    await town.verify()
