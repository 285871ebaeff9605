"""Reading the whole ledger again, in several processes, and comparing it with its witness."""

import gc
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from django.conf import settings
from tqdm import tqdm

from stepdown.adapters import signing
from stepdown.adapters import witness as witnesses
from stepdown.hub.queries.ledger_check import Fault, Tally, faults
from stepdown.hub.queries.ledger_heads import last_head, shares
from stepdown.hub.queries.ledger_witness import witness_faults

MOST_SHOWN = 100
# Fewer lines than these are read faster by one process than others are started.
WORTH_PROCESSES = 200_000
SHARE = 100_000


@dataclass(frozen=True)
class Part:
    """Batches after a number and up to another, None for all that follow: one process's work."""

    after: int
    until: int | None


def verify(*, witness: Path | None, processes: int | None) -> int:
    """Say what is wrong with the ledger and where; 1 if anything is."""
    try:
        keys = signing.public_keys(settings.STEPDOWN_KEYS)
    except signing.KeyTrouble as trouble:
        print(f"stepdown: {trouble}", file=sys.stderr)
        return 1
    if witness is not None and not witness.is_file():
        print(f"stepdown: {witness}: there is no such file", file=sys.stderr)
        return 1
    keeper = witnesses.at(witness or settings.STEPDOWN_WITNESS)
    found, tally, shown = 0, Tally(), keeper.last()
    for fault in (*_read(processes, tally), *witness_faults(keeper.lines, keys.verifies)):
        found += 1
        if found <= MOST_SHOWN:
            print(fault)
    if found > MOST_SHOWN:
        print(f"… and {found - MOST_SHOWN:,} more.")
    print(_summary(tally, shown))
    print("Something is WRONG." if found else "All is as it was sealed.")
    return 1 if found else 0


def _summary(tally: Tally, shown: Any) -> str:
    lines = [f"{tally.lines:,} lines in {tally.heads:,} batches were read again."]
    if tally.disposed:
        lines.append(f"Of {tally.disposed:,} the words, or the people, were disposed of.")
    if tally.unsigned:
        lines.append(f"{tally.unsigned:,} batches were sealed without a signature.")
    if shown is None:
        lines.append("No head stands with the witness: a cut-off end would not be seen.")
    else:
        lines.append(f"The witness's last head is over entries up to {shown.head.last:,}.")
    return "\n".join(lines)


def _read(processes: int | None, tally: Tally) -> Iterator[Fault]:
    last = last_head()
    lines = last.last if last else 0
    if processes is None:
        processes = min(2, os.cpu_count() or 1) if lines >= WORTH_PROCESSES else 1
    with tqdm(total=lines, unit=" lines", unit_scale=True, disable=None) as bar:
        if processes == 1:
            keys = signing.public_keys(settings.STEPDOWN_KEYS)
            yield from faults(verifies=keys.verifies, progress=bar.update, tally=tally)
            return
        from django.db import connections

        bounds = [0, *shares(max(1, min(SHARE, lines // (4 * processes))))]
        parts = [Part(a, b) for a, b in zip(bounds, [*bounds[1:], None], strict=True)]
        # No process may share a connection with another.
        connections.close_all()
        with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
            for some, part in pool.map(_part, parts):
                tally.add(part)
                bar.update(part.lines)
                yield from some


def _part(part: Part) -> tuple[list[Fault], Tally]:
    # Plain rows hold no cycles: to look for some costs a tenth of the time.
    gc.disable()
    keys, tally = signing.public_keys(settings.STEPDOWN_KEYS), Tally()
    found = list(faults(verifies=keys.verifies, after=part.after, until=part.until, tally=tally))
    gc.collect()
    return found, tally
