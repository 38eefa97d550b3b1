"""Letters of first connection: made for many at once, each with a code that replaces the one before, as one PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from urllib.parse import urlencode, urlsplit

from models import banks
from models.access.letter import Letter, LetterRun
from models.commune.commune import Commune
from models.commune.letterhead import issuer
from models.families.family import Family
from models.families.guardian import Guardian
from models.invoicing.papers import addressee_of
from models.rules.accounts.letter import code_written
from models.rules.deadlines import PARIS
from models.rules.papers import AccessLetter
from models.storage.database import as_instant, rows, transaction
from models.work.audit_log import Event
from models.work.task import Task

MOST = 500  # letters of one file
FORM = "/inscrivez-vous"


async def waiting() -> list[int]:
    """Guardians who have no account yet, by family; as many as one file holds."""
    found = (
        Guardian.filter(password=None, blocked_at=None).order_by("family_id", "position", "id").limit(MOST)
    )
    ids: Sequence[object] = await found.values_list("id", flat=True)
    return [int(str(id)) for id in ids]


async def make(guardians: Sequence[int], click: str, member: int, now: datetime) -> LetterRun | None:
    """One for each of them who has no account yet; None when nobody is left. The same click makes them once."""
    if known := await LetterRun.get_or_none(click=click):
        return known
    families: Sequence[object] = await Guardian.filter(id__in=guardians).values_list("family_id", flat=True)
    async with transaction():
        await Family.lock(*(int(str(id)) for id in families))
        found = await Guardian.filter(id__in=guardians, password=None, blocked_at=None).order_by("id")
        if not found:
            return None
        if known := await LetterRun.get_or_none(click=click):
            return known
        ids = [guardian.id for guardian in found]
        await Letter.filter(guardian_id__in=ids, used_at=None, revoked_at=None).update(revoked_at=now)
        run = await LetterRun.create(click=click, member_id=member, count=len(found), made_at=now)
        await Letter.bulk_create([Letter.to(id, run.id, now) for id in ids])
        told = {guardian.family_id: {"run": run.id} for guardian in found}
        await Event.note_each(now, f"member:{member}", "letter.made", told)
        await Task.later("draw_access_letters", run.id, key=f"letters:{run.id}")
    return run


@dataclass(frozen=True, slots=True)
class RunLine:
    id: int
    member: str  # who made it
    count: int
    made_at: datetime
    is_drawn: bool


async def runs(few: int) -> list[RunLine]:
    """The last ones, without their files."""
    return [
        RunLine(
            row["id"],
            row["name"],
            row["count"],
            cast(datetime, as_instant(row["made_at"])),
            bool(row["drawn"]),
        )
        for row in await rows(_RUNS, [few])
    ]


async def papers(run: LetterRun) -> list[AccessLetter]:
    """Of those of its letters that still open an account, by name."""
    commune = await Commune.with_logo()
    live = Letter.filter(run_id=run.id, used_at=None, revoked_at=None)
    letters = await live.order_by("guardian__family_id", "guardian__position", "id").select_related(
        "guardian", "guardian__family"
    )
    return [_paper(commune, letter) for letter in letters]


_RUNS = """
SELECT letter_run.id, member.name, letter_run.count, letter_run.made_at,
  CASE WHEN letter_run.file IS NULL THEN 0 ELSE 1 END AS drawn
FROM letter_run JOIN member ON member.id = letter_run.member_id ORDER BY letter_run.id DESC LIMIT ?
"""


def _paper(commune: Commune | None, letter: Letter) -> AccessLetter:
    guardian, family = letter.guardian, letter.guardian.family
    base, code = banks.base_url(), code_written(letter.code)
    said = urlencode({"dossier": family.number, "code": code, "nom": guardian.username})
    recipient = "\n".join(line for line in (guardian.name, family.address) if line)
    return AccessLetter(
        issuer=issuer(commune, "Portail Famille"),
        addressee=addressee_of(recipient, family.number),
        issued_on=letter.made_at.astimezone(PARIS).date(),
        username=guardian.username,
        code=code,
        url=f"{base}{FORM}?{said}",
        site=f"{urlsplit(base).netloc}{FORM}",
    )
