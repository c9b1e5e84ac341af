"""The scorer and the folds that selection is measured with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.remembered import Remembered
from benchmarks.rouge import bm25_turns, cut, folds, interval, mean, meetings, mmr, score
from bot.inference.models import Models
from bot.summarise.lexical import Bm25, content, stem

REFERENCE = "The minister said that referrals had risen. The committee asked why."


def test_a_text_is_cut_before_it_is_scored() -> None:
    padded = f"{REFERENCE} {'nothing more to say here ' * 20}"
    assert cut(padded, 11) == REFERENCE
    assert score(REFERENCE, padded, 11) == pytest.approx((100, 100, 100))
    assert score(REFERENCE, padded, 70)[0] < 60


def test_forms_of_one_word_count_as_one_and_order_counts_in_pairs() -> None:
    one, two, _ = score("referrals rising", "rise referral", 10)
    assert one == pytest.approx(100)
    assert two == 0


def test_every_meeting_is_measured_once_and_the_folds_are_even() -> None:
    places = folds(30)
    assert sorted(set(places)) == [0, 1, 2, 3, 4]
    assert all(places.count(fold) == 6 for fold in range(5))
    assert places == folds(30)


def test_the_interval_is_wider_where_meetings_differ_than_where_questions_do() -> None:
    flat = [(20.0, 5.0, 18.0)] * 40
    groups = [f"m{index // 10}" for index in range(40)]
    spread = [(25.0 + 8 * (index % 2), 5.0, 18.0) for index in range(40)]
    clustered = [(25.0 + 8 * (index // 20), 5.0, 18.0) for index in range(40)]
    (gain, low, high), *_ = interval(spread, flat, groups)
    (same, lower, higher), *_ = interval(clustered, flat, groups)
    assert gain == same == pytest.approx(9.0)
    assert low <= 9.0 <= high
    assert higher - lower > high - low
    assert mean(flat) == (20.0, 5.0, 18.0)


def test_mmr_prefers_what_is_new_to_a_second_telling() -> None:
    vectors = np.array([[1, 0], [1, 0], [0, 1]], dtype=np.float32)
    assert mmr(np.array([1.0, 0.99, 0.6], dtype=np.float32), vectors, [10, 10, 10], 20) == [0, 2]


def test_bm25_puts_first_what_has_the_rare_word() -> None:
    texts = [content(text) for text in ("The duty is funded.", "Channel panels met and panels met.", "The duty met.")]
    assert int(np.argmax(Bm25(texts).scores(content("which panels?")))) == 1
    assert stem("funding") == stem("funded") == stem("funds")


def test_a_vector_is_made_once_and_kept(tmp_path: Path, models: Models) -> None:
    texts = ["The duty is funded.", "Panels met."]
    made = Remembered(tmp_path, lambda: models.encoder).encode(texts)
    kept = Remembered(tmp_path, lambda: pytest.fail("encoded twice")).encode([texts[1], texts[0]])
    assert np.array_equal(kept, made[::-1])


def test_the_real_meetings_are_read_with_their_questions(shared_data: Path, models: Models) -> None:
    found = meetings(shared_data / "qmsum-committee")
    assert len(found) == 30
    assert sum(meeting.val for meeting in found) == 6
    assert sum(len(meeting.specific) for meeting in found) == 351
    query = next(q for q in found[24].specific if q.question and "Bains" in q.question)
    assert "loan" in bm25_turns(found[24], query, models.encoder, 70)
