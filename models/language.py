"""Language models behind one small interface: llama.cpp (GGUF), transformers, OpenAI-compatible server.

A ``Request`` carries both ways of asking: the bare text that our own model continues, and the
messages that a general instruction model answers.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol
from urllib.parse import urlparse

from pipeline.errors import ModelError

Prompting = Literal["minutes", "chat"]
ANSWER_TOKENS = 320


@dataclass(frozen=True)
class Request:
    """One question to a model. ``grammar`` is GBNF, kept by models that can."""

    text: str
    messages: tuple[tuple[str, str], ...] = ()
    grammar: str | None = None


@dataclass(frozen=True)
class Answer:
    """What a model wrote. ``sureness`` is the mean log-probability (natural, at most 0) of the tokens of each of its lines, before any
    grammar and temperature; empty where the model does not tell."""

    text: str
    sureness: tuple[float, ...] = ()


class LanguageModel(Protocol):
    """What writes Swedish. ``prompting`` says which side of a request it reads."""

    name: str
    prompting: Prompting

    def answer(self, requests: Sequence[Request], *, temperature: float = 0.0, seed: int = 1) -> list[Answer]:
        """One answer a request, in order. Deterministic at temperature 0."""
        ...

    def close(self) -> None: ...


class LlamaCpp:
    """A GGUF file, with an adapter or without, in llama.cpp inside this process.

    The library's own HTTP listener is bound to a socket file in a private folder (on Windows to
    loopback), with a random key and without CORS, and is not used.

    Raises ModelError when the file cannot be loaded.
    """

    def __init__(self, path: Path, *, name: str, threads: int, adapter: Path | None = None,
                 prompting: Prompting = "chat", context: int = 4096) -> None:
        import xllamacpp

        self.name, self.prompting = name, prompting
        if not path.is_file():
            raise ModelError(f"Språkmodellen {path} finns inte.")
        params = xllamacpp.CommonParams()
        params.model.path = str(path)
        if adapter is not None:
            lora = xllamacpp.CommonAdapterLoraInfo()
            lora.path, lora.scale = str(adapter), 1.0
            params.lora_adapters = [lora]
        params.n_ctx, params.n_parallel = context, 1  # side by side, answers would depend on their neighbours
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
        params.cpuparams.poll = params.cpuparams_batch.poll = 0  # sleep, not spin: cores may be shared
        params.cache_ram_mib = 0
        params.verbosity = -1
        params.ui = False
        params.offline = True
        params.api_keys = [secrets.token_hex(24)]
        params.cors_origins = ""
        self._folder = tempfile.mkdtemp(prefix="pk-")
        if os.name == "posix":
            params.hostnames = [str(Path(self._folder) / "s.sock")]
        try:
            with _quiet():
                self._server = xllamacpp.Server(params)
        except (RuntimeError, OSError, ValueError) as error:
            self.close()
            raise ModelError(f"Språkmodellen {path} kunde inte laddas: {error}") from error

    def answer(self, requests: Sequence[Request], *, temperature: float = 0.0, seed: int = 1) -> list[Answer]:
        def one(request: Request) -> Answer:
            body: dict[str, Any] = {"max_tokens": ANSWER_TOKENS, "temperature": temperature, "seed": seed,
                                    "cache_prompt": False}
            if request.grammar:
                body["grammar"] = request.grammar
            if self.prompting == "chat":
                body["messages"] = [{"role": role, "content": text} for role, text in request.messages]
                reply = self._server.handle_chat_completions(body)
                return Answer(str(_choice(reply)["message"]["content"] or ""))
            body |= {"prompt": request.text, "logprobs": 1}
            choice = _choice(self._server.handle_completions(body))
            tokens = (choice.get("logprobs") or {}).get("content") or []
            return Answer(str(choice["text"]), _by_line([(t["token"], t["logprob"]) for t in tokens]))

        return [one(request) for request in requests]

    def close(self) -> None:
        self._server = None
        shutil.rmtree(self._folder, ignore_errors=True)


def _by_line(tokens: Sequence[tuple[str, float]]) -> tuple[float, ...]:
    """The mean log-probability of the tokens of each line."""
    lines: list[list[float]] = [[]]
    for token, probability in tokens:
        if "\n" in token:
            lines.append([])
        else:
            lines[-1].append(probability)
    return tuple(sum(line) / len(line) for line in lines if line)


def _choice(reply: dict[str, Any]) -> dict[str, Any]:
    """The first choice of a reply. Raises ModelError with the model's own words when there is none."""
    try:
        return dict(reply["choices"][0])
    except (KeyError, IndexError, TypeError):
        raise ModelError(f"Språkmodellen svarade inte: {str(reply)[:300]}") from None


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep llama.cpp's loading log off the terminal: it writes to the process's stderr itself."""
    with tempfile.TemporaryFile() as sink:
        saved = os.dup(2)
        os.dup2(sink.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(saved, 2)
            os.close(saved)


class Transformers:
    """A model folder (safetensors) through transformers, on GPU when there is one.

    Raises ModelError when torch is missing or the folder holds no model.
    """

    prompting: Prompting = "chat"

    def __init__(self, folder: Path, *, name: str) -> None:
        self.name = name
        try:
            import torch
            from transformers import AutoModelForCausalLM, AutoTokenizer
        except ImportError as error:
            raise ModelError("Den här modellen kräver tillägget torch: pip install 'protokollist[torch]'") from error
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
            self._model = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True)
        except (OSError, ValueError) as error:
            raise ModelError(f"Språkmodellen i {folder} kan inte laddas: {error}") from error
        self._torch = torch
        self._model.to("cuda" if torch.cuda.is_available() else "cpu").eval()

    def answer(self, requests: Sequence[Request], *, temperature: float = 0.0, seed: int = 1) -> list[Answer]:
        self._torch.manual_seed(seed)
        answers = []
        for request in requests:
            text = request.text
            if request.messages and self._tokenizer.chat_template:
                text = self._tokenizer.apply_chat_template(
                    [{"role": r, "content": t} for r, t in request.messages], tokenize=False,
                    add_generation_prompt=True)
            inputs = self._tokenizer(text, return_tensors="pt").to(self._model.device)
            with self._torch.no_grad():
                out = self._model.generate(
                    **inputs, max_new_tokens=ANSWER_TOKENS, do_sample=temperature > 0,
                    **({"temperature": temperature} if temperature > 0 else {}),
                    pad_token_id=self._tokenizer.eos_token_id)
            answers.append(Answer(str(self._tokenizer.decode(out[0, inputs["input_ids"].shape[1]:], skip_special_tokens=True))))
        return answers

    def close(self) -> None:
        del self._model


class OpenAICompatible:
    """A server on the user's own network that speaks the OpenAI chat interface (vLLM, llama.cpp, Ollama).

    The address is only ever one that the user configured. Raises ModelError when it does not answer.
    """

    prompting: Prompting = "chat"

    def __init__(self, address: str, *, model: str | None = None, key: str | None = None, parallel: int = 4) -> None:
        import httpx

        if urlparse(address).scheme not in ("http", "https"):
            raise ModelError(f"{address} är ingen adress till en modellserver.")
        self._base = address.rstrip("/").removesuffix("/v1") + "/v1"
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(headers=headers, timeout=600.0, trust_env=False)
        self._parallel = parallel
        self._model = model or self._first_model()
        self.name = self._model

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        import httpx

        try:
            reply = self._client.request(method, f"{self._base}{path}", json=body)
            reply.raise_for_status()
            return dict(reply.json())
        except (httpx.HTTPError, ValueError) as error:
            raise ModelError(f"Modellservern {self._base} svarar inte som väntat: {error}") from error

    def _first_model(self) -> str:
        models = self._call("GET", "/models").get("data") or []
        if not models:
            raise ModelError(f"Modellservern {self._base} har ingen modell.")
        return str(models[0]["id"])

    def answer(self, requests: Sequence[Request], *, temperature: float = 0.0, seed: int = 1) -> list[Answer]:
        def one(request: Request) -> Answer:
            messages = request.messages or (("user", request.text),)
            reply = self._call("POST", "/chat/completions", {
                "model": self._model, "max_tokens": ANSWER_TOKENS, "temperature": temperature, "seed": seed,
                "messages": [{"role": role, "content": text} for role, text in messages]})
            return Answer(str(_choice(reply)["message"]["content"] or ""))

        with ThreadPoolExecutor(self._parallel) as pool:
            return list(pool.map(one, requests))

    def close(self) -> None:
        self._client.close()
