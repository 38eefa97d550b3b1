"""A message to a family, whatever carries it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from models.rules.states.notices import NoticeKind
from models.work.notice import Notice

LONGEST_TITLE = 60  # letters that a phone shows


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    path: str  # on the portal


@dataclass(frozen=True, slots=True)
class Message:
    title: str
    paragraphs: Sequence[str] = ()
    heading: str = ""  # what the paragraphs are about
    link: Link | None = None
    # What paragraphs cannot say, a table or a list: two templates of this name in `jobs/emails`, and what they draw.
    template: str = "message"
    facts: Mapping[str, Any] = field(default_factory=dict)
    short: str = ""  # for a locked screen: no name, no amount; else that of its kind
    place: str = ""  # on the portal: what it is about; else its link’s, or that of its kind
    no_reply: bool = False  # an answer to the e-mail would reach nobody
    recipient: str = ""  # an address that is not the reader's: not yet, or no more
    secret: bool = False  # it opens an account: what is written of it is kept sealed


# Of the notices that are told together, the oldest first. None: what they tell of is over.
Words = Callable[[Sequence[Notice]], Awaitable[Message | None]]
WORDS: dict[str, Words] = {}
SHORTS: dict[str, tuple[str, str]] = {}  # what a locked screen shows of a kind, where a click leads


def words_of(kind: NoticeKind, short: str, place: str) -> Callable[[Words], Words]:
    """These are the words of a kind. `short` is what anybody may read on a locked screen, `place` where a click leads
    when the message has no link."""

    def register(words: Words) -> Words:
        WORDS[kind], SHORTS[kind] = words, (short, place)
        return words

    return register


def fit(*titles: str) -> str:
    """The first that a phone shows whole."""
    return next((title for title in titles if len(title) <= LONGEST_TITLE), titles[-1])
