"""The session as the page's script sees it: still there, locked, signed in again."""

from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from portal.pages import navigation
from portal.pages.actors import member_of
from portal.pages.signin import record


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(navigation.first_place(request, member_of(request)))


@require_POST
def active(request: HttpRequest) -> HttpResponse:
    """Somebody is there (keys, pointer); the idle lock's middleware has noted it."""
    return JsonResponse({"signed_in": True})


@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Signs out after idling, or when somebody asks for it."""
    with transaction.atomic():
        record(request, member_of(request), "accounts:member:locked")
        logout(request)
    return JsonResponse({"signed_in": False})


@require_GET
def state(request: HttpRequest) -> HttpResponse:
    """Asked by a covered page until its person has signed in again in another window."""
    return JsonResponse({"signed_in": True, "csrf": get_token(request)})


@require_GET
def back(request: HttpRequest) -> HttpResponse:
    """Where signing in from a covered page ends: that page goes on by itself."""
    return render(request, "account/back.html")
