"""diarize: who spoke when, the number of speakers unknown.

Method (after Bredin 2023, pyannote.audio 2.1): local segmentation in overlapping windows of ten
seconds, an embedding for each local speaker from the frames where nobody else speaks, agglomerative
clustering of the embeddings in which two speakers of one window never meet, and stitching of the
windows by cluster.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from pipeline.meeting import Ms, Turn
from pipeline.stages.ingest import SAMPLE_RATE, Audio

Features = npt.NDArray[np.float32]
WINDOW: Ms = 10_000
SHORTEST_HOP: Ms = 1_000
LONGEST_HOP: Ms = 5_000
MOST_WINDOWS = 200  # up to which the windows lie closer: three minutes of the shortest hop
TOGETHER = 8  # windows that the segmentation reads at once
# Cosine distances of CAM++ between stretches of one voice stay below, of two voices above this one.
MERGE_DISTANCE = 0.55
RELIABLE: Ms = 1_200  # own speech that an embedding needs before it may found a speaker
SMALLEST_SPEAKER: Ms = 2_000
CHUNK_FRAMES = 200  # of 10 ms
MIN_CHUNK_FRAMES = 40
PAUSE: Ms = 250  # of a local speaker: the run ends
LONGEST_RUN: Ms = 3_000
SAME_LOCAL = 0.8  # runs that the segmentation hears as one voice are nearer to each other
FILL_PAUSE: Ms = 500
SHORTEST_TURN: Ms = 200


class SpeakerModel(Protocol):
    """Local speaker activity and voice embeddings (models.voices)."""

    def activity(self, windows: Features) -> npt.NDArray[np.bool_]: ...

    def embeddings(self, features: list[Features]) -> Features: ...


@dataclass
class _Run:
    """An unbroken run of one local speaker: the meeting's frames it stands for, and its voice."""

    window: int
    local: int
    frames: npt.NDArray[np.int64]
    own: Ms
    vector: Features
    cluster: int = -1


def _cluster(runs: list[_Run]) -> list[int]:
    """Agglomerative clustering with average linkage; two local speakers of one window stay apart."""
    vectors = np.stack([r.vector for r in runs])
    distance = 1.0 - vectors @ vectors.T
    window = np.array([r.window for r in runs])
    local = np.array([r.local for r in runs])
    same_window = window[:, None] == window[None]
    same_local = same_window & (local[:, None] == local[None])
    distance[same_local] *= SAME_LOCAL
    distance[same_window & ~same_local] = np.inf
    np.fill_diagonal(distance, np.inf)
    members = {i: [i] for i in range(len(runs))}
    size = np.array([float(r.own) for r in runs])
    while len(members) > 1:
        i, j = (int(n) for n in np.unravel_index(np.argmin(distance), distance.shape))
        if distance[i, j] > MERGE_DISTANCE:
            break
        merged = (size[i] * distance[i] + size[j] * distance[j]) / (size[i] + size[j])
        distance[i], distance[:, i] = merged, merged
        distance[i, i] = np.inf
        distance[j], distance[:, j] = np.inf, np.inf
        size[i] += size[j]
        members[i] += members.pop(j)
    labels = [0] * len(runs)
    for label, group in enumerate(members.values()):
        for member in group:
            labels[member] = label
    return labels


def _split(frames: npt.NDArray[np.int64], step: float) -> list[npt.NDArray[np.int64]]:
    """Frames cut where the speaker pauses, and into pieces of at most LONGEST_RUN."""
    pause, longest = int(PAUSE / 1000 / step), int(LONGEST_RUN / 1000 / step)
    runs = np.split(frames, np.flatnonzero(np.diff(frames) > pause) + 1)
    return [part for run in runs for part in np.array_split(run, max(1, round(len(run) / longest)))]


def diarize(audio: Audio, model: SpeakerModel, mel: Callable[[npt.NDArray[np.float32]], Features],
            frame: tuple[float, float], progress: Callable[[float], None] = lambda _: None) -> tuple[Turn, ...]:
    """The turns of a recording, speakers named "Talare 1…n" in the order of their first words.

    ``frame`` is (offset, step) in seconds of the model's frames; ``mel`` makes its features.
    """
    offset, step = frame
    hop = min(LONGEST_HOP, max(SHORTEST_HOP, audio.duration // MOST_WINDOWS))
    starts = list(range(0, max(1, audio.duration - WINDOW + hop), hop))
    runs: list[_Run] = []
    for begin in range(0, len(starts), TOGETHER):
        windows = np.stack([_window(audio, start) for start in starts[begin:begin + TOGETHER]])
        for number, (window, active) in enumerate(zip(windows, model.activity(windows), strict=True), begin):
            runs += _voices_of_window(number, active, mel(window), model, round((starts[number] / 1000 + offset) / step), frame)
        progress(min(1.0, (begin + TOGETHER) / len(starts)))
    return _stitch(runs, starts, int(audio.duration / 1000 / step) + 2, step)


def _window(audio: Audio, start: Ms) -> Features:
    """WINDOW of sound, silence after its end."""
    sound = audio.piece(start, min(audio.duration, start + WINDOW))
    return np.pad(sound, (0, WINDOW * SAMPLE_RATE // 1000 - len(sound))).astype(np.float32)


def _voices_of_window(number: int, active: npt.NDArray[np.bool_], features: Features, model: SpeakerModel,
                      first: int, frame: tuple[float, float]) -> list[_Run]:
    """The runs of a window's local speakers, each with the embedding of what it says alone."""
    offset, step = frame
    alone = active.sum(axis=1) == 1
    found: list[tuple[int, npt.NDArray[np.int64], int]] = []
    chunks: list[Features] = []
    owner: list[int] = []
    for local in range(active.shape[1]):
        mine = np.flatnonzero(active[:, local])
        if not len(mine):
            continue
        exclusive = mine[alone[mine]]
        parts = _split(exclusive if len(exclusive) * step >= MIN_CHUNK_FRAMES / 100 else mine, step)
        parts = [p for p in parts if len(p) * step >= MIN_CHUNK_FRAMES / 100] or [max(parts, key=len)]
        nearest = np.argmin(np.stack([np.min(np.abs(mine[:, None] - p[None]), axis=1) for p in parts]), axis=0)
        for index, part in enumerate(parts):
            rows = np.unique(np.clip(((part * step + offset) * 100).astype(int)[:, None]
                                     + np.arange(2), 0, len(features) - 1))
            pieces = [features[r] for r in np.array_split(rows, -(-len(rows) // CHUNK_FRAMES))]
            chunks += pieces
            owner += [len(found)] * len(pieces)
            found.append((local, mine[nearest == index], len(part)))
    if not found:
        return []
    vectors = model.embeddings(chunks)
    return [_Run(number, local, frames + first, int(length * step * 1000),
                 _unit(vectors[[o == i for o in owner]].sum(axis=0)))
            for i, (local, frames, length) in enumerate(found)]


def named_turns(spans: Sequence[tuple[float, float, str]]) -> tuple[Turn, ...]:
    """Turns from (start, end, label) in seconds, speakers named in the order of their first words."""
    names: dict[str, str] = {}
    for _, _, label in sorted(spans):
        names.setdefault(label, f"Talare {len(names) + 1}")
    return tuple(Turn(start=int(a * 1000), end=int(b * 1000), speaker=names[label]) for a, b, label in sorted(spans) if b > a)


def _unit(vector: Features) -> Features:
    return np.asarray(vector / max(1e-6, float(np.linalg.norm(vector))), np.float32)


def _stitch(runs: list[_Run], starts: Sequence[Ms], total_frames: int, step: float) -> tuple[Turn, ...]:
    founders = [r for r in runs if r.own >= RELIABLE] or runs
    if not founders:
        return ()
    for run, label in zip(founders, _cluster(founders), strict=True):
        run.cluster = label
    sizes: dict[int, Ms] = {}
    for run in founders:
        sizes[run.cluster] = sizes.get(run.cluster, 0) + run.own
    kept = [c for c, own in sizes.items() if own >= min(SMALLEST_SPEAKER, max(sizes.values()))]
    centroids = np.stack([_unit(np.sum([r.vector * r.own for r in founders if r.cluster == c], axis=0))
                          for c in kept])
    for run in runs:
        if run.cluster in kept:
            continue
        taken = {r.cluster for r in runs if r.window == run.window and r.local != run.local and r.cluster in kept}
        order = np.argsort(-(centroids @ run.vector))
        run.cluster = next((kept[i] for i in order if kept[i] not in taken), kept[order[0]])
    return _turns(runs, kept, starts, total_frames, step)


def _turns(runs: list[_Run], clusters: list[int], starts: Sequence[Ms], total_frames: int, step: float) -> tuple[Turn, ...]:
    """Turns from the windows' votes: a frame belongs to a cluster when half the windows there say so."""
    seen = np.zeros(total_frames)
    for start in starts:
        first = int(start / 1000 / step)
        seen[first:first + int(WINDOW / 1000 / step) + 1] += 1
    found: list[tuple[Ms, Ms, int]] = []
    for cluster in clusters:
        votes = np.zeros(total_frames)
        for run in runs:
            if run.cluster == cluster:
                votes[run.frames[run.frames < total_frames]] += 1
        active = (votes > 0) & (votes * 2 >= seen)
        edges = np.flatnonzero(np.diff(np.concatenate([[0], active.astype(np.int8), [0]])))
        merged: list[tuple[Ms, Ms]] = []
        for a, b in zip(edges[::2], edges[1::2], strict=True):
            start, end = int(a * step * 1000), int(b * step * 1000)
            if merged and start - merged[-1][1] < FILL_PAUSE:
                merged[-1] = (merged[-1][0], end)
            else:
                merged.append((start, end))
        found += [(a, b, cluster) for a, b in merged if b - a >= SHORTEST_TURN]
    return named_turns([(a / 1000, b / 1000, str(c)) for a, b, c in found])
