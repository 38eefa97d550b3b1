"""What is kept no longer than the commune says."""

from jobs.registry import Context, job
from jobs.schedule import At
from models.clock import now


@job("Appliquer les durées de conservation", At("04:40"))
async def apply_retention(ctx: Context) -> None:
    from models.personal_data import erasures, retention

    await retention.apply_retention(now())
    await erasures.remember(ctx["settings"].data_dir)
