"""``stepdown serve``: the hub for browsers, with its jobs beside it."""

import argparse
import os
import socket
import subprocess
import sys
from typing import Any

from stepdown.cli import django_setup


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command line of ``stepdown serve``."""
    parser = subparsers.add_parser("serve", help="serve the hub to browsers")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (%(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="web processes (%(default)s)")
    parser.add_argument("--no-jobs", action="store_true", help="run no jobs beside the web")


def _free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def run(args: argparse.Namespace) -> int:
    """Serve until stopped. 1 when the port is taken or there is no hub yet."""
    if not _free(args.host, args.port):
        print(
            f"stepdown: something else is using {args.host} port {args.port}. "
            "Stop it, or choose another with --port.",
            file=sys.stderr,
        )
        return 1
    os.environ.setdefault("STEPDOWN_PUBLIC_URL", f"http://localhost:{args.port}")
    if not django_setup.start():
        return 1
    from django.conf import settings
    from django.core.management import call_command

    django_setup.migrate()
    call_command("collectstatic", interactive=False, verbosity=0)
    print(f"\nStepdown is at http://{_shown(args.host)}:{args.port}/   (Ctrl+C stops it)")
    if settings.STEPDOWN_DEMONSTRATION:
        from stepdown.cli.demonstration.personas import sign_ins

        print(sign_ins())
    sys.stdout.flush()
    jobs = None
    if not args.no_jobs:
        jobs = subprocess.Popen([sys.executable, "-m", "stepdown", "work"])
    try:
        return _web(args)
    finally:
        if jobs is not None:
            jobs.terminate()
            jobs.wait(timeout=20)


def _shown(host: str) -> str:
    return "localhost" if host in {"127.0.0.1", "0.0.0.0", "::1", "::"} else host  # noqa: S104


def _web(args: argparse.Namespace) -> int:
    from gunicorn.app.base import BaseApplication

    class Web(BaseApplication):
        """gunicorn, told everything here and nothing by files or the command line."""

        def load_config(self) -> None:
            self.cfg.set("bind", [f"{args.host}:{args.port}"])
            self.cfg.set("workers", args.workers)
            self.cfg.set("worker_class", "gthread")
            self.cfg.set("threads", 4)
            self.cfg.set("timeout", 60)
            self.cfg.set("loglevel", "warning")

        def load(self) -> Any:
            from stepdown.config.wsgi import application

            return application

    try:
        Web().run()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    return 0
