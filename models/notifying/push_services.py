"""Where a browser may be reached: the services of the browsers that there are. A portal sends nowhere else."""

from urllib.parse import urlsplit

SERVICES = ("fcm.googleapis.com", "updates.push.services.mozilla.com")
FAMILIES = (".push.apple.com", ".notify.windows.com", ".push.services.mozilla.com")
LOOPBACK = "127.0.0.1"
LONGEST = 800


def is_push_service(endpoint: str, *, trial: bool = False) -> bool:
    """An https address of a browser's service; on a trial, one of this very machine too."""
    if len(endpoint) > LONGEST or not endpoint.isascii() or not endpoint.isprintable():
        return False
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if trial and parts.scheme == "http" and host == LOOPBACK:
        return True
    if parts.scheme != "https" or port not in (None, 443) or parts.username is not None:
        return False
    return host in SERVICES or host.endswith(FAMILIES)
