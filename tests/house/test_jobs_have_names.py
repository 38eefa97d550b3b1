"""What the mairie reads of a job is French: « Travaux » shows a name for each."""

import pytest

from jobs.registry import JOBS, Context, job
from models.french import jobs as french


def test_each_name_has_its_job() -> None:
    assert set(french.JOBS) == set(JOBS), "a job is made by @job of jobs/registry.py"


def test_a_job_without_a_name_is_none() -> None:
    async def write_poems(ctx: Context) -> None: ...

    with pytest.raises(LookupError, match="give write_poems its French name"):
        job(write_poems)
