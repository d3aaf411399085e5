"""Other ways of finding topics, on the texts and vectors of benchmarks.topics: none of them is in the product.

BERTopic (Grootendorst 2022) as it comes, with our vectors and words; with its outliers reduced; with larger topics;
with the number of topics merged by itself. k-means with k by the silhouette (Rousseeuw 1987). The graph of vectors
alone. Every random choice has the seed 0.
"""

from __future__ import annotations

import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

from benchmarks.topics import Method, Titles
from nlp.segment import Segmenter
from nlp.topics.communities import communities
from nlp.topics.likeness import Floats, unit
from nlp.topics.rule import Ints

_KS = (4, 6, 8, 10, 12, 15, 20, 25, 30, 40, 60)


def k_means(of: Titles) -> Ints:
    """k between 4 and 60 by the silhouette of 3,000 texts."""
    points: Floats = unit(of.vectors - of.vectors.mean(0))
    found = [np.asarray(KMeans(k, n_init=3, random_state=0).fit_predict(points), np.intp) for k in _KS]
    scores = [silhouette_score(points, topics, sample_size=3000, random_state=0) for topics in found]
    return found[int(np.argmax(scores))]


def vectors_alone(of: Titles) -> Ints:
    """The graph without words."""
    return communities(unit(of.vectors - of.vectors.mean(0)))


def bertopic(reduced: bool = False, **settings: object) -> Method:
    """BERTopic with UMAP's seed fixed; `reduced` gives its outliers to the nearest topic."""

    def method(of: Titles) -> Ints:
        from bertopic import BERTopic
        from sklearn.feature_extraction.text import CountVectorizer
        from umap import UMAP

        segmenter = Segmenter()
        documents = [" ".join(segmenter.words(text)) for text in of.texts]
        umap = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=0)
        words = CountVectorizer(token_pattern=r"\S+")  # noqa: S106 - what a word is
        model = BERTopic(language="multilingual", vectorizer_model=words, umap_model=umap, **settings)
        topics, _ = model.fit_transform(documents, of.vectors)
        if reduced and -1 in topics:
            topics = model.reduce_outliers(documents, topics, strategy="embeddings", embeddings=of.vectors)
        return np.asarray(topics, np.intp)

    return method


METHODS: dict[str, Method] = {
    "graph of vectors alone": vectors_alone,
    "k-means, k by silhouette": k_means,
    "BERTopic as it comes (UMAP, HDBSCAN)": bertopic(),
    "BERTopic, outliers to the nearest topic": bertopic(reduced=True),
    "BERTopic, topics of 100 and more, outliers reduced": bertopic(reduced=True, min_topic_size=100),
    "BERTopic, topics merged by itself, outliers reduced": bertopic(reduced=True, nr_topics="auto"),
}
