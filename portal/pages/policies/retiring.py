"""Retiring a policy, and bringing it back."""

import re
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from compliance import policies, retiring
from compliance.models import DisclosurePolicy
from compliance.retiring import StillGiven
from portal.errors import BadInput, Conflict
from portal.pages.actors import actor_of, member_of
from portal.pages.policies.listing import own_or_404, page
from portal.pages.policies.words import name_words


@require_POST
def retire(request: HttpRequest, name: str) -> HttpResponse:
    return _act(request, name, retiring.retire, "“{}” is retired.")


@require_POST
def bring_back(request: HttpRequest, name: str) -> HttpResponse:
    return _act(request, name, retiring.bring_back, "“{}” is back: it is offered again, as it was.")


def _act(request: HttpRequest, name: str, act: Callable[..., DisclosurePolicy], done: str) -> HttpResponse:
    member = member_of(request)
    actor = actor_of(request)
    policies.require_policy_right(actor, member)
    row = own_or_404(member, name)
    expected = request.POST.get("expected", "")
    if not re.fullmatch(r"[0-9]{1,9}", expected):
        raise BadInput("The form does not say which version it means.")
    try:
        act(actor=actor, by=member, name=name, expected=int(expected))
    except StillGiven as error:
        return page(request, row, still_given=error)
    except Conflict as error:
        messages.error(request, error.text)
    else:
        messages.success(request, done.format(name_words(name)))
    return redirect("policy", name=name)
