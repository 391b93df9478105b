"""Evidence that somebody who trusts nobody can check: RFC 6962 trees, signed checkpoints, exports, and attacks on them."""

import base64
import json
from io import StringIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from compliance import audit, checkpoints, log_proof, merkle, notes
from compliance.models import AuditEvent, Checkpoint, Leaf

VECTORS = Path(__file__).parent.parent / "data" / "vectors" / "merkle"


def vectors(kind: str) -> list[Path]:
    found = sorted((VECTORS / kind).rglob("*.json"))
    assert len(found) > 50
    return found


def decoded(hashes) -> list[bytes]:
    return [base64.b64decode(each) for each in hashes or []]


def holds(check, *args) -> bool:
    try:
        check(*args)
    except merkle.BadProof:
        return False
    return True


def test_inclusion_vectors():
    for path in vectors("inclusion"):
        case = json.loads(path.read_text())
        root, leaf = decoded([case["root"], case["leafHash"]])
        proof = decoded(case["proof"])
        found = holds(merkle.check_inclusion, leaf, case["leafIdx"], case["treeSize"], proof, root)
        assert found is not case["wantErr"], path


def test_consistency_vectors():
    for path in vectors("consistency"):
        case = json.loads(path.read_text())
        first, second = decoded([case["root1"], case["root2"]])
        found = holds(merkle.check_consistency, case["size1"], case["size2"], first, second, decoded(case["proof"]))
        assert found is not case["wantErr"], path


leaves = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40)


@given(leaves, st.data())
def test_made_proofs_check_and_altered_ones_do_not(hashes, data):
    root = merkle.root(hashes)
    index = data.draw(st.integers(0, len(hashes) - 1))
    proof = merkle.inclusion_proof(hashes, index)
    assert holds(merkle.check_inclusion, hashes[index], index, len(hashes), proof, root)
    assert not holds(merkle.check_inclusion, b"\1" * 31 + hashes[index][:1], index, len(hashes), proof, b"\0" * 32)
    first = data.draw(st.integers(1, len(hashes)))
    steps = merkle.consistency_proof(hashes, first)
    assert holds(merkle.check_consistency, first, len(hashes), merkle.root(hashes[:first]), root, steps)


def test_a_note_opens_with_its_key_only_and_the_key_survives_writing_down():
    key = Ed25519PrivateKey.generate()
    verifier = notes.Verifier("log", key.public_key())
    head = notes.Head("sealscript/x", 7, b"\7" * 32)
    note = notes.sign(head, "log", key)
    assert notes.open_note(note, notes.Verifier.parse(str(verifier))) == head
    other = notes.Verifier("log", Ed25519PrivateKey.generate().public_key())
    for bad in (note.replace("7\n", "8\n", 1), note[:-3], note.replace("sealscript/x", "sealscript/y"), "", "\n\n"):
        with pytest.raises(notes.BadNote):
            notes.open_note(bad, verifier)
    with pytest.raises(notes.BadNote):
        notes.open_note(note, other)


@given(st.text())
def test_no_text_is_a_note_by_accident(text):
    verifier = notes.Verifier("log", Ed25519PrivateKey.from_private_bytes(b"\1" * 32).public_key())
    with pytest.raises(notes.BadNote):
        notes.open_note(text, verifier)
    with pytest.raises(notes.BadNote):
        notes.Verifier.parse(text)


@pytest.fixture
def acts(firm, paralegal, actor_for):
    checkpoints.forget()
    for _ in range(6):
        audit.record("portal:settings:read", organization_id=firm.id, actor=actor_for(paralegal))
    yield firm
    checkpoints.forget()


@pytest.fixture
def exported(acts, tmp_path) -> Path:
    call_command("audit", "export", str(tmp_path / "one"), organization=str(acts.id), stdout=StringIO())
    return tmp_path / "one"


def verify(folder: Path, key: str, since: Path | None = None) -> dict:
    out = StringIO()
    arguments = ["audit", "verify", str(folder), "--key", key, "--json"] + (["--since", str(since)] if since else [])
    held = True
    try:
        call_command(*arguments, stdout=out)
    except CommandError:
        held = False
    said = json.loads(out.getvalue())
    assert held == (said["authentic"] and said["complete"] is not False)
    return said


def key() -> str:
    return str(checkpoints.verifier())


def test_an_export_is_authentic_and_its_completeness_unknown_without_an_earlier_checkpoint(exported):
    said = verify(exported, key())
    assert (said["events"], said["authentic"], said["complete"]) == (7, True, None)  # the export's own event is in it


def test_with_an_earlier_checkpoint_it_is_complete(exported, acts, paralegal, actor_for, tmp_path):
    audit.record("portal:settings:read", organization_id=acts.id, actor=actor_for(paralegal))
    call_command("audit", "export", str(tmp_path / "two"), organization=acts.name, stdout=StringIO())
    said = verify(tmp_path / "two", key(), exported / "checkpoint.txt")
    assert (said["authentic"], said["complete"]) == (True, True)


def test_checkpoints_are_copied_outside_the_database(exported, acts, settings):
    from portal.checkpoint_copies import FolderCopies

    copies = sorted((Path(settings.CHECKPOINT_DIR) / str(acts.id)).glob("*.checkpoint"))
    assert copies[-1].read_text() == (exported / "checkpoint.txt").read_text()
    with pytest.raises(FileExistsError):
        FolderCopies(settings.CHECKPOINT_DIR).put(acts.id, 7, "another history")


@pytest.mark.parametrize("attack", ["change", "drop", "last", "swap", "repeat", "garbage", "empty"])
def test_every_alteration_is_found(exported, attack):
    path = exported / "log.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    altered = {
        "change": [lines[0].replace(b'"outcome":"done"', b'"outcome":"none"'), *lines[1:]],
        "drop": [*lines[:2], *lines[3:]],
        "last": lines[:-1],
        "swap": [lines[1], lines[0], *lines[2:]],
        "repeat": [*lines, lines[-1]],
        "garbage": [*lines[:3], b"not json\n", *lines[3:]],
        "empty": [],
    }[attack]
    assert altered != lines
    path.write_bytes(b"".join(altered))
    said = verify(exported, key())
    assert said["authentic"] is False
    assert said["reasons"]


def test_somebody_elses_key_signs_nothing(exported):
    stranger = notes.Verifier("sealscript-log", Ed25519PrivateKey.generate().public_key())
    assert verify(exported, str(stranger))["authentic"] is False


def test_a_history_that_was_rewritten_and_signed_again_is_not_complete(exported, acts, tmp_path):
    """Somebody with database and key can make an authentic log, but not one that fits what was kept outside."""
    lines = (exported / "log.jsonl").read_bytes().splitlines(keepends=True)
    events = [json.loads(line)["event"] for line in lines]
    events[2]["outcome"] = "refused"
    forged = tmp_path / "forged"
    forged.mkdir()
    rewritten = [log_proof.line(at, log_proof.rfc8785.dumps(event)) for at, event in enumerate(events)]
    frontier = merkle.Frontier()
    for line in rewritten:
        frontier.append(bytes.fromhex(json.loads(line)["hash"]))
    head = notes.Head(checkpoints.origin(acts.id), frontier.size, frontier.root())
    (forged / "log.jsonl").write_bytes(b"".join(rewritten))
    (forged / "checkpoint.txt").write_text(notes.sign(head, checkpoints.KEY_NAME, checkpoints.signing_key()))
    said = verify(forged, key(), exported / "checkpoint.txt")
    assert (said["authentic"], said["complete"]) == (True, False)


def test_another_organizations_checkpoint_does_not_fit(exported, clinic, clinician, actor_for, tmp_path):
    audit.record("portal:settings:read", organization_id=clinic.id, actor=actor_for(clinician))
    call_command("audit", "export", str(tmp_path / "theirs"), organization=str(clinic.id), stdout=StringIO())
    (exported / "checkpoint.txt").write_text((tmp_path / "theirs" / "checkpoint.txt").read_text())
    assert verify(exported, key())["authentic"] is False


def test_the_cached_tree_equals_the_rows(acts):
    made = checkpoints.advance(acts.id)
    hashes = [bytes(leaf.leaf_hash) for leaf in Leaf.objects.filter(organization=acts).order_by("index")]
    assert bytes(made.root) == merkle.root(hashes)
    assert checkpoints.advance(acts.id) is None
    assert Checkpoint.objects.count() == 1
    assert [audit.leaf_hash(event) for event in AuditEvent.objects.filter(organization=acts).order_by("leaf__index")] == hashes
