"""The jobs of a day at the mairie, registered with those of `jobs/registry.py`."""

from jobs.registry import Context, job
from jobs.schedule import At, Every
from models.clock import now


@job("Arrêter les listes de la cuisine", Every(60))
async def freeze_kitchen_lists(ctx: Context) -> None:
    from models.bookings.day import kitchen_list

    await kitchen_list.freeze_kitchen_lists(now())


@job("Rappeler ce qui prend fin dans les dossiers", At("07:00"))
async def remind_of_ends(ctx: Context) -> None:
    from models.family_file import renewals

    await renewals.remind_of_ends(now())


@job("Écrire au traiteur combien de repas préparer")
async def send_kitchen_list(ctx: Context, list_id: int) -> None:
    from jobs.emails import kitchen

    await kitchen.send_list(ctx["settings"], list_id)
