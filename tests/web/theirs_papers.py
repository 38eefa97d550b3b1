"""Papers of another family, which a stranger asks for."""

from models.direct_debit.mandate import Mandate
from tests.town import People
from tests.web import theirs


async def mandate(people: People) -> str:
    """Which is drawn."""
    path = (await theirs.mandate(people)).replace("/revocation", "/mandat")
    await Mandate.all().update(paper=b"sealed")
    return path
