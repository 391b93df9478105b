"""Shared ground of all tests: a data directory of their own, two organizations, people of every role."""

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

# Before the settings are read (which is why pytest's own configuration does not name them: its Django plugin would read
# them first). Each test process has its own data directory, gone afterwards.
_DATA = tempfile.TemporaryDirectory(prefix="portal-tests-")
os.environ["DATA_DIR"] = _DATA.name
os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
os.environ.setdefault("OFFLINE", "1")
os.environ.setdefault("PROFILE", "embedded")

import django  # noqa: E402

django.setup()

import pytest  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db.backends.sqlite3.base import DatabaseOperations  # noqa: E402
from hypothesis import settings as properties  # noqa: E402

from compliance import policies, triggers  # noqa: E402
from compliance.audit import Actor  # noqa: E402
from portal.accounts.models import Member, Organization  # noqa: E402
from portal.accounts.rights import Role  # noqa: E402
from tests.stack import Stack  # noqa: E402
from transcription import ingest, renditions, second_pass  # noqa: E402
from transcription.models import Proceeding, Recording, Transcript  # noqa: E402
from vault import matters, objects, secrets  # noqa: E402
from vault.models import Matter, MatterMember, StoredObject  # noqa: E402

# Hashing a password slowly is right for people and nothing that these tests are about.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The same examples on every machine, so that a change is judged by what it changed; how long one takes is no property.
# HYPOTHESIS_PROFILE=default looks for new ones.
properties.register_profile("steady", derandomize=True, deadline=None)
properties.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
_sql_flush = DatabaseOperations.sql_flush


def _flush_past_triggers(self: DatabaseOperations, *args: object, **kwargs: object) -> list[str]:
    # The suite empties tables between transactional tests; SQLite's DELETE meets the append-only triggers.
    return [*triggers.drop_sql("sqlite"), *_sql_flush(self, *args, **kwargs), *triggers.create_sql("sqlite")]


DatabaseOperations.sql_flush = _flush_past_triggers


@pytest.fixture(scope="session")
def data_dir() -> Path:
    return Path(settings.DATA_DIR)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A portal of the module's own, with sample data: web, worker and engine as processes."""
    with Stack(tmp_path_factory.mktemp("portal")) as running:
        yield running


@pytest.fixture(autouse=True)
def _no_keys_left_open() -> Iterator[None]:
    yield
    secrets.forget()


@pytest.fixture
def firm(db: None) -> Organization:
    return Organization.objects.create(name="Hale & Ortiz LLP", kind="law", default_region="local")


@pytest.fixture
def clinic(db: None) -> Organization:
    """The hostile neighbour: another organization on the same portal."""
    return Organization.objects.create(name="Riverside Clinic", kind="medicine", default_region="local")


@pytest.fixture
def make_member() -> Callable[..., Member]:
    def make(organization: Organization, *roles: Role, name: str = "") -> Member:
        tag = "-".join(role.value for role in roles)
        count = Member.objects.count()
        return Member.objects.create_member(
            organization, f"{tag}-{count}@test.example", name or f"{tag.title()} {count}", list(roles), "correct horse battery"
        )

    return make


@pytest.fixture
def paralegal(firm: Organization, make_member: Callable[..., Member]) -> Member:
    return make_member(firm, Role.PARALEGAL)


@pytest.fixture
def attorney(firm: Organization, make_member: Callable[..., Member]) -> Member:
    return make_member(firm, Role.ATTORNEY)


@pytest.fixture
def auditor(firm: Organization, make_member: Callable[..., Member]) -> Member:
    return make_member(firm, Role.AUDITOR)


@pytest.fixture
def clinician(clinic: Organization, make_member: Callable[..., Member]) -> Member:
    return make_member(clinic, Role.CLINICIAN)


@pytest.fixture
def actor_for() -> Callable[[Member], Actor]:
    return lambda member: Actor("member", member.id, member.name, "192.0.2.7", "tests")


@pytest.fixture
def matter(paralegal: Member, attorney: Member, actor_for: Callable[[Member], Actor]) -> Matter:
    """A legal matter of the firm, open to its paralegal and its attorney."""
    made = matters.create(
        actor=actor_for(paralegal),
        member=paralegal,
        kind="legal",
        title="Whitfield v. Harbor Logistics",
        parties=[{"name": "Marta Whitfield", "role": "plaintiff"}],
    )
    MatterMember.objects.create(matter=made, member=attorney, added_by=paralegal)
    return made


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """With CI=true nothing may be skipped: what a test needs is there, or the run fails."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") == "true" and reporter is not None and reporter.stats.get("skipped"):
        reporter.write_line("CI: a skipped test is a failure.", red=True)
        session.exitstatus = 1


@pytest.fixture
def make_transcript(actor_for: Callable[[Member], Actor]) -> Callable[..., Transcript]:
    """A checked transcript from a speech service's result (a dict), as a document of the matter: no engine, no audio.

    ``make_transcript(matter, member, result)``; the Rendition under ``identifiers`` is there.
    """

    def make(matter: Matter, member: Member, result: dict[str, Any], *, title: str = "Deposition") -> Transcript:
        actor = actor_for(member)
        proceeding = Proceeding(matter=matter, kind="document", provider="document", created_by=member)
        proceeding.title = title
        proceeding.save(force_insert=True)
        stored = objects.put_bytes(
            actor=actor,
            vault=matter.vault,
            kind=StoredObject.Kind.DOCUMENT,
            content_type="application/json",
            data=json.dumps(result).encode(),
            file_name="result.json",
        )
        Recording.objects.create(proceeding=proceeding, object=stored, media="text", check_state="passed")
        transcript = ingest.store_result(proceeding, result, actor=actor)
        assert second_pass.run(transcript, actor=actor) is not None, transcript.held_reason
        renditions.ensure(transcript, policies.preset_row("identifiers"), actor=actor)
        Proceeding.objects.filter(pk=proceeding.pk).update(state=Proceeding.State.READY)
        transcript.refresh_from_db()
        return transcript

    return make
