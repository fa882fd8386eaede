"""Figures of the nudge engine for Prometheus. Those of the database are in `status.py`."""

from prometheus_client import Counter, Gauge

CLAIMED = Counter("heartwood_nudges_claimed_total", "Plans that were due and were moved to their next slot")
SWEPT = Counter("heartwood_nudges_swept_total", "Deliveries taken again: a retry that was due, or a worker that died")
PUSHES = Counter("heartwood_pushes_total", "Messages handed to push services", ["fate"])
DROPPED = Counter("heartwood_nudges_dropped_total", "Nudges that were not sent", ["reason"])
SENDING = Gauge("heartwood_nudge_batches_in_progress", "Batches that are being sent", multiprocess_mode="livesum")
