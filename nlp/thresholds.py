"""Every threshold of reading, with where it came from. What the model's own file sets (span scores) stays there."""

from __future__ import annotations

MAX_TOKENS = 256
"""Longer texts are read in passages: the shipped model was trained on texts up to this length."""
GROUP_TOKENS = 4096
"""Tokens of one run of the encoder: bounds memory; longer runs are no faster on a CPU."""
GROUP_TEXTS = 16
"""Texts of one run; 8 to 32 were equally fast at 30 tokens on one core."""
WINDOW_TOKENS = 4096
"""Tokens of runs whose spans go through the heads together: 100 short texts, 12 MB."""
SURE = 0.75
"""A side is named from this probability on, else "unsure": the least at which the named side is right nine times in
ten on the tuning part of each of the four sentiment sets (docs/decisions/0004-when-a-side-is-named.md)."""
COMPARATIVE = 0.5
"""The study's own threshold, as its figures were measured with."""
CLAUSE_SIDE = 0.6
"""A clause lends its side to a lexicon's word in it from this |P(positive) - P(negative)| on."""
UNDECIDED = 0.3
"""Below this |P(positive) - P(negative)| of the aspect head a clause is judged by the head of whole texts instead."""
OUTRIGHT = 0.6
"""From here on a clause complains for itself: no judging word is needed beside the attribute it names."""
SPANS_KEPT = 24
"""Candidates of one type kept per passage (the study's)."""
OTHER_TRADE_BEHIND, OTHER_TRADE_SURE = 0.5, 1.5
"""Aspects of the kind (restaurant or product) whose best span is this far behind the other's count only from a score
of 1.5 on. Chosen on the texts at even places of the tuning parts of ASTE and four product domains; on the others terms
went from .816 to .818 exact F1, two and three joined clauses from .853 and .815 to .858 and .824, restaurant aspects
from .644 to .684."""
PARTS_KEPT = 6
"""Candidates per part of a comparison (the study's): bounds the product of four parts."""
LENT = 0.8
"""How much of a clause's certainty a word of the lexicon in it gets."""
LONG_PHRASE = 8
"""A clause's rest of up to this many code points (four times as many Latin ones) is quoted whole as the opinion."""
NEUTRAL = 0.3
"""An unsure text in which nothing is judged is neutral from this P(neutral) on (same page)."""
NEAR_TERM = 0.3
"""A term that no list holds takes the attribute of its neighbours from this vote on: .2 to .4 lie within .005 macro-F1
on JD's tuning clauses. Of 150 terms of a lexicon left out .39 to .66 find neighbours, by industry; the top level is
right in .85 to .98 of these cases, the path in .69 to .84 (benchmarks/attributes.py)."""
NEAR_CLAUSE = 0.4
"""The same for a whole clause that names nothing, whose words speak of more than one thing: in JD's tuning clauses the
label was right in half of the cases above .35."""
LONGEST_QUOTE = 30
"""Words that judge are cut at the end of their first clause where they are longer: nobody quotes a paragraph."""

FEWEST_LETTERS = 8
"""Below so many letters no text is surely in another language: names of brands are that long. Set by hand."""
HIRAGANA_SHARE = 0.25
"""Of Han, hiragana and katakana: a Japanese sentence has a third and more, a Chinese one with の or a name hardly any.
Set by hand."""
SCRIPT_SHARE = 0.6
"""Of all letters: a text of so much Hangul, Cyrillic or the like is not a Chinese one with a foreign name. Set by
hand."""
FEWEST_FUNCTION_WORDS = 3
"""Different little words of one language, for a text in Latin letters: English ones and lists of names share fewer.
Set by hand."""
FUNCTION_SHARE = 0.2
"""And of all words so many: running text has about half. Set by hand."""
