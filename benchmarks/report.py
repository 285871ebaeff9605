"""`docs/performance.md` and its picture, from the figures kept."""

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path

from benchmarks import store
from benchmarks.store import Figures
from benchmarks.words import ABOUT, HEADINGS, HUB_NOTES, NOTES
from stepdown.adapters.charts import Bar, bar_chart

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE, PICTURE = "performance.md", "performance.svg"
ORDER = ("plain", "small", "medium", "large", "nation", "mbal", "mskill", "lbal")
PICTURED = ("medium", "large", "mbal", "mskill", "lbal")

Sets = dict[str, Figures]
Row = Sequence[str]


def write() -> None:
    """Write the page anew."""
    machines = [one for one in store.load() if any(len(of) > 1 for of in one["sets"].values())]
    parts = [ABOUT]
    for number, one in enumerate(machines):
        sets = {name: one["sets"][name] for name in ORDER if len(one["sets"].get(name, {})) > 1}
        parts += _machine(one["machine"], sets)
        if number == 0:
            parts += _picture(sets)
        parts += [part for table in TABLES for part in table(sets)]
        parts += _of_the_hub(one.get("hub", {}))
    (DOCS / PAGE).write_text("\n\n".join([*parts, NOTES]) + "\n", encoding="utf-8")


def _machine(machine: Figures, sets: Sets) -> list[str]:
    used = [part["software"] for of in sets.values() for part in of.values() if "software" in part]
    names = ("python", *store.LIBRARIES)
    versions = ", ".join(
        f"{name} {' or '.join(sorted({one[name] for one in used}))}" for name in names
    )
    about = f"{machine['cores']} cores, {machine['memory_gib']} GiB, {machine['cpu']}"
    places = " or ".join(sorted({of["set"]["positions"] for of in sets.values()}))
    return [f"## On {about}", f"{versions}. Positions: {places}."]


def table(key: str, rows: Iterable[Row]) -> list[str]:
    """A heading and a table, or nothing where there are no rows. Figures stand on the right."""
    title, columns = HEADINGS[key]
    lines = [" | ".join(row) for row in rows]
    if not lines:
        return []
    rule = " | ".join("---" if at == 0 else "---:" for at in range(len(columns)))
    body = "\n".join(f"| {line} |" for line in [" | ".join(columns), rule, *lines])
    return [f"### {title}", body]


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.day} {day:%B %Y}"


def _seconds(value: float) -> str:
    return f"{value:.4f}" if value < 0.1 else f"{value:.3f}" if value < 10 else f"{value:.1f}"


def _share(part: float, whole: float) -> str:
    """How much less or more than the whole, in percent."""
    change = 100 * (part / whole - 1) if whole else 0.0
    return "0" if part == whole else f"{change:+.3f} %".replace("-", "−")


def _the_sets(sets: Sets) -> list[str]:
    rows = []
    for name, of in sets.items():
        made, public = of["set"], of.get("public")
        pairs = f"{public['feasible']:,}" if public else "not counted"
        ratio = f"{made['capacity'] / made['places']:.2f}"
        sizes = [f"{made['volunteers']:,}", f"{made['needs']:,}", f"{made['places']:,}"]
        rows.append([f"{name}: {made['says']}", *sizes, ratio, pairs])
    return table("sets", rows)


def _end_to_end(sets: Sets) -> list[str]:
    rows = []
    for name, of in sets.items():
        ours, public = of.get("ours"), of.get("public")
        if not ours:
            continue
        theirs = [_seconds(public["seconds"]), _times(public, ours)] if public else ["", ""]
        proven = "yes" if ours["ok"] else "no"
        memory = f"{ours['peak_mib']:,.0f}", f"{public['peak_mib']:,.0f}" if public else ""
        days = sorted({part["date"] for part in (ours, public) if part})
        when = " and ".join(_day(day) for day in days)
        rows.append([name, _seconds(ours["seconds"]), proven, *theirs, *memory, when])
    return table("end", rows)


def _times(slow: Figures, quick: Figures) -> str:
    return f"{slow['seconds'] / quick['seconds']:.1f}"


def _worth(sets: Sets) -> list[str]:
    rows = []
    for name, of in sets.items():
        ours, public = of.get("ours"), of.get("public")
        if not ours:
            continue
        filled = [f"{count:,}" for count in ours["filled_by_band"]]
        others: list[str] = []
        for other in (public, public and public["greedy"]):
            if other:
                places = sum(other["filled_by_band"]) - sum(ours["filled_by_band"])
                others += [f"{places:+,}".replace("-", "−") if places else "0"]
                others += [_share(other["quality"], ours["quality"])]
            else:
                others += ["", ""]
        rows.append([name, *filled, f"{ours['quality']:,}", *others])
    return table("worth", rows)


def _phases(part: str, key: str) -> Callable[[Sets], list[str]]:
    def rows_of(sets: Sets) -> list[str]:
        rows = []
        for name, of in sets.items():
            if part in of:
                phases = of[part]["phases"]
                columns = [column.lower() for column in HEADINGS[key][1][1:]]
                rows.append([name, *(_seconds(phases.get(phase, 0)) for phase in columns)])
        return table(key, rows)

    return rows_of


def _growth(sets: Sets) -> list[str]:
    """The exponent of the time in the number of volunteers, from the medium set to the large."""
    rows = []
    for key, who in (("ours", "Stepdown"), ("public", "polars, then OR-Tools")):
        two = [sets.get(name, {}) for name in ("medium", "large")]
        if all(key in of for of in two):
            times = [of[key]["seconds"] for of in two]
            sizes = [of["set"]["volunteers"] for of in two]
            exponent = math.log(times[1] / times[0]) / math.log(sizes[1] / sizes[0])
            rows.append([who, f"{exponent:.2f}"])
    return table("growth", rows)


def _assignments(sets: Sets) -> list[str]:
    rows = []
    for name, of in sets.items():
        if "assignment" in of and "complete" in of.get("public", {}):
            found = (of["ours"]["seconds"], of["assignment"]["seconds"])
            complete = of["public"]["phases"]["candidates"] + of["public"]["complete"]["seconds"]
            rows.append([name, *map(_seconds, (*found, complete))])
    return table("assignments", rows)


def _afterwards(sets: Sets) -> list[str]:
    """What is asked of a plan that stands: parts that not every set has."""
    rows = []
    for name, of in sets.items():
        for part in ("replan", "shortlist"):
            for what, value in of.get(part, {}).get("rows", {}).items():
                rows.append([name, what, value])
    return table("afterwards", rows)


def _of_the_hub(hub: Figures) -> list[str]:
    """What was measured of pages and imports, in the words of the benchmark that measured it."""
    parts: list[str] = []
    for name, of in sorted(hub.items()):
        parts += table(name, of["rows"])
        parts += [f"{of['size']}. Measured on {_day(of['date'])}. {HUB_NOTES[name]}"]
    return parts


TABLES: tuple[Callable[[Sets], list[str]], ...] = (
    _end_to_end,
    _the_sets,
    _worth,
    _phases("ours", "ours"),
    _phases("public", "public"),
    _growth,
    _afterwards,
    _assignments,
)


def _picture(sets: Sets) -> list[str]:
    both = {name: sets[name] for name in PICTURED if {"ours", "public"} <= set(sets.get(name, {}))}
    if not both:
        return []
    rows = []
    for name, of in both.items():
        for part, who in (("ours", "Stepdown, all pairs, proved"), ("public", "public parts")):
            seconds = of[part]["seconds"]
            size = f"{of['set']['volunteers']:,} × {of['set']['needs']:,}"
            text = f"{_seconds(seconds)} s"
            rows.append(Bar(f"{name} ({size}): {who}", seconds, text=text))
    words = "Seconds from columns in memory to a plan; the table below has the figures."
    picture = bar_chart(rows, title="Seconds to a plan", description=words, width=640)
    (DOCS / PICTURE).write_text(picture + "\n", encoding="utf-8")
    return [f"![{words}]({PICTURE})"]


if __name__ == "__main__":
    write()
