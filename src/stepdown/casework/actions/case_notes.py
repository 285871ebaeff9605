"""Notes on a case: written, and changed by a next version; no version is ever written over."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.casework.actions.case_keeping import entered, locked, must_be_open
from stepdown.casework.models import Case, CaseNote
from stepdown.casework.queries.case import readable
from stepdown.casework.queries.case_note import NOT_NOTED
from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible, Refused
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.permissions import Permission

NOTED = Verb("case.noted", gettext_lazy("Note written"))
CHANGED = Verb("case.note-changed", gettext_lazy("Note changed"))
MOST = 5_000


@transaction.atomic
def write(*, by: Actor, case: Case, category: str, words: str) -> CaseNote:
    """A note in one category of data, which its writer may read in this case."""
    held = locked(by, case, Permission.CASE_NOTE)
    must_be_open(held)
    check = Check()
    allowed = [one.value for one in readable(by, held) if one not in NOT_NOTED]
    chosen = check.choice("category", category, allowed, _("Select what kind of information it is"))
    text = _words(check, words)
    check.done()
    note = CaseNote.objects.create(
        case=held, category=chosen, words=text, written_by_id=by.user, written_at=clock.now()
    )
    entered(by, NOTED, held, {"category": chosen})
    return note


@transaction.atomic
def change(*, by: Actor, case: Case, note: CaseNote, words: str) -> CaseNote:
    """The next version of a note. ``note`` is the version that was seen: a later one is never
    passed over."""
    held = locked(by, case, Permission.CASE_NOTE)
    must_be_open(held)
    seen = CaseNote.objects.filter(pk=note.pk, case=held).first()
    if seen is None or Category(seen.category) not in readable(by, held):
        raise NotVisible("No such note.")
    if CaseNote.objects.filter(thread=seen.thread, version__gt=seen.version).exists():
        raise Refused(_("Somebody else changed this note while you were writing. Look at theirs."))
    check = Check()
    text = _words(check, words)
    check.that(text != seen.words, "words", _("Change something in the note"))
    check.done()
    later = CaseNote.objects.create(
        case=held,
        thread=seen.thread,
        version=seen.version + 1,
        category=seen.category,
        words=text,
        written_by_id=by.user,
        written_at=clock.now(),
    )
    entered(by, CHANGED, held, {"category": seen.category})
    return later


def _words(check: Check, words: str) -> str:
    """Paragraphs stay; stray blanks at the ends do not."""
    text = str(words or "").replace("\r\n", "\n").strip()
    check.that(text, "words", _("Enter the note"))
    check.that(len(text) <= MOST, "words", _("Use %(most)d characters or fewer.") % {"most": MOST})
    check.that("\x00" not in text, "words", _("Remove the unusual characters."))
    return text
