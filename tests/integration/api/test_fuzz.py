"""A short form of a campaign (`make soak`): every operation, whoever asks, whatever is sent."""

from tests.support.fuzzing import Reader, fuzz, labels
from tests.support.program_world import program_world
from tests.support.programs import token_of


def test_no_operation_breaks_and_every_answer_is_as_it_is_described() -> None:
    world = program_world()
    foreign = tuple(id for [id] in world.records.values())
    many, few = (
        [Reader("right agency", token_of(world.ours))],
        [
            Reader("wrong agency", token_of(world.theirs), foreign),
            Reader("administrator", token_of(world.admin), foreign),
            Reader("nobody"),
        ],
    )
    count, wrong, asked = fuzz(many, world.records, examples=3, number=1)
    more, faults, others = fuzz(few, world.records, examples=1, number=2)
    assert wrong + faults == []
    assert {one.operation for one in asked} == labels() == {one.operation for one in others}
    assert count["right agency 200"] > 20
    assert count["right agency 201"] >= 2
    assert {one.status for one in others if one.reader == "nobody"} == {401}
    assert more["wrong agency 404"] > 8
    # What the administrator may ask: the list of schemes, and sending a referral as anybody may.
    opened = {o.operation for o in others if o.reader == "administrator" and o.status < 300}
    assert opened <= {"GET /api/v1/schemes", "POST /api/v1/referrals"}
