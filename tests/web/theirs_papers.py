"""Papers of another family, which a stranger asks for."""

from models.direct_debit.mandate import Mandate
from models.storage import encryption
from tests.town import People
from tests.web import theirs


async def mandate(people: People) -> str:
    """Which is drawn."""
    path = (await theirs.mandate(people)).replace("/revocation", "/mandat")
    await Mandate.all().update(paper=encryption.seal(b"%PDF-1.4\n%%EOF\n"))
    return path
