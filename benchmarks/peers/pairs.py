"""Pairs as benchmarks/trainingPeers.ts writes them, and what a peer prints of itself."""

import json
import resource
import sys
import time

import numpy as np


def read(path):
    """(users, items, offsets [users + 1], items [pairs]) of little-endian int32."""
    numbers = np.fromfile(path, dtype="<i4")
    users, items = int(numbers[0]), int(numbers[1])
    return users, items, numbers[2 : users + 3], numbers[users + 3 :]


def told(epochs, began, scores_of, held, offsets, taken, factors):
    """Prints CPU seconds an epoch and recall@20 of the item held out of each row; -1: none. scores_of(users) -> [b, items]."""
    cpu = time.process_time() - began
    hits, rows = 0, [user for user in range(len(held)) if held[user] >= 0][:5000]
    for start in range(0, len(rows), 500):
        some = rows[start : start + 500]
        scores = np.array(scores_of(some))
        for place, user in enumerate(some):
            scores[place, taken[offsets[user] : offsets[user + 1]]] = -np.inf
        best = np.argpartition(-scores, 20, axis=1)[:, :20]
        hits += sum(held[user] in best[place] for place, user in enumerate(some))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpuSeconds": cpu / epochs, "recall": hits / len(rows), "peakMb": round(peak), **factors}))


def arguments():
    """Train file, held file ([users] int32), options as JSON."""
    return (*read(sys.argv[1]), np.fromfile(sys.argv[2], dtype="<i4"), json.loads(sys.argv[3]))
