"""The migration to six roles takes from nobody what they did before."""

from importlib import import_module
from types import SimpleNamespace

from models.access.member import Member
from models.storage import database

keep_rights = import_module("models.migrations.0007_roles").keep_rights


async def test_who_answered_requests_goes_on_answering_them(db: str) -> None:
    before = {
        "mairie": ["administrator"],
        "regie": ["cashier"],
        "cantine": ["kitchen"],
        "paul": ["leader"],
        "nora": ["kitchen", "leader"],
        "anne": ["administrator", "leader"],
    }
    for username, roles in before.items():
        await Member.create(username=username, name=username.title(), password="x", roles=roles)
    await Member.create(username="animateur", name="Animation", password="x", roles=["leader"])
    for _ in range(2):
        await keep_rights(None, SimpleNamespace(client=database.client()))
    after = {member.username: member.roles for member in await Member.all()}
    assert after == before | {
        "paul": ["leader", "manager"],
        "nora": ["kitchen", "leader", "manager"],
        "animateur": ["leader"],  # of a demo, which shows what the role is
    }
