"""Which files go with a message, read from their bytes; and what a family reads of those that do not."""

import zlib
from datetime import datetime, timedelta

import pytest

from models.french.messages import filled_in, refused_file, to_department, usual_answer, when
from models.rules.attachments import (
    LONGEST_NAME,
    MOST_A_DAY,
    MOST_BYTES,
    MOST_OF_A_FAMILY,
    FileType,
    Refusal,
    RefusedFile,
    check_room,
    clean_name,
    type_of,
)
from models.rules.deadlines import PARIS

PDF = b"%PDF-1.4\n%%EOF\n"
NOON = datetime(2018, 9, 5, 12, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("mot.pdf", PDF, FileType.PDF),
        ("mot.PDF", PDF, FileType.PDF),
        ("mot", PDF, FileType.PDF),
        ("photo.jpeg", b"\xff\xd8\xff\xe0", FileType.JPEG),
        ("photo.pdf", b"\xff\xd8\xff\xe0", FileType.JPEG),
        ("photo.png", b"\x89PNG\r\n\x1a\n", FileType.PNG),
    ],
)
def test_a_file_is_what_its_bytes_say(name: str, content: bytes, kind: FileType) -> None:
    assert type_of(name, content) is kind


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("mot.pdf", b"", Refusal.EMPTY),
        ("mot.pdf", PDF + b" " * MOST_BYTES, Refusal.TOO_LARGE),
        ("mot.txt", PDF, Refusal.FORMAT),
        ("mot.pdf", b" " + PDF, Refusal.FORMAT),
        ("photo.webp", b"RIFF\0\0\0\0WEBPVP8 ", Refusal.FORMAT),
        ("photo.jpg", b"\0\0\0\x18ftypmif1", Refusal.HEIC),
        ("mot.pdf", b"%PDF-1.4\n", Refusal.DAMAGED),
        ("mot.pdf", b"%PDF-1.4\n%%EOF\n" + b" " * 3000, Refusal.DAMAGED),
        ("mot.pdf", PDF + b"/Encrypt%%EOF", Refusal.LOCKED),
        ("mot.pdf", PDF + b"/Embedded#46iles%%EOF", Refusal.ACTIVE),
        ("mot.pdf", PDF + b"/Type /ObjStm>>stream\n" + zlib.compress(b"/Launch") + b"%%EOF", Refusal.ACTIVE),
        ("mot.pdf", PDF + b"/Type/ObjStm>>stream\r\nnothing packed%%EOF", Refusal.DAMAGED),
    ],
)
def test_a_file_is_refused(name: str, content: bytes, why: Refusal) -> None:
    with pytest.raises(RefusedFile) as refused:
        type_of(name, content)
    assert refused.value.why is why


def test_packed_objects_without_a_program_pass() -> None:
    packed = b"/Type /ObjStm>>stream\n" + zlib.compress(b"<< /Type /Page >>" * 1000)
    assert type_of("mot.pdf", PDF + packed + b"endstream\n%%EOF") is FileType.PDF


def test_a_family_keeps_so_much() -> None:
    check_room(MOST_A_DAY - 1, MOST_OF_A_FAMILY - 10, 10)
    for today, kept, why in ((MOST_A_DAY, 0, Refusal.TOO_MANY), (0, MOST_OF_A_FAMILY - 9, Refusal.NO_ROOM)):
        with pytest.raises(RefusedFile) as refused:
            check_room(today, kept, 10)
        assert refused.value.why is why


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("mot.pdf", "mot.pdf"),
        ("../../mot.pdf", "mot.pdf"),
        ("C:\\mot.pdf", "mot.pdf"),
        ("mot.jpg", "mot.pdf"),
        ("facture.mai.pdf", "facture.mai.pdf"),
        ("v1.2", "v1.2.pdf"),
        ('a"b<c>.pdf', "a b c.pdf"),
        ("mot\r\nX-Header: 1.pdf", "motX-Header 1.pdf"),
        ("\u202efdp.exe.pdf", "fdp.exe.pdf"),
        ("", "fichier.pdf"),
        ("...", "fichier.pdf"),
        ("x" * 300 + ".pdf", "x" * (LONGEST_NAME - 4) + ".pdf"),
    ],
)
def test_a_name_is_cleaned(name: str, clean: str) -> None:
    assert clean_name(name, FileType.PDF) == clean


def test_each_refusal_has_its_words() -> None:
    for why in Refusal:
        assert refused_file(why, "mot.pdf", 3_600_000).endswith((".", ").")), why
    said = refused_file(Refusal.TOO_LARGE, "photo.jpg", 3_600_000).replace("\u00a0", " ")
    assert said == "Le fichier « photo.jpg » pèse 3,4 Mo. Choisissez un fichier de 2 Mo au maximum."
    assert refused_file(Refusal.EMPTY, "", 0).startswith("Le fichier est vide")


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(), "12:00"),
        (timedelta(hours=11), "01:00"),
        (timedelta(days=1), "mardi"),
        (timedelta(days=6), "jeudi"),
        (timedelta(days=7), "29 août"),
        (timedelta(days=365), "05/09/2017"),
    ],
)
def test_a_list_says_when(before: timedelta, said: str) -> None:
    assert when(NOON - before, NOON) == said


def test_words_of_messages() -> None:
    assert to_department("Service restauration") == "au service restauration"
    assert to_department("Régie") == "à «\u00a0Régie\u00a0»"
    assert usual_answer(None) == "" and usual_answer(1) == "Réponse habituelle sous 1 jour ouvré."
    assert usual_answer(2) == "Réponse habituelle sous 2 jours ouvrés."
    assert filled_in("{prénom} {autre} {nom}", {"prénom": "{nom}", "nom": "Durand"}) == "{nom} {autre} Durand"
