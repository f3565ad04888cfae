"""How does a fitted encoder become the file that ships? Cut to the pieces that English needs, and to whole numbers."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer

from training.tune import HEADS, SCALE, Reader

LAST_PIECE = 20_000
"""The vocabulary is in the order of use: plain pieces up to this number are kept, and those that the rows need."""
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")


class _Sums(torch.nn.Module):
    """The encoder as it is run: the sum of its pieces' vectors, so that windows of a long text can be added."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.encoder = reader.encoder

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        return (hidden * mask.unsqueeze(-1)).sum(1)


def export(reader: Reader, base: Path, texts: Iterable[str], model: Path, tokenizer: Path) -> None:
    """Write the encoder as ONNX in eight bits, and its tokenizer; `texts` are those whose every piece is kept."""
    kept = _choose_pieces(base, texts)
    _cut_tokenizer(base, kept, tokenizer)
    table = reader.encoder.get_input_embeddings()
    table.weight = torch.nn.Parameter(table.weight[[number for _, number in kept]].clone())
    reader.encoder.set_attn_implementation("eager")  # the same numbers, with a fifth less in the graph
    whole = model.with_suffix(".whole.onnx")
    example = (torch.ones(1, 8, dtype=torch.long), torch.ones(1, 8, dtype=torch.long))
    axes = {"ids": {0: "text", 1: "piece"}, "mask": {0: "text", 1: "piece"}, "sums": {0: "text"}}
    torch.onnx.export(
        _Sums(reader).eval(),
        example,
        whole,
        input_names=["ids", "mask"],
        output_names=["sums"],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )
    # Seven bits: with eight, a processor without VNNI adds up in sixteen bits and cuts off what does not fit, so that
    # the same text gets another vector there, and no figure measured elsewhere holds.
    quantize_dynamic(whole, model, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    whole.unlink()
    onnx.checker.check_model(str(model))


def make_heads(reader: Reader) -> dict[str, object]:
    """Give the weights and the bias of each head, for vectors of length 1."""
    weights = (SCALE * reader.heads.weight).detach().cpu().tolist()
    rows = dict(zip(HEADS, ([round(weight, 5) for weight in row] for row in weights), strict=True))
    return {"weights": rows, "bias": dict(zip(HEADS, reader.heads.bias.detach().cpu().tolist(), strict=True))}


def _choose_pieces(base: Path, texts: Iterable[str]) -> Sequence[tuple[str, int]]:
    """Give the pieces that are kept with their old numbers, the special ones first."""
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_truncation()
    used = {piece for text in texts for piece in tokenizer.encode(text, add_special_tokens=False).ids}
    numbers = tokenizer.get_vocab()
    plain = [
        (piece, number)
        for piece, number in sorted(numbers.items(), key=lambda entry: entry[1])
        if piece not in SPECIAL and not piece.startswith("[unused") and (number in used or _is_plain(piece, number))
    ]
    return [*((piece, numbers[piece]) for piece in SPECIAL), *plain]


def _is_plain(piece: str, number: int) -> bool:
    return number < LAST_PIECE and piece.isascii()


def _cut_tokenizer(base: Path, kept: Sequence[tuple[str, int]], path: Path) -> None:
    data = json.loads((base / "tokenizer.json").read_text(encoding="utf-8"))
    data["model"]["vocab"] = {piece: number for number, (piece, _) in enumerate(kept)}
    data["added_tokens"] = [
        entry | {"id": SPECIAL.index(entry["content"])} for entry in data["added_tokens"] if entry["content"] in SPECIAL
    ]
    data |= {"truncation": None, "padding": None, "post_processor": None}
    path.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
