"""An issued paper as an answer: the very bytes that were kept."""

from starlette.responses import Response

from models.money.issued_document import IssuedDocument


def shown_paper(paper: IssuedDocument) -> Response:
    """In the window of whoever prints it: the mairie."""
    return _answer(paper, "inline")


def saved_paper(paper: IssuedDocument) -> Response:
    """As a file: a parent's."""
    return _answer(paper, "attachment")


def sealed_paper(content: bytes, name: str) -> Response:
    """One that is kept sealed, opened for whom it is about; as a file."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/pdf", headers=headers)


def _answer(paper: IssuedDocument, how: str) -> Response:
    headers = {"Content-Disposition": f'{how}; filename="{paper.name}"', "Cache-Control": "no-store"}
    return Response(bytes(paper.content), media_type="application/pdf", headers=headers)
