"""CPU seconds of a point-in-time join: historical.py DIRECTORY PARQUET PAIRS.parquet dask|duckdb -> JSON."""

import json
import sys

import pandas as pd

from registered import cpu_seconds, registered

directory, parquet, pairs, offline = sys.argv[1:5]
store, features = registered(directory, parquet, {"type": "sqlite", "path": f"{directory}/online.db"}, offline)
entities = pd.read_parquet(pairs)
before = cpu_seconds()
frame = store.get_historical_features(entity_df=entities, features=features).to_df()
spent = cpu_seconds() - before
known = int(frame["profile_age"].notna().sum())
print(json.dumps({"cpuSeconds": spent, "known": known}))
