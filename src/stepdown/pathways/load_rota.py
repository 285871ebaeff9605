"""Reading the rota of a definition, and whether what it names is there."""

from collections.abc import Iterator, Mapping

from stepdown.pathways.load_parts import options_in, span_in, text_in, unique
from stepdown.pathways.rota import Incident, Rota, Shift
from stepdown.pathways.schema import Definition, Field
from stepdown.pathways.tree import Reader

LAST_HOUR = 23
VERBS = ("see-rota", "keep-rota")


def rota_in(top: Reader, say: Mapping[str, str]) -> Rota | None:
    """The rota, where the definition has one."""
    held = top.reader("rota", must=False)
    if held is None:
        return None
    shifts = []
    for one in held.readers("shifts", must=True):
        begins, ends = one.number("from", 0, LAST_HOUR), one.number("to", 0, LAST_HOUR + 1)
        shifts.append(Shift(one.key(), text_in(one, "name", say, most=40), begins, ends))
        one.done()
    unique(held, "shifts", [one.key for one in shifts])
    if not shifts:
        held.fault("A rota has shifts.", "shifts")
    divisions = options_in(held, "divisions", say, must=True)
    if not divisions:
        held.fault("A rota has divisions: one, where there are no parts.", "divisions")
    found = Rota(
        name=text_in(held, "name", say, most=60),
        role=held.key("role"),
        divisions=divisions,
        shifts=tuple(shifts),
        induction=span_in(held, "induction", must=False),
        incident=_incident(held),
    )
    held.done()
    return found


def _incident(held: Reader) -> Incident | None:
    inner = held.reader("incident", must=False)
    if inner is None:
        return None
    division = inner.key("division") if inner.has("division") else ""
    found = Incident(inner.key("day"), inner.key("hour"), division)
    inner.done()
    return found


def faults(definition: Definition) -> Iterator[str]:
    """What is wrong between the rota and the rest of its definition."""
    verbs = {
        verb
        for reaches in definition.permissions.values()
        for some in reaches.values()
        for verb in some
    }
    rota = definition.rota
    if rota is None:
        if verbs & set(VERBS):
            yield "There is no rota that somebody could see or keep."
        return
    roles = {one.key: one for one in definition.team}
    if rota.role not in roles:
        yield f"There is no team role “{rota.role}”."
    elif roles[rota.role].pool != "staff":
        yield f"“{rota.role}” is filled by volunteers: a rota is of staff."
    if "keep-rota" not in verbs:
        yield "Nobody may keep the rota: give a role the verb keep-rota."
    if rota.incident is None:
        return
    asked = {one.key: one for one in definition.referral_fields()}
    wanted = {"day": "date", "hour": "number"}
    for name, kind in wanted.items():
        key = getattr(rota.incident, name)
        if key not in asked or asked[key].kind != kind:
            yield f"“{name}” names no {kind} that the referral asks: “{key}”."
    yield from _division(rota, asked)


def _division(rota: Rota, asked: Mapping[str, Field]) -> Iterator[str]:
    key = rota.incident.division if rota.incident else ""
    if not key:
        return
    field = asked.get(key)
    if field is None or field.kind != "choice":
        yield f"“division” names no choice that the referral asks: “{key}”."
        return
    known = {one.key for one in rota.divisions}
    for answer in (one.key for one in field.options if one.key not in known):
        yield f"The rota has no division “{answer}”, which the referral asks."
