"""A copy of what is held: everything of theirs, nothing of anybody else's, seen by two people."""

import io
import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.conf import settings as hub
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stepdown.adapters import packs
from stepdown.casework.actions import referrals
from stepdown.hub.actions import memberships
from stepdown.hub.actions.disclosure import CannotRecord, disclose
from stepdown.hub.models import LedgerEntry, LedgerPayload, Membership
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.people.actions import addresses, contacts
from stepdown.people.models import Person
from stepdown.policy.actors import Actor
from stepdown.records.actions import rights_answers, rights_copies, rights_requests
from stepdown.records.jobs.copies import make_copies, remove_copies
from stepdown.records.jobs.document import as_json
from stepdown.records.models import RightsPack, RightsRequest
from stepdown.records.queries.held import everything, undescribed
from stepdown.records.queries.rights_copy import Reviewed, reviewed
from stepdown.records.queries.rights_pack import contents
from tests.factories import (
    actor_of,
    coordinator,
    make_agency,
    make_person,
    make_referral,
    make_scheme,
    make_user,
)
from tests.factories.rights import Office, asking_volunteer, make_office, make_rights_request
from tests.integration.hub.test_disclosure import unwritable

HELP = "Cannot carry shopping home. Her son Tom Reed shouts at her."
CANARIES = ("Rita Wren", "Tom Reed", "Reed", "shouts", "large dog", "01632 960 001")


@pytest.fixture(autouse=True)
def _home(settings: Any, tmp_path: Path) -> None:
    settings.STEPDOWN_HOME, settings.STEPDOWN_KEYS = tmp_path, tmp_path / "keys"


@pytest.fixture
def office() -> Office:
    return make_office()


def somebody(**answers: Any) -> Person:
    """A person whom a nurse referred, with a need made of it, as the hub keeps them."""
    make_scheme()
    referral = make_referral(help=HELP, **answers)
    need = referrals.make_need(
        by=coordinator(), referral=referral, title="Shopping", scheme="community-support"
    )
    assert need.person is not None
    return need.person


def line(held: list[Reviewed], words: str) -> Reviewed:
    return next(one for one in held if str(one.item.words) == words)


def look_through(office: Office, made: RightsRequest) -> None:
    """Every open thing is left as the hub proposes it."""
    for one in reviewed(made):
        if one.open:
            rights_copies.choose(
                by=office.first, request=made, key=one.item.key, treatment="withhold",
                exemption="third-party", reason="Not theirs.",
            )  # fmt: skip


def approved(office: Office, made: RightsRequest) -> RightsRequest:
    rights_answers.submit(by=office.first, request=made)
    return rights_answers.approve(by=office.second, request=made)


def files(made: RightsRequest) -> tuple[bytes, bytes]:
    pack = RightsPack.objects.get(request=made)
    home, keys = hub.STEPDOWN_HOME, hub.STEPDOWN_KEYS
    return packs.fetch(home, keys, pack.pk, "pdf"), packs.fetch(home, keys, pack.pk, "json")


def all_words(made: bytes) -> str:
    """Text, description, and every stream of the file unpacked."""
    read = pypdf.PdfReader(io.BytesIO(made))
    text = [page.extract_text() for page in read.pages] + [str(read.metadata), str(made)]
    for number in range(1, len(read.xref[0]) + 200):
        try:
            found = read.get_object(pypdf.generic.IndirectObject(number, 0, read))
        except Exception:  # noqa: S112  a number that no object has
            continue
        text.append(str(found))
        if isinstance(found, pypdf.generic.StreamObject):
            text.append(found.get_data().decode("latin-1"))
    return "\n".join(text)


def test_everything_is_found_with_where_it_came_from(office: Office) -> None:
    held = reviewed(make_rights_request(office, person=somebody()))
    said = {str(one.item.words): one.item for one in held}
    assert said["Health"].text == "Walks with a stick"
    assert said["Email or number"].text == "07700 900 982"
    assert said["Postcode"].text == "PR1 8RJ"
    assert said["Health"].source.endswith("by somebody without an account")
    (name,) = (one.item for one in held if one.item.key.endswith("/given_name") and
               str(one.item.table) == "Who you are")  # fmt: skip
    assert name.source.startswith("Record started on ")


def test_words_of_a_referrer_and_names_of_others_are_taken_out_until_somebody_looks(
    office: Office,
) -> None:
    make_person("Tom", "Reed")
    held = reviewed(make_rights_request(office, person=somebody()))
    for words in ("Name of whoever made it", "Note about the risk", "Health"):
        one = line(held, words)
        assert (one.outgoing, one.open) == ("[removed]", True)
    gone = "\n".join(one.outgoing or "" for one in held)
    assert not [word for word in CANARIES if word in gone]


def test_in_somebody_s_own_words_only_names_of_others_are_taken_out(office: Office) -> None:
    make_person("Tom", "Reed")
    person = somebody(referrer_kind="self", referrer_name="", organisation="")
    held = reviewed(make_rights_request(office, person=person))
    one = next(x for x in held if x.item.text == HELP)
    assert one.outgoing == "Cannot carry shopping home. Her son [removed] shouts at her."


def test_nothing_goes_for_approval_before_everything_is_looked_at(office: Office) -> None:
    made = make_rights_request(office, person=somebody())
    with pytest.raises(Refused):
        rights_answers.submit(by=office.first, request=made)
    look_through(office, made)
    assert rights_answers.submit(by=office.first, request=made).state == "for-approval"


def test_sentences_and_words_that_are_chosen_go(office: Office) -> None:
    made = make_rights_request(office, person=somebody())
    key = next(one.item.key for one in reviewed(made) if one.item.text == HELP)
    rights_copies.choose(
        by=office.first, request=made, key=key, treatment="redact", out=[1], phrases="shopping"
    )
    one = next(x for x in reviewed(made) if x.item.key == key)
    assert one.outgoing == "Cannot carry [removed] home. [removed]"
    for wrong in ({"phrases": "no such words"}, {"out": [99]}, {}):
        with pytest.raises(InvalidInput):
            rights_copies.choose(
                by=office.first, request=made, key=key, treatment="redact", **wrong
            )  # fmt: skip
    with pytest.raises(InvalidInput):
        rights_copies.choose(by=office.first, request=made, key=key, treatment="withhold")


def test_a_choice_does_not_stand_for_words_that_came_later(office: Office) -> None:
    person = somebody()
    made = make_rights_request(office, person=person)
    look_through(office, made)
    rights_answers.submit(by=office.first, request=made)
    contact = person.contacts.get()
    contact.safe_note = "Not when Tom Reed is there"
    contact.save()
    with pytest.raises(Refused):
        rights_answers.approve(by=office.second, request=made)
    rights_answers.send_back(by=office.second, request=made, why="Changed.")
    assert [one.item.text for one in reviewed(made) if one.open] == [contact.safe_note]


def test_no_copy_is_made_of_what_changed_after_approval(office: Office) -> None:
    person = somebody()
    made = make_rights_request(office, person=person)
    look_through(office, made)
    approved(office, made)
    Person.objects.filter(pk=person.pk).update(known_as="Addie")
    assert make_copies() == 0
    assert RightsPack.objects.get(request=made).state == "changed"
    with pytest.raises(Refused):
        rights_answers.answer(by=office.first, request=made)


def test_nothing_that_was_taken_out_is_anywhere_in_the_files(office: Office) -> None:
    make_person("Tom", "Reed")
    made = make_rights_request(office, person=somebody())
    look_through(office, made)
    approved(office, made)
    assert make_copies() == 1
    pdf, data = files(made)
    words, said = all_words(pdf), data.decode()
    assert "07700 900 982" in said
    assert "07700 900 982" in words.replace("\n", " ")
    for canary in CANARIES:
        assert canary not in said
        assert canary not in words
    assert json.loads(said)["complain"]
    payloads = "".join(LedgerPayload.objects.values_list("body", flat=True))
    assert not [word for word in CANARIES if word in payloads]


def test_a_shielded_address_goes_into_no_copy_and_is_not_even_read(office: Office) -> None:
    person = somebody()
    addresses.set_address(
        by=coordinator(), person=person, postcode="PR1 8RJ", lines="The Hidden House", shielded=True
    )
    made = make_rights_request(office, person=person)
    with CaptureQueriesContext(connection) as asked:
        held = everything(made)
    told = "\n".join(one.text for one in held)
    assert "kept secret" in told
    assert "Hidden" not in told
    assert "PR1 8RJ" not in told
    reads = [one["sql"] for one in asked.captured_queries if "shieldedaddress" in one["sql"]]
    assert reads
    assert not [sql for sql in reads if '"lines"' in sql or '"postcode"' in sql]


def test_a_copy_is_encrypted_and_removed_in_time(office: Office) -> None:
    made = make_rights_request(office, person=somebody())
    look_through(office, made)
    approved(office, made)
    make_copies()
    rights_answers.answer(by=office.first, request=made)
    (path,) = (hub.STEPDOWN_HOME / "copies").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    # Words so long that no cipher text says them by chance.
    kept = path.read_bytes()
    assert not [one for one in (b"Specimen", b"%PDF-1.", b"given_name") if one in kept]
    later = clock.now() + rights_copies.KEPT_FOR
    with clock.at(later):
        remove_copies()
        assert path.exists()
    with clock.at(later + rights_copies.KEPT_FOR):
        remove_copies()
    assert not path.exists()
    assert RightsPack.objects.get(request=made).state == "gone"


def test_only_who_handles_it_and_who_asked_get_the_copy(office: Office) -> None:
    by = asking_volunteer()
    made = rights_requests.ask(by=by, agency=office.agency, kind="access")
    rights_requests.take(by=office.first, request=made)
    look_through(office, made)
    approved(office, made)
    make_copies()
    with pytest.raises(Refused):
        rights_copies.collect(by=by, request=made, form="pdf")
    rights_answers.answer(by=office.first, request=made)
    # Nobody is handed it, nor said to have been, where the read log cannot say so.
    handed_out = LedgerEntry.objects.filter(verb="rights.collected")
    with unwritable(), pytest.raises(CannotRecord):
        rights_copies.collect(by=by, request=made, form="pdf")
    assert not handed_out.exists()
    assert RightsPack.objects.get(request=made).collected_at is None
    assert rights_copies.collect(by=by, request=made, form="pdf").collected_at
    assert handed_out.count() == 1
    for other in (asking_volunteer(), coordinator(), make_office("Others").first, Actor.public()):
        with pytest.raises((NotVisible, Refused)):
            rights_copies.collect(by=other, request=made, form="pdf")


def test_sending_back_takes_the_copy_away(office: Office) -> None:
    made = make_rights_request(office, person=somebody())
    look_through(office, made)
    approved(office, made)
    make_copies()
    rights_answers.send_back(by=office.second, request=made, why="A name too many.")
    with pytest.raises(Refused):
        rights_copies.collect(by=office.first, request=made, form="pdf")


def test_a_copy_of_a_request_that_was_taken_back_goes_to_nobody(office: Office) -> None:
    made = make_rights_request(office, person=somebody())
    look_through(office, made)
    approved(office, made)
    make_copies()
    (path,) = (hub.STEPDOWN_HOME / "copies").iterdir()
    rights_requests.withdraw(by=office.first, request=made)
    pack = RightsPack.objects.filter(request=made)
    assert pack.get().state == "gone"
    os.utime(path, (0, 0))  # files written just now are spared
    remove_copies()
    assert not path.exists()
    # Nor one that was there already.
    pack.update(state="ready")
    with pytest.raises(Refused, match="withdrawn"):
        rights_copies.collect(by=office.first, request=made, form="pdf")


def test_what_another_agency_holds_behind_its_wall_is_not_in_it(office: Office) -> None:
    person = somebody()
    nurse = actor_of(make_user("referrer", agency=make_agency("Another trust")))
    theirs = make_referral(by=nurse, help="Their own words")
    theirs.person = person
    theirs.save()
    texts = [one.text for one in everything(make_rights_request(office, person=person))]
    assert HELP in texts
    assert "Their own words" not in texts
    assert theirs.reference not in texts


def test_what_another_agency_did_and_looked_at_for_itself_is_not_in_it(office: Office) -> None:
    person = somebody()
    stranger = actor_of(make_user("outreach-officer", agency=make_agency("Their own trust")))
    disclose(by=stranger, people=[person.pk], purpose="casework", page="person")
    # Somebody works for two agencies now, and for a third no more.
    both = make_user(agency=office.agency)
    for name in ("Joint trust", "Former trust"):
        memberships.grant(
            by=Actor.hub(), user=both, agency=make_agency(name), role="coordinator", districts=[]
        )
    long_ago = clock.today() - timedelta(days=9)
    Membership.objects.filter(agency__name="Former trust").update(ends=long_ago)
    contacts.add(by=actor_of(both), person=person, kind="email", value="both@example.org")
    disclose(by=office.first, people=[person.pk], purpose="rights", page="rights-request")
    made = make_rights_request(office, person=person)
    look_through(office, made)
    approved(office, made)
    whole = contents(RightsPack.objects.select_related("request__agency").get(request=made))
    assert [role for one in whole.looks for role, _agency in one.roles if _agency] == [
        "data-protection-officer"
    ]
    assert "Their own trust" not in as_json(whole).decode()
    assert {one.who for one in whole.done} <= {
        "the hub itself", "somebody without an account", "staff of Hub council",
        "staff of Hub council or Joint trust",
    }  # fmt: skip
    added = [one.who for one in whole.done if "ontact" in one.words]
    assert added[-1] == "staff of Hub council or Joint trust"
    assert "Former trust" not in as_json(whole).decode()


def test_the_number_of_queries_does_not_grow_with_what_is_held(office: Office) -> None:
    person = somebody()
    made = make_rights_request(office, person=person)
    with CaptureQueriesContext(connection) as few:
        everything(made)
    for _ in range(3):
        more = make_referral()
        more.person = person
        more.save()
    with CaptureQueriesContext(connection) as many:
        everything(made)
    assert len(many) == len(few)


def test_every_model_that_leads_straight_to_a_person_is_on_the_map() -> None:
    assert [table.model for table in undescribed()] == []
