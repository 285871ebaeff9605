"""Accounts and their roles, for the administrator. No casework stands here."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from stepdown.hub.actions import memberships, users
from stepdown.hub.queries import account as queries
from stepdown.hub.queries import agency as agencies
from stepdown.hub.queries import token as tokens
from stepdown.hub.web.account_forms import AccountForm, RoleForm
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.policy.permissions import Permission


@page(Permission.USER_VIEW)
def accounts(request: HubRequest) -> HttpResponse:
    found = queries.accounts(by=request.actor, after=request.GET.get("after"))
    return render(request, "hub/accounts.html", {"page": found, "section": "accounts"})


@page(Permission.USER_VIEW)
def account(request: HubRequest, user_id: UUID) -> HttpResponse:
    found = queries.account(by=request.actor, user_id=user_id)
    made = tokens.tokens_of(by=request.actor, user_id=user_id)
    context = {"account": found, "tokens": made, "section": "accounts"}
    return render(request, "hub/account.html", context)


@page(Permission.USER_CHANGE)
def add_account(request: HubRequest) -> HttpResponse:
    form = AccountForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = users.add(
                by=request.actor,
                email=form.cleaned_data["email"],
                display_name=form.cleaned_data["display_name"],
            )
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, _("Account added. Now give it a role."))
            return redirect("hub-give-role", user_id=made.pk)
    return render(request, "hub/add_account.html", {"form": form, "section": "accounts"})


@page(Permission.USER_CHANGE)
def give_role(request: HubRequest, user_id: UUID) -> HttpResponse:
    user = queries.user(by=request.actor, user_id=user_id)
    form = RoleForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        agency = agencies.agency(UUID(given["agency"]))
        try:
            if agency is None:
                raise InvalidInput({"agency": _("Select a partner from the list")})
            memberships.grant(
                by=request.actor,
                user=user,
                agency=agency,
                role=given["role"],
                districts=given.get("districts", ()),
                ends=given["ends"],
            )
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, _("Role given."))
            return redirect("hub-account", user_id=user_id)
    context = {"form": form, "account": queries.account(by=request.actor, user_id=user_id)}
    return render(request, "hub/give_role.html", context)


@page(Permission.USER_CHANGE)
def end_role(request: HubRequest, user_id: UUID, membership_id: UUID) -> HttpResponse:
    held = queries.membership(by=request.actor, user_id=user_id, membership_id=membership_id)
    refused = ""
    if request.method == "POST":
        try:
            memberships.end(by=request.actor, membership=held)
        except Refused as error:
            refused = error.reason
        else:
            messages.success(request, _("Role ended."))
            return redirect("hub-account", user_id=user_id)
    found = queries.account(by=request.actor, user_id=user_id)
    role = next(role for role in found.roles if role.id == membership_id)
    context = {"account": found, "role": role, "refused": refused}
    return render(request, "hub/end_role.html", context, status=403 if refused else 200)


@page(Permission.USER_CHANGE)
def close_account(request: HubRequest, user_id: UUID) -> HttpResponse:
    """Close the account, or open it again, after asking."""
    user = queries.user(by=request.actor, user_id=user_id)
    refused = ""
    if request.method == "POST":
        act = users.close if request.POST.get("then") == "close" else users.reopen
        try:
            act(by=request.actor, user=user)
        except Refused as error:
            refused = error.reason
        else:
            said = _("Account closed.") if act is users.close else _("Account opened again.")
            messages.success(request, said)
            return redirect("hub-account", user_id=user_id)
    found = queries.account(by=request.actor, user_id=user_id)
    context = {"account": found, "refused": refused}
    return render(request, "hub/close_account.html", context, status=403 if refused else 200)
