"""What the mairie reads of a campaign: its sums by activity and by tariff, what stands out, what is to be checked."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

from models.invoicing.campaign import InvoiceCampaign
from models.invoicing.drafting import previous_month
from models.invoicing.due import BILLED_ABSENCE
from models.rules.invoicing.comparison import Moved, moved_by_half
from models.rules.invoicing.lines import carries_over
from models.rules.states.campaigns import CampaignState
from models.storage.database import as_date, as_instant, as_json, rows

PIECE = 500  # drafts read at once


@dataclass(frozen=True, slots=True)
class CampaignLine:
    id: int
    till: str
    period_start: date
    period_end: date
    state: str
    made_at: datetime
    drafts: int
    invoices: int
    cents: int  # of its invoices, or of its drafts


async def campaigns() -> list[CampaignLine]:
    """The newest first."""
    return [
        CampaignLine(
            id=row["id"],
            till=row["till"],
            period_start=as_date(row["period_start"]),
            period_end=as_date(row["period_end"]),
            state=row["state"],
            made_at=cast(datetime, as_instant(row["made_at"])),
            drafts=int(row["drafts"]),
            invoices=int(row["invoices"]),
            cents=int(row["cents"] or 0),
        )
        for row in await rows(_CAMPAIGNS)
    ]


@dataclass(frozen=True, slots=True)
class Progress:
    issued: int
    to_issue: int

    @property
    def all(self) -> int:
        return self.issued + self.to_issue

    @property
    def percent(self) -> int:
        return 100 * self.issued // self.all if self.all else 100


async def progress(campaign: InvoiceCampaign) -> Progress:
    """Its till is loaded."""
    least = max(1, campaign.till.least_invoice or 0)
    found = await rows(_PROGRESS, [least, campaign.id])
    return Progress(int(found[0]["issued"] or 0), int(found[0]["waiting"] or 0))


@dataclass(frozen=True, slots=True)
class Last:
    """An invoice that has just left."""

    id: int
    number: str
    name: str
    cents: int
    delivery: str


async def last_issued(campaign: int, some: int = 8) -> list[Last]:
    return [Last(**row) for row in await rows(_LAST, [campaign, some])]


@dataclass(frozen=True, slots=True)
class Issued:
    number: int
    cents: int
    first: str  # numbers
    last: str
    by_post: int


async def issued(campaign: int) -> Issued:
    """What left; its numbers from the first to the last."""
    found = (await rows(_ISSUED, [campaign]))[0]
    ends = [row["number"] for row in await rows(_NUMBERS, [campaign])]
    first, last = (ends[0], ends[-1]) if ends else ("", "")
    return Issued(int(found["number"]), int(found["cents"] or 0), first, last, int(found["by_post"] or 0))


@dataclass
class Sum:
    """Of an activity, or of a tariff."""

    cents: int = 0
    times: int = 0
    before: int = 0
    times_before: int = 0

    @property
    def difference(self) -> int:
        return self.cents - self.before


@dataclass
class Totals:
    cents: int = 0
    number: int = 0  # invoices that will leave
    carried: int = 0  # families whose sum waits for the next campaign
    nothing: int = 0  # families who owe nothing
    repriced: int = 0
    repriced_cents: int = 0  # new prices less old ones
    previous: int | None = None  # what was invoiced of the period before, in cents
    activities: dict[str, Sum] = field(default_factory=dict)
    tariffs: dict[str, Sum] = field(default_factory=dict)
    moved: list[Moved[int]] = field(default_factory=list)  # by family


async def totals(campaign: InvoiceCampaign) -> Totals:
    """Of its drafts, issued or not; its till is loaded. They are read in pieces: memory stays flat."""
    found = Totals()
    activities: defaultdict[str, Sum] = defaultdict(Sum)
    tariffs: defaultdict[str, Sum] = defaultdict(Sum)
    names = {row["id"]: row["name"] for row in await rows("SELECT id, name FROM activity")}
    now: dict[int, int] = {}
    before: dict[int, int] = {}
    async for draft in _drafts(campaign.id):
        _count(found, draft, campaign.till.least_invoice)
        now[draft["family_id"]] = draft["cents"]
        if draft["previous_cents"] is not None:
            before[draft["family_id"]] = draft["previous_cents"]
        for line in as_json(draft["lines"]):
            _add(activities[names[line["activity"]]], line)
            for reason, cents, times in _by_reason(line):
                tariffs[reason].cents += cents
                tariffs[reason].times += times
    await _compare(campaign, activities)
    found.activities = dict(sorted(activities.items()))
    found.tariffs = dict(sorted(tariffs.items(), key=lambda one: -one[1].cents))
    found.previous = sum(one.before for one in activities.values()) or None
    found.moved = moved_by_half(before, now) if found.previous is not None else []
    return found


def _count(found: Totals, draft: dict[str, Any], least: int | None) -> None:
    if carries_over(draft["cents"], least):
        found.carried += 1
    elif draft["cents"] <= 0:
        found.nothing += 1
    else:
        found.number += 1
        found.cents += draft["cents"]
    for one in as_json(draft["repriced"]):
        found.repriced += 1
        found.repriced_cents += one["new"] - one["old"]


def _add(one: Sum, line: dict[str, Any]) -> None:
    one.cents += line["cents"]
    one.times += len(line["days"]) if line["unit_cents"] >= 0 else 0


def _by_reason(line: dict[str, Any]) -> Iterable[tuple[str, int, int]]:
    cents: Counter[str] = Counter()
    times: Counter[str] = Counter()
    for day in line["days"]:
        reason = day["what"].removesuffix(BILLED_ABSENCE).removesuffix(" · ") or "autre"
        cents[reason] += day["cents"]
        times[reason] += 1
    return ((reason, cents[reason], times[reason]) for reason in cents)


async def _drafts(campaign: int) -> AsyncIterator[dict[str, Any]]:
    last = 0
    while piece := await rows(_DRAFTS, [campaign, last, PIECE]):
        for draft in piece:
            yield draft
        last = piece[-1]["id"]


async def _compare(campaign: InvoiceCampaign, activities: defaultdict[str, Sum]) -> None:
    values = [campaign.till_id, previous_month(campaign.period_start), campaign.period_start]
    for row in await rows(_BEFORE, values):
        one = activities[row["name"]]
        one.before += int(row["cents"])
        one.times_before += int(row["times"])


_CAMPAIGNS = f"""
SELECT campaign.id, till.name AS till, campaign.period_start, campaign.period_end, campaign.state, campaign.made_at,
  COUNT(draft.id) AS drafts, COUNT(draft.invoice_id) AS invoices,
  SUM(CASE WHEN campaign.state = '{CampaignState.ISSUED}' AND draft.invoice_id IS NULL THEN 0
    ELSE draft.cents END) AS cents
FROM invoice_campaign AS campaign JOIN till ON till.id = campaign.till_id
LEFT JOIN invoice_draft AS draft ON draft.campaign_id = campaign.id
GROUP BY campaign.id, till.name, campaign.period_start, campaign.period_end, campaign.state, campaign.made_at
ORDER BY campaign.id DESC LIMIT 60
"""  # noqa: S608
_PROGRESS = """
SELECT COUNT(invoice_id) AS issued,
  SUM(CASE WHEN invoice_id IS NULL AND cents >= ? THEN 1 ELSE 0 END) AS waiting
FROM invoice_draft WHERE campaign_id = ?
"""
_LAST = """
SELECT invoice.id, invoice.number, invoice.recipient AS name, invoice.cents, invoice.delivery
FROM invoice JOIN invoice_draft AS draft ON draft.invoice_id = invoice.id
WHERE draft.campaign_id = ? ORDER BY invoice.rank DESC LIMIT ?
"""
_ISSUED = """
SELECT COUNT(*) AS number, SUM(invoice.cents) AS cents,
  SUM(CASE WHEN invoice.delivery = 'post' THEN 1 ELSE 0 END) AS by_post
FROM invoice JOIN invoice_draft AS draft ON draft.invoice_id = invoice.id WHERE draft.campaign_id = ?
"""
_NUMBERS = """
SELECT invoice.number FROM invoice JOIN (
  SELECT MIN(invoice.rank) AS first, MAX(invoice.rank) AS last, invoice.till_id, invoice.series_year
  FROM invoice JOIN invoice_draft AS draft ON draft.invoice_id = invoice.id WHERE draft.campaign_id = ?
  GROUP BY invoice.till_id, invoice.series_year
) AS ends ON ends.till_id = invoice.till_id AND ends.series_year = invoice.series_year
  AND invoice.rank IN (ends.first, ends.last) ORDER BY invoice.rank
"""
_DRAFTS = """
SELECT id, family_id, cents, previous_cents, lines, repriced FROM invoice_draft
WHERE campaign_id = ? AND id > ? ORDER BY id LIMIT ?
"""
_BEFORE = """
SELECT activity.name, SUM(line.cents) AS cents,
  SUM(CASE WHEN line.unit_cents < 0 THEN 0 ELSE line.quantity END) AS times
FROM invoice JOIN invoice_line AS line ON line.invoice_id = invoice.id
JOIN activity ON activity.id = line.activity_id
WHERE invoice.till_id = ? AND invoice.period_end >= ? AND invoice.period_end < ? GROUP BY activity.name
"""
