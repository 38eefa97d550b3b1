"""Booked days given back by themselves, beside whatever else the cart holds: an absence, the end of an enrolment."""

from collections.abc import Collection

from models.activities.catalogue import Catalogue
from models.checkout import commit, recap
from models.checkout.submission import Stale, Submission
from models.families.household import Household
from models.planning import ticks
from models.planning.cell import Key
from models.planning.facts import PlanningFacts
from models.planning.ticks import Tick
from models.rules.booking import LIVE
from models.rules.states.orders import LineAction


async def cancel(
    catalogue: Catalogue,
    household: Household,
    facts: PlanningFacts,
    click: Submission,
    cells: Collection[Key],
) -> None:
    """As if these lines alone had been drafted, and « Terminer » clicked; what needs them goes with them.

    Call inside a transaction, after Family.lock. Raises Stale when one of them cannot be given back, AlreadyPaying.
    """
    if not cells:
        return
    meant = set(cells)
    ops = ticks.with_needs(catalogue, [Tick(*key, False) for key in sorted(meant)])
    live = {key for key, one in facts.booked.items() if one.own and one.state in LIVE}
    only = {op.key for op in ops if op.key in meant or op.key in live}
    await ticks.write_ticks(facts, [op for op in ops if op.key in only], click.by)
    shown = await recap.of(catalogue, household, click.now, only)
    given_back = {
        (line.child.id, line.slot, line.day) for line in shown.lines if line.action == LineAction.CANCEL
    }
    if given_back != only:
        raise Stale
    await commit.carry_out(household, click, shown)
