"""Recordings: from sound to draft with the embedded models, and every kind of bad input."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
import psutil
import pytest
from conftest import SAMPLES

from models.catalogue import ModelStore
from models.language import LlamaCpp, OpenAICompatible, Request, Transformers
from models.loading import load_voices
from models.onnxgraph import sinc_filters
from models.voices import mel_features
from pipeline.errors import RecordingError
from pipeline.gather import gather
from pipeline.meeting import Draft
from pipeline.run import Options, Run
from pipeline.settings import Settings
from pipeline.stages.ingest import decode

pytestmark = pytest.mark.models
SECONDS = 16_000


def write_sound(path: Path, samples: np.ndarray, *, kind: str = "mp4", codec: str = "aac", extra: dict[str, str] | None = None) -> Path:
    with av.open(str(path), "w", format=kind, options=extra or {}) as container:
        stream = container.add_stream(codec, rate=16_000)
        stream.layout, stream.bit_rate = "mono", 64_000
        frame = av.AudioFrame.from_ndarray((samples[None] * 32767).astype(np.int16), format="s16", layout="mono")
        frame.rate = 16_000
        resampler = av.AudioResampler(format=stream.format, layout="mono", rate=16_000, frame_size=stream.frame_size or 0)
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return path


def protokollist(*arguments: str, settings: Settings, check: bool = False, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PROTOKOLLIST_CACHE_FOLDER": str(settings.cache_folder),
                   "PROTOKOLLIST_MODELS_FOLDER": str(settings.models_folder), **more}
    return subprocess.run([sys.executable, "-m", "pipeline.cli", *arguments], capture_output=True, text=True, env=environment, check=check)


@pytest.fixture(scope="module")
def demo(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's draft, made once."""
    out = tmp_path_factory.mktemp("demo")
    done = protokollist("draft", str(SAMPLES / "mote"), "--out", str(out), settings=settings)
    assert done.returncode == 0, done.stderr
    return out


def test_the_sample_becomes_minutes(demo: Path) -> None:
    draft = Draft.model_validate_json((demo / "draft.json").read_text("utf-8"))
    text = (demo / "minnesanteckningar.md").read_text("utf-8")
    assert {p.person.name for p in draft.meeting.attendance if p.present} == {
        "Karin Ekwall", "Johan Lindqvist", "Amina Yusuf", "Per Sandell", "Elisabet Norén"}
    assert len(set(draft.speakers)) == 5
    assert "onsdagen den 11 mars kl. 13.00" in text
    assert all(s.evidence for s in draft.statements())
    assert len(list(draft.statements())) >= 6
    assert draft.provenance.speech_model
    for name in ("minnesanteckningar.docx", "minnesanteckningar.html", "transcript.vtt", "transcript.md", "att-granska.md"):
        assert (demo / name).stat().st_size > 200


def test_a_second_run_takes_everything_from_the_store(demo: Path, settings: Settings) -> None:
    stages: list[str] = []
    Run(settings, Options(), lambda stage, _: stages.append(stage)).draft(gather(SAMPLES / "mote"))
    assert "transcribe" not in stages
    assert "diarize" not in stages


def test_a_changed_agenda_hears_nothing_again(demo: Path, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "d.md").write_text("1. Läget\n2. Avtal\n3. Nästa möte", "utf-8")
    done = protokollist("draft", str(SAMPLES / "mote" / "mote.m4a"), "--agenda", str(tmp_path / "d.md"), "--out", str(tmp_path / "ut"),
                        "--json-log", settings=settings, check=True)
    stages = {json.loads(line)["stage"] for line in done.stderr.splitlines() if line.startswith("{")}
    assert stages == {"attribute", "segment", "condense"}
    assert "### 2. Avtal" in (tmp_path / "ut" / "minnesanteckningar.md").read_text("utf-8")


def test_drafting_opens_no_connection(demo: Path, settings: Settings, tmp_path: Path) -> None:
    code = """
import socket, sys
real = socket.socket.connect
def connect(self, address):
    if self.family not in (socket.AF_UNIX,) and not str(address[0]).startswith(("127.", "::1", "localhost")):
        print("OUT", address, file=sys.stderr); sys.exit(99)
    return real(self, address)
socket.socket.connect = connect
socket.getaddrinfo = lambda *a, **k: (_ for _ in ()).throw(SystemExit(98))
sys.argv = ["protokollist", "draft", sys.argv[1], "--out", sys.argv[2], "--from", "transcribe", "--quiet"]
from pipeline.cli import main
main()
"""
    environment = {**os.environ, "PROTOKOLLIST_CACHE_FOLDER": str(tmp_path / "cache"), "PROTOKOLLIST_MODELS_FOLDER": str(settings.models_folder)}
    material = tmp_path / "kort"
    material.mkdir()
    with decode(SAMPLES / "kontroll" / "mote.m4a") as audio:
        write_sound(material / "kort.mp4", audio.piece(0, 20_000))
        del audio
    done = subprocess.run([sys.executable, "-c", code, str(material), str(tmp_path / "ut")], env=environment, capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("kind", "codec", "name"), [
    ("mp4", "aac", "möte å.mp4"), ("ipod", "aac", "a.m4a"), ("mp3", "libmp3lame", "a.mp3"), ("wav", "pcm_s16le", "a.wav"),
    ("flac", "flac", "a.flac"), ("ogg", "libopus", "a.ogg"), ("webm", "libopus", "a.webm"), ("asf", "wmav2", "a.wma"), ("matroska", "aac", "a b.mkv"), ("mov", "aac", unicodedata.normalize("NFD", "mö.mov")),
])
def test_recordings_of_any_kind_are_decoded(tmp_path: Path, kind: str, codec: str, name: str) -> None:
    tone = 0.3 * np.sin(np.arange(5 * SECONDS) * 0.1)
    path = write_sound(tmp_path / name, tone, kind=kind, codec=codec)
    with decode(path) as audio:
        assert abs(audio.duration - 5000) < 200
        assert float(np.abs(audio.piece(1000, 4000)).max()) > 0.2
        del audio


def test_a_truncated_recording_keeps_what_could_be_read(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.mkv", 0.3 * np.sin(np.arange(60 * SECONDS) * 0.1), kind="matroska")
    path.write_bytes(path.read_bytes()[:path.stat().st_size // 2])
    with decode(path) as audio:
        assert 10_000 < audio.duration < 50_000
        assert audio.warnings
        del audio


def test_a_decoder_that_dies_is_told_and_takes_nothing_with_it(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "lång.wav", 0.3 * np.sin(np.arange(1200 * SECONDS) * 0.1), kind="wav", codec="pcm_s16le")

    def kill(_: float) -> None:
        for child in psutil.Process().children():
            child.kill()

    with pytest.raises(RecordingError, match="avkodaren avbröts"), decode(path, kill):
        pass
    assert not psutil.Process().children()


def test_a_recording_may_not_take_more_memory_than_its_bound(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.wav", 0.3 * np.sin(np.arange(30 * SECONDS) * 0.1), kind="wav", codec="pcm_s16le")
    code = "import sys, pipeline.stages.decoding as d; d.MEMORY = 64 * 2**20; sys.exit(d.main())"
    done = subprocess.run([sys.executable, "-c", code, str(path), str(tmp_path / "ut")], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "problems" not in done.stdout


def _bad_inputs(folder: Path) -> dict[str, tuple[Path, int, str]]:
    whole = write_sound(folder / "hel.mp4", 0.3 * np.sin(np.arange(30 * SECONDS) * 0.1))
    cut = folder / "avbruten.mp4"
    cut.write_bytes(whole.read_bytes()[:whole.stat().st_size // 2])
    (folder / "tom.mp4").write_bytes(b"")
    (folder / "text.mp4").write_text("Det här är ingen film.\n" * 50, "utf-8")
    with av.open(str(folder / "stum.mp4"), "w") as container:
        stream = container.add_stream("mpeg4", rate=5)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for _ in range(25):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")))
        container.mux(stream.encode(None))
    rng = np.random.default_rng(1)
    write_sound(folder / "kort.mp4", np.zeros(2 * SECONDS))
    write_sound(folder / "tyst.mp4", np.zeros(600 * SECONDS))
    write_sound(folder / "brus.mp4", rng.normal(0, 0.1, 60 * SECONDS).clip(-1, 1))
    return {
        "saknas": (folder / "finns-inte.mp4", 3, "finns inte"), "tom": (folder / "tom.mp4", 3, "tom"),
        "text": (folder / "text.mp4", 3, "går inte att läsa"), "stum": (folder / "stum.mp4", 3, "inget ljudspår"),
        "avbruten": (cut, 3, "avbruten"), "kort": (folder / "kort.mp4", 3, "kortare än"), "tyst": (folder / "tyst.mp4", 3, "Inget tal"),
        "brus": (folder / "brus.mp4", 3, "tal"),
    }


@pytest.fixture(scope="module")
def bad_inputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, int, str]]:
    return _bad_inputs(tmp_path_factory.mktemp("dåliga"))


@pytest.mark.parametrize("case", ["saknas", "tom", "text", "stum", "avbruten", "kort", "tyst", "brus"])
def test_bad_recordings_are_told_in_swedish_and_write_nothing(
        case: str, bad_inputs: dict[str, tuple[Path, int, str]], settings: Settings, tmp_path: Path) -> None:
    path, code, words = bad_inputs[case]
    done = protokollist("draft", str(path), "--out", str(tmp_path / "ut"), "--quiet", settings=settings)
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not list((tmp_path / "ut").glob("*")) if (tmp_path / "ut").exists() else True


@pytest.mark.parametrize(("content", "words"), [(None, "finns inte"), (b"\x00\x01\x00binary", "inte en textfil"), (b"hej", "Inga punkter")])
def test_bad_agendas_are_told(content: bytes | None, words: str, settings: Settings, tmp_path: Path) -> None:
    agenda = tmp_path / "d.md"
    if content is not None:
        agenda.write_bytes(content)
    done = protokollist("draft", str(SAMPLES / "mote" / "mote.m4a"), "--agenda", str(agenda), "--out", str(tmp_path / "ut"), settings=settings)
    assert (done.returncode, words in done.stderr) == (4, True), done.stderr


def test_a_folder_that_cannot_be_written_is_told_before_the_work(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "fil").write_text("x")
    done = protokollist("draft", str(SAMPLES / "mote"), "--out", str(tmp_path / "fil" / "ut"), settings=settings)
    assert done.returncode == 6
    assert "Lyssnar" not in done.stderr


def test_a_damaged_model_is_told(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "whisper-base").mkdir()
    for source in settings.models_folder.joinpath("whisper-base").iterdir():
        if not source.name.startswith("."):
            (tmp_path / "whisper-base" / source.name).write_bytes(source.read_bytes()[:5000])
    done = protokollist("draft", str(SAMPLES / "mote"), "--out", str(tmp_path / "ut"), settings=settings,
                        PROTOKOLLIST_MODELS_FOLDER=str(tmp_path), PROTOKOLLIST_CACHE_FOLDER=str(tmp_path / "cache"))
    assert done.returncode == 5
    assert "models pull" in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="Windows has neither SIGKILL nor an interrupt that can be sent to one child alone")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_what_was_finished_is_kept_when_it_is_stopped(sent: signal.Signals, settings: Settings, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    environment = {**os.environ, "PROTOKOLLIST_CACHE_FOLDER": str(cache), "PROTOKOLLIST_MODELS_FOLDER": str(settings.models_folder)}
    command = [sys.executable, "-m", "pipeline.cli", "draft", str(SAMPLES / "kontroll"), "--out", str(tmp_path / "ut"), "--json-log"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True,
                          preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if '"diarize"' in line:
                process.send_signal(sent)
                break
        rest = process.stderr.read()
        code = process.wait(60)
    assert code in (130, -9)
    if sent is signal.SIGINT:
        assert "Avbrutet" in rest
    assert len(list(cache.rglob("*.json.gz"))) >= 1
    assert not list(cache.rglob("*.partial"))
    assert not (tmp_path / "ut" / "draft.json").exists()
    began = time.monotonic()
    again = subprocess.run([*command[:-1], "--json-log", "--language-model", "none"], env=environment, capture_output=True, text=True, check=True)
    assert '"transcribe"' not in again.stderr
    assert time.monotonic() - began < 120


# ------------------------------------------------------------------ models


def test_two_voices_are_two(settings: Settings, store: ModelStore) -> None:
    from models.voices import FRAME_OFFSET, FRAME_STEP
    from pipeline.stages.diarize import diarize

    with decode(SAMPLES / "kontroll" / "mote.m4a") as audio:
        turns = diarize(audio, load_voices(settings, store), mel_features, (FRAME_OFFSET, FRAME_STEP))
        del audio
    assert len({t.speaker for t in turns}) == 4


def test_the_segmentation_network_equals_torch(settings: Settings, store: ModelStore) -> None:
    """The front of the network by torch's own operations; the whole was compared once (docs/decisions/0001)."""
    torch = pytest.importorskip("torch")
    from models.torchfile import read_tensors

    tensors = read_tensors(store.path("embedded-voices") / "segmentation-3.0.bin")
    lstm = torch.nn.LSTM(60, 128, num_layers=4, bidirectional=True, batch_first=True)
    lstm.load_state_dict({k.removeprefix("lstm."): torch.from_numpy(v) for k, v in tensors.items() if k.startswith("lstm.")})
    linear = [torch.nn.Linear(256, 128), torch.nn.Linear(128, 128), torch.nn.Linear(128, 7)]
    for layer, key in zip(linear, ("linear.0", "linear.1", "classifier"), strict=True):
        layer.load_state_dict({k: torch.from_numpy(tensors[f"{key}.{k}"]) for k in ("weight", "bias")})
    f = torch.nn.functional
    with decode(SAMPLES / "kontroll" / "mote.m4a") as audio:
        sound = audio.piece(5_000, 15_000)
        del audio
    with torch.no_grad():
        t = {k: torch.from_numpy(v) for k, v in tensors.items()}
        x = f.instance_norm(torch.from_numpy(sound)[None, None], weight=t["sincnet.wav_norm1d.weight"], bias=t["sincnet.wav_norm1d.bias"])
        low, band = (tensors[f"sincnet.conv1d.0.filterbank.{n}_hz_"] for n in ("low", "band"))
        x = f.conv1d(x, torch.from_numpy(sinc_filters(low, band)), stride=10).abs()
        for n in range(3):
            if n:
                x = f.conv1d(x, t[f"sincnet.conv1d.{n}.weight"], t[f"sincnet.conv1d.{n}.bias"])
            x = f.leaky_relu(f.instance_norm(f.max_pool1d(x, 3), weight=t[f"sincnet.norm1d.{n}.weight"], bias=t[f"sincnet.norm1d.{n}.bias"]))
        x, _ = lstm(x.transpose(1, 2))
        for layer in linear[:2]:
            x = f.leaky_relu(layer(x))
        expected = f.log_softmax(linear[2](x), dim=-1).numpy()
    voices = load_voices(settings, store)
    got = voices._segmentation.run(None, {"x": sound[None, None]})[0]
    assert np.abs(np.exp(got) - np.exp(expected)).max() < 1e-4


@pytest.fixture(scope="module")
def minutes_model(settings: Settings, store: ModelStore) -> Sequence[Path]:
    store.verify("minutes-sv")
    return store.file("gemma-3-270m", "gemma-3-270m-q4_k_m.gguf"), store.file("minutes-sv", "adapter.gguf")


def test_the_embedded_model_keeps_its_grammar_and_answers_alike_twice(minutes_model: Sequence[Path]) -> None:
    from models.minutes.format import grammar, parse_answer

    model = LlamaCpp(minutes_model[0], name="m", threads=2, adapter=minutes_model[1], prompting="minutes")
    request = Request("Möte 2026-02-05. Punkt: Läge – Kalmar\nÅsa Öberg: antalet har ökat med 17 % sedan 2025\n\nProtokoll:\n",
                      grammar=grammar(["Åsa Öberg"]))
    first, again = model.answer([request, request])
    model.close()
    assert first == again
    assert first.text.strip() == "–" or parse_answer(first.text)
    assert "17" in first.text
    assert len(first.sureness) == len(first.text.splitlines())
    assert all(sure <= 0 for sure in first.sureness)


def test_whatever_the_model_would_rather_say_it_uses_words_and_figures_of_the_talk(minutes_model: Sequence[Path]) -> None:
    from models.minutes.format import grammar
    from models.minutes.vocabulary import ENDING, FREE_LETTERS, rules, stems_of, written_words

    talk = "Punkt: Läge\nÅsa Öberg: gammakameran står still sedan i tisdags, 17 patienter väntar och SPECT-bilderna från Kalmar är borta"
    model = LlamaCpp(minutes_model[0], name="m", threads=2, adapter=minutes_model[1], prompting="minutes")
    request = Request(f"{talk}\n\nProtokoll:\n", grammar=grammar(["Åsa Öberg"], rules(talk, ["17"])))
    answers = [answer for seed in range(4) for answer in model.answer([request], temperature=1.5, seed=seed)]
    model.close()
    text = " ".join(line.rpartition("|")[0].rpartition("|")[2] if line.startswith("Åtgärd") else line.partition(" ")[2]
                    for answer in answers for line in answer.text.splitlines())
    assert set(re.findall(r"\d+", text)) <= {"17"}
    long_words = {w.casefold() for w in re.findall(r"[^\W\d_]+", text) if len(w) > FREE_LETTERS}
    stems = stems_of(talk)
    assert long_words
    assert [w for w in long_words - written_words() if not any(w[:k] in stems and len(w) - k <= ENDING for k in range(3, len(w) + 1))] == []


def test_a_model_folder_through_transformers(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.WordLevel({"<unk>": 0, "</s>": 1, "hej": 2, "på": 3, "er": 4}, "<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="</s>", unk_token="<unk>").save_pretrained(tmp_path)
    LlamaForCausalLM(LlamaConfig(vocab_size=5, hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2,
                                 num_key_value_heads=2, eos_token_id=1)).save_pretrained(tmp_path)
    model = Transformers(tmp_path, name="liten")
    first = model.answer([Request("hej på er")])
    assert first == model.answer([Request("hej på er")])
    assert isinstance(first[0].text, str)
    model.close()


def test_a_real_server_is_asked_over_http(minutes_model: Sequence[Path]) -> None:
    """llama.cpp's own server on loopback, spoken to as any OpenAI-compatible address."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(minutes_model[0])
    params.n_ctx, params.port, params.verbosity, params.n_parallel = 2048, 0, -1, 1
    params.hostnames, params.api_keys = ["127.0.0.1"], ["hemlig"]
    params.chat_template = "{% for m in messages %}{{ m.content }}\n{% endfor %}"
    server = xllamacpp.Server(params)
    model = OpenAICompatible(server.listening_address, key="hemlig")
    (reply,) = model.answer([Request("", (("user", "Hej"),))])
    model.close()
    assert isinstance(reply.text, str)
    del server


def test_silence_is_not_heard_as_words(settings: Settings, tmp_path: Path) -> None:
    path = write_sound(tmp_path / "tyst.wav", np.zeros(20 * SECONDS), kind="wav", codec="pcm_s16le")
    with pytest.raises(RecordingError, match="Inget tal"):
        Run(settings, Options(language_model="none")).draft(gather(path.parent))
