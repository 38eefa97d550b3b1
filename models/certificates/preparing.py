"""Certificates of a year are prepared: for whom, with which sums. Those that would say nothing new are left out."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from tortoise.exceptions import IntegrityError

from models.activities.activity import Activity
from models.certificates.certificate import Certificate
from models.certificates.paid_care import Paid, paid_care
from models.certificates.run import CertificateRun
from models.families.child import Home
from models.invoicing.recipients import recipients_of
from models.rules.papers import under_six
from models.storage.database import rows, transaction
from models.work.audit_log import Event
from models.work.task import Task

PIECE = 100  # families of one transaction
PIECES = 5  # of one job


class YearNotOver(ValueError):
    """Something may still be paid in it."""


class BeingIssued(Exception):
    """The certificates of that year are leaving just now."""


async def begin(year: int, member: int, now: datetime) -> CertificateRun:
    """Prepare them, or prepare them again while nobody issues them. Raises YearNotOver, BeingIssued."""
    if year >= now.date().year:
        raise YearNotOver(year)
    try:
        async with transaction():
            run = await CertificateRun.get_or_none(year=year, issued_at=None)
            if run is None:
                run = await CertificateRun.create(year=year, made_by_id=member, made_at=now)
            else:
                run.version += 1
                held = CertificateRun.filter(id=run.id, issuing_at=None)
                if await held.update(version=run.version, prepared_at=None) != 1:
                    raise BeingIssued(year)
                await Certificate.filter(run_id=run.id).delete()
            about = f"certificate_run:{run.id}"
            await Event.note(now, f"member:{member}", "certificates.prepared", about, year=year)
            await _ask(run.id, run.version, 0)
    except IntegrityError as exc:  # somebody else began at this very moment
        raise BeingIssued(year) from exc
    return await CertificateRun.get(id=run.id)


async def make(id: int, version: int, after: int, now: datetime) -> None:
    """Some pieces of them, of families whose ids follow; it asks for the rest. Done twice, it is done once."""
    for _ in range(PIECES):
        run = await CertificateRun.get(id=id)
        if run.version != version or run.prepared_at:
            return  # somebody began again
        families = await _families(run.year, after)
        if not families:
            await CertificateRun.filter(id=id, version=version, prepared_at=None).update(prepared_at=now)
            return
        made = await _prepared(run, families)
        async with transaction():
            if await CertificateRun.filter(id=id, version=version).update(version=version) != 1:
                return
            await Certificate.filter(run_id=id, family_id__in=families).delete()
            await Certificate.bulk_create(made)
        after = families[-1]
    await _ask(id, version, after)


async def _families(year: int, after: int) -> list[int]:
    """The next with a child under six on 1 January of the year, or with a certificate that may be wrong by now."""
    born = date(year - 6, 1, 1), date(year, 12, 31)
    return [row["id"] for row in await rows(_FAMILIES, [*born, year, after, PIECE])]


async def _prepared(run: CertificateRun, families: Sequence[int]) -> list[Certificate]:
    paid = await paid_care(families, run.year)
    names = dict(await Activity.all().values_list("id", "name"))
    people = await recipients_of(families)
    before = await latest(run.year, families)
    homes = Home.filter(family_id__in=list(families)).order_by("family_id", "position", "child_id")
    children: dict[int, list[Home]] = {family: [] for family in families}
    for home in await homes.select_related("child"):
        children[home.family_id].append(home)
    made = []
    for family in families:
        facts = paid.get(family, Paid())
        told = certified(children[family], facts, names, run.year)
        last = before.get(family)
        if told == ([child for child in last.children if child["paid"]] if last else []):
            continue
        if last and not told:  # all of it was given back: the new one says so of each child
            told = [{**child, "paid": []} for child in last.children]
        made.append(
            Certificate(
                run_id=run.id,
                family_id=family,
                year=run.year,
                cents=sum(cents for child in told for _, cents in child["paid"]),
                children=told,
                tills=sorted(facts.tills) or (last.tills if last else []),
                payer=people[family].text.splitlines()[0][:300],
                recipient=people[family].text,
                replaces_id=last.id if last else None,
            )
        )
    return made


def certified(
    homes: Sequence[Home], facts: Paid, names: Mapping[int, str], year: int
) -> list[dict[str, Any]]:
    """The children with something to certify; an activity that has two school years in the civil one is one line."""
    told = []
    for home in homes:
        child, paid = home.child, dict[str, int]()
        if not under_six(child.born, year) or child.born.year > year:
            continue
        for (of, activity), cents in sorted(facts.care.items()):
            if of == child.id:
                paid[names[activity]] = paid.get(names[activity], 0) + cents
        lines = [[name, cents] for name, cents in sorted(paid.items()) if cents]
        if sum(paid.values()) > 0:
            told.append(
                {
                    "id": child.id,
                    "name": f"{child.first_name} {child.last_name}",
                    "born": child.born.isoformat(),
                    "alternating": home.weeks != "all",
                    "paid": lines,
                }
            )
    return told


async def latest(year: int, families: Sequence[int]) -> dict[int, Certificate]:
    """By family: the one that was issued last, which stands."""
    issued = Certificate.filter(year=year, family_id__in=list(families), issued_on__not_isnull=True)
    return {one.family_id: one for one in await issued.order_by("id")}


async def _ask(id: int, version: int, after: int) -> None:
    key = f"certificates:{id}:{version}:{after}"
    await Task.later("prepare_certificates", id, version, after, key=key)


_FAMILIES = """
SELECT id FROM (
  SELECT home.family_id AS id FROM home JOIN child ON child.id = home.child_id WHERE child.born > ? AND child.born <= ?
  UNION SELECT family_id FROM tax_certificate WHERE year = ? AND issued_on IS NOT NULL
) AS found WHERE id > ? ORDER BY id LIMIT ?
"""
