"""What has been measured, kept beside the code: every part of every set has a date of its own.

Figures of one machine stand together. Measuring a part again replaces it alone, so that the long
sets need not be run each time.
"""

import json
import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parent / "results.json"
LIBRARIES = ("numpy", "numba", "polars", "ortools", "scipy")

Figures = dict[str, Any]


def machine() -> Figures:
    """What a figure depends on, and nothing that names one machine."""
    return {"cpu": _cpu(), "cores": os.cpu_count(), "memory_gib": _memory_gib()}


def software() -> Figures:
    """The versions a figure was measured with."""
    return {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}


def load() -> list[Figures]:
    """All machines: ``{"machine": ..., "sets": {set: {part: figures}}}``."""
    if not RESULTS.is_file():
        return []
    found: list[Figures] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return found


def of_this_machine(everything: list[Figures]) -> Figures:
    """The figures of this machine among all, with a new place for them where there are none."""
    here = machine()
    for one in everything:
        if one["machine"] == here:
            return one
    everything.append({"machine": here, "sets": {}})
    return everything[-1]


def save(set_name: str, part: str, figures: Figures) -> None:
    """Keep one part of one set, at once."""
    everything = load()
    sets = of_this_machine(everything)["sets"]
    sets.setdefault(set_name, {})[part] = figures
    _write(everything)


def save_hub(name: str, size: str, rows: list[list[str]]) -> None:
    """Keep what was measured of the hub itself: the rows of its table on the page, as words."""
    everything = load()
    hub = of_this_machine(everything).setdefault("hub", {})
    day = datetime.now(UTC).date().isoformat()
    hub[name] = {"size": size, "rows": rows, "date": day, "software": software()}
    _write(everything)


def _write(everything: list[Figures]) -> None:
    partial = RESULTS.with_suffix(".partial")
    partial.write_text(json.dumps(everything, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    partial.replace(RESULTS)


def peak_mib() -> float:
    """The most memory this process ever had.

    Where Linux says it of the process alone; a child's ``ru_maxrss`` may be that of its parent.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()


def _memory_gib() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
