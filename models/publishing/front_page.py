"""What the first page shows, and when any of it changed last."""

from dataclasses import dataclass
from datetime import date, timedelta

from models.publishing.meal_menu import MealMenu
from models.publishing.news import News
from models.publishing.published_document import PublishedDocument
from models.rules.calendar import week
from models.rules.menus.dishes import Served


@dataclass(frozen=True, slots=True)
class WeekOfMenus:
    """Monday to Sunday; only days that have a menu."""

    monday: date
    meals: list[Served]

    @property
    def last(self) -> date:
        return self.monday + timedelta(days=4)

    @property
    def days(self) -> list[tuple[date, list[Served]]]:
        found: dict[date, list[Served]] = {}
        for served in self.meals:
            found.setdefault(served.day, []).append(served)
        return list(found.items())


@dataclass(frozen=True, slots=True)
class FrontPage:
    news: list[News]
    documents: list[PublishedDocument]
    menus: WeekOfMenus
    changed_on: date | None  # the newest of the news and documents that are shown


async def front_page(today: date) -> FrontPage:
    news, documents = await News.current(today), await PublishedDocument.current(today)
    dated = [one.dated for one in (*news, *documents)]
    return FrontPage(news, documents, await week_of_menus(today), max(dated, default=None))


async def week_of_menus(day: date) -> WeekOfMenus:
    first, last = week(day)
    return WeekOfMenus(first, await MealMenu.between(first, last))
