"""What families are told, in words: a function for each kind of notice, in whichever file of this folder or below.

An e-mail (`jobs/emails`), the bell and what rings on a device (`jobs/push`) are made of the same.
"""

from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pkgutil import walk_packages

from models.notices.message import SHORTS, WORDS, Message
from models.work.notice import Notice

for module in walk_packages(__path__, f"{__name__}."):
    import_module(module.name)


async def message_of(digest: Sequence[Notice]) -> Message | None:
    """In the words of its kind. None when what they tell of is over."""
    kind = digest[0].kind
    message = await WORDS[kind](digest)
    if message is None:
        return None
    short, place = SHORTS[kind]
    path = message.link.path if message.link else place
    return replace(message, short=message.short or short, place=message.place or path)
