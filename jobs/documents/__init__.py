"""The papers as PDFs: a plain value in (`models.rules.papers`), bytes out, the same for the same value.

fpdf2 takes more than a second to import: whoever draws nothing does not wait for it. Draw in a job, never in a
transaction or a request.
"""

from collections.abc import Sequence

from models.rules.papers import Paper


def render(paper: Paper) -> bytes:
    return render_together([paper])


def render_together(papers: Sequence[Paper]) -> bytes:
    """Many papers as one file to print, each with its own page numbers. ValueError when there is none."""
    from jobs.documents.papers import drawn

    return drawn(papers)
