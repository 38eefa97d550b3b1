"""Column types that Tortoise lacks."""

from datetime import UTC, datetime
from typing import Any

from tortoise import fields


class Instant(fields.DatetimeField[datetime]):
    """A moment. Kept in UTC, so that SQLite's text comparison is right across a clock change; read in Paris time."""

    def to_db_value(self, value: Any, instance: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return value.astimezone(UTC)
