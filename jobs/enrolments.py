"""What is done later about enrolments."""

from jobs.registry import Context, job
from jobs.schedule import At, Every
from models.clock import now


@job("Inscrire depuis la liste d’attente", Every(600))
async def seat_waiting(ctx: Context) -> None:
    """Where places were added, or a server stopped before it passed one on."""
    from models.family_file import seats

    await seats.seat_waiting(now())


@job("Réserver d’office les jours d’une famille")
async def book_by_default(ctx: Context, activity: int, family: int, run: str) -> None:
    from models.presence import booking_days

    await booking_days.book_by_default(activity, family, run, now())


@job("Réserver d’office les jours d’une activité")
async def book_activity_by_default(ctx: Context, activity: int, run: str) -> None:
    from models.presence import booking_days

    await booking_days.book_activity_by_default(activity, run, now())


@job("Réserver d’office ce qui peut l’être", At("03:50"))
async def book_all_by_default(ctx: Context) -> None:
    from models.presence import booking_days

    await booking_days.book_all_by_default(now())


@job("Reprendre ce qu’une activité a réservé d’office")
async def take_back_defaults(ctx: Context, activity: int, run: str) -> None:
    from models.presence import switching

    await switching.take_back_defaults(activity, run, now())


@job("Reprendre ce qui a été réservé d’office pour une famille")
async def take_back_default(ctx: Context, activity: int, family: int, run: str) -> None:
    from models.presence import switching

    await switching.take_back_default(activity, family, run, now())
