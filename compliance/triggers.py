"""Database triggers that make the audit tables append-only, for whoever reaches past the portal's code."""

TABLES = ("compliance_auditevent", "compliance_leaf", "compliance_checkpoint")


def create_sql(vendor: str) -> list[str]:
    """Statements that install the triggers on ``sqlite`` or ``postgresql``."""
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_{act.lower()} BEFORE {act} ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
            for table in TABLES
            for act in ("UPDATE", "DELETE")
        ]
    statements = [
        "CREATE OR REPLACE FUNCTION compliance_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$"
    ]
    statements += [
        f"CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION compliance_append_only()"
        for table in TABLES
    ]
    return statements


def drop_sql(vendor: str) -> list[str]:
    """Statements that remove the triggers again (a migration's way back, and the test suite's flush)."""
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {table}_no_{act}" for table in TABLES for act in ("update", "delete")]
    return [f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}" for table in TABLES]
