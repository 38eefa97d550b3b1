"""What browsers are told with every answer, errors and static files included; with pages a little more."""

from starlette.responses import Response

from models.settings import Settings

Header = tuple[bytes, bytes]

OFF = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture",
    "encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope", "hid", "idle-detection",
    "local-fonts", "magnetometer", "microphone", "midi", "payment", "picture-in-picture",
    "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
# Said of pages, and of what leads to one: a style, a script or a picture has no use for it, and a phone pays for each
# (the referrer's policy is what browsers do by themselves).
OF_PAGES = frozenset(
    (b"permissions-policy", b"x-frame-options", b"cross-origin-opener-policy", b"referrer-policy")
)
# What asks for a part of a page (`HX-Request`) is a script of ours: no browser sends that header for a document, an
# image or another site, and the page that takes the part in was told the rest. Each tick would pay for it.
OF_PARTS = frozenset((b"x-content-type-options", b"cache-control"))
PART_ALONE: Header = (b"content-security-policy", b"sandbox")
YEAR = 365 * 24 * 3600


def always(settings: Settings, banks: tuple[str, ...] = ()) -> list[Header]:
    """`banks`: the hosts that a form may lead to."""
    chosen = {
        "content-security-policy": policy(settings, banks),
        "x-content-type-options": "nosniff",
        "referrer-policy": "strict-origin-when-cross-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": ", ".join(f"{feature}=()" for feature in OFF),
        "x-frame-options": "DENY",
        "cache-control": "no-store",
    }
    if settings.base_url.startswith("https://"):
        chosen["strict-transport-security"] = f"max-age={YEAR}; includeSubDomains"
    return [(name.encode(), value.encode()) for name, value in chosen.items()]


def of_parts(always: list[Header]) -> list[Header]:
    """Of these, what is told with a part of a page."""
    return [*(header for header in always if header[0] in OF_PARTS), PART_ALONE]


def policy(settings: Settings, banks: tuple[str, ...] = ()) -> str:
    """Forms lead to this portal by its own name too: a demo may be looked at under another one."""
    forms = " ".join(["'self'", settings.base_url, *banks])
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action {forms}; "
        "frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
    )


def cookie(settings: Settings, name: str, value: str) -> Header:
    """As a raw header, for an answer that is made already."""
    carrier = Response()
    carrier.set_cookie(name, value, path="/", secure=settings.secure, httponly=True, samesite="lax")
    return next(header for header in carrier.raw_headers if header[0] == b"set-cookie")
