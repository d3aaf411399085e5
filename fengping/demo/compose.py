"""From a draft to its words: openings, clauses joined by "and" or "but", endings, slips and smileys."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from core.models import Polarity
from fengping.demo.grammar import Draw, Part, one, write
from fengping.demo.market import MarketBrand, MarketProduct, market
from fengping.demo.records import Draft, OpinionTruth
from fengping.demo.words import Frame, words

_CALLED = {"phone": "手机", "earbuds": "耳机", "tablet": "平板", "watch": "手表", "laptop": "笔记本"}
_FRAMES = {"shop": "review", "outlet": "review", "microblog": "post", "forum": "thread"}
_CONTACT = "abcdefghjkmnpqrstuvwxyz23456789"


class Composed(NamedTuple):
    """The words of a post."""

    title: str
    text: str


def leaning(opinions: tuple[OpinionTruth, ...], brand: str) -> Polarity:
    """What a post as a whole says about its brand: the side with more opinions, neutral when they balance."""
    balance = sum((o.polarity == "positive") - (o.polarity == "negative") for o in opinions if o.target == brand)
    return "positive" if balance > 0 else "negative" if balance < 0 else "neutral"


class Composer:
    """Writes posts; every draw comes from the generator it is given."""

    def __init__(self, random: Random) -> None:
        self._draw = random.random
        self._words = words()
        self._brands = market()

    def compose(self, draft: Draft) -> Composed:
        """Title (forum only) and text of a draft that repeats nobody."""
        brand = self._brands[draft.brand]
        product = brand.products[draft.product]
        side = leaning(draft.opinions, brand.name)
        slots = self._slots(draft, brand, product)
        if draft.english:
            return self._english(draft, brand, product, side)
        title = ""
        if draft.source == "forum":
            title = one(self._words.frames["thread"][f"title_{side}"], self._draw, slots)
        text = self._text(draft, slots, side)
        if draft.opinions or draft.genre == "neutral":
            text = self._spoiled(text)
        return Composed(title, self._named(text, draft, title, brand, product))

    def reposting(self, draft: Draft) -> str:
        """What somebody adds when passing a post on."""
        brand = self._brands[draft.brand]
        slots = self._slots(draft, brand, brand.products[draft.product])
        return one(self._words.frames["rumour"]["repost"], self._draw, slots)

    def _slots(self, draft: Draft, brand: MarketBrand, product: MarketProduct) -> list[str]:
        draw = self._draw
        names = (product.name, *product.aliases[:2])
        if draft.source in {"shop", "outlet"} and draw() < 0.4:
            called = f"这{'副' if product.category == 'earbuds' else '台'}{_CALLED[product.category]}"
        else:
            called = names[int(draw() * draw() * len(names))]
        term = ""
        if draft.opinions:
            terms = self._words.by_path[draft.opinions[0].attribute].terms if _known(draft) else ("隐私",)
            term = terms[int(draw() * len(terms))]
        elif draft.source == "forum":
            attribute = product.attributes[int(draw() * len(product.attributes))]
            term = attribute.terms[0]
        contact = "".join(_CONTACT[int(draw() * len(_CONTACT))] for _ in range(6)) if draft.genre[0] == "a" else ""
        return [called, brand.name, self._rival(draft, product), term, term, contact]

    def _rival(self, draft: Draft, product: MarketProduct) -> str:
        target = draft.opinions[1].target if draft.genre == "comparison" else ""
        rivals = [b for i, b in enumerate(self._brands) if i != draft.brand and target in {"", b.name}]
        products = rivals[int(self._draw() * len(rivals))].products
        alike = [p for p in products if p.category == product.category] or products
        return alike[int(self._draw() * len(alike))].name

    def _text(self, draft: Draft, slots: list[str], side: Polarity) -> str:
        frames, genre = self._words.frames, draft.genre
        if genre in {"opinion", "followup", "sarcasm", "comparison"}:
            return self._reasoned(draft, slots, side)
        if genre == "other_meaning":
            around = frames["other_meaning_frame"]
            middle = one(self._words.other_meaning[slots[1]], self._draw, slots)
            return one(around["opening"], self._draw, slots) + middle + one(around["closing"], self._draw, slots)
        if genre == "campaign":
            return one(frames["campaign"]["core"], self._draw, slots) + one(
                frames["campaign"]["tail"], self._draw, slots
            )
        if genre == "neutral":
            tail = frames[_FRAMES[draft.source]]["closing_neutral"]
            opening = one(frames["neutral"]["opening"], self._draw, slots)
            return opening + one(frames["neutral"]["whole"], self._draw, slots) + one(tail, self._draw, slots)
        return one(frames[genre]["whole"], self._draw, slots)

    def _reasoned(self, draft: Draft, slots: list[str], side: Polarity) -> str:
        frame = self._words.frames[_FRAMES[draft.source]]
        draw, pieces = self._draw, list[str]()
        opening = self._words.frames["followup"] if draft.genre == "followup" else frame
        write(_pick(opening["opening"], draw), draw, slots, pieces.append)
        if draft.plant:
            self._cause(draft, slots, pieces)
        if draft.genre == "comparison":
            write(self._compared(draft), draw, slots, pieces.append)
        elif draft.genre == "sarcasm":
            write(_pick(self._words.sarcasm[draft.opinions[0].attribute], draw), draw, slots, pieces.append)
        else:
            self._clauses(draft.opinions, slots, pieces)
        write(_pick(frame[f"closing_{side}"], draw), draw, slots, pieces.append)
        return "".join(pieces)

    def _clauses(self, opinions: tuple[OpinionTruth, ...], slots: list[str], pieces: list[str]) -> None:
        draw, review = self._draw, self._words.frames["review"]
        before = ""
        for opinion in opinions:
            if before:
                write(_pick(review[_joint(before, opinion.polarity)], draw), draw, slots, pieces.append)
            elif draw() < 0.35:
                write(_pick(review["asides"], draw), draw, slots, pieces.append)
            said = self._words.by_path[opinion.attribute].said[opinion.polarity]
            write(_pick(said, draw), draw, slots, pieces.append)
            before = opinion.polarity

    def _cause(self, draft: Draft, slots: list[str], pieces: list[str]) -> None:
        if self._draw() < 0.7 and draft.opinions[0].polarity == "negative":
            causes = self._words.causes.get(draft.opinions[0].attribute, self._words.causes["any"])
            write(_pick(causes, self._draw), self._draw, slots, pieces.append)

    def _compared(self, draft: Draft) -> Part:
        ours = draft.opinions[0].polarity
        key = "wins" if ours == "positive" else "loses" if ours == "negative" else "equal"
        return _pick(self._words.frames["comparison"][key], self._draw)

    def _spoiled(self, text: str) -> str:
        """People in haste: a slip of the keys now and then, a sigh before they begin, no full stops."""
        draw = self._draw
        u = draw()
        if u < 0.1:
            for right, wrong in self._words.typos:
                if right in text:
                    return text.replace(right, wrong, 1)
        elif u < 0.16:
            return f"{self._words.fillers[int(draw() * len(self._words.fillers))]}，{text}"
        elif u < 0.2:
            return text.replace("，", " ")
        return text

    def _named(self, text: str, draft: Draft, title: str, brand: MarketBrand, product: MarketProduct) -> str:
        """Where the page names no brand, the post itself does."""
        if draft.source in {"shop", "outlet"} or brand.name in text or brand.name in title:
            return text
        if any(alias in text for alias in brand.aliases) or draft.genre == "empty":
            return text
        return f"{product.name}：{text}" if draft.source == "forum" else f"#{product.name}# {text}"

    def _english(self, draft: Draft, brand: MarketBrand, product: MarketProduct, side: Polarity) -> Composed:
        frame, draw = self._words.frames["english"], self._draw
        names = [a for a in product.aliases if a.isascii()]
        rival = [a for b in self._brands if b is not brand for p in b.products for a in p.aliases if a.isascii()]
        slots = [names[0], brand.aliases[0], rival[int(draw() * len(rival))], "", "", ""]
        title = one(frame["title"], draw, slots) if draft.source == "forum" else ""
        if not draft.opinions:
            text = one(frame["opening"], draw, slots) + one(frame["whole_neutral"], draw, slots)
            text += one(frame["closing_neutral"], draw, slots)
        else:
            text = self._english_clauses(draft, slots, frame, side)
        if draft.source not in {"shop", "outlet"} and brand.aliases[0] not in title + text:
            text = f"{names[0]}: {text}"
        return Composed(title, text)

    def _english_clauses(self, draft: Draft, slots: list[str], frame: Frame, side: Polarity) -> str:
        draw, pieces = self._draw, [one(frame["opening"], self._draw, slots)]
        before = ""
        for opinion in draft.opinions:
            if before:
                joint = "also" if before == opinion.polarity else "but" if before == "positive" else "but_good"
                pieces.append(one(frame[joint], draw, slots))
            clause = one(self._words.by_path[opinion.attribute].english[opinion.polarity], draw, slots)
            starts = not pieces[-1] or pieces[-1].rstrip().endswith((".", ":"))
            pieces.append(clause[0].upper() + clause[1:] if starts else clause)
            before = opinion.polarity
        return "".join(pieces) + one(frame[f"closing_{side}"], draw, slots)


def _known(draft: Draft) -> bool:
    return draft.opinions[0].attribute in words().by_path


def _joint(before: str, after: str) -> str:
    if before == after:
        return "and_also"
    return "but_good_first" if before == "positive" else "but_bad_first"


def _pick(parts: Sequence[Part], draw: Draw) -> Part:
    return parts[int(draw() * len(parts))]
