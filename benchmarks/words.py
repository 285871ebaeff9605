"""What `docs/performance.md` says around its figures."""

ABOUT = """# Performance

Written by `make bench`, which measures what is here: change `benchmarks/words.py`, not this page.
`make bench SETS="lbal mskill nation"` measures the sets named; every figure is kept in
`benchmarks/results.json` with its date until it is measured again.

The clock starts with the columns in memory and compiled kernels loaded, and stops at a plan. For
Stepdown that is the best plan over **all** feasible pairs, with its proof: the certificate is part
of the time. The public parts are the fastest found that can be installed from a package index:
polars joins volunteers with needs on a grid under the same hard rules and keeps the 64 best pairs
of each need, OR-Tools finds the best plan over those as a minimum-cost flow. What that proves says
nothing of the pairs left out. Both run in the same call on the same machine, each in a process of
its own. Times are medians of five runs, three where a run takes more than 5 seconds, one where it
takes more than a minute. A ratio is what both were on that day."""

HEADINGS: dict[str, tuple[str, tuple[str, ...]]] = {
    "end": (
        "From columns to a plan",
        (
            "Set",
            "Stepdown, s",
            "Proved best",
            "Public parts, s",
            "Times as long",
            "Stepdown, MiB",
            "Public parts, MiB",
            "Measured",
        ),
    ),
    "sets": (
        "The sets",
        ("Set", "Volunteers", "Needs", "Places", "Capacity / places", "Feasible pairs"),
    ),
    "worth": (
        "What the plans are worth",
        (
            "Set",
            "Band 1",
            "Band 2",
            "Band 3",
            "Band 4",
            "Quality",
            "64 best: places",
            "64 best: quality",
            "Greedy: places",
            "Greedy: quality",
        ),
    ),
    "ours": (
        "Where Stepdown's time goes, in seconds",
        ("Set", "Index", "Candidates", "Solve", "Claim", "Certify"),
    ),
    "public": (
        "Where the public parts' time goes, in seconds",
        ("Set", "Candidates", "Network", "Solve"),
    ),
    "growth": (
        "Growth",
        ("From medium to large, ten times as many", "Exponent of the time"),
    ),
    "afterwards": ("A plan that stands", ("Set", "What", "Figure")),
    "assignments": (
        "Where scipy solves the same problem, in seconds",
        ("Set", "Stepdown", "polars, then scipy", "polars, then OR-Tools on all pairs"),
    ),
}

HEADINGS |= {
    "case-list": (
        "The first page of a list of cases, in milliseconds",
        ("Who asks, and for what", "Plain", "Longest", "Row security", "Longest", "Ratio"),
    ),
    "calls": ("Ranking the callers of a log", ("What", "Figure")),
}

HUB_NOTES = {
    "case-list": "The whole answer as a browser gets it, on PostgreSQL, the median and the longest "
    "of ten after one that is not counted; then of three on the same database behind row-level "
    "security, in the same run. A third of the cases is the reader's own agency's; an agreement "
    "shows those of one other agency.",
    "calls": "Both run in turn in one process, held to the same memory; medians of five. The bare "
    "query groups by number, counts and sorts: it checks nothing and leaves nothing out. The "
    "ranking checks every row, leaves out what is not residential and counts why.",
}

NOTES = """## Notes

- **Memory** is the most a process ever had, with the interpreter and the columns. That of the
  public parts is of the join and the solver together.
- **The sets** are made up on real postcodes, with a fixed seed: travel limits of 2 to 25 km, 24
  skills, 8 credentials of which some lapse, 21 weekly slots, languages, gender, age, roles,
  preferences, exclusions, open offers, earlier pairs. Smaller sets are in a smaller part of the
  country, nearest to Preston. In contended sets capacity is about what is asked for.
- **They agree.** On `plain` and `small` OR-Tools also gets every feasible pair, and every run
  checks that its plan has the same places in each band and the same quality as Stepdown's, and
  that no public part ever finds a better plan than the one proved best.
- **OR-Tools** solves the full definition: bands as weights, a node for each slot of a volunteer
  with more than one place. Flow runs from people to needs, in which it takes half the time it
  takes the other way.
- **scipy** (`min_weight_full_bipartite_matching`) solves assignment problems. Repeating a need of
  two places, or a volunteer with three, as so many rows cannot forbid one volunteer filling two
  places of a need, nor two places in one slot: a different problem. So it runs only on `plain`,
  where everybody has one place and nothing takes a slot.
- **Greedy** takes the pairs kept in order of band and quality. It takes almost no time after the
  join; what it loses is in the table."""
