"""A village from nothing: the first administrator, the seven steps, a family's first day."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest

from models import clock
from models.access.member import Member
from models.access.staff import first_administrator
from models.access.staff.first_administrator import Said, Unfit
from models.activities.activity import Activity
from models.activities.slot import Slot
from models.bookings.booking import Booking
from models.commune.school import School
from models.commune_file.screens import first_run
from models.rules.booking import BookingState
from models.settings import Settings
from models.storage import encryption
from models.work.audit_log import Event
from models.work.email import Email
from tests.portal import Client, Portal, hidden
from tests.town import People, settle
from tests.web.agents import PASSWORD, Clock, password_typed, real_portal, set_up
from tests.web.checkout import parent, words
from web.app import create_app

PLACE = "/mairie/demarrage"
TOWN = {
    "nom": "Saint-Bonnet", "insee": "26004", "zone": "A", "telephone": "04 75 00 00 00",
    "courriel": "mairie@saint-bonnet.example", "adresse": "1 place de l’Église", "ecole": "École du Tilleul",
}  # fmt: skip
NOW = "2026-09-10T10:00"
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def empty(db: str, settings: Settings) -> Portal:
    encryption.use(settings.secret_keys)
    return Portal(create_app(settings), settings)


async def left(browser: Client) -> int:
    found = re.search(r"([0-7]) sur 7", words(await browser.get_page(PLACE)))
    assert found
    return 7 - int(found[1])


async def test_a_village_from_the_terminal_to_the_first_booking(
    empty: Portal, stopped: Clock, at: Callable[[str | datetime], datetime]
) -> None:
    at(NOW)
    await first_administrator.make(Said("Anne Roche", "anne@mairie.example", "mairie", PASSWORD), clock.now())
    real = real_portal(empty)
    anne = await real.client()
    assert (await password_typed(anne, "mairie")).status_code == 303
    await set_up(anne, stopped)
    assert await left(anne) == 7
    assert (await anne.get("/mairie/reglages")).headers["location"] == PLACE
    assert (await anne.post_form(f"{PLACE}/commune", TOWN)).status_code == 303
    assert await left(anne) == 4, "the school, its year and the till came with the commune"
    model = {"modele": "alixan-cantine", "nom_activite": "Cantine"}
    answer = await anne.post_form(f"{PLACE}/activite", model)
    assert answer.status_code == 303, words(answer.text)
    assert await left(anne) == 2, "its prices came with the activity"
    school, meal = await School.get(), await Activity.get()
    assert await slot_name(meal) == meal.name == "Cantine"
    new = "/mairie/familles/nouvelle"
    family = {
        "click": hidden(await anne.get_page(new), "click"), "enfants": 1, "r1_prenom": "Nadia", "r1_nom": "Roux",
        "r1_courriel": "nadia@roux.example", "quotient": "640", "e1_prenom": "Tom", "e1_nom": "Roux",
        "e1_naissance": "04/03/2018", "e1_classe": f"{school.id}-CE1", "e1_activites": [meal.id],
    }  # fmt: skip
    answer = await anne.post_form(new, family)
    assert answer.status_code == 303, words(answer.text)
    assert await left(anne) == 1, await first_run.progress()
    sent = {"parent": 1, "click": "click"}
    assert (await anne.post_form("/mairie/comptes/invitations", sent)).status_code == 303
    assert await left(anne) == 0 and "Tout est prêt" in words(await anne.get_page(PLACE))
    await empty.run_jobs()
    mail = await Email.all().order_by("-id").first()
    assert mail
    link = re.search(r"/activation/\S+", mail.opened[0])
    assert link
    nadia = await empty.client()
    chosen = {"identifiant": "nadia.roux", "mot_de_passe": "un mot de passe de Nadia"}
    assert (await nadia.post_form(link[0], chosen)).headers["location"] == "/accueil"
    home = await parent(empty, "nadia.roux")
    assert meal.billing == "invoiced"
    await home.tick("Tom", await slot_name(meal), "2026-09-21")
    assert (await home.click()).status_code == 303
    assert (await Booking.get()).state == BookingState.CONFIRMED
    assert "le portail est en service" in words(await anne.get_page(PLACE))
    # The mairie's: sign in, the code, the commune, the activity, the family, the invitation.
    told = set(await Event.all().values_list("action", flat=True))
    assert {"member.first", "second_step.set", "commune.begun", "activity.copied", "family.created"} <= told
    await empty.verify()


async def slot_name(activity: Activity) -> str:
    slot = await Slot.filter(activity_id=activity.id).first()
    assert slot
    return slot.name


async def test_what_is_wrong_comes_back_and_nothing_is_done_twice(empty: Portal) -> None:
    """The demo's settings: its agents are asked no second step."""
    await first_administrator.make(Said("Anne Roche", "anne@mairie.example", "mairie", PASSWORD), clock.now())
    anne = await empty.client("mairie")
    for wrong, said in (({"insee": "2600"}, "5 caractères"), ({"ecole": ""}, "nom de l’école")):
        answer = await anne.post_form(f"{PLACE}/commune", TOWN | wrong)
        assert answer.status_code == 422 and said in words(answer.text) and "Saint-Bonnet" in answer.text
    assert (await anne.post_form(f"{PLACE}/commune", TOWN)).status_code == 303
    again = await anne.post_form(f"{PLACE}/commune", TOWN | {"nom": "Ailleurs"})
    assert again.status_code == 422 and "déjà fait" in words(again.text)
    for wrong, said in (
        ({"modele": "alixan-rien"}, "liste"),
        ({"modele": "../x-y"}, "liste"),
        ({}, "Choisissez"),
    ):
        answer = await anne.post_form(f"{PLACE}/activite", {"nom_activite": "Cantine"} | wrong)
        assert answer.status_code == 422 and said in words(answer.text)


async def test_every_model_can_be_copied(empty: Portal) -> None:
    await first_administrator.make(Said("Anne Roche", "anne@mairie.example", "mairie", PASSWORD), clock.now())
    anne = await empty.client("mairie")
    await anne.post_form(f"{PLACE}/commune", TOWN)
    codes = set()
    for model in first_run.models():
        code = model.key.partition("-")[2]
        sent = {"modele": model.key, "nom_activite": f"Notre {code}"}
        answer = await anne.post_form(f"{PLACE}/activite", sent)
        assert answer.status_code == (422 if code in codes else 303), (model.key, words(answer.text))
        codes.add(code)
    assert await Activity.all().count() == len(codes)
    await empty.verify()


async def test_there_is_one_first_administrator(db: str) -> None:
    people: People = await settle()
    said = Said("Anne Roche", "anne@mairie.example", "premier", PASSWORD)
    with pytest.raises(Unfit):
        await first_administrator.make(said, clock.now())
    assert await Member.filter(username="premier").count() == 0 and people.administrator.id
