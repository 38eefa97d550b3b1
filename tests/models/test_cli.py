"""`python -m models …`, as an administrator types it, on a SQLite file and where it matters on PostgreSQL."""

import asyncio
import io
import shutil
import sqlite3
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from models.__main__ import main
from models.access import passwords
from models.access.member import Member
from models.commune.commune import Commune
from models.commune_file import load, parse, read, shipped
from models.settings import read as read_settings
from models.storage import database
from models.storage import migrate as migration
from models.storage.backup import BackupFailed, backup, restore


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the portal will keep its SQLite file; the passwords of the administrators are piped in."""
    for name in ("DATABASE_URL", "REDIS_URL", "PORTAIL_SECRET_KEYS", "PORTAIL_NOW"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PORTAIL_DATA_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def folder(bare: Path, sqlite_template: Path) -> Path:
    """With a file that was migrated and is empty: to make one takes seconds."""
    shutil.copy(sqlite_template, bare / "portail.sqlite3")
    (bare / "portail.sqlite3").chmod(0o600)
    return bare


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(folder / "portail.sqlite3")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_migrate_makes_the_database(bare: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate"]) == 0
    assert "à jour" in capsys.readouterr().out
    assert rows(bare, "SELECT count(*) FROM commune") == [(0,)]


def test_load_then_export(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["load", "lens", "--dry-run"]) == 0
    assert rows(folder, "SELECT count(*) FROM commune") == [(0,)]
    assert main(["load", str(shipped("lens"))]) == 0
    assert "2\u00a0activités" in capsys.readouterr().out
    assert rows(folder, "SELECT count(*) FROM guardian WHERE password IS NOT NULL") == [(0,)]
    target = folder / "export.toml"
    assert main(["export", str(target)]) == 0
    exported = parse(tomllib.loads(target.read_text(encoding="utf-8")), "export.toml")
    assert exported.activities == read(shipped("lens")).activities
    assert main(["export", "-"]) == 0
    assert capsys.readouterr().out == target.read_text(encoding="utf-8")


def test_a_wrong_file_is_told_in_one_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = folder / "wrong.toml"
    wrong.write_text("[commune]\nname = 3\n", encoding="utf-8")
    assert main(["load", str(wrong)]) == 1
    assert capsys.readouterr().err == "wrong.toml: commune: «\u00a0name\u00a0» attendu, un texte\n"
    assert main(["load", "atlantis"]) == 1
    assert "fichier introuvable" in capsys.readouterr().err


def test_exporting_nothing_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "-"]) == 1
    assert "Aucune commune" in capsys.readouterr().err


def test_a_wrong_setting_exits_2(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://somewhere")
    assert main(["migrate"]) == 2


@pytest.mark.parametrize(("faults", "code"), [([], 0), (["leg 3: unbalanced"], 1)])
def test_verify_exits_1_when_something_is_wrong(
    folder: Path, monkeypatch: pytest.MonkeyPatch, faults: list[str], code: int
) -> None:
    async def verify() -> list[str]:
        return faults

    fake = ModuleType("models.storage.integrity")
    fake.verify = verify  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "models.storage.integrity", fake)
    assert main(["verify"]) == code


def test_create_member(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["create-member", "agnes", "--name", "Agnès Roche", "--role", "cashier", "--role", "kitchen"]
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert main(command) == 1
    monkeypatch.setattr("sys.stdin", io.StringIO("une phrase assez longue\n"))
    assert main(command) == 0
    [(hashed,)] = rows(folder, "SELECT password FROM member WHERE username = 'agnes'")
    assert asyncio.run(passwords.verify(str(hashed), "une phrase assez longue"))
    monkeypatch.setattr("sys.stdin", io.StringIO("une phrase assez longue\n"))
    assert main(command) == 1
    assert "déjà pris" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short", "16 caractères au minimum"),
        ("aaaaaaaaaaaaaaaa", "trop courant"),
        ("motdepasse12345678", "trop courant"),
        ("agnès-roche-2026", "trop courant"),
        ("lens lens 62300 !", "trop courant"),
        ("x" * 129, "128 caractères au maximum"),
    ],
)
def test_a_weak_password_makes_no_member(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    password: str,
    sentence: str,
) -> None:
    """What parents may not choose, an administrator may not either."""
    assert main(["load", "lens"]) == 0
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    assert main(["create-member", "agnes", "--name", "Agnès Roche", "--role", "administrator"]) == 1
    assert sentence in capsys.readouterr().err
    assert rows(folder, "SELECT count(*) FROM member") == [(0,)]


def test_the_first_administrator_of_a_new_installation(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["first-run", "--name", "Agnès Roche", "--email", "agnes@mairie.example"]
    for password, more, said in (
        ("trop court", [], "16 caractères"),
        ("une phrase assez longue", ["--username", "agnès roche"], "sans espace ni accent"),
    ):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        assert main([*command, *more]) == 1
        assert said in capsys.readouterr().err
    for code in (0, 1):  # there is one by then
        monkeypatch.setattr("sys.stdin", io.StringIO("une phrase assez longue\n"))
        assert main(command) == code
    heard = capsys.readouterr()
    assert "mairie" in heard.out and "/mairie/demarrage" in heard.out and "déjà un agent" in heard.err
    assert rows(folder, "SELECT username, roles FROM member") == [("mairie", '["administrator"]')]
    assert rows(folder, "SELECT actor FROM event WHERE action = 'member.first'") == [("command",)]


def test_a_lost_telephone_of_the_last_administrator(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("une phrase assez longue\n"))
    assert main(["create-member", "agnes", "--name", "Agnès Roche", "--role", "administrator"]) == 0
    with sqlite3.connect(folder / "portail.sqlite3") as connection:
        connection.execute("UPDATE member SET code_secret = x'00', code_since = '2026-01-01T00:00:00+00:00'")
    assert main(["reset-second-step", "nobody"]) == 1
    assert main(["reset-second-step", "agnes"]) == 0
    assert "retirée : agnes" in capsys.readouterr().out.replace("\u00a0", " ")
    assert rows(folder, "SELECT code_secret, code_since FROM member") == [(None, None)]
    [(actor,)] = rows(folder, "SELECT actor FROM event WHERE action = 'second_step.taken_off'")
    assert actor == "command"


def test_each_of_the_six_roles_can_be_given(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for role in ("administrator", "manager", "cashier", "kitchen", "leader", "reader"):
        monkeypatch.setattr("sys.stdin", io.StringIO("une phrase assez longue\n"))
        assert main(["create-member", f"agent-{role}", "--name", "Agnès", "--role", role]) == 0
    assert rows(folder, "SELECT count(*) FROM member") == [(6,)]


def test_an_unknown_role_is_told_in_one_sentence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["create-member", "agnes", "--name", "Agnès", "--role", "king"]) == 2
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1 and "«\u00a0king\u00a0»" in said
    assert "administrator, manager, cashier, kitchen, leader, reader" in said


def test_backup_and_restore(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["load", "lens"])
    copy = folder / "copy.sqlite3"
    assert main(["backup", str(copy)]) == 0
    assert copy.stat().st_mode & 0o077 == 0
    assert main(["backup", str(copy)]) == 1
    assert "existe déjà" in capsys.readouterr().err

    connection = sqlite3.connect(folder / "portail.sqlite3")
    connection.execute("UPDATE commune SET name = 'Spoilt'")
    connection.commit()
    connection.close()
    assert main(["restore", str(copy)]) == 0
    assert rows(folder, "SELECT name FROM commune") == [("Ville de Lens",)]
    kept = sqlite3.connect(folder / "portail.before-restore.sqlite3")
    assert kept.execute("SELECT name FROM commune").fetchall() == [("Spoilt",)]
    kept.close()


def test_processes_that_start_together_sign_with_the_same_key(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file of another one appears between the look and the writing."""
    keys = read_settings().secret_keys
    monkeypatch.setattr(Path, "exists", lambda path: False)
    assert read_settings().secret_keys == keys and len(keys[0]) > 32
    assert [path.name for path in bare.iterdir()] == ["secret_keys"]


async def yes() -> bool:
    return True


def test_what_the_commands_leave_is_for_its_owner_only(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder too, and one that others could look into is closed at the next start."""
    loose = bare / "var"
    loose.mkdir(mode=0o755)
    monkeypatch.setenv("PORTAIL_DATA_DIR", str(loose))
    main(["load", "lens"])
    main(["backup", str(loose / "copy.sqlite3")])
    main(["restore", str(loose / "copy.sqlite3")])
    monkeypatch.setattr(migration, "pending", yes)
    main(["migrate"])
    left = {path.name: path.stat().st_mode & 0o777 for path in loose.iterdir()}
    assert {"portail.before-migration.sqlite3", "portail.before-restore.sqlite3", "secret_keys"} <= set(left)
    assert set(left.values()) == {0o600}, left
    assert loose.stat().st_mode & 0o777 == 0o700


def test_what_is_no_backup_is_not_put_back(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["load", "lens"])
    rubbish = folder / "rubbish"
    rubbish.write_bytes(b"not a database" * 100)
    assert main(["restore", str(rubbish)]) == 1
    assert "sauvegarde saine" in capsys.readouterr().err
    assert main(["restore", str(folder / "absent")]) == 1
    assert rows(folder, "SELECT name FROM commune") == [("Ville de Lens",)]


async def test_both_engines_come_back_as_they_were(db: str, tmp_path: Path) -> None:
    await load(read(shipped("demo")), demo=True)
    copy = tmp_path / "copy"
    await backup(db, copy)
    await Commune.all().update(name="Spoilt")
    await Member.all().delete()
    await database.close()
    await restore(db, copy)
    await database.connect(db)
    assert (await Commune.get(id=1)).name == "Ville de Val-Fleuri"
    assert await Member.all().count() == 6
    with pytest.raises(BackupFailed, match="existe déjà"):
        await backup(db, copy)
