"""Every number a person sees, defined once: the one door to the measures, described in docs/measures.md."""

from __future__ import annotations

from index.attributes import (
    AttributeRow,
    HeadToHead,
    about,
    attention,
    complaint_rate,
    complaints,
    head_to_head,
    impact,
    net_of,
    opportunity,
)
from index.collected import Coverage, Volume, coverage, last_answers, volume_in_time
from index.emerging import Emerging, EmergingTerms, emerging
from index.figures import FEW, FEWEST, Counts, Figure, Rate, population
from index.labelled import NOTHING_LABELLED, Labelled
from index.like_for_like import Difference, like_for_like
from index.rates import (
    Engagement,
    NetSentiment,
    Polarities,
    Share,
    average_rating,
    engagement,
    followers,
    good_reviews,
    net_sentiment,
    polarities,
    promotion_share,
    share_of_voice,
    views,
    volume,
)
from index.waterfall import Bar, Waterfall, waterfall

__all__ = [
    "FEW",
    "FEWEST",
    "NOTHING_LABELLED",
    "AttributeRow",
    "Bar",
    "Counts",
    "Coverage",
    "Difference",
    "Emerging",
    "EmergingTerms",
    "Engagement",
    "Figure",
    "HeadToHead",
    "Labelled",
    "NetSentiment",
    "Polarities",
    "Rate",
    "Share",
    "Volume",
    "Waterfall",
    "about",
    "attention",
    "average_rating",
    "complaint_rate",
    "complaints",
    "coverage",
    "emerging",
    "engagement",
    "followers",
    "good_reviews",
    "head_to_head",
    "impact",
    "last_answers",
    "like_for_like",
    "net_of",
    "net_sentiment",
    "opportunity",
    "polarities",
    "population",
    "promotion_share",
    "share_of_voice",
    "views",
    "volume",
    "volume_in_time",
    "waterfall",
]
