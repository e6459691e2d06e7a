"""Score writers of statements on the dev pairs (or any pairs): a table of writers × measures.

    python bench/pairs.py SCORER.py [--pairs FILE] [--limit N] [--writers ours,checked,none,base,qwen,large,large-checked]

ours: the embedded model's greedy answer, nothing checked. checked: as the program uses it (grammar, rules,
verification, compression). none: compression only. base: the base model without the adapter, shown
examples. qwen: the general 1.5B model, shown examples. large: it with our second adapter. SCORER is the scorer's file.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from minutes import scorer

from models.catalogue import ModelStore
from models.language import LanguageModel
from models.loading import load_language
from models.minutes.format import parse_answer
from models.minutes.pairs import Pair, all_pairs, read_pairs, split
from pipeline.evaluation import as_meeting, predict
from pipeline.settings import Settings
from pipeline.stages.condense import request_for
from pipeline.stages.stretch import Stretch

MEASURES = ("score", "empty_f1", "kinds", "decisions", "actions", "owner", "due", "numbers", "invented", "negation", "stray", "chrf", "length")


def unchecked(pairs: list[Pair], model: LanguageModel) -> list[dict[str, Any]]:
    rows = []
    for pair in pairs:
        meeting, section = as_meeting(pair)
        stretch = Stretch(meeting.agenda.items[0], pair.item, section.utterances)
        [answer] = model.answer([request_for(stretch, meeting, model.prompting)])
        rows.append({"id": pair.id, "out": [
            {"kind": p.kind, "text": p.text, "who": p.who, "due": p.due} for p in parse_answer(answer.text)]})
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scorer", type=Path)
    parser.add_argument("--pairs", type=Path)
    parser.add_argument("--limit", type=int, default=10_000)
    parser.add_argument("--writers", default="ours,checked,none")
    parser.add_argument("--json", type=Path, help="write every writer's predictions here")
    args = parser.parse_args()
    settings, score = Settings(), scorer(args.scorer)
    store = ModelStore(settings.models_folder)
    pairs = (list(read_pairs(args.pairs)) if args.pairs else split(all_pairs())[1])[:args.limit]
    gold = [{"id": p.id, "date": p.date.isoformat(), "item": p.item, "turns": p.turns, "out": [
        {"kind": o.kind, "text": o.text, "who": o.who, "due": o.due} for o in p.out]} for p in pairs]
    names = {"ours": "minutes-sv", "checked": "minutes-sv", "base": str(store.file("gemma-3-270m", "gemma-3-270m-q4_k_m.gguf")),
             "qwen": "qwen2.5-coder-1.5b", "large": "minutes-sv-1.5b", "large-checked": "minutes-sv-1.5b"}
    ways: dict[str, Callable[[LanguageModel | None], list[dict[str, Any]]]] = dict.fromkeys(
        ("checked", "large-checked", "none"), lambda m: predict(pairs, m))
    print(f"{len(pairs)} pairs, {settings.threads} threads\n")
    print("| writer | " + " | ".join(MEASURES) + " | s/pair |\n|" + " --- |" * (len(MEASURES) + 2))
    kept = {}
    for writer in args.writers.split(","):
        model = load_language(names[writer], settings, store) if writer in names else None
        began = time.perf_counter()
        rows = ways.get(writer, lambda m: unchecked(pairs, m))(model)
        seconds = (time.perf_counter() - began) / max(1, len(pairs))
        if model is not None:
            model.close()
        result = score.score(gold, {r["id"]: r["out"] for r in rows})
        kept[writer] = rows
        print(f"| {writer} | " + " | ".join(f"{result[m]:.2f}" for m in MEASURES) + f" | {seconds:.2f} |", flush=True)
    if args.json:
        args.json.write_text(json.dumps(kept, ensure_ascii=False), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
