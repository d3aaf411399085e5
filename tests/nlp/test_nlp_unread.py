"""Texts in languages that are not read: stored and said to be so, and nothing else is taken for one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.config import Brand, Project
from core.language import guess_language
from core.models import Mention
from nlp.model import Model
from nlp.reader import MentionReader, ReaderSettings
from nlp.unread import unread

UNREAD = (
    "Très bon téléphone, l'écran est magnifique et la batterie tient deux jours",
    "Je suis très déçu par ce produit, la livraison a pris trois semaines mais le vendeur ne répond pas",
    "Das Handy ist sehr gut, aber der Akku hält nicht lange",
    "La pantalla es muy buena pero la batería se descarga rápido con el uso",
    "Ho comprato questo telefono per mia madre ma non è molto veloce",
    "O produto não chegou no prazo, mas a loja foi muito atenciosa",
    "Màn hình rất đẹp nhưng máy hơi nóng và pin không được lâu",
    "Ürün çok güzel ama kargo için bir hafta bekledim",
    "バッテリーが長持ちして、画面もきれいです",
    "星禾のスマホは充電が遅いと思います",
    "배터리가 오래가고 화면도 정말 깨끗해요",
    "星禾 휴대폰은 충전이 너무 느려서 반품했습니다",
    "Батарея держит долго, очень доволен покупкой",
    "البطارية سيئة جدا والشاشة ممتازة",
    "แบตเตอรี่หมดเร็วมาก แต่กล้องดี",
)
READ = (
    "屏幕很清晰，但是充电慢死了",
    "螢幕很清晰，但是充電慢到不行，客服態度也很差",
    "呢部電話啲電好唔襟用，客服又唔理人，真係嬲到爆",
    "鲜の每日这家店的味道还行，の字招牌很显眼",
    "カップヌードル 很好吃，家里人都喜欢",
    "이니스프리 这个面膜很好用，比上次买的强",
    "充电很慢 très mauvais, je ne suis pas content",
    "用了三天 battery drains fast，客服 never replies",
    "The battery drains fast and the seller never replies",
    "realy gud fone batery lasts lng tym luv it sooo mch",
    "crap dont buy, waste of money, returned straight away",
    "Omg déjà vu, the résumé paper jammed again after two days",
    "iPhone 15 Pro Max 256GB Titanium Samsung Galaxy S24 Ultra",
    "Estée Lauder Lancôme L'Oréal Paris Crème de la Mer",
    "La Roche-Posay",
    "Dolce & Gabbana il mio",
    "zhe ge shou ji hen hao yong dian chi ye hen nai yong le",
    "nul", "すごい", "최고예요", "супер", "la la la la la", "👍👍👍", "1234567890", "", "😀😀 好",
    "Яндекс",
)  # fmt: skip


@pytest.mark.parametrize("text", UNREAD)
def test_what_is_surely_another_language_is_not_read(text: str) -> None:
    assert unread(text, guess_language(text))


@pytest.mark.parametrize("text", READ)
@pytest.mark.parametrize("language", [None, "ja", "fr"])
def test_what_is_in_doubt_is_read(text: str, language: str | None) -> None:
    assert not unread(text, guess_language(text) if language is None else language)


@pytest.fixture(scope="module")
def reader() -> MentionReader:
    brands = (Brand(name="星禾", own=True), Brand(name="云帆"))
    return MentionReader(ReaderSettings(Project(industry="electronics", brands=brands)), lambda: Model())


def mention(text: str, title: str = "") -> Mention:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    language = guess_language(text or title)
    return Mention("m1", "shop", "reviews", "review", text, at, title=title, language=language, revision="r1", rating=0)


def test_a_reading_of_another_language_says_only_that(reader: MentionReader) -> None:
    named, titled = mention("星禾のスマホは充電が遅いと思います、保証書もない"), mention("", title=UNREAD[0])
    for one in (*map(mention, UNREAD), named, titled):
        [reading] = reader.read([one])
        assert (reading.relevance, reading.relevance_reason) == (0.0, "unread_language")
        assert (reading.polarity, reading.score, reading.vector) == ("unsure", 0.0, b"")
        assert not any((reading.opinions, reading.comparisons, reading.intents, reading.unlisted, reading.comparative))
        assert reader.remap(one, reading) == reading
    assert reader.read([named])[0].brands == ("星禾",)


def test_readings_of_before_are_told_by_mapping_again(reader: MentionReader) -> None:
    one = mention(UNREAD[0])
    [as_english] = reader.read([replace(one, language="en")])
    assert as_english.relevance_reason != "unread_language" and as_english.vector
    assert reader.remap(one, as_english) == reader.read([one])[0]


def test_what_is_in_doubt_has_its_reading(reader: MentionReader) -> None:
    for text in (t for t in READ if len(t) > 12):
        [reading] = reader.read([mention(text)])
        assert reading.relevance_reason != "unread_language" and reading.vector
