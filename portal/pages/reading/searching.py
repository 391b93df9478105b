"""Search across all matters of a member. The query travels in the body; long searches come in stretches."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from portal.errors import BadInput, PortalError
from portal.pages.actors import actor_of, member_of
from transcription import search
from vault import matters

# Ids that a page may hand back; an organization with more searches matter by matter.
IDS_LIMIT = 20_000


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    member = member_of(request)
    rows = [{"id": str(matter.id), "title": str(matter.title)} for matter in matters.visible_to(member)]
    return render(request, "reading/search.html", {"matters": rows, "count": len(search.candidates(member))})


@require_POST
def stretch(request: HttpRequest) -> HttpResponse:
    """A first stretch (no ``left``), or the next one of a search under way."""
    member = member_of(request)
    text, speaker, matter = (request.POST.get(name, "") for name in ("text", "speaker", "matter"))
    try:
        if "left" in request.POST:
            ids = _ids(request.POST["left"])
            done, total = _count(request, "done"), _count(request, "total")
            found_before, skipped = _count(request, "found"), _count(request, "skipped")
        else:
            # Before anything is opened: a query that cannot be used is told at once.
            search.parse(text, speaker)
            ids = search.candidates(member, _ids(matter)[0] if matter else None)
            done, total, found_before, skipped = 0, len(ids), 0, 0
        made = search.across(actor_of(request), member, text, speaker=speaker, ids=ids)
    except PortalError as error:
        response = render(request, "reading/error.html", {"error": error}, status=error.status)
        response["X-Fragment"] = "1"
        return response
    context = {
        "results": made.results,
        "left": ",".join(str(i) for i in made.left),
        "done": done + made.done,
        "total": total,
        "found": found_before + sum(result.hits for result in made.results),
        "skipped": skipped + made.skipped,
        "text": text,
        "speaker": speaker,
        "first": "left" not in request.POST,
    }
    return render(request, "reading/search_stretch.html", context)


def _ids(given: str) -> list[UUID]:
    parts = given.split(",") if given else []
    try:
        if len(parts) > IDS_LIMIT:
            raise ValueError
        return [UUID(part) for part in parts]
    except ValueError:
        raise BadInput("The search cannot be continued. Begin it again.") from None


def _count(request: HttpRequest, name: str) -> int:
    value = request.POST.get(name, "0")
    return int(value) if value.isdecimal() and len(value) < 10 else 0
