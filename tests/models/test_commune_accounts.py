"""A commune file that is loaded again after parents have chosen their own user names."""

import tomllib
from typing import Any

import pytest

from models import clock, commune_file
from models.families.guardian import Guardian

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def content() -> dict[str, Any]:
    return tomllib.loads(commune_file.shipped("lens").read_text(encoding="utf-8"))


async def load(said: dict[str, Any]) -> None:
    await commune_file.load(commune_file.parse(said, "lens.toml"), demo=False)


async def choose(username: str, chosen: str) -> None:
    opened = {"username": chosen, "password": "hash", "activated_at": clock.now()}
    assert await Guardian.filter(username=username).update(**opened)


async def test_who_has_chosen_another_name_is_not_made_again(db: str) -> None:
    await load(content())
    before = await Guardian.all().count()
    await choose("delattre17", "marc.d")
    await load(content())
    assert await Guardian.all().count() == before
    marc = await Guardian.get(first_name="Marc")
    assert (marc.username, marc.password) == ("marc.d", "hash")


async def test_a_name_that_was_chosen_meanwhile_is_not_given_again(db: str) -> None:
    await load(content())
    await choose("delattre17", "nina.roux")
    said = content()
    nina = {"first_name": "Nina", "last_name": "Roux", "email": "nina@roux.example", "username": "nina.roux"}
    child = {**said["families"][0]["children"][0], "first_name": "Zoé", "last_name": "Roux"}
    said["families"].append({"number": "20.1", "guardians": [nina], "children": [child]})
    for _ in range(2):
        await load(said)
    found = [guardian.username for guardian in await Guardian.filter(last_name="Roux")]
    assert found == ["n.roux"]
    assert (await Guardian.get(first_name="Marc")).username == "nina.roux"
