"""What a parent asked to be told of: news of the mairie, the menus of the week."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from models.french import day_and_month, day_without_year
from models.notices.message import Link, Message, fit, words_of
from models.publishing.meal_menu import MealMenu
from models.publishing.news import News
from models.rules.menus.dishes import Meal, Served
from models.rules.money import NBSP
from models.rules.states.notices import NoticeKind
from models.work.notice import Notice


@words_of(NoticeKind.NEWS_PUBLISHED, "Une actualité de la mairie.", "/actualites")
async def published(digest: Sequence[Notice]) -> Message | None:
    """None when it was withdrawn meanwhile."""
    news = await News.get(id=digest[0].id_of_about)
    if news.withdrawn_at:
        return None
    said = [news.summary] if news.summary else ["La mairie publie une actualité."]
    link = Link("Lire l’actualité", f"/actualites/{news.id}")
    return Message(
        fit(f"Actualité{NBSP}: {news.title}", "Une actualité de la mairie"), said, news.title, link
    )


@words_of(NoticeKind.MENUS_WRITTEN, "Les menus de la semaine.", "/menus")
async def menus(digest: Sequence[Notice]) -> Message | None:
    """None when they were taken back meanwhile."""
    monday = datetime.strptime(str(digest[0].id_of_about), "%Y%m%d").date()  # noqa: DTZ007 (a day has no hour)
    served = await MealMenu.between(monday, monday + timedelta(days=6))
    said = [_line(one) for one in served if one.dishes]
    if not said:
        return None
    title = f"Les menus de la semaine du {day_and_month(monday)}"
    return Message(title, said, link=Link("Voir les menus et les allergènes", f"/menus?debut={monday}"))


def _line(served: Served) -> str:
    """« Lundi 6 octobre : Soupe, Riz »."""
    day = day_without_year(served.day).capitalize()
    where = [served.meal] * (served.meal != Meal.LUNCH) + [served.restaurant] * bool(served.restaurant)
    of_meal = f" ({', '.join(where)})" if where else ""
    return f"{day}{of_meal}{NBSP}: {', '.join(dish.name for dish in served.dishes)}"
