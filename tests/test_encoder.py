"""The encoder gives a vector of length 1 for each text; none is cut, and what is missing is named."""

import hashlib
import re
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.meaning import HEADS, MODEL, TOKENIZER, Encoder, find_encoder, find_lack, read_english
from bot.meaning.minilm import WINDOW, MiniLM

DIMENSIONS = 384


@pytest.fixture(scope="module")
def encoder() -> MiniLM:
    found = find_encoder()
    assert isinstance(found, MiniLM), find_lack()
    return found


def pieces(encoder: MiniLM, text: str) -> list[list[int]]:
    """Give the windows in which a text is read, as numbers of pieces without begin and end."""
    return [ids[1:-1] for ids in encoder._windows(text)]


# --- vectors ----------------------------------------------------------------------------------------------------------


@given(texts=st.lists(st.text(max_size=40), max_size=3))
@settings(max_examples=40)
def test_a_vector_of_length_one_for_each_text(encoder: MiniLM, texts: list[str]):
    vectors = encoder.encode(texts)
    assert vectors.shape == (len(texts), DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize(
    "text", ["", " ", "\ud800", "a\udfffb", "\0", "\u200b", "😭", "漢字", "x" * 3000, "é" * 300, "\n\n"]
)
def test_whatever_is_typed_has_a_vector(encoder: MiniLM, text: str):
    (vector,) = encoder.encode([text])
    assert np.isfinite(vector).all()
    assert np.isclose(np.linalg.norm(vector), 1, atol=1e-5)


def test_a_lone_surrogate_is_read_as_a_letter_that_nobody_knows(encoder: MiniLM):
    assert pieces(encoder, "my \ud800 eye") == pieces(encoder, "my ? eye")


def test_the_same_text_has_the_same_vector(encoder: MiniLM):
    once, again = encoder.encode(["my eye hurts"]), encoder.encode(["my eye hurts"])
    assert (once == again).all()


def test_texts_that_mean_alike_point_the_same_way(encoder: MiniLM):
    eye, sight, price = encoder.encode(["my eye hurts a lot", "there is pain in my eye", "how much does it cost"])
    assert eye @ sight > eye @ price + 0.1


def test_neighbours_change_nothing(encoder: MiniLM):
    """Whole numbers of eight bits are scaled by all that is read together; so each text is read by itself."""
    alone = encoder.encode(["my eye hurts"])[0]
    for others in ([""], ["hello"], ["a story about the sea. " * 60], ["one", "two three"] * 20):
        for texts in (["my eye hurts", *others], [*others, "my eye hurts"]):
            assert (encoder.encode(texts)[texts.index("my eye hurts")] == alone).all()


def test_the_order_of_the_texts_is_kept(encoder: MiniLM):
    texts = ["a long story about the sea and a boat. " * 9, "parking", "", "my eye hurts since the laser", "ok"] * 8
    together = encoder.encode(texts)
    for text, vector in zip(texts, together, strict=True):
        assert vector @ encoder.encode([text])[0] > 0.95, text


# --- windows ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, WINDOW - 1, WINDOW, WINDOW + 1, 2 * WINDOW, 2 * WINDOW + 1])
def test_a_text_is_read_in_windows_and_nothing_is_left_out(encoder: MiniLM, count: int):
    windows = pieces(encoder, " ".join(["eye"] * count))
    assert sum(map(len, windows)) == count
    assert [len(window) for window in windows[:-1]] == [WINDOW] * (len(windows) - 1)
    assert len(windows) == max(1, -(-count // WINDOW))


@given(text=st.text(max_size=600))
@settings(max_examples=40)
def test_the_windows_of_any_text_hold_its_pieces_in_order(encoder: MiniLM, text: str):
    whole = encoder._tokenizer.encode(text.encode("utf-8", "replace").decode(), add_special_tokens=False).ids
    windows = pieces(encoder, text)
    assert [piece for window in windows for piece in window] == whole
    assert max(map(len, windows)) <= WINDOW


def test_the_tokenizer_itself_cuts_and_fills_nothing(encoder: MiniLM):
    assert encoder._tokenizer.truncation is None
    assert encoder._tokenizer.padding is None


def test_the_end_of_a_long_text_counts(encoder: MiniLM):
    story = "we walked along the sea and had an ice cream. " * 40
    plain, ending = encoder.encode([story, story + "my eye hurts " * 40])
    assert plain @ ending < 0.99


def test_a_long_text_is_what_its_windows_are_together(encoder: MiniLM):
    ids = encoder._tokenizer.encode("my eye hurts and " * 90, add_special_tokens=False).ids
    rows = [[encoder._begin, *ids[at : at + WINDOW], encoder._end] for at in range(0, len(ids), WINDOW)]
    total = sum(map(encoder._add_up, rows))
    (vector,) = encoder.encode(["my eye hurts and " * 90])
    assert len(rows) > 1
    assert vector @ (total / np.linalg.norm(total)) > 0.98


# --- what ships -------------------------------------------------------------------------------------------------------


def test_the_encoder_is_made_once():
    assert find_encoder() is find_encoder()


def test_what_ships_lacks_nothing_here():
    assert find_lack() == ""


def test_the_words_of_english_need_no_encoder():
    assert {"the", "hurts", "swollen", "parking"} <= read_english()


def test_anything_that_gives_vectors_is_an_encoder():
    class Flat:
        def encode(self, texts: Sequence[str]) -> np.ndarray:
            return np.full((len(texts), 4), 0.5, np.float32)

    flat: Encoder = Flat()
    assert np.linalg.norm(flat.encode(["a"])) == 1


def test_it_is_small_and_has_its_licence():
    assert sum(path.stat().st_size for path in (MODEL, TOKENIZER, HEADS)) < 20_000_000
    assert "Apache License" in (MODEL.parent / "LICENSE").read_text()
    assert "MiniLM" in (MODEL.parent / "NOTICE").read_text()


@pytest.mark.parametrize("path", [MODEL, TOKENIZER, HEADS], ids=lambda path: path.name)
def test_the_shipped_file_is_the_one_that_the_card_names(path):
    card = MODEL.parent / "MODEL.md"
    assert card.is_file(), "there is no MODEL.md yet: `python -m training` writes it, naming each file and its sha256"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    named = re.findall(rf"{re.escape(path.name)}\b[^\n]*?\b([0-9a-f]{{64}})\b", card.read_text())
    assert named == [digest], f"MODEL.md names another {path.name}; train again, or put back the file it names"
