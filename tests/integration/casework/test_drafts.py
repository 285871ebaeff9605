"""Filling in a referral: who may, what is kept, what is forgotten."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from stepdown.casework.actions import referrals
from stepdown.casework.actions.drafts import MOST_WRONG_CODES
from stepdown.casework.models import Referral, ReferralAnswers
from stepdown.casework.models.referral import REFERRAL_STATES, ReferralEvent, ReferralState
from stepdown.casework.queries import referral as queries
from stepdown.hub.models import LedgerEntry, LedgerPayload, OutboxMessage
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.roles import RoleKey
from tests.factories import (
    DISTRICT,
    OTHER_DISTRICT,
    actor_of,
    coordinator,
    make_answered,
    make_draft,
    make_postcode,
    make_referral,
    make_user,
)
from tests.support.shielded import inside


def _rows(referral: Referral) -> dict[str, dict[str, Any]]:
    rows = ReferralAnswers.objects.filter(referral=referral)
    return {row.category: row.answers or inside(row) for row in rows}


def _later(**ahead: int) -> Any:
    return clock.at(clock.now() + timedelta(**ahead))


def test_anybody_may_start_a_referral_and_gets_a_code_that_is_not_kept() -> None:
    referral, code = referrals.start(by=Actor.public())
    assert referral.state == ReferralState.DRAFT
    assert len(code) == 9
    assert code.encode() not in bytes(Referral.objects.get().return_hash or b"")
    assert code not in "".join(LedgerPayload.objects.values_list("body", flat=True))


def test_a_referrer_who_is_signed_in_needs_no_code() -> None:
    user = make_user(RoleKey.REFERRER)
    referral, code = referrals.start(by=actor_of(user))
    assert code == ""
    assert referral.made_by == user
    assert referral.agency is not None


def test_answers_lie_by_category_and_keep_what_they_had() -> None:
    referral, by = make_draft(), Actor.public()
    referrals.answer(
        by=by, referral=referral, category=Category.SUPPORT, answers={"help": "Shopping"}
    )
    referrals.answer(by=by, referral=referral, category=Category.SUPPORT, answers={"soon": "week"})
    referrals.answer(
        by=by, referral=referral, category=Category.HEALTH, answers={"health": "Tired"}
    )
    assert _rows(referral) == {
        "support": {"help": "Shopping", "soon": "week"},
        "health": {"health": "Tired"},
    }


@pytest.mark.parametrize(
    ("category", "answers", "field"),
    [
        (Category.SUPPORT, {"health": "Tired"}, "health"),
        (Category.EQUALITY, {"gender": "female"}, "gender"),
        (Category.CONTACT, {"phone": "ask next door"}, "phone"),
        (Category.CONTACT, {"email": "nobody"}, "email"),
        (Category.IDENTITY, {"date_of_birth": "2999-01-01"}, "date_of_birth"),
        (Category.IDENTITY, {"date_of_birth": "1700-01-01"}, "date_of_birth"),
        (Category.IDENTITY, {"given_name": "x" * 81}, "given_name"),
        (Category.SUPPORT, {"help": "x" * 5001}, "help"),
        (Category.SUPPORT, {"help": "a\x00b"}, "help"),
        (Category.SUPPORT, {"slots": 1 << 21}, "slots"),
    ],
)
def test_an_answer_that_could_not_become_a_record_is_refused(
    category: Category, answers: dict[str, Any], field: str
) -> None:
    referral = make_draft()
    with pytest.raises(InvalidInput) as wrong:
        referrals.answer(by=Actor.public(), referral=referral, category=category, answers=answers)
    assert set(wrong.value.errors) == {field}
    assert str(next(iter(answers.values()))) not in str(wrong.value)
    assert _rows(referral) == {}


def test_an_address_moves_behind_its_wall_when_it_must_be_secret() -> None:
    by = Actor.public()
    referral = make_answered(by)
    referrals.answer(by=by, referral=referral, category=Category.LOCATION, answers={"secret": True})
    rows = _rows(referral)
    assert rows["location"] == {"secret": True}
    assert rows["shielded-location"]["postcode"] == "PR1 8RJ"


def test_an_address_is_dropped_when_it_stops_being_secret() -> None:
    by = Actor.public()
    referral = make_answered(by, secret=True)
    referrals.answer(
        by=by, referral=referral, category=Category.LOCATION, answers={"secret": False}
    )
    rows = _rows(referral)
    assert "shielded-location" not in rows
    assert "PR1 8RJ" not in str(rows)


def test_a_draft_of_an_account_is_that_accounts_alone() -> None:
    referral = make_draft(actor_of(make_user(RoleKey.REFERRER)))
    for other in (Actor.public(), coordinator(), actor_of(make_user(RoleKey.REFERRER))):
        with pytest.raises(NotVisible):
            referrals.answer(
                by=other, referral=referral, category=Category.HEALTH, answers={"health": "x"}
            )
        with pytest.raises(NotVisible):
            referrals.submit(by=other, referral=referral)
        with pytest.raises(NotVisible):
            referrals.withdraw(by=other, referral=referral)


def test_drafts_are_invisible_to_staff_whoever_made_them() -> None:
    referrer = actor_of(make_user(RoleKey.REFERRER))
    for draft in (make_answered(), make_answered(referrer)):
        for by in (coordinator(), coordinator(DISTRICT)):
            assert not queries.visible_to(by).filter(pk=draft.pk).exists()
            assert not queries.is_visible(by, draft)
            with pytest.raises(NotVisible):
                queries.get(by=by, id=draft.pk)
            with pytest.raises(NotVisible):
                referrals.reject(by=by, referral=draft, reason="incomplete")
    assert len(queries.own_drafts(referrer)) == 1


def test_the_right_code_opens_the_draft_however_it_is_typed() -> None:
    by = Actor.public()
    referral, code = referrals.start(by=by)
    typed = f" {referral.reference.lower().replace('-', ' ')} "
    found = referrals.come_back(by=by, reference=typed, code=code.lower().replace("-", ""))
    assert found == referral


def test_wrong_code_wrong_reference_and_expired_draft_answer_the_same() -> None:
    by = Actor.public()
    referral, code = referrals.start(by=by)
    assert referrals.come_back(by=by, reference=referral.reference, code="0000-0000") is None
    assert referrals.come_back(by=by, reference="R-0000-0000", code=code) is None
    assert referrals.come_back(by=by, reference="", code="") is None
    with clock.at(clock.now() + settings.STEPDOWN_DRAFT_KEPT_FOR):
        assert referrals.come_back(by=by, reference=referral.reference, code=code) is None


def test_after_ten_wrong_codes_even_the_right_one_opens_nothing() -> None:
    by = Actor.public()
    referral, code = referrals.start(by=by)
    for _try in range(MOST_WRONG_CODES):
        referrals.come_back(by=by, reference=referral.reference, code="0000-0000")
    assert referrals.come_back(by=by, reference=referral.reference, code=code) is None


def test_the_right_code_forgives_the_wrong_ones_before_it() -> None:
    by = Actor.public()
    referral, code = referrals.start(by=by)
    for _try in range(MOST_WRONG_CODES - 1):
        referrals.come_back(by=by, reference=referral.reference, code="0000-0000")
    assert referrals.come_back(by=by, reference=referral.reference, code=code) == referral
    assert Referral.objects.get().wrong_codes == 0


def test_a_new_code_ends_the_old_one() -> None:
    by = Actor.public()
    referral, old = referrals.start(by=by)
    new = referrals.new_code(by=by, referral=referral)
    assert referrals.come_back(by=by, reference=referral.reference, code=old) is None
    assert referrals.come_back(by=by, reference=referral.reference, code=new) == referral


def test_an_account_has_no_code_to_be_guessed() -> None:
    referral = make_draft(actor_of(make_user(RoleKey.REFERRER)))
    found = referrals.come_back(by=Actor.public(), reference=referral.reference, code="")
    assert found is None


def test_sending_gives_it_a_band_and_a_district() -> None:
    referral = make_referral(soon="days")
    assert referral.state == ReferralState.RECEIVED
    assert (referral.band, referral.district_id) == (1, DISTRICT)
    assert referral.received_at is not None
    assert LedgerEntry.objects.filter(verb="referral.submitted", object_id=referral.pk).exists()
    assert not OutboxMessage.objects.exists()


def test_an_account_hears_that_its_referral_arrived() -> None:
    user = make_user(RoleKey.REFERRER)
    make_referral(actor_of(user))
    message = OutboxMessage.objects.get(template="referral-received")
    assert message.to_user == user.pk


def test_an_area_stands_in_for_a_postcode_nobody_knows() -> None:
    referral = make_referral(postcode="", area=OTHER_DISTRICT, district=OTHER_DISTRICT)
    assert referral.district_id == OTHER_DISTRICT


def test_who_looks_after_somebody_is_never_read_off_a_secret_address() -> None:
    make_postcode("LA9 9ZZ", 351_237, 492_381, OTHER_DISTRICT)
    by = Actor.public()
    referral = make_answered(by, secret=True, postcode="PR1 8RJ")
    behind = Category.SHIELDED_LOCATION
    referrals.answer(by=by, referral=referral, category=behind, answers={"postcode": "LA9 9ZZ"})
    assert referrals.submit(by=by, referral=referral).district_id == DISTRICT


def test_a_secret_address_without_an_area_is_not_enough() -> None:
    by = Actor.public()
    referral = make_answered(by)
    referrals.answer(by=by, referral=referral, category=Category.LOCATION, answers={"secret": True})
    with pytest.raises(InvalidInput) as wrong:
        referrals.submit(by=by, referral=referral)
    assert set(wrong.value.errors) == {"area"}


def test_what_is_missing_is_said_question_by_question() -> None:
    by = Actor.public()
    with pytest.raises(InvalidInput) as wrong:
        referrals.submit(by=by, referral=make_draft(by))
    assert set(wrong.value.errors) == {
        "referrer_kind", "referrer_name", "referrer_phone", "consent", "given_name",
        "family_name", "area", "safe", "help", "soon",
    }  # fmt: skip


def test_somebody_who_asks_for_themself_is_asked_less() -> None:
    by = Actor.public()
    referral = make_answered(by)
    no_referrer = {"referrer_kind": "self", "referrer_name": ""}
    referrals.answer(by=by, referral=referral, category=Category.IDENTITY, answers=no_referrer)
    referrals.answer(by=by, referral=referral, category=Category.SUPPORT, answers={"consent": ""})
    assert referrals.submit(by=by, referral=referral).state == ReferralState.RECEIVED


def test_a_referral_that_was_sent_cannot_be_answered_or_sent_again() -> None:
    referral, by = make_referral(), Actor.public()
    with pytest.raises(Refused, match="has been sent"):
        referrals.submit(by=by, referral=referral)
    with pytest.raises(Refused, match="has been sent"):
        referrals.answer(
            by=by, referral=referral, category=Category.HEALTH, answers={"health": "x"}
        )
    with pytest.raises(Refused, match="has been sent"):
        referrals.new_code(by=by, referral=referral)


def test_a_deleted_draft_is_forgotten() -> None:
    by = Actor.public()
    referral = make_answered(by)
    referrals.withdraw(by=by, referral=referral)
    assert Referral.objects.get().state == ReferralState.WITHDRAWN
    assert not ReferralAnswers.objects.exists()
    assert not queries.visible_to(coordinator()).exists()


def test_a_draft_nobody_came_back_to_is_forgotten_and_one_in_use_is_kept() -> None:
    by = Actor.public()
    old, used = make_answered(by), make_answered(by)
    with _later(days=10):
        referrals.answer(
            by=by, referral=used, category=Category.HEALTH, answers={"health": "Tired"}
        )
    with _later(days=15):
        with pytest.raises(NotVisible):
            referrals.submit(by=by, referral=old)
        assert referrals.discard_expired(by=Actor.hub()) == 1
        assert referrals.discard_expired(by=Actor.hub()) == 0
    assert not ReferralAnswers.objects.filter(referral=old).exists()
    assert ReferralAnswers.objects.filter(referral=used).exists()


def test_only_the_hub_discards_drafts() -> None:
    for by in (Actor.public(), actor_of(make_user(RoleKey.OUTREACH_OFFICER))):
        with pytest.raises(Refused):
            referrals.discard_expired(by=by)


def test_every_state_says_what_may_happen_and_why_not() -> None:
    allowed = {
        (state, event)
        for state in ReferralState
        for event in ReferralEvent
        if REFERRAL_STATES.allows(state, event)
    }
    triage = {
        ReferralEvent.MAKE_NEED,
        ReferralEvent.MAKE_CASE,
        ReferralEvent.MARK_DUPLICATE,
        ReferralEvent.REJECT,
    }
    filling = {ReferralEvent.ANSWER, ReferralEvent.SUBMIT, ReferralEvent.WITHDRAW}
    assert allowed == (
        {(ReferralState.DRAFT, event) for event in filling}
        | {(ReferralState.RECEIVED, event) for event in triage | {ReferralEvent.WITHDRAW}}
        | {(ReferralState.DUPLICATE, ReferralEvent.REOPEN)}
        | {(ReferralState.REJECTED, ReferralEvent.REOPEN)}
    )


def test_answers_never_reach_the_ledger() -> None:
    make_referral(secret=True, lines="7 Hidden Row")
    words = "".join(LedgerPayload.objects.values_list("body", flat=True))
    for word in ("Hidden", "PR1", "Ada", "Specimen", "dog", "stick", "960"):
        assert word not in words
