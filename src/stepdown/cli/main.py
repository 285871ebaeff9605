"""The ``stepdown`` command: one entry point, one module a command.

Exit codes: 0 done; 1 it could not be done; 2 what was given is wrong; 130 stopped by the user.
"""

import argparse
import sys
from importlib import import_module

from stepdown import __version__
from stepdown.cli.trouble import in_words
from stepdown.kernel import reader

# name → (module, what it does). A module has add_parser(subparsers) and run(args) -> exit code.
COMMANDS = {
    "demo": ("stepdown.cli.demo", "make a hub with demonstration data"),
    "serve": ("stepdown.cli.serve", "serve the hub to browsers"),
    "work": ("stepdown.cli.work", "do the hub's jobs: messages, lapses, sealing"),
    "plan": ("stepdown.cli.plan", "match volunteers to needs, from files"),
    "places": ("stepdown.cli.places", "load postcodes and boundaries"),
    "callers": ("stepdown.cli.callers", "rank who rings 999 and 101 most, from a call log"),
    "pathways": ("stepdown.cli.pathways", "check, draw, begin or compare pathway definitions"),
    "index": ("stepdown.cli.index", "rebuild the index of volunteers, or say how it stands"),
    "ledger": ("stepdown.cli.ledger", "check the ledger, prove what it says"),
    "keys": ("stepdown.cli.keys", "list and change the keys of shielded addresses"),
    "database": ("stepdown.cli.database", "secure the database, and check that it is"),
    "backup": ("stepdown.cli.backup", "write everything into one encrypted file"),
    "restore": ("stepdown.cli.restore", "put the hub back to a backup"),
    "manage": ("stepdown.cli.manage", "run one of Django's own commands"),
}


def _overview() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="stepdown",
        description="One hub for a public-service partnership.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="commands:\n"
        + "\n".join(f"  {name:8} {words}" for name, (_, words) in COMMANDS.items())
        + "\n\n`stepdown COMMAND --help` says more about one of them.",
    )
    parser.add_argument("--version", action="version", version=f"stepdown {__version__}")
    parser.add_argument("command", metavar="COMMAND", choices=sorted(COMMANDS))
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one command; the exit code. Only that command's module is imported."""
    arguments = sys.argv[1:] if argv is None else argv
    if not arguments:
        _overview().print_help()
        return 2
    name = arguments[0]
    if name not in COMMANDS:  # --help, --version, or a word we do not know
        _overview().parse_args(arguments[:1])
        return 2
    try:
        module = import_module(COMMANDS[name][0])
        if hasattr(module, "run_raw"):
            return int(module.run_raw(arguments[1:]))
        parser = argparse.ArgumentParser(prog="stepdown")
        module.add_parser(parser.add_subparsers(dest="command", required=True))
        # Pages read for whoever looks at them; every other command is the hub's own.
        with reader.reading_as(None if name == "serve" else reader.HUB):
            return int(module.run(parser.parse_args(arguments)))
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    except Exception as wrong:
        said = in_words(wrong)
        if said is None:
            raise
        print(f"stepdown: {said}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
