"""What is done later about « Mes données »."""

import asyncio

from jobs.registry import Context, job
from jobs.schedule import Every


@job("Dessiner «\u00a0Mes données\u00a0»")
async def draw_data_copy(ctx: Context, copy_id: int) -> None:
    """Once: the first one stays, and none is drawn for a copy that is over."""
    from jobs.documents import render
    from models.personal_data import readable
    from models.personal_data.data_copy import DataCopy

    copy = await DataCopy.get_or_none(id=copy_id, content=None)
    if copy is not None:
        paper = await readable.paper(copy)
        await copy.keep(await asyncio.to_thread(render, paper))


@job("Effacer les copies de «\u00a0Mes données\u00a0»", Every(600))
async def sweep_data_copies(ctx: Context) -> None:
    from models.personal_data.data_copy import DataCopy

    await DataCopy.sweep_data_copies()
