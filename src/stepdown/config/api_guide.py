"""What the interface for programs says of itself, in words: for its page and for the reference."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from stepdown.config.api import ABOUT, description
from stepdown.hub.web.page import HubRequest, page
from stepdown.policy.permissions import Permission


@page(Permission.PAGE_PUBLIC)
@require_safe
def guide(request: HubRequest) -> HttpResponse:
    """The same for people, without any script."""
    return render(request, "hub/api_guide.html", {"operations": operations(), "about": ABOUT})


def operations() -> list[dict[str, Any]]:
    """Each operation with what may be sent with it, for the page and for the reference."""
    return [
        {
            "id": one["operationId"],
            "method": method.upper(),
            "path": path,
            "summary": one["summary"],
            "description": one.get("description", ""),
            "sent": [*map(_parameter, one["parameters"]), *_body(one)],
            "answers": _answers(one),
        }
        for path, methods in description()["paths"].items()
        for method, one in methods.items()
    ]


Line = tuple[str, str, str]


def _parameter(one: dict[str, Any]) -> Line:
    where = "in the address" if one["in"] == "path" else "in the query"
    needed = "" if one["required"] else ", optional"
    return one["name"], f"{_kind(one['schema'])}, {where}{needed}", one.get("description", "")


def _body(one: dict[str, Any]) -> list[Line]:
    """The fields of what is sent: name, what it is, what it means."""
    if "requestBody" not in one:
        return []
    named = one["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    sent = description()["components"]["schemas"][named]
    needed = sent.get("required", ())
    return [
        (
            name,
            f"{_kind(about)}, in the body{'' if name in needed else ', optional'}",
            about.get("description", ""),
        )
        for name, about in sent["properties"].items()
    ]


def _answers(one: dict[str, Any]) -> tuple[str, list[Line]]:
    """What a good answer holds: whether it is a list, and its fields."""
    status, good = next(iter(one["responses"].items()))
    schema = good["content"]["application/json"]["schema"]
    many = "items" in schema
    fields = _named(schema["items"] if many else schema)
    if "items" in fields and "next" in fields:
        found = _fields(_named(fields["items"]["items"]))
        return f"{status}, a page (`items`, `next`, `previous`) of", found
    return f"{status}, a list of" if many else status, _fields(fields)


def _named(schema: dict[str, Any]) -> dict[str, Any]:
    """The properties of a schema that has a name."""
    name = schema["$ref"].rpartition("/")[2]
    return dict(description()["components"]["schemas"][name]["properties"])


def _fields(properties: dict[str, Any]) -> list[Line]:
    return [(name, _kind(one), one.get("description", "")) for name, one in properties.items()]


def _kind(schema: dict[str, Any]) -> str:
    """A schema in a few words."""
    if "$ref" in schema:
        fields = _named(schema)
        return f"({', '.join(fields)})"
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"] if one.get("type") != "null")
    if "enum" in schema:
        return " | ".join(str(one) for one in schema["enum"] if one != "")
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}"
    kind = str(schema.get("format") or schema.get("type", "anything"))
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"{kind} {low} to {high}"
    most = schema.get("maxLength")
    return f"{kind}, {most} characters at most" if most else kind
