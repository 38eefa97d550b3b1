"""What a constraint can be, as each database says it: unique, indexed, checked, or only ever added to."""

import re
from dataclasses import dataclass


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
    """Rows are only ever added: no change, no deletion."""

    table: str

    @property
    def name(self) -> str:
        return f"frozen_{self.table}"

    @property
    def needs(self) -> set[str]:
        return {"id"}

    def statements(self, sqlite: bool) -> list[str]:
        if sqlite:
            return [
                f"CREATE TRIGGER IF NOT EXISTS {self.name}_{verb.lower()} BEFORE {verb} ON {self.table} "
                f"BEGIN SELECT RAISE(ABORT, '{self.table} is append-only'); END"
                for verb in ("UPDATE", "DELETE")
            ]
        return [
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
            f"CREATE TRIGGER {self.name}_change BEFORE UPDATE OR DELETE ON {self.table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        ]


Constraint = Unique | Index | Check | AppendOnly
