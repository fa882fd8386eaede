"""`/sync/<collection>/pull` and `/push`: one pair of routes a collection, so that each is described exactly."""

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from server.accounts import limits
from server.accounts.identity import current_account
from server.answers import json_answer
from server.extensions import limiter
from server.records import sync
from server.records.collections import COLLECTIONS, Collection
from server.records.schemas import PullArgs, pull_schema, rows_schema
from server.security import signed_in

blueprint = Blueprint(
    "sync",
    __name__,
    url_prefix="/api/v1/sync",
    description="Copies on many devices, in the shape of RxDB's HTTP replication. See docs/sync.md.",
)


def add_routes(collection: Collection) -> None:
    """Serve pull and push of one collection."""

    @blueprint.get(f"/{collection.name}/pull", endpoint=f"pull_{collection.name}")
    @signed_in
    @limiter.limit(limits.RECORDS, key_func=limits.by_account)
    @blueprint.arguments(PullArgs, location="query")
    @blueprint.response(200, pull_schema(collection.schema))
    @blueprint.alt_response(410, description="Away too long (`resync_required`): pull again with since=0, compare")
    def pull(wanted: dict[str, int]) -> Response:
        """Documents that changed since the last checkpoint, in the order they changed; tombstones too."""
        me = current_account()
        return json_answer(sync.pull(me.id, me.revision, collection, **wanted))

    @blueprint.post(f"/{collection.name}/push", endpoint=f"push_{collection.name}")
    @signed_in
    @limiter.limit(limits.RECORDS, key_func=limits.by_account)
    @blueprint.arguments(rows_schema(collection.schema))
    @blueprint.response(200, collection.schema(many=True))
    def push(rows: list[dict[str, Any]]) -> Response:
        """Store up to 200 new states, all or, when one is malformed, none. Answers the documents in conflict."""
        return json_answer(sync.push(current_account().id, collection, rows))


for _collection in COLLECTIONS:
    add_routes(_collection)
