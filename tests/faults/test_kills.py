"""Law 4: kill any process, lose the whole queue; the job finishes, with one transcript, and nothing is left at the engine."""

import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from tests.stack import Stack

pytestmark = pytest.mark.alone

SPOKEN = """
import json
from transcription.models import Job, Proceeding, Submission, Transcript
from compliance.models import AuditEvent
job = Job.objects.filter(provider="engine").order_by("created_at").first()
row = job.submissions.first() if job else None
print(json.dumps({
    "state": job.state if job else "", "progress": job.progress if job else 0, "failure": job.failure if job else "",
    "shown": job.proceeding.state if job else "", "submission": row.state if row else "",
    "deletion": row.deletion if row else "", "orphans": len(row.orphans) if row else 0,
    "transcripts": Transcript.objects.filter(job=job).count() if job else 0,
    "completed": AuditEvent.objects.filter(type="transcription:job:completed").count(),
    "proceedings": Proceeding.objects.count(),
    "sound": [r.audio_state for r in job.transcript.renditions.all()] if job and hasattr(job, "transcript") else [],
}))
"""


def until(stack: Stack, seconds: float, **wanted: Any) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found: dict[str, Any] = stack.python(SPOKEN)
        if found["failure"] or all(found[name] in value for name, value in wanted.items()):
            return found
        time.sleep(0.3)
    raise AssertionError(f"not {wanted} within {seconds} s: {found}\n{stack.log()}")


@pytest.mark.timeout(600)
def test_a_job_survives_every_process_and_the_queue(stack: Stack) -> None:
    running = {
        "state": ("transcribing", "ingesting", "redacting", "completed"),
        "submission": ("submitted", "returned", "ingested"),
    }
    before = until(stack, 120, **running)
    assert before["state"] == "transcribing", "too fast to be killed half-way"
    # The engine forgets what it did not finish: the portal sends it again.
    assert stack.kill("engine") >= 1
    deadline = time.monotonic() + 120
    while stack.python(SPOKEN)["orphans"] == 0:
        assert time.monotonic() < deadline, stack.log()
    # The worker, its pool and its sweeper.
    assert stack.kill("celery") >= 2
    until(stack, 120, **running)
    # And every message that waits.
    if "BROKER_URL" not in stack.env:
        shutil.rmtree(Path(stack.data) / "broker", ignore_errors=True)
    done = until(stack, 300, state=("completed", "held"), deletion=("done",))
    assert (done["state"], done["failure"], done["transcripts"]) == ("completed", "", 1)
    assert (done["shown"], done["sound"]) == ("ready", ["ready"])
    # The sample's document and its recording: each was completed once.
    assert done["completed"] == done["proceedings"]


@pytest.mark.timeout(300)
def test_new_work_is_done_after_all_that(stack: Stack) -> None:
    made = stack.python(
        """
import json
from pathlib import Path
from compliance.audit import Actor
from transcription import proceedings
from transcription.models import Proceeding
from vault import objects
old = Proceeding.objects.exclude(provider="document").first()
member = old.created_by
actor = Actor("member", member.id)
data = Path("tests/data/speech/ss-0880.wav").read_bytes()
stored = objects.put_bytes(actor=actor, vault=old.matter.vault, kind="recording", content_type="audio/wav", data=data)
made = proceedings.create(
    actor=actor, member=member, matter=old.matter, kind="hearing", objects=[stored], basic_engine_accepted=True
)
print(json.dumps(str(made.id)))
"""
    )
    state = f"""
import json
from transcription.models import Proceeding
state = Proceeding.objects.get(pk="{made}").state
print(json.dumps(state if state in ("ready", "held", "failed") else None))
"""
    assert stack.wait_until(state, 200) == "ready"
