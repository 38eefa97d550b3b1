"""What families are told, in words: a function for each kind of notice, in whichever file of this folder.

An e-mail is made of them now (`jobs/emails`); a push message, the bell and paper can be made of the same.
"""

from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules

from models.notices.message import WORDS, Message
from models.work.notice import Notice

for module in iter_modules(__path__):
    import_module(f"{__name__}.{module.name}")


async def message_of(digest: Sequence[Notice]) -> Message | None:
    """In the words of its kind. None when what they tell of is over."""
    return await WORDS[digest[0].kind](digest)
