"""What is done later about enrolments."""

from jobs.registry import Context, job
from jobs.schedule import Every
from models.clock import now


@job("Inscrire depuis la liste d’attente", Every(600))
async def seat_waiting(ctx: Context) -> None:
    """Where places were added, or a server stopped before it passed one on."""
    from models.family_file import seats

    await seats.seat_waiting(now())
