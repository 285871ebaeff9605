"""A plan taken up again after needs, volunteers or rules have changed: the state it left, made fit.

Who is unchanged keeps what they hold and their price. A need that has changed begins again; so does
a volunteer, at a price that nobody pays until they are released (`release`). After that the rules
of `stepdown.matching.flow` hold but for places to fill and volunteers with room and a price.
"""

import numpy as np

from stepdown.kernel.slots import SLOTS
from stepdown.matching.arrays import Arrays, Ints, Known
from stepdown.matching.certify import Claim
from stepdown.matching.kernel import lean
from stepdown.matching.national.blocks import FREE, MEMBER
from stepdown.matching.national.fill import mark_used, put
from stepdown.matching.national.gather import Found, Index
from stepdown.matching.national.order import Small
from stepdown.matching.national.rows import (
    FLOOR,
    HELD,
    LENGTH,
    NOBODY,
    QUALITY,
    SHARED,
    START,
    Rows,
    append,
    open_row,
    place_in_row,
    points_of,
    with_more_room,
)
from stepdown.matching.national.state import (
    COST,
    FILL,
    FIRST,
    GOT,
    NO_SLOT,
    PAIR,
    PRICE,
    RENT,
    SLOT,
    WANT,
    WEIGHT,
    Flow,
    State,
    begin,
    search_room,
)
from stepdown.matching.scoring import MAX_QUALITY

_BANDS = 4


def resume(
    arrays: Arrays, before: Claim, need_was: Ints, volunteer_was: Ints, like: Index | None = None
) -> State:
    """The state from which to go on. ``need_was`` and ``volunteer_was`` have the row that each row
    had in the earlier plan, -1 for who is new or changed in anything at all."""
    state = begin(arrays, 2, step=before.step, like=like)
    top = _BANDS * state.step + MAX_QUALITY
    member = state.index.blocks.lane[:, MEMBER]
    was = _at(volunteer_was, member)
    price, slot_price = (
        _in_new_steps(of, before.step, state.step)
        for of in (before.capacity_price, before.slot_price)
    )
    state.flow.seat[:-1, PRICE] = np.where(member < 0, 0, _at(price, was, top))
    want, seat = _now(before, state, need_was, volunteer_was)
    extra = _extra(before, slot_price)
    afresh = np.zeros(member.size, np.int64)
    # A slot that has a price is left by nobody: else its volunteer begins afresh.
    afresh[seat[(extra > 0) & (want < 0) & (seat >= 0)]] = 1
    stays = (want >= 0) & (seat >= 0) & (_at(afresh, seat) <= 0)
    state.flow.seat[:-1, PRICE][afresh > 0] = top
    # Who waited before with an empty place would have paid nothing more.
    waited = _short(before, need_was, arrays)[state.index.wants.row]
    found, kept = search_room(state)
    pairs = want[stays], seat[stays], before.slot[stays], extra[stays]
    while not (
        open_known(state.index, state.known, state.rows, found, kept)
        and _restore(*pairs, state.index, state.known, state.rows, state.flow, found, kept)
    ):
        state = state._replace(rows=with_more_room(state.rows))
    _find_rents(waited, state.rows, state.flow)
    return state


def _at(values: Ints, rows: Ints, otherwise: int = -1) -> Ints:
    """The values of rows; for a row below 0 the other one."""
    found = np.full(rows.size, otherwise)
    here = np.flatnonzero(rows >= 0)
    found[here] = values[rows[here]]
    return found


def _in_new_steps(price: Ints, old: int, new: int) -> Ints:
    """Prices when band weights fall by another step: so many steps, and so many points besides."""
    if old == new:
        return price
    steps = (2 * price + old) // (2 * old)
    scaled: Ints = price + steps * (new - old)
    return scaled


def _now(before: Claim, state: State, need_was: Ints, volunteer_was: Ints) -> tuple[Ints, Ints]:
    """The wants and seats that earlier pairs have now, -1 where there is none unchanged."""
    blocks, wants = state.index.blocks, state.index.wants
    want_of = np.full(need_was.size, -1)
    want_of[wants.row] = np.arange(wants.row.size)
    need = turned(need_was, before.need)
    volunteer = turned(volunteer_was, before.volunteer)
    return _at(want_of, need), _at(blocks.seat.astype(np.int64), volunteer)


def turned(was: Ints, rows: Ints) -> Ints:
    """The rows that earlier rows have now, -1 where they have none."""
    most = int(max(was.max(initial=-1), rows.max(initial=-1)))
    now = np.full(most + 1, -1)
    here = np.flatnonzero(was >= 0)
    now[was[here]] = here
    turned: Ints = now[rows]
    return turned


def _extra(before: Claim, slot_price: Ints) -> Ints:
    """What the slot of each earlier pair cost, besides the place."""
    wide = len(SLOTS) + 1
    keys = before.slot_volunteer * wide + before.slot_bit
    order = np.argsort(keys, kind="stable")
    wanted = before.volunteer * wide + before.slot
    at = np.minimum(np.searchsorted(keys[order], wanted), max(0, keys.size - 1))
    extra = np.zeros(wanted.size, np.int64)
    if keys.size:
        found = (keys[order][at] == wanted) & (before.slot >= 0)
        extra[found] = slot_price[order][at][found]
    return extra


def _short(before: Claim, need_was: Ints, arrays: Arrays) -> Small:
    """1 for each need that had an empty place in the earlier plan."""
    got = np.bincount(before.need, minlength=int(need_was.max(initial=-1)) + 1)
    short = (need_was >= 0) & (_at(got, need_was) < arrays.needs.places)
    return short.astype(np.int32)


@lean
def open_known(index: Index, known: Known, rows: Rows, found: Found, kept: Found) -> bool:
    """List the pairs known beforehand of every need; False where there is no room."""
    for m in range(index.wants.row.size):
        n = index.wants.row[m]
        some = known.continuity_start[n + 1] - known.continuity_start[n]
        if some + known.allowed_start[n + 1] - known.allowed_start[n] > 0 and not open_row(
            m, rows.next.size - 1, index, known, rows, found, kept
        ):
            return False
    return True


@lean
def _restore(
    want: Ints, seat: Ints, slot: Ints, extra: Ints, index: Index, known: Known, rows: Rows,
    f: Flow, found: Found, kept: Found,
) -> bool:  # fmt: skip
    """Give every pair its place again; False where there is no room to list it. May be repeated."""
    pool = rows.next.size - 1
    for i in range(want.size):
        m, s = want[i], seat[i]
        if not open_row(m, pool, index, known, rows, found, kept):
            return False
        at = place_in_row(m, s, rows)
        if at < 0:
            at = rows.row[m, LENGTH]
            kept.seat[0], kept.quality[0] = s, points_of(m, s, index)
            kept.shared[0] = index.wants.slots[m] & index.blocks.lane[s, FREE]
            if not append(m, 1, pool, rows, kept):
                return False
        e = rows.row[m, START] + at
        if rows.pair[e, HELD] != NOBODY:
            continue
        first, fill = f.seat[s, FIRST], f.seat[s, FILL]
        takes = rows.pair[e, SHARED] != 0 and f.seat[s + 1, FIRST] - first > 1
        put(
            first + fill, m, at, slot[i] if takes else NO_SLOT,
            f.seat[s, PRICE] + (extra[i] if takes else 0), rows, f,
        )  # fmt: skip
        f.seat[s, FILL] = fill + 1
        f.want[m, GOT] += 1
        mark_used(s, f)
    return True


@lean
def _find_rents(waited: Small, rows: Rows, f: Flow) -> None:
    """The rent of every need: what its dearest place still earns. No pair left out earns more."""
    want, seat, hold = f.want, f.seat, f.hold
    for m in range(want.shape[0]):
        want[m, RENT] = 0 if waited[m] else want[m, WEIGHT] + MAX_QUALITY
    for v in range(seat.shape[0] - 1):
        for h in range(seat[v, FIRST], seat[v, FIRST] + seat[v, FILL]):
            m = hold[h, WANT]
            cost = seat[v, PRICE] if hold[h, SLOT] < 0 else hold[h, COST]
            earns = want[m, WEIGHT] + rows.pair[rows.row[m, START] + hold[h, PAIR], QUALITY] - cost
            want[m, RENT] = min(want[m, RENT], earns)
    for m in range(want.shape[0]):
        if waited[m] or want[m, GOT] > 0:
            rows.row[m, FLOOR] = min(rows.row[m, FLOOR], want[m, RENT] - want[m, WEIGHT])
