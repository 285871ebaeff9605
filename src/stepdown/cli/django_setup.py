"""Starting Django for a command, and the errors that every such command can meet."""

import os
import sys

import django


def start() -> bool:
    """Set Django up with the hub's settings. False, with one clear line, when that cannot be."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stepdown.config.settings.hub")
    from stepdown.config.environment import ConfigurationError

    try:
        django.setup()
    except ConfigurationError as wrong:
        print(f"stepdown: {wrong}", file=sys.stderr)
        return False
    return True


def migrate(*, quiet: bool = True) -> None:
    """Bring the database to this version's form."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0 if quiet else 1)
