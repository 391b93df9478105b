"""People and a policy of the firm, for tests of the pages of policies."""

import pytest
from django.test import Client

from compliance.redaction import TYPES
from portal.accounts.rights import Role
from transcription import disclosure


@pytest.fixture
def officer(firm, make_member):
    return make_member(firm, Role.PRIVACY_OFFICER, name="Ruth Officer")


@pytest.fixture
def browse():
    def as_(member):
        client = Client()
        client.force_login(member)
        return client

    return as_


@pytest.fixture
def signed_in(browse, officer):
    return browse(officer)


@pytest.fixture
def court(officer, actor_for):
    """Version 1 of the firm's own policy: all labels."""
    return disclosure.save_policy(
        actor=actor_for(officer), by=officer, name="court_copy", rules=dict.fromkeys(TYPES, "label"), other="label", expected=0
    )
