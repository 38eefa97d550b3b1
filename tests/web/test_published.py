"""What everybody reads: the first page, news, documents, menus, prices, legal pages."""

import html
import re
from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import pytest

from models.access.member import Member
from models.access.passwords import DEMO_PASSWORD
from models.clock import now
from models.commune.commune import Commune
from models.publishing.news import News
from models.publishing.published_document import PublishedDocument
from tests.portal import Client, Portal
from tests.web.checkout import words
from tests.web.test_budgets import KB, linked, weight

OpenPortal = Callable[..., Awaitable[Portal]]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
MARCH = "2019-03-15T10:00:00"
DEMO = "2025-09-22T10:00:00"


@pytest.fixture
async def stranger(portal: OpenPortal) -> Client:
    return await (await portal("demo", now=DEMO)).client()


async def test_the_first_page_before_signing_in_as_the_tutorial_shows_it(portal: OpenPortal) -> None:
    """Story U4."""
    visitor = await (await portal("lutins", now=MARCH)).client()
    page = await visitor.get_page("/")
    read = words(page)
    titles = [words(one) for one in re.findall(r"<h3>.*?</h3>", page, re.S)]
    assert titles == [
        "Tutoriel d’aide à la réservation et au paiement des activités cantine / garderie",
        "Bienvenue sur le portail famille",
    ]
    assert "15 mars 2019" in read and "14 mars 2019" in read and read.count("Lire la suite") == 2
    for said in ("Connectez-vous", "Nom d’utilisateur", "Mot de passe", "Se rappeler de moi", "Se connecter"):
        assert said in read
    assert (
        "Retrouvez ici les différents documents mis à disposition en téléchargement par votre commune" in read
    )
    assert "Date de dernière mise à jour : 15/03/2019" in read and "Haut de page" in read
    news = await visitor.get_page(re.findall(r'href="(/actualites/\d+)"', page)[-1])
    assert "Les comptes internautes ont été créés pour toutes les familles" in words(news)
    assert "<strong>Pour info</strong>" in news
    [file] = re.findall(r'href="(/documents/\d+)"', page)
    answer = await visitor.get(file)
    assert answer.content.startswith(b"%PDF-") and answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith('attachment; filename="guide-portail.pdf"')
    assert "sandbox" in answer.headers["content-security-policy"]
    form = {"identifiant": "anne.bourdin", "mot_de_passe": DEMO_PASSWORD}
    for memory, stays in (({}, False), ({"memoire": "1"}, True)):
        await visitor.post_form("/connexion", {**form, **memory})
        assert (await visitor.get("/accueil")).status_code == 200
        visitor.cookies.jar.clear_session_cookies()  # the browser is closed and opened again
        assert ((await visitor.get("/accueil")).status_code == 200) is stays


async def test_without_news_the_first_page_says_so(portal: OpenPortal) -> None:
    read = words(await (await (await portal("lutins", now="2018-06-06T09:00:00")).client()).get_page("/"))
    assert "Aucune actualité pour le moment." in read and "dernière mise à jour" not in read


async def test_the_first_page_has_news_menus_documents_and_ways_on(stranger: Client) -> None:
    page = await stranger.get_page("/")
    read = words(page)
    assert "Menus du 22 au 26 septembre" in read and "Contient : poisson, lait" in read
    assert re.search(r'<li class="now" aria-current="date">\s*<p class="menu-day"><b>Lundi 22', page)
    for way in ("/reglement", "/tarifs", "/mentions-legales", "/accessibilite", "/menus", "mailto:", "tel:"):
        assert f'href="{way}' in page, way


async def test_a_first_visit_fits(stranger: Client) -> None:
    page = await stranger.get_page("/")
    parts = {path: await weight(stranger, path) for path in ["/", *linked(page)]}
    assert any("publications" in path for path in parts)
    assert sum(parts.values()) <= 50 * KB, parts


async def test_news_is_read_from_its_first_day_to_its_last(stranger: Client) -> None:
    strike = await News.get(code="greve")
    await stranger.get_page(f"/actualites/{strike.id}", 404)
    assert strike.title not in html.unescape(await stranger.get_page("/actualites"))
    today = now().date()
    for starts, ends, status in (
        (today, None, 200),
        (today - timedelta(days=9), today, 200),
        (today - timedelta(days=9), today - timedelta(days=1), 404),
        (today + timedelta(days=1), None, 404),
    ):
        await News.filter(id=strike.id).update(starts=starts, ends=ends)
        page = await stranger.get_page(f"/actualites/{strike.id}", status)
        shown = strike.title in html.unescape(await stranger.get_page("/actualites"))
        assert shown == (status == 200) and ("Urgent" in page) == shown, (starts, ends)


async def test_what_is_urgent_comes_first(stranger: Client) -> None:
    await News.filter(code="greve").update(starts=date(2025, 9, 1))
    titles = re.findall(r"<h2>.*?</h2>", await stranger.get_page("/actualites"), re.S)
    assert "Grève" in titles[0] and "végétarien" in titles[1] and "rentrée" in titles[2]


async def test_what_is_withdrawn_does_not_exist(stranger: Client) -> None:
    member, paper, news = (
        await Member.get(username="gestion"),
        await PublishedDocument.get(),
        await News.get(code="rentree"),
    )
    assert "Guide du portail" in await stranger.get_page("/documents")
    await PublishedDocument.withdraw(paper.id, member, now())
    await News.withdraw(news.id, member, now())
    await stranger.get_page(f"/documents/{paper.id}", 404)
    await stranger.get_page(f"/actualites/{news.id}", 404)
    assert "Aucun document pour le moment." in await stranger.get_page("/documents")


async def test_menus_turn_week_by_week(stranger: Client) -> None:
    page = await stranger.get_page("/menus")
    assert "Menus du 22 au 26 septembre" in words(page) and 'href="/menus?debut=2025-09-29"' in page
    after = words(await stranger.get_page("/menus?debut=2025-10-01"))
    assert "Menus du 29 septembre au 3 octobre" in after and "Lasagnes de légumes (végétarien)" in after
    assert "Contient : gluten, lait, céleri" in after  # all the dishes of Tuesday
    holidays = words(await stranger.get_page("/menus?debut=2025-10-20"))
    assert "Aucun menu n’est publié pour cette semaine." in holidays
    for nonsense in ("hier", "9999-12-31", "0001-01-01"):
        assert "22 au 26 septembre" in words(await stranger.get_page(f"/menus?debut={nonsense}"))


async def test_menus_are_open_data_where_the_commune_has_a_siret(stranger: Client) -> None:
    answer = await stranger.get("/menus/menus-collectifs.csv")
    assert answer.status_code == 200 and "Velouté de potiron" in answer.text
    assert 'href="/menus/menus-collectifs.csv"' in await stranger.get_page("/menus")
    await Commune.all().update(siret=None)
    assert (await stranger.get("/menus/menus-collectifs.csv")).status_code == 404
    assert "menus-collectifs.csv" not in await stranger.get_page("/menus")


async def test_prices_are_those_of_the_tariffs(portal: OpenPortal) -> None:
    """And a commune that says nothing of its host is not said to have one."""
    lens = await (await portal("lens", now="2018-08-27T10:00:00")).client()
    read = words(await lens.get_page("/tarifs"))
    assert "ACM du Matin : 0,70 € par réservation." in read and "3,40 € par repas" in read
    assert "n’a pas encore indiqué ici son hébergeur" in words(await lens.get_page("/mentions-legales"))


async def test_prices_name_the_membership(portal: OpenPortal) -> None:
    alixan = await (await portal("alixan", now="2022-07-04T14:00:00")).client()
    assert "Adhésion : 17,00 € par enfant" in words(await alixan.get_page("/tarifs"))


async def test_the_legal_pages_say_who_answers(stranger: Client) -> None:
    read = words(await stranger.get_page("/mentions-legales"))
    assert "Ville de Val-Fleuri" in read and "hébergé par la ville" in read and "21389990000016" in read
    assert "famille@val-fleuri.example" in words(await stranger.get_page("/donnees-personnelles"))


async def test_parents_and_the_mairie_read_them_in_their_own_frame(portal: OpenPortal) -> None:
    town = await portal("demo", now=DEMO)
    for who in ("sophie.moreau", "gestion"):
        browser = await town.client(who)
        for path in ("/actualites", "/documents", "/menus", "/tarifs", "/mentions-legales"):
            assert "Se déconnecter" in await browser.get_page(path)
