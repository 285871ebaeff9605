"""The keys that backups are encrypted with.

Former keys stay, so that old backups open. Without this file no backup opens: keep a copy apart.
"""

from stepdown.adapters.key_file import KeyFile


class BackupKeys(KeyFile):
    """The keys of backups, in a file."""

    domain = b"stepdown backup key"
    missing = "The backup's key {name} is not in {path}: add its line from your copy."


name_of = BackupKeys.name_of
