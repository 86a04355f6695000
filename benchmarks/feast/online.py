"""CPU seconds of get_online_features for one investor: online.py DIRECTORY PARQUET sqlite|HOST:PORT READS -> JSON."""

import json
import sys
from datetime import datetime, timezone
from statistics import median

import pyarrow.parquet as pq

from registered import cpu_seconds, registered

STRIDE = 7919
ROUNDS = 5

directory, parquet, where, reads = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
online = (
    {"type": "sqlite", "path": f"{directory}/online.db"}
    if where == "sqlite"
    else {"type": "redis", "connection_string": where}
)
store, features = registered(directory, parquet, online)
store.materialize(datetime(2000, 1, 1, tzinfo=timezone.utc), datetime(2100, 1, 1, tzinfo=timezone.utc))
ids = pq.read_table(parquet, columns=["investor_id"])["investor_id"].to_pylist()


def read(n):
    answer = store.get_online_features(features=features, entity_rows=[{"investor_id": ids[n * STRIDE % len(ids)]}])
    return answer.to_dict()


first = read(0)
for n in range(50):
    read(n)
costs = []
for _ in range(ROUNDS):
    before = cpu_seconds()
    for n in range(reads):
        read(n)
    costs.append((cpu_seconds() - before) / reads)
values = {name: first[name][0] for name in first}
print(json.dumps({"cpuSeconds": median(costs), "first": values}))
