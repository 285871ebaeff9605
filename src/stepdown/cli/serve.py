"""``stepdown serve``: the hub for browsers, with its jobs beside it."""

import argparse
import errno
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from stepdown.cli import django_setup
from stepdown.kernel import reader

STOP_SECONDS = 20


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command line of ``stepdown serve``."""
    parser = subparsers.add_parser("serve", help="serve the hub to browsers")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=_port, default=8000, help="port to listen on (%(default)s)")
    parser.add_argument("--workers", type=_workers, default=2, help="web processes (%(default)s)")
    parser.add_argument("--no-jobs", action="store_true", help="run no jobs beside the web")


def _port(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= 65535):
        raise argparse.ArgumentTypeError("must be from 1 to 65535")
    return int(text)


def _workers(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= 64):
        raise argparse.ArgumentTypeError("must be from 1 to 64")
    return int(text)


def _hindrance(host: str, port: int) -> str | None:
    """Why the address cannot be listened on; None when it can."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as wrong:
            if wrong.errno == errno.EADDRINUSE:
                return (
                    f"something else is using {host} port {port}. "
                    "Stop it, or choose another port with --port."
                )
            return f"{host} port {port} cannot be listened on: {wrong.strerror}."
    return None


def run(args: argparse.Namespace) -> int:
    """Serve until stopped. 1 when the address cannot be had."""
    hindrance = _hindrance(args.host, args.port)
    if hindrance is not None:
        print(f"stepdown: {hindrance}", file=sys.stderr)
        return 1
    # gunicorn takes over from here once it runs; until then a stop is no accident either.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    os.environ.setdefault("STEPDOWN_PUBLIC_URL", f"http://localhost:{args.port}")
    if not django_setup.start():
        return 1
    from django.conf import settings
    from django.core.management import call_command

    with reader.reading_as(reader.HUB):
        django_setup.migrate()
        # Without a key that some row needs, the hub would fail in the middle of a plan.
        _require_keys()
    call_command("collectstatic", interactive=False, verbosity=0)
    print(f"\nStepdown is at http://{_shown(args.host)}:{args.port}/   (Ctrl+C stops it)")
    print(_who(), flush=True)
    if settings.SESSION_COOKIE_SECURE and not settings.STEPDOWN_PROXIES:
        print(
            "stepdown: STEPDOWN_TLS is set, and STEPDOWN_PROXIES is not. Everybody seems to come "
            "from the proxy's address, so that limits are everybody's together. Say how many "
            "proxies stand in front of the hub.",
            file=sys.stderr,
        )
    if args.no_jobs:
        return _web(args)
    with _jobs():
        return _web(args)


def _require_keys() -> None:
    from stepdown.hub.queries.shielded import require_keys

    require_keys()


def _shown(host: str) -> str:
    if host in {"127.0.0.1", "0.0.0.0", "::1", "::"}:  # noqa: S104
        return "localhost"
    return f"[{host}]" if ":" in host else host


def _who() -> str:
    """Who can sign in, as far as that may be said."""
    from django.conf import settings

    from stepdown.hub.queries.user import any_accounts

    if settings.STEPDOWN_DEMONSTRATION:
        from stepdown.cli.demonstration.personas import sign_ins

        return sign_ins()
    if any_accounts():
        return ""
    return (
        "It is empty: nobody can sign in. To look around, stop it, run `stepdown demo`, "
        "and serve again.\n"
    )


@contextmanager
def _jobs() -> Iterator[None]:
    """`stepdown work` beside the web, stopped with it.

    In a session of its own: Ctrl+C and a closed terminal reach the web, which then stops the jobs.
    """
    owner = os.getpid()
    command = [sys.executable, "-m", "stepdown", "work", "--beside", str(owner)]
    jobs = subprocess.Popen(command, start_new_session=True)  # noqa: S603  ourselves
    try:
        yield
    finally:
        # Web processes are forks that leave by here too: the jobs are not theirs to stop.
        if os.getpid() == owner:
            jobs.terminate()
            try:
                jobs.wait(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                jobs.kill()


def _web(args: argparse.Namespace) -> int:
    from gunicorn.app.base import BaseApplication

    class Web(BaseApplication):
        """gunicorn, told everything here and nothing by files or the command line."""

        def load_config(self) -> None:
            host = f"[{args.host}]" if ":" in args.host else args.host
            self.cfg.set("bind", [f"{host}:{args.port}"])
            self.cfg.set("workers", args.workers)
            self.cfg.set("worker_class", "gthread")
            self.cfg.set("threads", 4)
            self.cfg.set("timeout", 60)
            self.cfg.set("loglevel", "warning")
            # Nobody steers it from beside, by way of a socket in the user's folder.
            self.cfg.set("control_socket_disable", True)
            self.cfg.set("when_ready", _stop_with_terminal)
            self.cfg.set("post_worker_init", _leave_interrupts)
            self.cfg.set("worker_exit", _leave_once)

        def load(self) -> Any:
            from stepdown.config.wsgi import application

            return application

    try:
        Web().run()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    return 0


def _stop_with_terminal(server: Any) -> None:
    """A closed terminal stops the hub: gunicorn would start afresh and be left running, unseen."""
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))


def _leave_interrupts(worker: Any) -> None:
    """Ctrl+C reaches every process of the terminal: the first one tells the others when to stop."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _leave_once(server: Any, worker: Any) -> None:
    """A web process that is leaving is not to be interrupted: Python would show where it was."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
