"""When a parent is reminded of days that were ticked and not validated."""

from datetime import datetime, timedelta

from models.rules.deadlines import PARIS, paris

EVENING = 18 * 60  # minutes after midnight, the day before
SHORTLY = timedelta(hours=3)


def reminds_at(ticked: datetime, closes: datetime) -> datetime | None:
    """The evening before the limit; three hours before it for what was ticked after that evening; else not at all."""
    day = closes.astimezone(PARIS).date() - timedelta(days=1)
    evening, shortly = paris(day, EVENING), closes - SHORTLY
    return next((moment for moment in (evening, shortly) if ticked < moment < closes), None)
