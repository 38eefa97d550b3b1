"""The jobs of what the mairie says to many: messages, news, menus, and the text messages that carry what is urgent.

As in `registry`: verbs are imported inside, so that a process only pays for what it runs.
"""

from jobs.registry import Context, job
from jobs.schedule import At, Every
from models.clock import now


@job("Écrire à plusieurs familles")
async def send_mass_message(ctx: Context, mass: int, after: int) -> None:
    from models.messages.mass import sending

    await sending.send_mass_message(mass, after, now())


@job("Envoyer un SMS")
async def send_text(ctx: Context, text: int) -> None:
    from jobs import texting

    await texting.send(ctx["settings"], text)


@job("Demander ce qu’est devenu un SMS")
async def ask_text(ctx: Context, text: int, turn: int) -> None:
    from jobs import texting

    await texting.ask(ctx["settings"], text, turn)


@job("Annoncer les actualités à qui les demande", Every(600))
async def tell_news(ctx: Context) -> None:
    from models.publishing import telling

    await telling.tell_news(now())


@job("Annoncer les menus de la semaine à qui les demande", At("18:00"))
async def tell_menus(ctx: Context) -> None:
    from models.publishing import telling

    await telling.tell_menus(now())
