"""Routes of the transcript, its acts, and search. Queries and notes travel in bodies only."""

from django.urls import path

from portal.pages.reading import acts, held, held_by_hand, page, queue, reviewing, searching, unchecked

_T = "transcripts/<uuid:transcript_id>"

urlpatterns = [
    path(f"{_T}/", page.show, name="transcript"),
    path(f"{_T}/leaves/<int:number>", page.leaf, name="transcript_leaf"),
    path(f"{_T}/chart", page.chart, name="transcript_chart"),
    path(f"{_T}/status", page.status, name="transcript_status"),
    path(f"{_T}/side", page.side, name="transcript_side"),
    path(f"{_T}/sound/held/<uuid:copy_id>", held.sound, name="transcript_sound_held"),
    path(f"{_T}/sound/held/<uuid:copy_id>/release", held.release_sound, name="transcript_sound_release"),
    path(f"{_T}/sound/held/<uuid:copy_id>/check", held.check_sound, name="transcript_sound_check"),
    path(f"{_T}/sound", page.sound, name="transcript_sound"),
    path(f"{_T}/find", page.find, name="transcript_find"),
    path(f"{_T}/lines/<int:n>/text", acts.correct, name="transcript_correct"),
    path(f"{_T}/lines/<int:n>/speaker", acts.speaker, name="transcript_speaker"),
    path(f"{_T}/lines/<int:n>/hide", reviewing.hide, name="transcript_hide"),
    path(f"{_T}/chips/<int:n>.<int:ordinal>", reviewing.chip, name="transcript_chip"),
    path(f"{_T}/lines/<int:n>/quiet/<int:place>", reviewing.quiet, name="transcript_quiet"),
    path(f"{_T}/lines/<int:n>/readable/<int:place>", reviewing.readable, name="transcript_readable"),
    path(f"{_T}/lines/<int:n>/unchecked", unchecked.line, name="transcript_unchecked"),
    path(f"{_T}/decisions/<int:number>/undo", reviewing.undo, name="transcript_undo_decision"),
    path(f"{_T}/doubts", reviewing.doubts, name="transcript_doubts"),
    path(f"{_T}/reveal", reviewing.reveal, name="transcript_reveal"),
    path(f"{_T}/reveal/end", reviewing.end_reveal, name="transcript_reveal_end"),
    path(f"{_T}/speakers/<str:label>", acts.rename, name="transcript_rename"),
    path(f"{_T}/history", acts.history, name="transcript_history"),
    path(f"{_T}/corrections/<int:number>/undo", acts.undo, name="transcript_undo_correction"),
    path(f"{_T}/sign", acts.sign, name="transcript_sign"),
    path(f"{_T}/export", acts.export, name="transcript_export"),
    path(f"{_T}/held", held_by_hand.check, name="transcript_held"),
    path(f"{_T}/held/again", held.again, name="transcript_held_again"),
    path(f"{_T}/held/extend", held_by_hand.extend, name="transcript_held_extend"),
    path(f"{_T}/held/seek", held_by_hand.find, name="transcript_held_find"),
    path(f"{_T}/held/hide/<int:n>", held_by_hand.hide, name="transcript_held_hide"),
    path(f"{_T}/held/hide/found", held_by_hand.hide_found, name="transcript_held_hide_found"),
    path(f"{_T}/held/undo/<int:number>", held_by_hand.undo, name="transcript_held_undo"),
    path(f"{_T}/held/listen", held_by_hand.listen, name="transcript_held_listen"),
    path(f"{_T}/held/release", held_by_hand.release, name="transcript_held_release"),
    path(f"{_T}/held/destroy", held.destroy, name="transcript_held_destroy"),
    path("held/", held.listed, name="held"),
    path("held/again", held.again_all, name="held_again"),
    path("review/", queue.index, name="review"),
    path("review/<uuid:transcript_id>", queue.begin, name="review_begin"),
    path("review/<uuid:transcript_id>/next", queue.following, name="review_next"),
    path("search/", searching.show, name="search"),
    path("search/stretch", searching.stretch, name="search_stretch"),
]
