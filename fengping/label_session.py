"""Labelling at a terminal: one mention after another, one key an answer, each kept as soon as it is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal
from zoneinfo import ZoneInfo

from core.errors import InputError
from core.interfaces import Clock, Store
from core.labels import Answer, Judged, Label
from core.models import Opinion
from fengping.label_files import Names, target_of
from fengping.label_keys import END, Keys
from index.label_turns import Turn, as_labelled, left_to_judge, turn, waiting

ANSWER_KEYS: dict[str, Answer] = {
    "1": "positive", "2": "neutral", "3": "negative", "4": "unsure", "s": "skipped",
}  # fmt: skip
ASK = "1 positive  2 neutral  3 negative  4 unsure   s skip  u undo  q quit"
ASK_OPINION = "y right  n wrong   u undo  q quit"
ASK_MISSED = "m an opinion is missing  Enter none is   u undo  q quit"
ASK_NAME = "which? attribute:side, such as 充电:negative  (Enter: none)"


@dataclass(frozen=True, slots=True)
class Session:
    """One person at work. `show` puts a line before them."""

    store: Store
    by: str
    names: Names
    clock: Clock
    keys: Keys
    show: Callable[[str], None]
    zone: ZoneInfo
    attributes: bool = True

    def run(self) -> None:
        """Until the sample is done or the person leaves."""
        gone: set[str] = set()
        self.show(ASK)
        while True:
            sample = [s for s in self.store.sample() if s.mention_id not in gone]
            todo = waiting(sample, self.store.labels(self.by), self.attributes)
            if not todo:
                self.show("every mention of the sample is labelled.")
                return
            now = turn(self.store, todo[0], self.by)
            if now is None:
                gone.add(todo[0].mention_id)
                continue
            self.show(self._heading(now, len(sample) - len(todo) + 1, len(sample)))
            if not self._asked(now):
                return

    def _heading(self, now: Turn, place: int, of: int) -> str:
        mention = now.understood.mention
        when = mention.published_at.astimezone(self.zone).strftime("%Y-%m-%d") if mention.published_at else "undated"
        about = " · ".join(filter(None, (mention.source, target_of(now.understood), mention.product, when)))
        title = f"{mention.title}\n" if mention.title and mention.title not in mention.text else ""
        return f"\n[{place}/{of}] {about}\n{title}{mention.text}"

    def _asked(self, now: Turn) -> bool:
        """The whole of one mention; False when the person left."""
        label = now.label
        if label is None:
            answer = self._answer()
            if answer is None:
                return False
            if answer == "undo":
                self._undo_last()
                return True
            label = Label(now.member.mention_id, now.member.revision, self.by, answer, self.clock())
            self._save(label)
        if not self.attributes or label.polarity == "skipped":
            return True
        return self._opinions(replace(now, label=label))

    def _answer(self) -> Answer | Literal["undo"] | None:
        while (key := self.keys.key()) not in {END, "q", "\x1b"}:
            if key == "u":
                return "undo"
            if key in ANSWER_KEYS:
                self.show(f"  {ANSWER_KEYS[key]}")
                return ANSWER_KEYS[key]
            if key.strip():
                self.show(f"  {key!r} is no answer: {ASK}")
        return None

    def _undo_last(self) -> None:
        said = self.store.labels(self.by)
        if said:
            self.store.drop_label(said[-1].mention_id, self.by)
        self.show("  taken back" if said else "  there is nothing to take back")

    def _opinions(self, now: Turn) -> bool:
        """Those found, one by one; then those missed. False when the person left."""
        label = now.label
        while label is not None and not label.complete:
            left = left_to_judge(replace(now, label=label))
            key = self._judge(now, left[0]) if left else self._missed()
            if key == END:
                return False
            label = self._after(label, now, left, key)
        return True

    def _judge(self, now: Turn, opinion: Opinion) -> str:
        quote = opinion.quote.of(now.understood.mention.text)
        about = f"{opinion.target}: " if opinion.target not in {"", target_of(now.understood)} else ""
        self.show(f"  “{quote}” → {about}{self.names.shown(opinion.attribute)} {opinion.polarity}?   {ASK_OPINION}")
        return self._one_of("yn")

    def _missed(self) -> str:
        self.show(f"  {ASK_MISSED}")
        return self._one_of("m\n")

    def _one_of(self, wanted: str) -> str:
        while (key := self.keys.key()) not in {END, "q", "\x1b"}:
            if key in wanted or key == "u":
                return key
        return END

    def _after(self, label: Label, now: Turn, left: list[Opinion], key: str) -> Label | None:
        """The label with one more answer, saved; None where it was taken back as a whole."""
        if key == "u":
            return self._undone(label)
        if key in {"y", "n"}:
            label = replace(label, judged=(*label.judged, Judged(as_labelled(left[0]), key == "y")))
        elif key == "m":
            label = self._named(label, now)
        else:
            label = replace(label, complete=True)
        self._save(label)
        return label

    def _undone(self, label: Label) -> Label | None:
        if label.missed:
            label = replace(label, missed=label.missed[:-1])
        elif label.judged:
            label = replace(label, judged=label.judged[:-1])
        else:
            self.store.drop_label(label.mention_id, self.by)
            self.show("  taken back")
            return None
        self._save(label)
        return label

    def _named(self, label: Label, now: Turn) -> Label:
        self.show(f"  {ASK_NAME}")
        written = self.keys.line().strip().replace("：", ":")
        if not written:
            return label
        try:
            opinion = self.names.opinion(written, target_of(now.understood))
        except InputError as error:
            self.show(f"  {error}")
            return label
        self.show(f"  + {self.names.shown(opinion.attribute)} {opinion.polarity}")
        return replace(label, missed=tuple(dict.fromkeys((*label.missed, opinion))))

    def _save(self, label: Label) -> None:
        if not self.store.save_label(replace(label, at=self.clock())):
            raise InputError(
                f"mention {label.mention_id} was erased or changed while it was labelled; its label is not kept. "
                "Start `fengping label` again to go on with the next."
            )
