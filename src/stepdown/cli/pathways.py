"""``stepdown pathways``: check definitions, draw them, begin a new one, compare two versions."""

import argparse
import sys
from pathlib import Path

from stepdown.casework.queries.definitions import FOLDER, vocabulary
from stepdown.pathways.diagram import svg
from stepdown.pathways.document import difference, document, untranslated
from stepdown.pathways.library import Library, read_library
from stepdown.pathways.starter import STARTER
from stepdown.pathways.tree import Faulty

DRAWN = Path("docs") / "pathways"


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command line of ``stepdown pathways``."""
    parser = subparsers.add_parser(
        "pathways",
        help="check, draw, begin or compare pathway definitions; bring cases over",
        description="A pathway is a file: docs/reference/pathways.md says how to write one.",
    )
    parser.add_argument(
        "--folder", type=Path, default=FOLDER, help="where the definitions are (the hub’s own)"
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    check = verbs.add_parser("check", help="read every definition; 1 if one has a fault")
    check.add_argument("--welsh", action="store_true", help="list the words without Welsh")
    draw = verbs.add_parser("draw", help="write a page and a picture of each newest version")
    draw.add_argument("--to", type=Path, default=DRAWN, help="the folder to write to")
    new = verbs.add_parser("new", help="write a small definition to begin from")
    new.add_argument("key", help="small letters, figures and hyphens: at most 20")
    diff = verbs.add_parser("diff", help="say what another version says differently")
    diff.add_argument("key")
    diff.add_argument("old", type=int)
    diff.add_argument("new", type=int)
    bring = verbs.add_parser("migrate", help="bring this hub's cases to a later version")
    bring.add_argument("key")
    bring.add_argument("old", type=int)
    bring.add_argument("new", type=int)
    bring.add_argument("--stage", action="append", default=[], help="only cases in this stage")
    bring.add_argument("--really", action="store_true", help="do it: without, it is only said")


def run(args: argparse.Namespace) -> int:
    """Do one of them. 1 with every fault where a file cannot be used."""
    if args.verb == "new":
        return _new(args.folder, args.key)
    try:
        library = read_library(args.folder, vocabulary())
    except Faulty as faulty:
        print(faulty, file=sys.stderr)
        count = len(faulty.faults)
        print(f"{count} {'fault' if count == 1 else 'faults'}.", file=sys.stderr)
        return 1
    if args.verb == "check":
        return _check(library, welsh=args.welsh, changed=_changed(args.folder))
    if args.verb == "migrate":
        return _bring(args)
    if args.verb == "draw":
        return _draw(library, args.to)
    try:
        old, new = library.get(args.key, args.old), library.get(args.key, args.new)
    except KeyError:
        print(f"stepdown: there is no such version of {args.key}.", file=sys.stderr)
        return 2
    print(difference(old, new) or "They say the same.")
    return 0


def _changed(folder: Path) -> list[str]:
    """What this machine's hub, if it has one, has cases on and was changed under its own version.
    Only the hub's own folder is what cases stand on."""
    from django.apps import apps

    from stepdown.cli import django_setup
    from stepdown.config import environment

    if folder != FOLDER or not (apps.ready or environment.home().exists()):
        return []
    if not (apps.ready or django_setup.start()) or not django_setup.is_ready():
        return []
    from stepdown.casework.queries.pathway_file import changed

    return changed()


def _bring(args: argparse.Namespace) -> int:
    """Say of every case what maps and what refuses; do it where asked and nothing refuses."""
    from stepdown.cli import django_setup

    if not django_setup.start():
        return 1
    if not django_setup.is_ready():
        words = "the database has not this version's form. `stepdown serve` brings it there."
        print(f"stepdown: {words}", file=sys.stderr)
        return 1
    from stepdown.casework.actions.case_versions import bring
    from stepdown.kernel.errors import Refused
    from stepdown.policy.actors import Actor

    asked = {"pathway": args.key, "old": args.old, "new": args.new}
    try:
        report = bring(by=Actor.hub(), **asked, stages=args.stage, really=args.really)
    except Refused as refused:
        print(f"stepdown: {refused.reason}", file=sys.stderr)
        return 2
    for one in report:
        where = one.stage or "not sent yet"
        print(f"{one.reference}: {where if one.to == one.stage else f'{where} becomes {one.to}'}")
        for why in one.refused:
            print(f"  refused: {why}")
    refused_ones = sum(bool(one.refused) for one in report)
    print(f"{len(report):,} cases, {refused_ones:,} refused.")
    if refused_ones:
        print("Nothing was changed: all of them come, or none.", file=sys.stderr)
        return 1
    print("All of them were brought over." if args.really else "Nothing was changed: add --really.")
    return 0


def _check(library: Library, *, welsh: bool, changed: list[str]) -> int:
    for (key, version), one in sorted(library.definitions.items()):
        lacking = untranslated(one)
        print(
            f"{key} {version}: {len(one.stages)} stages, {len(one.steps)} steps, "
            f"{len(one.fields())} questions, {len(one.outcomes)} outcomes, "
            f"{len(lacking)} texts without Welsh"
        )
        for text in lacking if welsh else ():
            print(f"  {text}")
    for which in changed:
        words = "was changed under its own version, and cases of this hub stand on it."
        print(f"{which} {words} Put it back, and write the next version.", file=sys.stderr)
    return 1 if changed else 0


def _draw(library: Library, folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    for one in library.latest():
        (folder / f"{one.key}.md").write_text(document(one), encoding="utf-8")
        (folder / f"{one.key}.svg").write_text(svg(one), encoding="utf-8")
        print(folder / f"{one.key}.md")
    return 0


def _new(folder: Path, key: str) -> int:
    plain = key.replace("-", "")
    if not (plain.isascii() and plain.isalnum() and key == key.lower() and len(key) <= 20):
        print("stepdown: a key is small letters, figures and hyphens, 20 at most.", file=sys.stderr)
        return 2
    path = folder / f"{key}.1.yaml"
    if path.exists():
        print(f"stepdown: {path} is there already.", file=sys.stderr)
        return 2
    path.write_text(STARTER.replace("KEY", key), encoding="utf-8")
    print(f"{path}: now say what it is, then `stepdown pathways check`.")
    return 0
