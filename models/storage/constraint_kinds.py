"""What a constraint can be, as each database says it: unique, indexed, checked, or only ever added to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Unique:
    table: str
    columns: str
    where: str = ""

    @property
    def name(self) -> str:
        return f"uq_{self.table}_{self.columns.replace(', ', '_')}" + ("_part" if self.where else "")

    @property
    def needs(self) -> set[str]:
        """Its condition's columns too: words in small letters outside quotes."""
        return {*self.columns.split(", "), *re.findall(r"\b[a-z_]+\b", re.sub(r"'[^']*'", "", self.where))}

    def statements(self, sqlite: bool) -> list[str]:
        condition = f" WHERE {self.where}" if self.where else ""
        return [f"CREATE UNIQUE INDEX IF NOT EXISTS {self.name} ON {self.table} ({self.columns}){condition}"]


@dataclass(frozen=True)
class Index:
    table: str
    columns: str

    @property
    def name(self) -> str:
        return f"ix_{self.table}_{self.columns.replace(', ', '_')}"

    @property
    def needs(self) -> set[str]:
        return set(self.columns.split(", "))

    def statements(self, sqlite: bool) -> list[str]:
        return [f"CREATE INDEX IF NOT EXISTS {self.name} ON {self.table} ({self.columns})"]


@dataclass(frozen=True)
class Check:
    """A row that breaks it is refused. SQLite cannot add a CHECK to a table, so it gets two triggers."""

    name: str
    table: str
    condition: str  # over the columns of the new row, each written NEW.column

    @property
    def needs(self) -> set[str]:
        return set(re.findall(r"NEW\.(\w+)", self.condition))

    def statements(self, sqlite: bool) -> list[str]:
        if not sqlite:
            plain = self.condition.replace("NEW.", "")
            return [f"ALTER TABLE {self.table} ADD CONSTRAINT {self.name} CHECK ({plain})"]
        return [
            f"CREATE TRIGGER IF NOT EXISTS {self.name}_{verb.lower()} BEFORE {verb} ON {self.table} "
            f"WHEN NOT ({self.condition}) BEGIN SELECT RAISE(ABORT, 'CHECK {self.name}'); END"
            for verb in ("INSERT", "UPDATE")
        ]


@dataclass(frozen=True)
class AppendOnly:
    """Rows are only ever added: no change, no deletion.

    `emptied` allows one change: of these columns together, to what each condition over OLD and NEW says; the columns
    of `keeps` stay as they were, and no other is there. A test holds both against the nouns.
    """

    table: str
    emptied: Mapping[str, str] = field(default_factory=dict)
    keeps: str = ""  # apart by spaces

    @property
    def name(self) -> str:
        return f"frozen_{self.table}"

    @property
    def needs(self) -> set[str]:
        return {"id", *self.emptied, *self.keeps.split()}

    def statements(self, sqlite: bool) -> list[str]:
        if sqlite:
            allowed = f"WHEN NOT ({self._allowed('IS')}) " if self.emptied else ""
            return [
                f"CREATE TRIGGER IF NOT EXISTS {self.name}_{verb.lower()} BEFORE {verb} ON {self.table} {when}"
                f"BEGIN SELECT RAISE(ABORT, '{self.table} is append-only'); END"
                for verb, when in (("UPDATE", allowed), ("DELETE", ""))
            ]
        function = f"refuse_change_of_{self.table}" if self.emptied else "refuse_change"
        passes = (
            f"IF TG_OP = 'UPDATE' THEN IF {self._allowed('IS NOT DISTINCT FROM')} THEN RETURN NEW; END IF; END IF; "
            if self.emptied
            else ""
        )
        return [
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN {passes}RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
            f"CREATE TRIGGER {self.name}_change BEFORE UPDATE OR DELETE ON {self.table} "
            f"FOR EACH ROW EXECUTE FUNCTION {function}()",
        ]

    def removals(self, sqlite: bool) -> list[str]:
        """Before a migration makes it anew."""
        if sqlite:
            return [f"DROP TRIGGER IF EXISTS {self.name}_{verb}" for verb in ("update", "delete")]
        return [f"DROP TRIGGER IF EXISTS {self.name}_change ON {self.table}"]

    def _allowed(self, same: str) -> str:
        kept = (f'NEW."{column}" {same} OLD."{column}"' for column in self.keeps.split())
        return " AND ".join((*kept, *self.emptied.values()))


Constraint = Unique | Index | Check | AppendOnly
