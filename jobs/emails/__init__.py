"""The e-mails: from a text and an HTML twin of the same name beside this file."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from models import french
from models.clock import now
from models.work.email import Email


def drawn(name: str, key: str, recipient: str, facts: Mapping[str, Any]) -> Email:
    """An e-mail from the two templates of that name."""
    return Email(
        key=key,
        recipient=recipient,
        subject=facts["subject"],
        text=_templates(html=False).get_template(f"{name}.txt").render(facts),
        html=_templates(html=True).get_template(f"{name}.html").render(facts),
        no_reply=facts.get("no_reply", False),
        written_at=now(),
    )


@cache
def _templates(*, html: bool) -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=html,  # noqa: S701 (a text has nothing to escape)
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    made.filters.update({name: getattr(french, name) for name in french.__all__})
    return made
