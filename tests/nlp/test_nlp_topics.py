"""Topics: how many are found, where mentions belong, what a topic is called, and that it is known again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.models import Span
from nlp.segment import Segmenter, normalise
from nlp.topics.communities import neighbours
from nlp.topics.discover import discover, name, place
from nlp.topics.likeness import unit
from nlp.topics.linking import linked
from nlp.topics.names import names
from nlp.topics.phrases import phrases
from nlp.topics.quotes import quotes
from nlp.topics.rule import TopicRule

THEMES = (
    ("充电慢", ("插座换过三个", "早上还没满", "急着出门", "数据线也试了", "过夜才够", "指示灯闪")),
    ("退货流程", ("填表填到手软", "没有回音", "审核两周", "运费谁出", "电话占线", "单号查不到")),
    ("夜景照片", ("放大也干净", "路灯不糊", "比白天好看", "手不抖", "月亮清楚", "噪点少")),
    ("外壳颜色", ("和图上一样", "同事都问", "看不腻", "阳光下偏蓝", "配耳机正好", "百搭")),
)
SEGMENTER = Segmenter()
WIDTH = 48


def made(counts: tuple[int, ...], seed: int = 3, spread: float = 0.12) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Texts of the themes, a vector near its theme's direction for each, and the theme of each, shuffled."""
    rng = np.random.default_rng(seed)
    directions = np.random.default_rng(0).standard_normal((len(THEMES), WIDTH))
    truth = rng.permutation(np.repeat(np.arange(len(counts)), counts))
    vectors = unit(directions[truth] / WIDTH**0.5 + spread * rng.standard_normal((len(truth), WIDTH)))
    texts = ["，".join((THEMES[t][0], *rng.choice(THEMES[t][1], 2, replace=False))) for t in truth]
    return texts, vectors, truth


def right(found: np.ndarray, truth: np.ndarray) -> float:
    """Share of mentions in a topic whose most frequent theme is theirs."""
    return sum(np.bincount(truth[found == k]).max() for k in set(found[found >= 0])) / len(truth)


def test_the_number_of_topics_is_found_and_nearly_every_mention_has_its_own():
    texts, vectors, truth = made((120, 90, 60, 40))
    rule = discover(texts, vectors, SEGMENTER)
    placed = place(rule, vectors)
    assert rule.topics == 4
    assert sum(placed.sizes(4)) == (placed.topics >= 0).sum()
    assert (placed.topics < 0).mean() < 0.05 and right(placed.topics, truth) > 0.95


def test_the_same_mentions_give_the_same_topics():
    texts, vectors, _ = made((50, 50, 50))
    first, second = (discover(texts, vectors, SEGMENTER) for _ in range(2))
    assert first.to_bytes() == second.to_bytes()


def test_more_detail_finds_no_fewer_topics():
    texts, vectors, _ = made((120, 90, 60, 40), spread=0.2)
    found = [discover(texts, vectors, SEGMENTER, detail).topics for detail in (0.5, 1.0, 4.0)]
    assert found == sorted(found) and found[0] < found[-1]


def test_new_mentions_are_placed_without_finding_topics_again():
    texts, vectors, _ = made((80, 80, 80))
    rule = TopicRule.from_bytes(discover(texts, vectors, SEGMENTER).to_bytes())
    _, later, truth = made((30, 30, 30), seed=11)
    assert right(place(rule, later).topics, truth) > 0.9


def test_a_mention_is_placed_by_itself_alone():
    texts, vectors, _ = made((60, 60))
    rule = discover(texts, vectors, SEGMENTER)
    whole = place(rule, vectors).topics
    assert [int(place(rule, vectors[k : k + 1]).topics[0]) for k in range(0, 120, 7)] == whole[::7].tolist()
    assert len(place(rule, vectors[:0]).topics) == 0


def test_what_is_unlike_every_topic_belongs_nowhere():
    texts, vectors, _ = made((80, 80, 80))
    rule = discover(texts, vectors, SEGMENTER)
    away = unit(np.random.default_rng(5).standard_normal((200, WIDTH)))
    assert (place(rule, away).topics < 0).mean() > 0.8


def test_too_few_mentions_are_said():
    texts, vectors, _ = made((15, 14))
    with pytest.raises(InputError, match="29 mentions are too few"):
        discover(texts, vectors, SEGMENTER)


def test_mentions_that_are_all_alike_are_one_topic_or_none():
    alike = unit(np.ones((60, WIDTH)))
    rule = discover(["一样的话"] * 60, alike, SEGMENTER)
    assert place(rule, alike).topics.max() <= rule.topics - 1


def test_a_damaged_rule_says_what_to_do():
    with pytest.raises(InputError, match="discover anew"):
        TopicRule.from_bytes(b"PK no rule")


def test_neighbours_are_the_nearest_others():
    rows = unit(np.random.default_rng(2).standard_normal((60, 8)))
    near, likeness = neighbours(rows, 3)
    products = rows @ rows.T
    np.fill_diagonal(products, -2)
    assert np.allclose(np.sort(likeness, 1), np.sort(products, 1)[:, -3:])
    assert not (near == np.arange(60)[:, None]).any()


def test_a_topic_is_called_by_a_phrase_that_people_wrote():
    texts, vectors, truth = made((120, 90, 60, 40))
    placed = place(discover(texts, vectors, SEGMENTER), vectors)
    found = name(texts, placed, 4, SEGMENTER)
    themes = [int(np.bincount(truth[placed.topics == k]).argmax()) for k in range(4)]
    assert [n.phrases[0] for n in found] == [THEMES[t][0] for t in themes]
    for topic, one in enumerate(found):
        members = [texts[k] for k in placed.ranked(topic)]
        assert all(any(p in t for t in members) for p in one.phrases)


def test_a_name_is_written_as_most_people_write_it():
    texts = ["Wi-Fi信号掉线"] * 3 + ["WIFI信号掉线", "wifi 信号弱", "包装完好"] + ["包装漂亮"] * 4
    [one, _] = names(texts, [0, 0, 0, 0, 0, 1, 1, 1, 1, 1], 2, SEGMENTER)
    assert one.phrases[0] == "信号掉线" or one.phrases[0].startswith("Wi")


def test_a_topic_whose_words_are_everywhere_or_too_rare_has_no_name():
    texts = ["手机好用"] * 10 + ["屏幕有划痕", "电池鼓包"]
    assert [n.phrases for n in names(texts, [0] * 10 + [1, 1], 2, SEGMENTER)][1] == ()


def test_a_brand_names_no_topic():
    texts = ["云岫刺耳", "云岫难听", "换了云岫", "云岫掉漆", "装上云岫", *["包装漂亮"] * 5]
    segmenter = Segmenter(["云岫"])
    called, other = (names(texts, [0] * 5 + [1] * 5, 2, segmenter, n)[0] for n in (frozenset(), frozenset({"云岫"})))
    assert called.phrases == ("云岫",) and other.phrases == ()


def test_phrases_are_whole_words_without_words_of_form_at_their_ends():
    text = "住在6楼没电梯，充电的时候很慢，一台就够了"
    found = {p for p, _ in phrases(text, SEGMENTER.tokens(text))}
    assert "充电" in found and "电梯" in found
    assert not {p for p in found if p.startswith(("的", "楼", "一台")) or p.endswith(("的", "很", "了"))}
    assert all("，" not in p for p in found)


@given(st.text(alphabet="电池充慢6楼 ab，。的了不好Ａ\n", max_size=40))
def test_every_phrase_stands_in_its_text(text: str) -> None:
    for phrase, span in phrases(text, SEGMENTER.tokens(text)):
        assert normalise(span.of(text)).replace(" ", "") == phrase.replace(" ", "")


def test_quotes_say_the_name_and_are_not_the_same_twice():
    texts = ["包装好。充电慢，急死人。别的都行", "充电慢，急死人。", "充电慢，气人", "屏幕亮", "充"]
    found = quotes(texts, [3, 0, 1, 2, 4], ["充电慢"], SEGMENTER)
    assert [(k, span.of(texts[k])) for k, span in found] == [(0, "充电慢，急死人。"), (2, "充电慢，气人")]


def test_a_sentence_without_end_is_quoted_around_the_name():
    text = "啊" * 300 + "充电慢" + "呀" * 300
    [(_, span)] = quotes([text], [0], ["充电慢"], SEGMENTER)
    assert "充电慢" in span.of(text) and len(span.of(text)) <= 120
    assert isinstance(span, Span)


@given(st.permutations(range(5)))
def test_topics_in_another_order_are_known_again(order: list[int]) -> None:
    then = np.repeat(np.arange(5), (9, 8, 7, 6, 5))
    now = np.array(order)[then]
    assert linked(now, then, 5, 5) == {order[k]: k for k in range(5)}


def test_half_a_topic_is_not_the_topic_and_a_new_one_has_no_elder():
    then = np.array([0] * 10 + [1] * 10 + [-1] * 8)
    now = np.array([0] * 10 + [1] * 3 + [2] * 7 + [3] * 8)
    assert linked(now, then, 4, 2) == {0: 0, 2: 1}


def test_topics_of_this_week_are_those_of_last_week_and_a_new_theme_is_new():
    texts, vectors, _ = made((80, 70, 60))
    before = discover(texts, vectors, SEGMENTER)
    texts, vectors, truth = made((60, 70, 80, 50), seed=8)
    after = discover(texts, vectors, SEGMENTER)
    now, then = place(after, vectors).topics, place(before, vectors).topics
    same = linked(now, then, after.topics, before.topics)
    theme = {k: int(np.bincount(truth[now == k]).argmax()) for k in range(after.topics)}
    assert {theme[k] for k in same} == {0, 1, 2} and {theme[k] for k in theme if k not in same} == {3}
