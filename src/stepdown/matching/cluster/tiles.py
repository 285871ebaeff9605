"""The country cut into tiles with as many needs in each, by halving across its longer side."""

import numpy as np

from stepdown.matching.arrays import Ints


def tiles(places: Ints, others: Ints, parts: int) -> tuple[Ints, Ints]:
    """The tile of each of two lists of places: the first fills tiles evenly, the second follows.

    Places are [rows, 2] metres. Where many stand in one spot some tiles stay empty.
    """
    of_place = np.zeros(places.shape[0], np.int64)
    of_other = np.zeros(others.shape[0], np.int64)
    work = [(np.arange(places.shape[0]), np.arange(others.shape[0]), 0, parts)]
    while work:
        rows, following, first, count = work.pop()
        of_place[rows], of_other[following] = first, first
        if count == 1 or not rows.size:
            continue
        low = count // 2
        here = places[rows]
        side = int(np.argmax(np.ptp(here, axis=0)))
        line = np.sort(here[:, side])[max(0, rows.size * low // count - 1)]
        near, below = here[:, side] <= line, others[following, side] <= line
        work.append((rows[near], following[below], first, low))
        work.append((rows[~near], following[~below], first + low, count - low))
    return of_place, of_other
