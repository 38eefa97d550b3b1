"""What is done later about families whose files were merged."""

from jobs.registry import Context, job
from jobs.schedule import At
from models.clock import now


@job("Reporter ce qui arrive encore sur un dossier fusionné", At("04:40"))
async def carry_late(ctx: Context) -> None:
    """A rejected debit, a late payment, a corrected day."""
    from models.households import balances

    await balances.carry_late(now())
