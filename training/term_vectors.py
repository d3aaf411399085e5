"""Makes nlp/models/term_vectors.npz: `python -m training.term_vectors SHARED` (about three minutes, no torch).

Words of the review collections in SHARED/data that stand there LEAST times get a vector of SIZE numbers from the words
around them: counts within WINDOW words weighted by 1/distance, positive pointwise mutual information with contexts
smoothed by SMOOTHING, and its truncated SVD with singular values to the power of 1/2 (Levy, Goldberg & Dagan 2015).
Latin words are left out: most are names. Sets that label attributes (jd, aic2018) are left out too, since figures are
reported on them. The texts themselves go nowhere.
"""

from __future__ import annotations

import csv
import json
import math
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.linalg import svds

from nlp.nearness import TABLE
from nlp.segment import Segmenter, normalise, sentences

SIZE, WINDOW, LEAST, SMOOTHING = 64, 5, 12, 0.75
SEED = 20261125
DOMAINS = ("camera", "car", "notebook", "phone", "hair")


def texts(shared: Path) -> Iterator[str]:
    """Reviews and clauses of ten collections."""
    data = shared / "data"
    for name in ("waimai", "hotel", "shop10"):
        for line in (data / f"sentiment/{name}.tsv").read_text("utf-8").splitlines()[1:]:
            yield line.split("\t", 2)[2]
    for name in DOMAINS:
        with (data / f"absa/{name}.tsv").open(encoding="utf-8", newline="") as file:
            yield from sorted({row["text"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)})
    with (data / "aste/restaurant_train.tsv").open(encoding="utf-8", newline="") as file:
        yield from ("".join(json.loads(row[0])) for row in list(csv.reader(file, delimiter="\t"))[1:])
    for name in ("car", "ele"):
        lines = (data / f"coqe/{name}_train.txt").read_text("utf-8").splitlines()
        yield from (line.rpartition("\t")[0] for line in lines if "\t" in line)


def cut(shared: Path) -> list[list[str]]:
    """Sentences as words with a letter in them."""
    segmenter = Segmenter()
    found = []
    for text in texts(shared):
        normal = normalise(text)
        for start, end in sentences(normal):
            words = [w for w in segmenter.cut(normal[start:end]) if any(c.isalpha() for c in w) and not w.isascii()]
            found.append(words)
    return found


def counted(said: list[list[str]], words: dict[str, int]) -> csr_matrix:
    """How often words stand near one another, both ways, by 1/distance."""
    pairs: Counter[tuple[int, int]] = Counter()
    for sentence in said:
        ids = [words.get(w, -1) for w in sentence]
        for place, word in enumerate(ids):
            for distance, other in enumerate(ids[place + 1 : place + 1 + WINDOW], 1):
                if word >= 0 and other >= 0:
                    pairs[word, other] += 1 / distance  # type: ignore[assignment]
    left = np.fromiter((a for a, _ in pairs), np.int32, len(pairs))
    right = np.fromiter((b for _, b in pairs), np.int32, len(pairs))
    often = np.fromiter(pairs.values(), np.float64, len(pairs))
    shape = (len(words), len(words))
    return (coo_matrix((often, (left, right)), shape) + coo_matrix((often, (right, left)), shape)).tocsr()


def learned(near: csr_matrix) -> NDArray[np.float64]:
    """Vectors [words, SIZE], centred."""
    totals = np.asarray(near.sum(1)).ravel()
    contexts = totals**SMOOTHING / (totals**SMOOTHING).sum()
    pairs = near.tocoo()
    shared = np.log(pairs.data / (totals[pairs.row] * contexts[pairs.col]))
    kept = shared > 0
    matrix = coo_matrix((shared[kept], (pairs.row[kept], pairs.col[kept])), near.shape).tocsr()
    left, strength, _ = svds(matrix, k=SIZE, v0=np.random.default_rng(SEED).normal(size=near.shape[0]))
    vectors: NDArray[np.float64] = left * np.sqrt(strength)
    return vectors - vectors.mean(0)


def main(shared: Path) -> None:
    said = cut(shared)
    often = Counter(word for sentence in said for word in sentence)
    words = {w: k for k, w in enumerate(sorted(w for w, n in often.items() if n >= LEAST))}
    vectors = learned(counted(said, words))
    rows = np.rint(vectors / np.abs(vectors).max(1, keepdims=True) * 127).astype(np.int8)
    total = sum(often.values())
    weights = np.array([math.log(total / often[w]) / 10 for w in words], np.float16)
    np.savez_compressed(TABLE, words=np.frombuffer("\n".join(words).encode(), np.uint8), rows=rows, weights=weights)
    print(f"{TABLE.name}: {len(words):,} words of {total:,} in {len(said):,} sentences, {TABLE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
