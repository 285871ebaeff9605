"""The campaigns: each looks at some worlds, by number, counts, and says what is wrong."""

import random
from collections import Counter
from collections.abc import Callable
from functools import partial

import numpy as np

from stepdown.matching.national.certify import certify_arrays
from stepdown.matching.national.plan import NationalPlan, plan_arrays
from stepdown.matching.national.replan import replan_arrays
from stepdown.matching.plan import plan
from tests.soak.broken import HARMLESS, MOST, plans_of_broken_solvers
from tests.soak.canaries import canaries
from tests.soak.decisions import decisions
from tests.soak.edges import foreign, killed, nonsense
from tests.soak.ledger import disposing, reading, restoring, tampering
from tests.soak.outside import highs, scalar, step_for
from tests.soak.pathways import stored, walking
from tests.soak.programs import fuzzing
from tests.soak.spoilt import spoilt
from tests.soak.truth import Truth, faults_of_proof, is_best, truth_of
from tests.soak.worlds import middle_world, small_world, wide_world
from tests.support.changes import later, rows_before
from tests.support.matching_oracle import Network, Optimum, feasible_pairs
from tests.support.national_plans import faults_in, in_halves, optimum_of, same, shuffled

Found = tuple[Counter[str], list[str]]
Outcome = tuple[Counter[str], list[tuple[int, str]]]


def _wrong_with(truth: Truth, found: NationalPlan, name: str) -> list[str]:
    if optimum_of(found) != truth.best:
        return [f"{name}: {optimum_of(found)} is planned, {truth.best} is possible"]
    if not found.finished or not found.certificate.ok:
        return [f"{name}: refused: {found.certificate.faults}"]
    if not is_best(truth, found.claim):
        return [f"{name}: a pair of the plan breaks a rule"]
    return []


def small(seed: int) -> Found:
    """The plan against every plan tried; every tenth time in other ways and spoilt as well."""
    problem = small_world(seed)
    truth = truth_of(problem)
    found = plan_arrays(problem.arrays, threads=1)
    wrong = _wrong_with(truth, found, "plan")
    count = Counter(plans=1, places_filled=int(found.need.size))
    if seed % 10 == 0:
        wrong += _other_ways(truth, found, seed)
        count["plans_made_in_other_ways"] += 4
    if seed % 10 == 5 and not wrong:
        kept, faults = _spoil(truth, found, seed)
        count += kept
        wrong += faults
    return count, wrong


def _other_ways(truth: Truth, found: NationalPlan, seed: int) -> list[str]:
    problem = truth.problem
    wrong = []
    if not same(found, plan_arrays(problem.arrays, threads=2)):
        wrong.append("two threads: another plan")
    if not same(found, plan_arrays(shuffled(problem, seed).arrays, threads=1)):
        wrong.append("records in another order: another plan")
    one, two = in_halves(problem, 1), in_halves(problem, 2)
    if not same(one, two):
        wrong.append("halves on two threads: another plan")
    return wrong + _wrong_with(truth, one, "halves")


def _spoil(truth: Truth, found: NationalPlan, seed: int) -> Found:
    """Spoilt claims, and what the certificate says of each."""
    count: Counter[str] = Counter()
    wrong = []
    for name, claim, right_prices in spoilt(found.claim, truth.problem, seed):
        proof = certify_arrays(truth.problem.arrays, claim, threads=1)
        fault = faults_of_proof(truth, claim, proof, right_prices=right_prices)
        if fault:
            wrong.append(f"{name}: {fault}")
        good = is_best(truth, claim)
        count["spoilt_claims"] += 1
        count["spoilt_not_best_refused"] += not good and not proof.ok
        count["spoilt_still_best_certified"] += good and proof.ok
        count["spoilt_prices_prove_nothing"] += good and not proof.ok
    return count, wrong


def middle(seed: int) -> Found:
    """The plan against OR-Tools, band by band, and against HiGHS, all in one."""
    problem = middle_world(seed)
    pairs = feasible_pairs(problem)
    network = Network(problem, pairs)
    reach = [network.most_filled(band) for band in (1, 2, 3, 4)]
    a, b, c, d = np.diff(reach, prepend=0).tolist()
    best = Optimum((a, b, c, d), network.best_quality((a, b, c, d)))
    truth = Truth(problem, {(pair.need, pair.volunteer): pair for pair in pairs}, best)
    found = plan_arrays(problem.arrays, threads=1)
    wrong = _wrong_with(truth, found, "plan")
    if highs(problem, pairs) != scalar(*optimum_of(found), step_for(problem)):
        wrong.append("HiGHS finds another optimum")
    count = Counter(plans=1, places_filled=int(found.need.size), pairs=len(pairs))
    if seed % 5 == 0:
        wrong += _other_ways(truth, found, seed)
        count["plans_made_in_other_ways"] += 4
    if seed % 5 == 1 and not wrong:
        kept, faults = _spoil(truth, found, seed)
        count += kept
        wrong += faults
    return count, wrong


def _one_by_one(look: Callable[[int], Found], first: int, count: int) -> Outcome:
    total: Counter[str] = Counter()
    wrong = []
    for seed in range(first, first + count):
        try:
            counted, found = look(seed)
        except Exception as error:  # a world the engine dies of is named like any other
            wrong.append((seed, f"{type(error).__name__}: {error}"))
            continue
        total += counted
        wrong += [(seed, what) for what in found]
    return total, wrong


def broken(first: int, count: int) -> Outcome:
    """Plans of broken solvers: none but the best may be certified; the whole solver's must be."""
    total: Counter[str] = Counter()
    wrong = []
    truths = {seed: truth_of(small_world(seed, MOST)) for seed in range(first, first + count)}
    for seed, way, claim in plans_of_broken_solvers(first, count):
        truth = truths[seed]
        if claim is None:
            total[f"{way}: died"] += 1
            if way in HARMLESS:
                wrong.append((seed, f"{way}: the solver died"))
            continue
        proof = certify_arrays(truth.problem.arrays, claim, threads=1)
        fault = faults_of_proof(truth, claim, proof, right_prices=way in HARMLESS)
        if way in HARMLESS and not proof.ok:
            fault = fault or f"refused: {proof.faults}"
        if fault:
            wrong.append((seed, f"{way}: {fault}"))
        best = "best" if is_best(truth, claim) else "not best"
        total[f"{way}: {best}, {'certified' if proof.ok else 'refused'}"] += 1
    return total, wrong


def wide(seed: int) -> Found:
    """Worlds of many blocks of volunteers, against the plain engine, which looks at every pair."""
    problem = wide_world(seed)
    plain = plan(problem)
    found = plan_arrays(problem.arrays, threads=2)
    halves = in_halves(problem, 1 + seed % 2)
    wrong = []
    for name, one in (("plan", found), ("halves", halves)):
        if optimum_of(one) != Optimum(plain.filled_by_band, plain.quality):
            wrong.append(f"{name}: {optimum_of(one)}, not {plain.filled_by_band}, {plain.quality}")
        wrong += [f"{name}: {fault}" for fault in one.certificate.faults]
        wrong += [f"{name}: {fault}" for fault in faults_in(problem, one)[:3]]
    return Counter(plans=2, places_filled=plain.filled), wrong


def again(seed: int) -> Found:
    """A plan taken up again on a later day, against the plain engine begun afresh."""
    pick = random.Random(seed)
    make = (small_world, middle_world)[seed % 10 == 0]
    before, others = make(seed), make(seed + 1)
    after = later(before, others, pick.choice((0.02, 0.1, 0.5)), pick)
    earlier = plan_arrays(before.arrays, threads=1)
    found = replan_arrays(after.arrays, earlier.claim, *rows_before(before, after), threads=1)
    plain = plan(after)
    best = Optimum(plain.filled_by_band, plain.quality)
    wrong = [] if optimum_of(found.plan) == best else [f"{optimum_of(found.plan)}, not {best}"]
    wrong += found.plan.certificate.faults
    wrong += faults_in(after, found.plan)[:3]
    return Counter(plans=1, pairings_changed=found.changed, places_filled=plain.filled), wrong


CAMPAIGNS: dict[str, Callable[[int, int], Outcome]] = {
    "decisions": partial(_one_by_one, decisions),
    "canaries": partial(_one_by_one, canaries),
    "small": partial(_one_by_one, small),
    "middle": partial(_one_by_one, middle),
    "wide": partial(_one_by_one, wide),
    "again": partial(_one_by_one, again),
    "broken": broken,
    "ledger": partial(_one_by_one, tampering),
    "reading": partial(_one_by_one, reading),
    "drill": partial(_one_by_one, restoring),
    "gone": partial(_one_by_one, disposing),
    "foreign": partial(_one_by_one, foreign),
    "nonsense": partial(_one_by_one, nonsense),
    "api": partial(_one_by_one, fuzzing),
    "killed": killed,
    "walks": partial(_one_by_one, walking),
    "stored-walks": partial(_one_by_one, stored),
}
