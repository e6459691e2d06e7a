"""What is stored and written: whole or not at all, and never over a person's work."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from small_meeting import small_draft

from models.catalogue import ModelStore, sha256_of
from models.loading import load_voices
from models.torchfile import read_tensors
from pipeline.errors import ModelError, OutputError, UsageError
from pipeline.gather import gather
from pipeline.meeting import Transcript
from pipeline.run import Drafted, write_draft
from pipeline.settings import Settings
from pipeline.stages.diarize import named_turns
from pipeline.stages.render import Look
from pipeline.store import Store, key_of, write_atomically


def _drafted() -> Drafted:
    return Drafted(small_draft(), Transcript(), {}, {})


def test_a_stored_result_is_found_again_and_a_damaged_one_is_missing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    key = key_of("steg", 1, {"å": "ä"})
    store.put(key, ["ö", 1])
    assert store.get(key) == ["ö", 1]
    (entry,) = tmp_path.rglob("*.gz")
    entry.write_bytes(entry.read_bytes()[:10])
    assert store.get(key) is None
    assert store.clear() == 1


def test_a_write_that_is_killed_leaves_the_old_file_whole(tmp_path: Path) -> None:
    target = tmp_path / "fil"
    target.write_bytes(b"gammalt")
    code = (f"import os, pipeline.store as s\nreal = os.fsync\ns.os.fsync = lambda n: os.kill(os.getpid(), 9)\n"
            f"s.write_atomically(__import__('pathlib').Path({str(target)!r}), b'nytt' * 100000)")
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode != 0
    assert target.read_bytes() == b"gammalt"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_told_and_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_device(handle: int, mode: str) -> object:
        os.close(handle)
        return Path("/dev/full").open(mode, buffering=0)

    monkeypatch.setattr(os, "fdopen", full_device)
    (tmp_path / "fil").write_bytes(b"gammalt")
    with pytest.raises(OutputError, match="diskutrymme"):
        write_atomically(tmp_path / "fil", b"nytt")
    assert (tmp_path / "fil").read_bytes() == b"gammalt"
    assert [p.name for p in tmp_path.iterdir()] == ["fil"]


def test_a_file_that_a_person_edited_is_never_overwritten(tmp_path: Path) -> None:
    first = write_draft(_drafted(), tmp_path, Look())
    again = write_draft(_drafted(), tmp_path, Look())
    assert again.paths == first.paths
    first.paths["md"].write_text("mina ändringar", "utf-8")
    third = write_draft(_drafted(), tmp_path, Look())
    assert first.paths["md"].read_text("utf-8") == "mina ändringar"
    assert third.paths["md"].name == "minnesanteckningar (2).md"
    assert third.kept == (first.paths["md"],)


def test_an_unknown_model_is_told_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="whisper-base"):
        ModelStore(tmp_path).named("wisper")


def test_a_damaged_model_file_is_told(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    folder = store.path("gemma-3-270m")
    folder.mkdir(parents=True)
    (folder / "gemma-3-270m-q4_k_m.gguf").write_bytes(b"trasig")
    with pytest.raises(ModelError, match="kontrollsumman"):
        store.verify("gemma-3-270m")


def test_a_missing_model_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="models pull whisper-base"):
        ModelStore(tmp_path).verify("whisper-base")


def test_the_shipped_adapter_has_the_checksum_of_the_catalogue() -> None:
    store = ModelStore(Path("unused"))
    (entry,) = store.named("minutes-sv").files
    assert sha256_of(store.file("minutes-sv", entry.name)) == entry.sha256


def test_a_folder_that_is_no_speaker_pipeline_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"pyannote\.audio|kan inte laddas"):
        load_voices(Settings(speaker_model=str(tmp_path)), ModelStore(tmp_path))


def test_spans_of_another_diarizer_become_named_turns() -> None:
    turns = named_turns([(2.0, 3.5, "B"), (0.0, 2.0, "A"), (4.0, 5.0, "A")])
    assert [(t.start, t.end, t.speaker) for t in turns] == [
        (0, 2000, "Talare 1"), (2000, 3500, "Talare 2"), (4000, 5000, "Talare 1")]


def test_code_in_a_checkpoint_is_not_run(tmp_path: Path) -> None:
    import pickle
    import zipfile

    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.system, (f"touch {tmp_path / 'evil'}",)

    with zipfile.ZipFile(tmp_path / "m.pt", "w") as archive:
        archive.writestr("m/data.pkl", pickle.dumps({"a": Evil()}))
    read_tensors(tmp_path / "m.pt")
    assert not (tmp_path / "evil").exists()


def test_a_folder_without_a_meeting_is_told(tmp_path: Path) -> None:
    (tmp_path / "anteckning.md").write_text("hej", "utf-8")
    with pytest.raises(UsageError, match="Varken inspelning eller transkript"):
        gather(tmp_path)


def test_material_is_found_by_content_and_not_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_text("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Anna Berg>Hej.</v>\n", "utf-8")
    (tmp_path / "minutes.md").write_text("Minnesanteckningar\nNärvarande\n1. Öppnande\n2. Övrigt", "utf-8")
    (tmp_path / "lista.md").write_text("Dagordning\n1. Första\n2. Andra", "utf-8")
    found = gather(tmp_path)
    assert found.parts[0].transcript is not None
    assert found.sources.agenda is not None
    assert [i.title for i in found.sources.agenda.agenda] == ["Första", "Andra"]
