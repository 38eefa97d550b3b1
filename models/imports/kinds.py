"""Every kind of file but families, by its code."""

from collections.abc import Mapping
from typing import Any

from models.imports.enrolments import Enrolments
from models.imports.kind import Kind
from models.imports.quotients import Quotients
from models.imports.takings import Takings

KINDS: Mapping[str, Kind[Any]] = {kind.code: kind for kind in (Quotients(), Takings(), Enrolments())}
