"""Routes of the pages."""

from allauth.account import views as account
from django.urls import path

from portal.pages import (
    api_keys,
    audit_log,
    matters,
    members,
    recordings,
    rights,
    session,
    setting_up,
    settings_page,
    uploading,
)
from portal.pages.policies import editing, giving, listing

urlpatterns = [
    path("", session.home, name="home"),
    # Only these of allauth: accounts are made by administrators, and there is no self-service for addresses.
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    path("audit/", audit_log.index, name="audit"),
    path("audit/log.csv", audit_log.export, name="audit_csv"),
    path("keys/", api_keys.index, name="api_keys"),
    path("keys/<uuid:key_id>/revoke", api_keys.revoke, name="api_key_revoke"),
    path("matters/", matters.index, name="matters"),
    path("matters/new", matters.new, name="matter_new"),
    path("matters/<uuid:matter_id>/", matters.show, name="matter"),
    path("matters/<uuid:matter_id>/describe", matters.describe, name="matter_describe"),
    path("matters/<uuid:matter_id>/wall", matters.wall, name="matter_wall"),
    path("members/", members.index, name="members"),
    path("members/<uuid:member_id>/", members.show, name="member"),
    path("policies/", listing.index, name="policies"),
    # With a hyphen, which no policy's name has.
    path("policies/live-preview", editing.preview, name="policy_preview"),
    path("policies/new-policy", editing.new, name="policy_new"),
    path("policies/who-sees-what/", giving.everywhere, name="who_sees"),
    path("policies/who-sees-what/give", giving.give, name="who_sees_give"),
    path("policies/who-sees-what/<int:number>/", giving.in_matter, name="who_sees_matter"),
    path("policies/<slug:name>/", listing.show, name="policy"),
    path("policies/<slug:name>/change", editing.change, name="policy_change"),
    path("policies/<slug:name>/progress", listing.progress, name="policy_progress"),
    path("policies/<slug:name>/revert", editing.revert, name="policy_revert"),
    path("recordings/", recordings.index, name="recordings"),
    path("recordings/<uuid:proceeding_id>/", recordings.show, name="recording"),
    path("recordings/<uuid:proceeding_id>/again", recordings.again, name="recording_again"),
    path("recordings/<uuid:proceeding_id>/cancel", recordings.cancel, name="recording_cancel"),
    path("recordings/<uuid:proceeding_id>/receipt", recordings.receipt, name="receipt"),
    path("rights/", rights.show, name="rights"),
    path("session/active", session.active, name="session_active"),
    path("session/back", session.back, name="session_back"),
    path("session/lock", session.lock, name="session_lock"),
    path("session/state", session.state, name="session_state"),
    path("settings/", settings_page.show, name="settings"),
    path("settings/bleeping", settings_page.bleeping, name="settings_bleeping"),
    path("settings/hearing", settings_page.hearing, name="settings_hearing"),
    path("settings/idle", settings_page.idle, name="settings_idle"),
    path("settings/services/<slug:name>", settings_page.provider, name="settings_provider"),
    path("setup/<str:token>", setting_up.begin, name="setup"),
    path("upload/", uploading.show, name="upload"),
    path("upload/begin", uploading.begin, name="upload_begin"),
    path("upload/<uuid:object_id>/cancel", uploading.cancel, name="upload_cancel"),
    path("upload/<uuid:object_id>/state", uploading.state, name="upload_state"),
]
