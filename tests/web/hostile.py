"""Files that nobody should open: for each, what it is called, and its bytes."""

import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO

from PIL import Image

from tests.web.messaging import PDF, picture

SCRIPT = b"<script>alert(document.cookie)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def object_in_pdf(said: bytes) -> bytes:
    return PDF.replace(b"trailer", b"2 0 obj\n" + said + b"\nendobj\ntrailer")


def packed_in_pdf(said: bytes, packed: bytes = b"") -> bytes:
    """An object inside an object stream, where no search of the plain bytes finds it."""
    inside = packed or zlib.compress(said)
    head = b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\n" % len(inside)
    return object_in_pdf(head + b"stream\n" + inside + b"\nendstream")


def bomb(layers: int = 40) -> bytes:
    """A document of an office program: a megabyte of zeros in each of its parts."""
    into = BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as made:
        for n in range(layers):
            made.writestr(f"word/{n}.xml", b"0" * 1_000_000)
    return into.getvalue()


def flood() -> bytes:
    """20000 × 20000 pixels in a few kilobytes."""
    into = BytesIO()
    Image.new("1", (20_000, 20_000)).save(into, "PNG")
    return into.getvalue()


HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\0" * 100
GIF = b"GIF89a/*\x01\x00\x80\x00\x00*/=1;alert(1)//\x3b"

# What takes long to make is made for its test.
Content = bytes | Callable[[], bytes]


def made(content: Content) -> bytes:
    return content if isinstance(content, bytes) else content()


# Refused, and what the parent reads.
REFUSED: dict[str, tuple[str, Content, str]] = {
    "a page called a paper": ("attestation.pdf", b"<!doctype html>" + SCRIPT, "n’est pas d’un format accepté"),
    "a page called a picture": ("photo.jpg", SCRIPT, "n’est pas d’un format accepté"),
    "a drawing with a script": ("dessin.svg", SVG, "n’est pas d’un format accepté"),
    "a drawing called a picture": ("dessin.png", SVG, "n’est pas d’un format accepté"),
    "a picture that is a script": ("image.gif", GIF, "n’est pas d’un format accepté"),
    "that picture called otherwise": ("image.png", GIF, "n’est pas d’un format accepté"),
    "a document that swells": ("dossier.docx", bomb, "n’est pas d’un format accepté"),
    "that document called a paper": ("dossier.pdf", bomb, "n’est pas d’un format accepté"),
    "a known virus": ("eicar.com", EICAR, "n’est pas d’un format accepté"),
    "that virus called a paper": ("eicar.pdf", EICAR, "n’est pas d’un format accepté"),
    "a program": ("facture.exe", b"MZ\x90\x00" + b"\0" * 200, "n’est pas d’un format accepté"),
    "a program called by two names": ("facture.pdf.exe", PDF, "n’est pas d’un format accepté"),
    "a name that reads backwards": ("facture\u202efdp.exe", PDF, "n’est pas d’un format accepté"),
    "a web page by name": ("page.html", PDF, "n’est pas d’un format accepté"),
    "nothing": ("vide.pdf", b"", "est vide"),
    "a photo of a telephone": ("IMG_1.heic", HEIC, "est une photo HEIC"),
    "that photo called otherwise": ("IMG_1.jpg", HEIC, "est une photo HEIC"),
    "a paper that was cut off": ("mot.pdf", PDF[:40], "est abîmé"),
    "a paper with a program": (
        "mot.pdf", object_in_pdf(b"<< /S /JavaScript /JS (app.alert(1)) >>"), "contient un programme",
    ),
    "a program in other letters": (
        "mot.pdf", object_in_pdf(b"<< /S /J#61va#53cript /JS (app.alert(1)) >>"), "contient un programme",
    ),
    "a program that is packed": ("mot.pdf", packed_in_pdf(b"<< /S /JavaScript >>"), "contient un programme"),
    "a paper that starts another": ("mot.pdf", object_in_pdf(b"<< /S /Launch /F (cmd) >>"), "contient un programme"),
    "a paper with a file": ("mot.pdf", object_in_pdf(b"<< /Type /EmbeddedFile >>"), "contient un programme"),
    "a paper with a form that runs": ("mot.pdf", object_in_pdf(b"<< /XFA 3 0 R >>"), "contient un programme"),
    "objects that cannot be read": ("mot.pdf", packed_in_pdf(b"", b"not packed at all"), "est abîmé"),
    "objects that swell": ("mot.pdf", lambda: packed_in_pdf(b"0" * 9_000_000), "est abîmé"),
    "a paper with a password": ("mot.pdf", PDF.replace(b"/Root", b"/Encrypt 9 0 R /Root"), "un mot de passe"),
    "too many pixels": ("plan.png", flood, "est une image trop grande"),
    "a picture that was cut off": ("photo.jpg", picture(size=(300, 300))[:400], "est abîmé"),
    "a picture of noise": ("photo.png", b"\x89PNG\r\n\x1a\n" + b"\x01" * 300, "est abîmé"),
}  # fmt: skip

# Taken, under another name or without what they hid.
TAKEN: dict[str, tuple[str, Content, str]] = {
    "a name that climbs": ("../../etc/passwd.pdf", PDF, "passwd.pdf"),
    "a folder of Windows": ("C:\\Users\\Léa\\mot.pdf", PDF, "mot.pdf"),
    "letters that are not seen": ("mot\u202e\u200bde la maîtresse.pdf", PDF, "motde la maîtresse.pdf"),
    "a name with lines": ("mot\u0085\u2028suite.pdf", PDF, "mot suite.pdf"),
    "a picture called a paper": ("photo.pdf", picture(), "photo.jpg"),
    "a hidden file": ("...pdf", PDF, "pdf.pdf"),
    "no name": ("mot", PDF, "mot.pdf"),
    "a page behind a picture": ("photo.jpg", picture() + SCRIPT, "photo.jpg"),
    "a page in a picture's words": ("photo.jpeg", picture(comment=SCRIPT), "photo.jpg"),
}
