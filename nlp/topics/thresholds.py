"""Every threshold of discovering topics, with where it came from.

"Dev" is the tuning half of 10,000 news titles of ten classes; docs/decisions/0007-topics-by-a-graph.md has the figures.
"""

from __future__ import annotations

FEWEST_MENTIONS = 30
"""Of fewer nobody needs an overview: they are read."""
MOST_FITTED = 30_000
"""More are sampled evenly to find the topics; the rule then places them all. Bounds time and memory."""
NEIGHBOURS = 20
"""Of 10, 15, 20, 30 and 40 the best on dev by a little; all were within .03 AMI."""
MENTIONS_A_NEIGHBOUR = 25
"""Fewer neighbours in a small set: beyond its own topic a mention has no neighbours. Chosen at 100 to 800 titles."""
FEWEST_NEIGHBOURS = 10
WORDS = 0.5
"""Weight of the words, against the vector, in the likeness of two mentions; .3 to .5 were equal on dev, 0 .03 worse."""
WORD_DIMENSIONS = 512
"""The words' tf-idf is projected at random to so many; 256 lost .01 AMI, all of them gained nothing."""
COMMON = 0.1
"""A word in more than this share of the mentions says nothing of a topic."""
RIDGE = 0.5
"""Penalty of the rule for unit vectors: .3 to 1 were best on titles left out, at 200 to 3,000 titles fitted."""
SMALLEST = 0.005
"""A community below this share of the mentions (and of fewer than SMALLEST_MENTIONS) is no topic of its own."""
SMALLEST_MENTIONS = 5
ONE_TOPIC = 0.85
"""Communities whose centres have this cosine are one topic: pieces of one theme made for a test had .96 and more,
topics of dev .31 at most (.80 at detail 4)."""
OUTLIERS = 0.02
"""This share of the fitted mentions, those that the rule places least surely, is in no topic: the same certainty is
then asked of every mention that comes later. Dev: leaving out 2 % or 4 % costs no AMI."""
SAME_TOPIC = 0.5
"""Two runs' topics are one where they share this part of their mentions (2 x shared / sum): on halves of dev the same
classes shared .56 to .96, a class that was not there before at most .38 with any."""
FEWEST_SAYING = 3
"""A phrase that fewer mentions contain names no topic."""
LONGEST_WORDS = 4
"""Words of a phrase."""
LONGEST_CHARACTERS = 14
LONGEST_LATIN = 32
NAMED_FROM = 10_000
"""Phrases are counted in so many mentions at most, drawn evenly."""
