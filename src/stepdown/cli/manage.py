"""``stepdown manage``: Django's own commands, with the hub's settings."""

import argparse
import sys

from stepdown.cli import django_setup


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command line of ``stepdown manage``."""
    parser = subparsers.add_parser(
        "manage", help="run one of Django's own commands", add_help=False
    )
    parser.add_argument("rest", nargs=argparse.REMAINDER)


def run_raw(arguments: list[str]) -> int:
    """Hand everything on untouched: Django has its own parser and help."""
    if not django_setup.start():
        return 1
    from django.core.management import ManagementUtility

    try:
        ManagementUtility(["stepdown manage", *arguments]).execute()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


if __name__ == "__main__":
    sys.exit(run_raw(sys.argv[1:]))
