"""Routes of the pages."""

from allauth.account import views as account
from django.urls import path

from portal.pages import rights, session

urlpatterns = [
    path("", session.home, name="home"),
    # Only these of allauth: accounts are made by administrators, and there is no self-service for addresses.
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    path("rights/", rights.show, name="rights"),
    path("session/active", session.active, name="session_active"),
    path("session/back", session.back, name="session_back"),
    path("session/lock", session.lock, name="session_lock"),
    path("session/state", session.state, name="session_state"),
]
