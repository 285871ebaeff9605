"""A case takes its course by verbs that ask the policy, the definition and nobody else."""

from datetime import timedelta
from typing import Any

import pytest

from stepdown.casework.actions import case_people, case_referrals, case_reminders, cases
from stepdown.casework.models import Case, CaseAnswers, CaseMeasure, CaseStep
from stepdown.casework.queries.case import get, holidays, readable
from stepdown.casework.queries.case_facts import readable_answers, standing_of
from stepdown.casework.queries.case_list import (
    CLOSED,
    QUEUE,
    CaseFilters,
    caseloads,
    list_cases,
    waiting,
)
from stepdown.hub.models import Agency, LedgerEntry, OutboxMessage
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.people.actions import consents
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.roles import RoleKey
from stepdown.policy.sharing import Pathway
from tests.factories.agencies import make_agency
from tests.factories.agreements import make_agreement
from tests.factories.cases import (
    RJ,
    do_step,
    give_consent,
    make_case,
    make_draft,
    name_all,
    now,
)
from tests.factories.people import make_person
from tests.factories.users import actor_of, coordinator, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.integration]


def led(case: Case, by: Actor) -> Case:
    """The same case with somebody who looks after it."""
    user = make_user(RoleKey.COORDINATOR, agency=case.agency)
    case_people.assign(by=by, case=case, role="lead", user=user)
    return now(case)


def test_draft_is_its_makers_alone_until_sent() -> None:
    maker, other = coordinator(), coordinator()
    draft = make_draft(by=maker)
    with pytest.raises(NotVisible):
        get(by=other, id=draft.pk)
    sent = case_referrals.send(by=maker, case=draft)
    assert sent.stage == "referred"
    assert sent.next_due is not None
    rows = CaseAnswers.objects.filter(case=sent, step="referral")
    assert set(rows.values_list("category", flat=True)) == {"identity", "support", "safeguarding"}


def test_referral_with_a_page_unanswered_is_not_sent() -> None:
    by = coordinator()
    case = case_referrals.start(by=by, pathway="restorative-justice")
    with pytest.raises(InvalidInput) as told:
        case_referrals.send(by=by, case=case)
    assert set(told.value.errors) == {"who", "harm", "asked"}
    with pytest.raises(InvalidInput) as told:
        case_referrals.answer(by=by, case=case, screen="harm", answers={"kind": "murder"})
    assert set(told.value.errors) == {"harm", "kind"}


def test_whole_course_of_a_step_down_case() -> None:
    by = coordinator()
    case = make_case(by=by)
    with pytest.raises(Refused, match="is not done"):
        cases.move(by=by, case=case, to="assessment")
    name_all(case, by=by)
    case = led(case, by)
    do_step(case, "check-referral", by=by)
    case = cases.move(by=by, case=now(case), to="assessment")
    for step in ("first-contact", "strengths"):
        do_step(case, step, by=by)
    with pytest.raises(Refused, match="Wellbeing"):
        cases.move(by=by, case=now(case), to="support")
    named = case.people.get()
    answers = {f"item-{n}": 3 for n in range(1, 8)}
    row = cases.measure(
        by=by, case=case, measure="wellbeing", occasion="start", named=named, answers=answers
    )
    assert str(row.total) == "19.25"
    case = cases.move(by=by, case=now(case), to="support")
    do_step(case, "plan", by=by)
    do_step(case, "review", by=by)
    do_step(case, "review", by=by)
    assert CaseStep.objects.filter(case=case, step="review").count() == 2
    case = cases.move(by=by, case=now(case), to="ending")
    do_step(case, "ending-meeting", by=by)
    with pytest.raises(InvalidInput) as told:
        cases.move(by=by, case=now(case), to="closed", outcome="not-helped")
    assert set(told.value.errors) == {"reason"}
    case = cases.move(by=by, case=now(case), to="closed", outcome="stepped-down")
    assert (case.outcome, case.next_due) == ("stepped-down", None)
    do_closed: dict[str, Any] = {
        "step": "plan",
        "number": 1,
        "version": 1,
        "answers": {},
        "finish": True,
    }
    with pytest.raises(Refused, match="closed"):
        cases.save_step(by=by, case=case, **do_closed)
    case = cases.move(by=by, case=case, to="assessment")
    assert (case.outcome, case.closed_on) == ("", None)
    verbs = LedgerEntry.objects.filter(object_id=case.pk).values_list("verb", flat=True)
    assert {"case.sent", "case.moved", "case.closed", "case.reopened", "case.step-done"} <= set(
        verbs
    )


def test_two_people_at_one_form_are_told() -> None:
    by = coordinator()
    case = make_case(by=by)
    saved: dict[str, Any] = {"case": case, "step": "check-referral", "number": 1, "finish": False}
    cases.save_step(by=by, **saved, version=0, answers={"enough": "no"})
    with pytest.raises(Refused, match="Somebody else saved this form"):
        cases.save_step(by=by, **saved, version=0, answers={"enough": "yes"})
    cases.save_step(by=by, **saved, version=1, answers={"enough": "no", "asked": "Her age"})
    support = CaseAnswers.objects.get(case=case, step="check-referral", category="support")
    assert support.answers == {"enough": "no", "asked": "Her age"}
    todo = standing_of(now(case)).todo("check-referral")
    assert todo is not None
    assert todo.status == "in-progress"


def test_case_that_changed_meanwhile_is_not_moved_unseen() -> None:
    by = coordinator()
    seen = make_case(by=by)
    do_step(seen, "check-referral", by=by)
    with pytest.raises(Refused, match="meanwhile"):
        cases.move(by=by, case=seen, to="not-taken-on", outcome="not-eligible", reason="universal")


def test_withdrawn_consent_stops_the_next_move() -> None:
    by = coordinator()
    case = make_case("restorative-justice", by=by)
    harmed, responsible = name_all(case, by=by, consent=False)
    case = led(case, by)
    do_step(case, "check", by=by)
    case = cases.move(by=by, case=now(case), to="contact")
    steps = ("contact-harmed-person", "contact-responsible-person", "risk-assessment")
    for step in steps:
        do_step(case, step, by=by)

    def refused() -> list[str]:
        way = standing_of(now(case)).way_to("preparation")
        assert way is not None
        return [str(one) for one in way.refused]

    assert len(refused()) == 3
    give_consent(harmed, "prevention", by=by)
    give_consent(responsible, "prevention", by=by)
    assert refused() == ["Facilitator: 0 of 2 found."]
    consents.withdraw(by=by, person=harmed, purpose="prevention")
    assert "Consent is not recorded: Harmed person." in refused()


def test_definition_says_who_may_do_what() -> None:
    by = coordinator()
    case = make_case("restorative-justice", by=by)
    officer = make_user(RoleKey.OUTREACH_OFFICER, agency=case.agency)
    with pytest.raises(NotVisible):
        get(by=actor_of(officer), id=case.pk)
    case_people.assign(by=by, case=case, role="lead", user=officer)
    assert get(by=actor_of(officer), id=case.pk).officer == officer
    with pytest.raises(Refused):
        case_people.assign(by=actor_of(officer), case=now(case), role="lead", user=officer)
    do_step(now(case), "check", by=actor_of(officer))
    administrator = actor_of(make_user(RoleKey.ADMINISTRATOR))
    with pytest.raises(NotVisible):
        get(by=administrator, id=case.pk)
    with pytest.raises(Refused):
        case_referrals.start(by=Actor.public(), pathway="restorative-justice")


def test_other_agencys_case_needs_a_clause_that_covers_the_pathway() -> None:
    by, other = coordinator(), actor_of(make_user(agency=make_agency("Elsewhere")))
    case = make_case(by=by)
    assert get(by=by, id=case.pk) == case
    with pytest.raises(NotVisible):
        get(by=other, id=case.pk)
    assert list_cases(other, CaseFilters()).items == []
    theirs = Agency.objects.get(name="Elsewhere")
    mine = case.agency
    assert mine is not None
    some = (Category.SUPPORT,)
    make_agreement(mine, theirs, pathways=(Pathway.VOLUNTEER_SUPPORT,), categories=some)
    with pytest.raises(NotVisible):
        get(by=other, id=case.pk)
    make_agreement(mine, theirs, pathways=("community-step-down",), categories=some)
    assert get(by=other, id=case.pk) == case
    assert set(readable(other, now(case))) == {Category.SUPPORT}
    assert list_cases(other, CaseFilters()).items[0].name == ""


def test_handing_over_and_standing_in() -> None:
    by = coordinator()
    case = make_case("restorative-justice", by=by)
    first, second, third = (
        make_user(RoleKey.OUTREACH_OFFICER, agency=case.agency) for _ in range(3)
    )
    case_people.assign(by=by, case=case, role="lead", user=first)
    until = clock.today() + timedelta(days=7)
    case_people.stand_in(by=by, case=now(case), user=third, until=until)
    assert get(by=actor_of(third), id=case.pk) == case
    with clock.at(clock.now() + timedelta(days=8)), pytest.raises(NotVisible):
        get(by=actor_of(third), id=case.pk)
    case_people.assign(by=by, case=now(case), role="lead", user=second)
    with pytest.raises(NotVisible):
        get(by=actor_of(first), id=case.pk)
    assert now(case).cover is None
    assert [(one.open, one.name) for one in caseloads(by)] == [(1, second.display_name)]


def test_reader_sees_the_categories_of_their_role_only() -> None:
    by = coordinator()
    case = make_case("restorative-justice", by=by)
    answers = readable_answers(case, {Category.SUPPORT})
    assert answers["referral", 1] == {"asked-by": RJ["asked-by"]}
    assert Category.OFFENCE in readable(by, case)
    assert Category.OFFENCE not in readable(by, make_case(by=by))


def test_names_typed_in_the_referral_go_once_there_is_a_record() -> None:
    by = coordinator()
    case = make_case(by=by)
    case_people.name_person(by=by, case=case, role="supported", person=make_person(by=by))
    row = CaseAnswers.objects.get(case=case, step="referral", category="identity")
    assert row.answers == {}


def test_lists_queue_and_closed() -> None:
    by = coordinator()
    one, two = make_case(by=by), make_case("early-help", by=by)
    assert waiting(by) == 2
    found = list_cases(by, CaseFilters(standing=(QUEUE,))).items
    assert [line.id for line in found] == [one.pk, two.pk]
    narrowed = list_cases(by, CaseFilters(pathways=("early-help",))).items
    assert [line.id for line in narrowed] == [two.pk]
    assert list_cases(by, CaseFilters(standing=(CLOSED,))).items == []
    due = max(case.next_due for case in (one, two) if case.next_due)
    with clock.at(clock.now() + (due - clock.today()) + timedelta(days=1)):
        assert {line.overdue for line in list_cases(by, CaseFilters(overdue=True)).items} == {True}
    assert [x.id for x in list_cases(by, CaseFilters(reference=two.reference)).items] == [two.pk]


def test_number_of_queries_of_a_list_does_not_grow(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    by = coordinator()
    for _ in range(3):
        name_all(make_case(by=by), by=by)
    with django_assert_num_queries(6):
        assert len(list_cases(by, CaseFilters()).items) == 3
    for _ in range(3):
        name_all(make_case(by=by), by=by)
    with django_assert_num_queries(6):
        assert len(list_cases(by, CaseFilters()).items) == 6


def test_missing_measure_is_recorded_with_its_reason_and_scores_nothing() -> None:
    by = coordinator()
    case = make_case(by=by)
    name_all(case, by=by)
    named = case.people.get()
    asked: dict[str, Any] = {
        "by": by,
        "case": case,
        "measure": "wellbeing",
        "occasion": "start",
        "named": named,
    }
    with pytest.raises(InvalidInput):
        cases.measure(**asked)
    with pytest.raises(InvalidInput):
        cases.measure(**asked, answers={"item-1": 9})
    cases.measure(**asked, missing=CaseMeasure.Missing.DECLINED)
    row = CaseMeasure.objects.get()
    assert (row.total, row.missing) == (None, "declined")
    with pytest.raises(Refused):
        cases.measure(**asked, answers={"item-1": 3})


def test_reminder_and_escalation_are_sent_once_each() -> None:
    by = coordinator()
    case = led(make_case(by=by), by)
    due = now(case).next_due
    assert due is not None
    hub = Actor.hub()
    assert case_reminders.remind(by=hub) == 0 or due <= clock.today() + timedelta(days=1)
    OutboxMessage.objects.all().delete()
    later = clock.now() + timedelta(days=21)
    with clock.at(later):
        case_people.assign(
            by=by, case=now(case), role="supervisor", user=make_user(agency=case.agency)
        )
        case_reminders.remind(by=hub)
        assert case_reminders.remind(by=hub) == 0
    templates = list(OutboxMessage.objects.values_list("template", flat=True))
    assert templates.count("case-step-late") == 1
    assert templates.count("case-step-soon") <= 1


def test_old_draft_is_forgotten_with_its_answers() -> None:
    draft = make_draft()
    assert case_reminders.discard_old_drafts(by=Actor.hub()) == 0
    with clock.at(clock.now() + timedelta(days=15)):
        assert case_reminders.discard_old_drafts(by=Actor.hub()) == 1
    assert not Case.objects.filter(pk=draft.pk).exists()
    assert not CaseAnswers.objects.exists()


def test_working_days_know_the_bank_holidays() -> None:
    assert any(day.month == 12 and day.day == 25 for day in holidays())
