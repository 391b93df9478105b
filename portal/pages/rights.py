"""The page that shows the rights table: made from the table, so that it cannot differ from what is checked."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from portal.accounts.rights import TABLE, Kind, Role
from portal.pages.actors import member_of

_KINDS = {
    Kind.API_KEY: "API keys",
    Kind.AUDIT: "Audit log",
    Kind.MATTER: "Matters and patient charts",
    Kind.MEMBER: "Members",
    Kind.ORIGINAL: "Hidden details (locked original)",
    Kind.POLICY: "Privacy policies, who sees what",
    Kind.RECORDING: "Recordings",
    Kind.SETTINGS: "Settings",
    Kind.TRANSCRIPT: "Transcripts",
}


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    rows = [
        {"action": action, "kind": _KINDS[kind], "cells": [(role, role in roles) for role in Role]}
        for (action, kind), roles in TABLE.items()
    ]
    context = {"rows": rows, "roles": list(Role), "mine": member_of(request).roles}
    return render(request, "rights.html", context)
