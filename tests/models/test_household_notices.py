"""Who merges or parts files tells their parents: which number stands, whose account opens, where papers are."""

from collections.abc import Awaitable, Callable

import pytest

from models import clock
from models.families.child import Child
from models.families.family import Family
from models.families.guardian import Guardian
from models.households import merging, parting
from models.households.parting import Choice, Parting
from models.notices.message import LONGEST_TITLE
from models.work.email import Email
from tests.models.merges import agent, typed_twice
from tests.portal import Portal
from tests.web.checkout import hear_the_bank, parent

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
MEAL = "Repas de midi"


@pytest.fixture
async def town(portal: Callable[..., Awaitable[Portal]], monkeypatch: pytest.MonkeyPatch) -> Portal:
    found = await portal("demo", now="2025-11-03T10:00")
    hear_the_bank(found, monkeypatch)
    await found.run_jobs()
    return found


async def written(town: Portal) -> dict[str, str]:
    """By address, what was written to it since."""
    last = await Email.all().order_by("-id").first()
    await town.run_jobs()
    found = await Email.filter(id__gt=last.id if last else 0).order_by("id")
    assert len({one.recipient for one in found}) == len(found), "each is told once"
    assert all(
        len(one.subject) <= LONGEST_TITLE and "€" not in one.text and "None" not in one.text for one in found
    )
    return {one.recipient: f"{one.subject} {' '.join(one.text.split())}" for one in found}


async def test_parents_of_a_merged_file_are_told_once(town: Portal) -> None:
    linh, mai = await Guardian.get(username="linh.nguyen"), await Child.get(first_name="Mai")
    closed, kept = await Family.get(id=linh.family_id), await typed_twice("Mai", mai.born, linh)
    await written(town)
    for _ in range(2):
        await merging.merge(closed.id, kept.id, await agent(), clock.now())
    told = await written(town)
    assert list(told) == [linh.email], "not the account that was made twice"
    said = told[linh.email]
    assert said.startswith(f"Vos deux dossiers n’en font plus qu’un\u00a0: {kept.number}")
    assert (
        f"dossier {closed.number}" in said and "même mot de passe" in said and "/factures/historique" in said
    )
    assert "Vos deux dossiers" in await (await town.client(linh.username)).get_page("/notifications")


async def test_each_home_of_a_parting_is_told_what_is_its_own(town: Portal) -> None:
    camille, olivier = await parent(town, "camille.durand"), await Guardian.get(username="olivier.durand")
    her = (await Guardian.get(username="camille.durand")).email
    lina, noe = await Child.get(first_name="Lina"), await Child.get(first_name="Noé")
    await camille.tick("Noé", MEAL, "2025-11-24")
    await camille.pay()
    await town.run_jobs()
    asked = Parting(camille.family, olivier.id, {lina.id: "even", noe.id: "all"}, Choice.MOVE, "click")
    for _ in range(2):
        new = await Family.get(id=await parting.part(asked, await agent(), clock.now()))
    old, told = await Family.get(id=camille.family), await written(town)
    assert sorted(told) == sorted([her, olivier.email])
    mine, his = told[her], told[olivier.email]
    assert f"Votre dossier {old.number} a changé" in mine and "s’ouvre comme avant" in mine
    assert "Lina (semaines impaires)." in mine and "Noé" not in mine and new.number not in mine
    assert f"Votre nouveau dossier\u00a0: {new.number}" in his and "Lina (semaines paires) et Noé." in his
    assert "/inscrivez-vous" in his and f"celles du dossier {old.number}" in his
    assert "sont dans le nouveau dossier" in mine and "sont dans le nouveau dossier" in his
