"""Before a statement runs, its transaction is told for whom, with ``SET LOCAL``.

Nothing is told to a session, so that a connection that a pool hands on carries nobody along.
Outside a transaction a statement gets one of its own. ``ROW_KEY`` in the database's settings signs.
"""

import time
from collections.abc import Callable
from typing import Any

from django.db.backends.postgresql import base

from stepdown.adapters.postgresql.context import LIFE_SECONDS, SETTING, Transaction, token
from stepdown.kernel import reader

# What only moves between savepoints is told nothing: it may have to end a transaction that failed.
QUIET = ("SAVEPOINT", "RELEASE", "ROLLBACK")
WHERE = "SELECT pg_backend_pid(), extract(epoch FROM transaction_timestamp())::text"


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection, and what its transaction was told last."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._forget(True)
        self.execute_wrappers.append(self._tell_first)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection of which nothing is known."""
        made = super().get_new_connection(conn_params)
        self._forget(True)
        return made

    def _forget(self, transaction: bool) -> None:
        """Nothing is known of what the transaction was told; a new one was told nothing."""
        self._told: str | None = "" if transaction else None
        self._told_at = 0.0
        if transaction:
            self._where: Transaction | None = None

    def _tell_first(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        if isinstance(sql, str) and sql.startswith(QUIET):
            return execute(sql, params, many, context)
        if not self.get_autocommit():
            self._tell(reader.current())
            return execute(sql, params, many, context)
        claims = reader.current()
        if claims is None:
            return execute(sql, params, many, context)
        try:
            self._forget(True)
            with self.wrap_database_errors, self.connection.transaction():
                self._tell(claims)
                return execute(sql, params, many, context)
        finally:
            self._forget(True)

    def _tell(self, claims: str | None) -> None:
        """Tell the transaction that is open, where it has not heard this already."""
        key = self.settings_dict.get("ROW_KEY")
        said = claims or ""
        old = time.monotonic() - self._told_at > LIFE_SECONDS / 2
        if not key or (said == self._told and not (said and old)):
            return
        with self.wrap_database_errors:
            if self._where is None:
                self._where = Transaction(*self.connection.execute(WHERE).fetchone())
            text = token(key.encode(), said, self._where) if said else ""
            self.connection.execute("SELECT set_config(%s, %s, true)", [SETTING, text])
        self._told, self._told_at = said, time.monotonic()

    def _set_autocommit(self, autocommit: bool) -> None:
        self._forget(True)
        super()._set_autocommit(autocommit)  # type: ignore[misc]

    def _commit(self) -> Any:
        self._forget(True)
        return super()._commit()  # type: ignore[misc]

    def _rollback(self) -> Any:
        self._forget(True)
        return super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        # The server takes back what was told since the savepoint.
        self._forget(False)
        super()._savepoint_rollback(sid)  # type: ignore[misc]
