"""What the mairie reads of a job is French: « Travaux » shows a name for each."""

from jobs.registry import JOBS
from web.components.admin.tasks.tasks import NAMES


def test_each_job_has_its_french_name() -> None:
    assert set(NAMES) == set(JOBS), "give it a name in NAMES of web/components/admin/tasks/tasks.py"
