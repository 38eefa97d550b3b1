"""The session that a browser came with."""

from models.access.session import Session
from web.http import signing
from web.http.auth import PortalRequest


async def close_session(request: PortalRequest) -> None:
    """Before another one begins: nobody keeps one that they came with."""
    settings = request.settings
    secret = signing.unseal(settings, request.cookies.get(signing.session_cookie(settings)))
    if secret:
        await Session.close(secret)
