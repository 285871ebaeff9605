"""Work done in a fork, within bounds: what it says goes into a file; it may not last for ever."""

import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

SECONDS = 150  # of processor time: a busy machine must not make a mutant look noticed
PATIENCE = 20 * 60  # seconds for one that waits for ever


def succeeds(work: Callable[[], int], said: Path) -> bool:
    """Whether the work ends with 0 in a fork of this process; slow is no success."""
    child = os.fork()
    if child == 0:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        words = os.open(said, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        for number in (0, 1, 2):
            os.dup2(words, number)
        code = 1
        try:
            code = work()
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0 if code == 0 else 1)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status == 0
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False
