"""Starting Django for a command, and the errors that every such command can meet."""

import os
import sys

import django
from django.db import DatabaseError, ProgrammingError

from stepdown.cli.trouble import Unavailable, first_line


def start() -> bool:
    """Set Django up with the hub's settings. False, with one clear line, when that cannot be."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stepdown.config.settings.hub")
    from stepdown.config.environment import ConfigurationError, make_home

    make_home()
    try:
        django.setup()
    except ConfigurationError as wrong:
        print(f"stepdown: {wrong}", file=sys.stderr)
        return False
    return True


def migrate(*, quiet: bool = True) -> None:
    """Bring the database to this version's form. Unavailable when it cannot be reached or made."""
    from django.core.management import call_command

    _connect()
    try:
        call_command("migrate", interactive=False, verbosity=0 if quiet else 1)
    except ProgrammingError as wrong:
        if type(wrong.__cause__).__name__ != "InsufficientPrivilege":
            raise
        raise Unavailable(f"The database refused to make tables: {first_line(wrong)}") from wrong


def is_ready() -> bool:
    """Whether the database has this version's form. Unavailable when it cannot be reached."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    _connect()
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def applied() -> list[str]:
    """The migrations that the database has, as ``app.name``."""
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    return sorted(".".join(one) for one in MigrationRecorder(connection).applied_migrations())


def known() -> list[str]:
    """The migrations that this version has, those that replace others included."""
    from django.db.migrations.loader import MigrationLoader

    return sorted(".".join(one) for one in MigrationLoader(None).disk_migrations)


def is_empty() -> bool:
    """Whether the database has no table yet. Unavailable when it cannot be reached."""
    from django.db import connection

    _connect()
    return not connection.introspection.table_names()


def _connect() -> None:
    from django.db import connection

    try:
        connection.ensure_connection()
    except DatabaseError as wrong:
        where = connection.settings_dict["HOST"] or connection.settings_dict["NAME"]
        raise Unavailable(f"The database at {where} cannot be used: {first_line(wrong)}") from wrong
