"""What the mairie sends is in the journal: each handler of a POST comes to `Event.note`, or stands here with why not.

That somebody opened what is sealed (`note_read`) is no trace of what was sent.
"""

from starlette.routing import Route

from models.families.file.health import note_read
from models.work.audit_log import Event
from tests.house.calls import reaches
from web.app import routes
from web.components.account import account
from web.components.admin.tasks import tasks

NOTES = (Event.note, Event.note_each)
BARE = {
    "/mairie/compte/cles": "the browser is asked for a key: nothing is kept before it answers",
    "/mairie/menus/fichier": "a file is read and shown: « Enregistrer » writes it",
}
POSTS = {
    route.path: route.endpoint
    for route in routes()
    if isinstance(route, Route) and route.path.startswith("/mairie/") and "POST" in (route.methods or ())
}


def test_each_post_of_the_mairie_comes_to_the_journal() -> None:
    bare = {path for path, handler in POSTS.items() if not reaches(handler, NOTES, past=(note_read,))}
    assert bare == set(BARE), (
        "call `Event.note` in the transaction of the change, or say in BARE why nothing changes"
    )


def test_a_page_that_only_reads_does_not() -> None:
    """The control: not everything is thought to come there."""
    assert not reaches(account.show, NOTES) and not reaches(tasks.show, NOTES)
    assert reaches(tasks.retry, NOTES) and not reaches(tasks.retry, [note_read])
