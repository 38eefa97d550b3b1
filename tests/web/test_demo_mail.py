"""The emails of a demo: newest first, links that can be followed, nothing outside --demo."""

from dataclasses import replace

from models import clock
from models.work.email import Email
from tests.portal import Portal
from web.app import create_app


async def write(key: str, subject: str, text: str) -> None:
    await Email.create(
        key=key,
        recipient="claire@famille.example",
        subject=subject,
        text=text,
        html="",
        written_at=clock.now(),
    )


async def test_the_newest_comes_first_and_links_can_be_followed(portal) -> None:
    town: Portal = await portal("lens", now="2018-08-27T10:00:00")
    await write("a", "Première", "Voir http://127.0.0.1/accueil")
    await write("b", "Deuxième", "<script>alert(1)</script>")
    page = await (await town.client()).get_page("/demo/courriels")
    assert page.index("Deuxième") < page.index("Première")
    assert '<a href="http://127.0.0.1/accueil">' in page
    assert "<script>alert" not in page and "&lt;script&gt;" in page


async def test_a_real_portal_has_no_such_page(portal) -> None:
    town: Portal = await portal("lens", now="2018-08-27T10:00:00")
    settings = replace(town.settings, demo=False)
    real = Portal(create_app(settings), settings)
    await (await real.client()).get_page("/demo/courriels", status=404)
    await (await real.client()).get_page("/demo/sms", status=404)
    await real.close()
