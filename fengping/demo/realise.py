"""From drafts in time order to posts: words, authors, stars, counters; copies and follow-ups find their parents."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from random import Random

from core.models import Kind, Polarity, RelevanceReason
from fengping.demo.compose import Composed, Composer, leaning
from fengping.demo.market import market
from fengping.demo.planting import Silence
from fengping.demo.records import NOISE, Draft, MentionTruth, WorldPost
from fengping.demo.rhythm import DAY
from fengping.demo.words import words

PREFIX = {"shop": "sh", "microblog": "mb", "forum": "fo", "outlet": "ou"}
"""Ids are `sh:0000001` and so on: absolute names, which feeds and JSON-LD keep as they are."""
PATHS = {"shop": "/review/", "microblog": "/status/", "forum": "/thread/", "outlet": "/outlet/review/"}
_KIND: dict[str, Kind] = {"shop": "review", "outlet": "review", "microblog": "post", "forum": "post"}
_STARS: dict[Polarity, tuple[int, ...]] = {
    "positive": (5, 5, 5, 5, 4, 4, 5),
    "negative": (1, 1, 1, 2, 2, 1, 3),
    "neutral": (3, 4, 3, 5, 3, 4, 2),
    "unsure": (3,),
}
_MENDING = ("", "。", "！", "!", "[赞]", "👍", "～", "!!", "……")
_WARM = frozenset(("praise", "campaign"))
KEPT, KEPT_DAYS = 60, 20
"""How many reviews of a product may still be followed up, and about how many days back they reach."""
Posted = tuple[WorldPost, MentionTruth]


class Realiser:
    """Gives drafts their words. Feed it in time order; it remembers what may be repeated or followed up."""

    def __init__(self, seed: int, per_day: float, days: int, quiet: list[Silence]) -> None:
        self._random = Random(f"{seed}:words")
        self._composer = Composer(self._random)
        self._authors = max(400, int(per_day * days / 4))
        self._kept = min(1.0, KEPT / (per_day * KEPT_DAYS / 20))
        self._quiet = quiet
        self._names, self._regions, self._brands = words().names, words().regions, market()
        self._numbers = dict.fromkeys(PREFIX, 0)
        self._originals: dict[tuple[str, int], deque[Posted]] = {}
        self._reviews: dict[tuple[int, int], deque[tuple[float, str]]] = {}
        self._rumours: dict[str, list[Posted]] = {}

    def realise(self, drafts: Iterable[Draft]) -> Iterator[Posted]:
        """Posts with the truth about each, in the order of the drafts."""
        for draft in drafts:
            posted = self._posted(draft)
            self._remember(draft, posted)
            yield posted

    def _posted(self, draft: Draft) -> Posted:
        original = self._original(draft)
        if draft.genre in {"repost", "copy", "rumour_repost"} and original is None:
            opinions = draft.opinions if draft.genre == "rumour_repost" else ()
            draft = draft._replace(genre="rumour" if draft.genre == "rumour_repost" else "neutral", opinions=opinions)
        words_ = self._composer.compose(draft) if original is None else self._repeated(draft, original)
        truth = self._truth(draft, original, words_)
        return self._dressed(draft, words_, truth, original), truth

    def _truth(self, draft: Draft, original: Posted | None, written: Composed) -> MentionTruth:
        self._numbers[draft.source] += 1
        number = f"{PREFIX[draft.source]}:{self._numbers[draft.source]:07d}"
        opinions = draft.opinions if original is None else original[1].opinions
        polarity: Polarity = leaning(opinions, self._brands[draft.brand].name)
        if draft.genre in _WARM or (original is not None and original[1].promotion):
            polarity = "positive"
        noise: RelevanceReason = draft.genre if draft.genre in NOISE else ""  # type: ignore[assignment]
        if original is not None:
            noise = original[1].noise
        return MentionTruth(
            id=number,
            polarity=polarity,
            opinions=opinions,
            noise=noise,
            duplicate_of="" if original is None else original[1].duplicate_of or original[1].id,
            promotion=draft.genre in _WARM,
            genre=draft.genre,
            language="en" if written.text.isascii() and draft.english else "zh",
            plant=draft.plant,
        )

    def _dressed(self, draft: Draft, written: Composed, truth: MentionTruth, original: Posted | None) -> WorldPost:
        draw = self._random.random
        brand = self._brands[draft.brand]
        author, followers = self._author(draft)
        is_shop = draft.source in {"shop", "outlet"}
        loud = 1 / (draw() + 0.03)
        return WorldPost(
            truth.id,
            draft.source,
            _KIND[draft.source],
            written.title,
            written.text,
            brand.name,
            brand.products[draft.product].name,
            author,
            followers,
            datetime.fromtimestamp(int(draft.when), UTC),
            self._stars(draft, truth) if is_shop else None,
            int(loud * (1 if is_shop else 4) * draw()),
            int(loud * draw() * (0.3 if is_shop else 1.5)),
            0 if is_shop else int(loud * draw() * (1 if draft.source == "microblog" else 0.2)),
            None if is_shop else int(40 + loud * 90 * (0.5 + draw())),
            self._regions[int(draw() * draw() * len(self._regions))] if draw() < 0.7 else "",
            self._parent(draft, original),
            PATHS[draft.source] + truth.id,
            not (self._quiet and any(s.keeps_back(draft) for s in self._quiet)),
        )

    def _author(self, draft: Draft) -> tuple[str, int | None]:
        draw, names = self._random.random, self._names
        if draft.genre == "campaign":
            return f"用户{int(draw() * 90_000_000) + 10_000_000}", int(draw() * 9) if draft.source != "shop" else None
        number = int(self._authors * draw() ** 1.6)
        round_, which = divmod(number, len(names))
        name = names[which * 7 % len(names)] + (str(round_) if round_ else "")
        if draft.source != "microblog":
            return name, None
        return name, int(30 / ((number * 2_654_435_761 % 100_003) / 100_003 + 0.0004))

    def _stars(self, draft: Draft, truth: MentionTruth) -> int | None:
        if draft.genre in {"default_review", "praise", "campaign"}:
            return 5
        if draft.genre == "followup":
            return None
        if draft.genre == "sarcasm":
            return 1 if self._random.random() < 0.85 else 2
        stars = _STARS[truth.polarity]
        return stars[int(self._random.random() * len(stars))]

    def _parent(self, draft: Draft, original: Posted | None) -> str:
        if draft.genre in {"repost", "rumour_repost"} and original is not None:
            return original[0].id
        if draft.genre != "followup":
            return ""
        known = self._reviews.get((draft.brand, draft.product), ())
        old = [identity for when, identity in known if when < draft.when - 3 * DAY]
        return old[int(self._random.random() * len(old))] if old else ""

    def _original(self, draft: Draft) -> Posted | None:
        if draft.genre == "rumour_repost":
            known = self._rumours.get(draft.plant, [])
        elif draft.genre in {"repost", "copy"}:
            known = list(self._originals.get((draft.source, draft.brand), ()))
        else:
            return None
        return known[int(self._random.random() * len(known))] if known else None

    def _repeated(self, draft: Draft, original: Posted) -> Composed:
        draw, post = self._random.random, original[0]
        if draft.genre == "copy":
            return Composed(post.title, post.text + _MENDING[int(draw() * draw() * len(_MENDING))])
        comment = self._composer.reposting(draft)
        return Composed("", f"{comment}//@{post.author}:{post.text}")

    def _remember(self, draft: Draft, posted: Posted) -> None:
        post, truth = posted
        if truth.duplicate_of or truth.noise or not post.delivered:
            return
        if draft.genre == "rumour" and draft.source == "microblog":
            self._rumours.setdefault(draft.plant, []).append(posted)
        if draft.plant:
            return
        if len(post.text) >= 20:
            self._originals.setdefault((draft.source, draft.brand), deque(maxlen=60)).append(posted)
        may_follow = draft.source == "shop" and draft.genre in {"opinion", "comparison", "sarcasm"}
        if may_follow and self._random.random() < self._kept:
            reviews = self._reviews.setdefault((draft.brand, draft.product), deque(maxlen=KEPT))
            reviews.append((draft.when, truth.id))
