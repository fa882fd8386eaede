"""Figures of sync for Prometheus."""

from prometheus_client import Counter

PULLED = Counter("heartwood_sync_pulled_documents_total", "Documents that devices fetched", ["collection"])
PUSHED = Counter("heartwood_sync_pushed_documents_total", "Documents that devices sent", ["collection", "verdict"])
