"""A question to the mairie and its answer, for tests that want a row in every table."""

from models import clock
from models.access.member import Member
from models.families.child import Child
from models.families.guardian import Guardian
from models.messages import attachment
from models.messages.canned_answer import CannedAnswer
from models.messages.department import Topic
from models.messages.mass import sending
from models.messages.mass.mass_attachment import MassAttachment
from models.messages.mass.reach import Reach, reached
from models.messages.mass.sending import Wish
from models.messages.note import ThreadNote
from models.messages.thread import Draft, MessageThread


async def write_to_the_mairie(family: int) -> None:
    """With its file and its answer; and an answer that is kept for the next."""
    guardian, member = await Guardian.filter(family_id=family).first(), await Member.get(username="gestion")
    topic, child = (
        await Topic.all().order_by("id").first(),
        await Child.filter(homes__family_id=family).first(),
    )
    assert guardian and topic and child
    draft, now = (
        Draft("Bonjour", "click", await attachment.check("mot.pdf", b"%PDF-1.4\n%%EOF\n")),
        clock.now(),
    )
    thread = await MessageThread.begin(guardian, topic, child.id, "Menus", draft, now, confirm=True)
    await thread.answer(member, Draft("Bonjour", "click"), now)
    await ThreadNote.write(thread, member, "À rappeler", "click", now)
    wish = Wish(Reach(), "1 famille", topic, "Grève", "La cantine est fermée.", True, "click")
    await MassAttachment.choose(
        "unsent", member.id, await attachment.check("mot.pdf", b"%PDF-1.4\n%%EOF\n"), now
    )
    await sending.begin(wish, member, (await reached(Reach(), now.date())).read, now)
    await CannedAnswer.write("Menus", "Ils sont affichés.", topic.department_id, member, now)
