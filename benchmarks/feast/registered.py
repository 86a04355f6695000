"""A Feast repository in a directory, with one view over the features of investors in a Parquet file."""

import resource
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
from feast import Entity, FeatureStore, FeatureView, Field, FileSource, RepoConfig, ValueType
from feast.types import Float32

KEYS = ("investor_id", "event_timestamp")


def registered(directory, parquet, online_store, offline_store="duckdb"):
    """-> the store, and its features as Feast names them: view:feature."""
    Path(directory).mkdir(parents=True)
    config = RepoConfig(
        project="aptus",
        provider="local",
        registry=f"{directory}/registry.db",
        online_store=online_store,
        offline_store={"type": offline_store},
        entity_key_serialization_version=3,
    )
    store = FeatureStore(config=config)
    names = [name for name in pq.read_schema(parquet).names if name not in KEYS]
    investor = Entity(name="investor", join_keys=["investor_id"], value_type=ValueType.STRING)
    view = FeatureView(
        name="investor_features",
        entities=[investor],
        ttl=timedelta(days=0),
        schema=[Field(name=name, dtype=Float32) for name in names],
        source=FileSource(path=parquet, timestamp_field="event_timestamp"),
    )
    store.apply([investor, view])
    return store, [f"investor_features:{name}" for name in names]


def cpu_seconds():
    """Of this process with its threads."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
