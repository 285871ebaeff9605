"""A copy's contents in the words of its PDF and JSON. Built only of what goes out."""

import json
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from stepdown.adapters.pack_pdf import Document, Line, Part
from stepdown.hub.queries.looks import Look
from stepdown.policy.roles import ROLES, RoleKey
from stepdown.records.queries.rights_copy import Reviewed
from stepdown.records.queries.rights_pack import Contents
from stepdown.records.queries.rights_words import COMPLAIN, EXEMPTIONS


def as_document(whole: Contents) -> Document:
    """For the PDF."""
    with override("en"):
        return Document(
            title=_("Copy of your records, %(reference)s") % {"reference": whole.reference},
            author=settings.STEPDOWN_PARTNERSHIP_NAME,
            language="en",
            opening=(
                _("This is what %(agency)s holds or is shown about you in this partnership.")
                % {"agency": whole.agency},
                _(
                    "Where you read [removed], words that are about somebody else, or theirs, have "
                    "been taken out. Two people have looked at each of them."
                ),
                str(COMPLAIN),
            ),
            parts=(*_held(whole.held), *_shared(whole.looks), _looks(whole.looks), _done(whole)),
            what=_("What"),
            says=_("What it says"),
        )


def as_json(whole: Contents) -> bytes:
    """The same for a machine. What does not go out is not in it."""
    with override("en"):
        held = [
            {
                "table": str(one.item.table),
                "field": str(one.item.words),
                "category": one.item.category.value,
                "value": one.outgoing,
                "withheld": str(EXEMPTIONS[one.exemption]) if one.outgoing is None else None,
                "source": one.item.source or None,
            }
            for one in whole.held
        ]
        said: dict[str, Any] = {
            "reference": whole.reference,
            "agency": whole.agency,
            "held": held,
            "shared": [{"clause": clause, "with": to} for clause, to in shared(whole.looks)],
            "looks": [
                {"at": one.at.isoformat(), "who": _who(one), "purpose": one.purpose,
                 "categories": one.categories, "clauses": one.clauses}
                for one in whole.looks
            ],
            "done": [
                {"at": one.at.isoformat(), "what": one.words, "who": one.who} for one in whole.done
            ],
            "complain": str(COMPLAIN),
        }  # fmt: skip
    return json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True).encode()


def shared(looks: Iterable[Look]) -> list[tuple[str, str]]:
    """Each clause by which one agency's records were shown to another, and to whom."""
    found = {
        (clause, agency)
        for one in looks
        for clause in one.clauses
        for _role, agency in one.roles
        if agency
    }
    return sorted(found)


def _held(held: Iterable[Reviewed]) -> Iterable[Part]:
    for table, some in groupby(held, key=lambda one: str(one.item.table)):
        yield Part(table, "", tuple(_line(one) for one in some))


def _line(one: Reviewed) -> Line:
    text = one.outgoing
    if text is None:
        words = _("Not given. %(why)s.") % {"why": EXEMPTIONS[one.exemption]}
        return Line(str(one.item.words), words)
    return Line(str(one.item.words), text, (one.item.source,) if one.item.source else ())


def _shared(looks: Iterable[Look]) -> Iterable[Part]:
    found = shared(looks)
    if found:
        words = _("Clauses of sharing agreements by which your records were shown.")
        yield Part(_("Whom they were shared with"), words, tuple(Line(to, c) for c, to in found))


def _looks(looks: Iterable[Look]) -> Part:
    lines = tuple(
        Line(_day(one.at), _who(one), (", ".join((one.purpose, *one.categories)),)) for one in looks
    )
    return Part(_("Who has looked"), _("By role and agency, the newest first."), lines)


def _done(whole: Contents) -> Part:
    lines = tuple(Line(_day(one.at), one.words, (one.who,)) for one in whole.done)
    return Part(_("What was done"), "", lines)


def _who(look: Look) -> str:
    named = [
        _("%(role)s, %(agency)s") % {"role": _role(role), "agency": agency}
        if agency
        else _role(role)
        for role, agency in look.roles
    ]
    return "; ".join(named) or _("A member of staff")


def _role(key: str) -> str:
    try:
        return ROLES[RoleKey(key)].name
    except (ValueError, KeyError):
        return key


def _day(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j F Y, H:i")
