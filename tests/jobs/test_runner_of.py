"""Who does the work for later: the web process itself, or workers that it wakes."""

from dataclasses import replace

from jobs import runner
from jobs.runner import Runner


def test_the_web_process_runs_the_jobs_itself_or_rings_for_workers(settings):
    from jobs.arq_dispatch import ArqDispatch

    assert isinstance(runner.of(settings), Runner)
    assert isinstance(runner.of(replace(settings, redis_url="redis://127.0.0.1:1/0")), ArqDispatch)
