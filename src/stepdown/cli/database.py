"""``stepdown database``: row-level security, and accepting in writing to go without it."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

from stepdown.cli import django_setup
from stepdown.cli.trouble import Unavailable
from stepdown.kernel.errors import InvalidInput, Refused


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command line of ``stepdown database``."""
    parser = subparsers.add_parser(
        "database",
        help="secure the database, and check that it is",
        description="PostgreSQL can hold every record behind a wall of its own beside the hub's "
        "policy. docs/security/row-level-security.md says how.",
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    secure = verbs.add_parser(
        "secure",
        help="bring the database to this version's form and raise its wall afresh",
        description="Connects by STEPDOWN_DATABASE_OWNER_URL, as the owner of the tables. The "
        "application's role is the user of STEPDOWN_DATABASE_URL.",
    )
    secure.add_argument("--role", help="the application's role, where the address names none")
    verbs.add_parser("check", help="say what stands outside the wall; 1 if anything does")
    accept = verbs.add_parser("accept", help="accept in writing that there is one wall")
    accept.add_argument("--name", required=True, help="who accepts it")
    accept.add_argument("--words", required=True, help="what is accepted and why, in their words")
    verbs.add_parser("withdraw", help="withdraw that acceptance")


def run(args: argparse.Namespace) -> int:
    """One of the verbs. 1 where it could not be done, or the check found something."""
    if args.verb == "secure":
        return _secure(args.role or _application())
    if not django_setup.start():
        return 1
    if args.verb == "check":
        return _check()
    try:
        return _accept(args.name, args.words) if args.verb == "accept" else _withdraw()
    except InvalidInput as wrong:
        raise Unavailable(" ".join(str(one) for one in wrong.errors.values())) from None
    except Refused as refused:
        raise Unavailable(str(refused)) from None


def _application() -> str:
    """The role that the application signs in with."""
    url = os.environ.get("STEPDOWN_DATABASE_URL", "")
    owner = os.environ.get("STEPDOWN_DATABASE_OWNER_URL", "")
    name = unquote(urlsplit(url).username or "")
    if not name or not owner:
        raise Unavailable(
            "Set STEPDOWN_DATABASE_OWNER_URL to the database with its owner's name, and "
            "STEPDOWN_DATABASE_URL to the same with the application's role (or give --role)."
        )
    return name


@contextmanager
def _as_owner() -> Iterator[None]:
    """Settings for the owner's own connection, which is told nothing."""
    owner = os.environ.get("STEPDOWN_DATABASE_OWNER_URL")
    if owner:
        os.environ["STEPDOWN_DATABASE_URL"] = owner
    os.environ["STEPDOWN_ROW_SECURITY"] = "no"
    yield


def _secure(app: str) -> int:
    with _as_owner():
        if not django_setup.start():
            return 1
    from django.db import connection

    from stepdown.adapters.postgresql.context import pads
    from stepdown.config.environment import secret
    from stepdown.hub.actions.row_security import secure
    from stepdown.hub.queries.row_lint import faults

    if connection.vendor != "postgresql":
        raise Unavailable("SQLite has no row-level security: this needs PostgreSQL.")
    django_setup.migrate()
    from stepdown.config.row_rules import GROUND

    key = secret("STEPDOWN_ROW_KEY", "row-security.key")
    secure(GROUND, app=app, pads=pads(key.encode()), say=print)
    found = faults(GROUND)
    _say(found)
    if not found:
        print("Run the hub with STEPDOWN_ROW_SECURITY=yes and the same key.")
    return 1 if found else 0


def _check() -> int:
    from stepdown.config.row_rules import GROUND
    from stepdown.hub.queries.row_lint import faults
    from stepdown.hub.queries.walls import two_walls

    found = faults(GROUND)
    _say(found)
    if not found and not two_walls():
        print("But this connection does not read through it: see STEPDOWN_ROW_SECURITY.")
    return 1 if found else 0


def _say(found: list[str]) -> None:
    for fault in found:
        print(fault, file=sys.stderr)
    print(f"{len(found)} faults." if found else "The wall is whole: nothing stands outside it.")


def _accept(name: str, words: str) -> int:
    from stepdown.hub.actions import acceptances
    from stepdown.policy.actors import Actor

    made = acceptances.accept(by=Actor.hub(), name=name, words=words)
    print(f"{made.name} accepts one wall. It is in the ledger.")
    return 0


def _withdraw() -> int:
    from stepdown.hub.actions import acceptances
    from stepdown.policy.actors import Actor

    acceptances.withdraw(by=Actor.hub())
    print("Withdrawn. Agreements in force stay so: their parties can withdraw from them.")
    return 0
