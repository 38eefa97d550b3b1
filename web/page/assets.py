"""The static files, read once at start and kept in memory, each at an address that changes with its content.

`static/` and the components' CSS become one sheet; those of the mairie, of the demo bank, of the règlement, of what is
published, of the family's file, of notifications, of passkeys and of the reading help are one more each: a parent at
the planning fetches none of them. Our scripts become one too, and the mairie's another: packed together they weigh a
fifth less than apart. Comments and indents stay here.
"""

import gzip
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import brotli
import rjsmin
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

ROOT = Path(__file__).resolve().parents[2]
SHEET, SCRIPT = "portail.css", "portail.js"
READING = "lecture.css"
APART = {
    "mairie.css": "admin",
    "banque.css": "bank_demo",
    "reglement.css": "rulebook",
    "publications.css": "published",
    READING: "reading",
    "dossier.css": "family_file",
    "guide.css": "guide",
    "inscriptions.css": "enrolments",
    "notifications.css": "notifications",
    "cles.css": "passkeys",
}  # folders of components
SESSION = "session.js"  # of every page of somebody who is signed in
STAFF_SCRIPT = "mairie.js"  # of the folder of the mairie
SCRIPTS_APART = {
    "notifications.js": "notifications",
    "messages.js": "messages",
    "regle.js": "reading",
    "cles.js": "passkeys",
    SESSION: "session_end",
}  # folders of components, for some pages
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".webp": "image/webp",
}
POLICY = "Content-Security-Policy"
ALONE = "default-src 'none'; frame-ancestors 'none'"  # a file is no page: opened by itself, it loads nothing
FOR_EVER = "public, max-age=31536000, immutable"
FEW_MINUTES = "public, max-age=300"

_COMMENT = re.compile(rb"/\*.*?\*/\n?", re.DOTALL)
_QUOTED = re.compile(rb'("[^"]*")')
_AROUND = re.compile(
    rb"\s*([{},>])\s*|(?<=;)\s+|(?<=:)\s+(?=[^;\s])"
)  # not « --dark: ; »: it means something

# What jsmin leaves: ends of lines, what stands before a closing bracket for the next one who adds to it, a longer word.
_NEEDLESS = (
    (re.compile(rb"\n"), b""),
    (re.compile(rb";(?=})|,(?=[)\]}])"), b""),
    (re.compile(rb"\bconst\b"), b"let"),
)


@dataclass(frozen=True, slots=True)
class Asset:
    type: str
    etag: str
    body: bytes
    packed: dict[str, bytes]  # by how, the lightest first

    def sent_as(self, accepted: str) -> tuple[bytes, dict[str, str]]:
        """What travels to a browser that unpacks what it says it does, and how it is told."""
        known = {word.partition(";")[0].strip() for word in accepted.split(",")}
        how = next((how for how in self.packed if how in known), None)
        return (self.packed[how], {"Content-Encoding": how}) if how else (self.body, {})


def asset(name: str) -> str:
    """The address of a static file: `asset("portail.css")`, `asset("icons.svg")`, `asset("planning.js")`."""
    return _catalogue().addresses[name]


def pictures(start: str) -> dict[str, str]:
    """The addresses of those whose name begins so, by their name without its end."""
    found = {name.removesuffix(".webp"): address for name, address in _catalogue().addresses.items()}
    return {name: address for name, address in found.items() if name.startswith(start)}


def addresses() -> tuple[str, ...]:
    """Of all the style and scripts: what a page needs to be read without network."""
    needed = (".css", ".js", ".svg")
    names, elsewhere = (
        _catalogue().addresses.items(),
        {*APART, *SCRIPTS_APART, STAFF_SCRIPT} - {READING, SESSION},
    )
    return tuple(address for name, address in names if name.endswith(needed) and name not in elsewhere)


def kept(request: Request, body: str | bytes, kind: str, cache: str, *, runs: bool = False) -> Response:
    """What browsers keep for a time, and ask again whether it is still the same. `runs`: it asks for more itself."""
    digest = hashlib.sha256(body if isinstance(body, bytes) else body.encode()).hexdigest()[:16]
    headers = {"ETag": f'"{digest}"', "Cache-Control": cache, **({} if runs else {POLICY: ALONE})}
    if digest in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=kind, headers=headers)


async def serve(request: Request) -> Response:
    found = _catalogue().assets.get(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    headers = {"Cache-Control": FOR_EVER, "ETag": found.etag, "Vary": "Accept-Encoding", POLICY: ALONE}
    if found.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    body, told = found.sent_as(request.headers.get("accept-encoding", ""))
    return Response(body, media_type=found.type, headers=headers | told)


static_routes = [Route("/static/{name}", serve, name="static")]


@dataclass(frozen=True, slots=True)
class Catalogue:
    addresses: dict[str, str]  # by name
    assets: dict[str, Asset]  # by the last part of the address


@cache
def _catalogue() -> Catalogue:
    catalogue = Catalogue({}, {})
    for name, body in _files():
        if name in catalogue.addresses:
            raise RuntimeError(f"two static files are called {name}")
        digest = hashlib.sha256(body).hexdigest()[:12]
        stem, suffix = name.rsplit(".", 1)
        address = f"{stem}-{digest}.{suffix}"
        catalogue.addresses[name] = f"/static/{address}"
        catalogue.assets[address] = Asset(TYPES[f".{suffix}"], f'"{digest}"', body, _pack(body, suffix))
    return catalogue


def _files() -> Iterator[tuple[str, bytes]]:
    for name, paths in _sheets().items():
        yield name, b"".join(_tight(path.read_bytes()) for path in paths)
    yield SCRIPT, b"".join(_terse(path.read_bytes()) for path in scripts())
    yield STAFF_SCRIPT, b"".join(_terse(path.read_bytes()) for path in staff_scripts())
    for name, folder in SCRIPTS_APART.items():
        yield name, b"".join(_terse(path.read_bytes()) for path in scripts_of(folder))
    others = [
        *ROOT.glob("static/vendor/*.js"),
        *ROOT.glob("static/*.svg"),
        *ROOT.glob("pwa/screenshots/*.webp"),
        *ROOT.glob("static/guide/*.webp"),
    ]
    for path in sorted(others):
        yield path.name, path.read_bytes()


def scripts() -> list[Path]:
    """The parents', in their order: what several use first, then what each component does with it."""
    shared = [*ROOT.glob("static/*.js"), *ROOT.glob("static/outbox/*.js")]
    apart = [path for folder in SCRIPTS_APART.values() for path in scripts_of(folder)]
    components = set(ROOT.glob("web/components/**/*.js")).difference(staff_scripts(), apart)
    return [*sorted(shared), *sorted(components)]


def scripts_of(folder: str) -> list[Path]:
    """Of one component, which only its own page fetches."""
    return sorted((ROOT / "web" / "components" / folder).glob("*.js"))


def staff_scripts() -> list[Path]:
    """What both use is in both: the mairie's pages do not fetch the parents'."""
    own = (ROOT / "web" / "components" / APART["mairie.css"]).glob("**/*.js")
    shared = [ROOT / "static" / "print.js", *sorted(ROOT.glob("static/outbox/*.js"))]
    return [*shared, *sorted(own)]


def _terse(script: bytes) -> bytes:
    """Without what nobody reads there: each of our statements ends with its semicolon, so no line has to."""
    script = rjsmin.jsmin(script)
    for pattern, less in _NEEDLESS:
        script = pattern.sub(less, script)
    return script


def _tight(css: bytes) -> bytes:
    """Without comments, nor the spaces that nobody needs; what is quoted stays as it is."""
    parts = _QUOTED.split(_COMMENT.sub(b"", css))
    return b"".join(part if n % 2 else _AROUND.sub(rb"\1", part) for n, part in enumerate(parts)).strip()


def _sheets() -> dict[str, list[Path]]:
    """Tokens first: they name the layers. Then what every page may use, the frame, each component."""
    components = ROOT / "web" / "components"
    first = [ROOT / "static" / "tokens.css", ROOT / "static" / "base.css", components / "frame" / "frame.css"]
    apart = {name: sorted((components / folder).glob("**/*.css")) for name, folder in APART.items()}
    others = set(components.glob("**/*.css")).difference(first, *apart.values())
    return {SHEET: [*first, *sorted(others)], **apart}


def _pack(body: bytes, suffix: str) -> dict[str, bytes]:
    return {} if suffix == "webp" else {"br": brotli.compress(body), "gzip": gzip.compress(body, 9, mtime=0)}
