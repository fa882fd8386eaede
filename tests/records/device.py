"""A device as docs/sync.md describes it: local records, an outbox, three-way merge. The model for the sync tests.

It holds letters (texts that must never get lost) and marks (progress that only grows). Sealing is stood in for by
plain base64, which the server cannot tell from the real thing.
"""

import base64
from collections.abc import Callable
from typing import Any, TypeAlias

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.clock import now
from tests.records.samples import API

Document: TypeAlias = dict[str, Any]
#: Carries a request to the server; None when the answer, or the request itself, was lost on the way.
Carrier: TypeAlias = Callable[[Callable[[], TestResponse]], TestResponse | None]

COLLECTIONS = ("letters", "marks")
BLANK: Document = {"text": "", "kind": None, "opens_on": None, "progress": 0.0, "saved": False}
PAGE = 3


def seal(text: str) -> Document:
    """An envelope with the text in it."""
    padded = text.encode().ljust(16)
    return {"v": 1, "iv": "A" * 16, "ct": base64.urlsafe_b64encode(padded).rstrip(b"=").decode()}


def unseal(envelope: Document) -> str:
    """The text in an envelope."""
    code: str = envelope["ct"]
    return base64.urlsafe_b64decode(code + "=" * (-len(code) % 4)).decode().rstrip()


def content(document: Document | None) -> Document | None:
    """What a document says, without what the server adds; None for a deleted or an absent one."""
    if document is None or document.get("_deleted"):
        return None
    return {name: value for name, value in document.items() if name not in {"rev", "_deleted"}}


def merge(base: Document | None, local: Document, server: Document) -> Document:
    """The document that keeps what both sides did since `base`. An edit beats a deletion."""
    ours, theirs, before = content(local), content(server), content(base)
    if ours in (theirs, before):
        return server
    if theirs == before or theirs is None:
        return local
    if ours is None:
        return server
    return {**server, **{name: _field(name, (before or BLANK).get(name), ours[name], theirs[name]) for name in theirs}}


def _field(name: str, before: Any, ours: Any, theirs: Any) -> Any:
    if ours in (theirs, before):
        return theirs
    if theirs == before:
        return ours
    if name == "sealed_text":
        return _both_texts(ours, theirs)
    return max(ours, theirs) if name == "progress" else theirs


def _both_texts(ours: Document, theirs: Document) -> Document:
    here, there = unseal(ours), unseal(theirs)
    if here in there or there in here:
        return theirs if here in there else ours
    return seal(f"{there} {here}")


class Device:
    """One of a person's devices. `ahead_by` is how many seconds its clock is ahead of the server's."""

    def __init__(self, client: FlaskClient, ahead_by: float) -> None:
        self.client = client
        self.ahead_by = ahead_by
        self.records: dict[str, dict[str, Document]] = {name: {} for name in COLLECTIONS}
        #: The state that each record had when the server and this device last agreed.
        self.masters: dict[str, dict[str, Document]] = {name: {} for name in COLLECTIONS}
        self.outbox: dict[str, set[str]] = {name: set() for name in COLLECTIONS}
        self.checkpoints = dict.fromkeys(COLLECTIONS, 0)
        #: How often the server sent this device back to the beginning.
        self.fresh_copies = 0

    def save(self, collection: str, document: Document) -> None:
        """Keep a change here, and in the outbox."""
        self.records[collection][document["id"]] = document
        self.outbox[collection].add(document["id"])

    def live(self, collection: str) -> dict[str, Document]:
        """What the person sees, by id."""
        found = {record_id: content(document) for record_id, document in self.records[collection].items()}
        return {record_id: said for record_id, said in found.items() if said is not None}

    def sync(self, carry: Carrier) -> bool:
        """Push, then pull, every collection; False when something got lost on the way."""
        return all(self._push(name, carry) and self._pull(name, carry) for name in COLLECTIONS)

    def _push(self, collection: str, carry: Carrier) -> bool:
        rows = [self._row(collection, record_id) for record_id in sorted(self.outbox[collection])]
        if not rows:
            return True
        answer = carry(lambda: self.client.post(f"{API}/sync/{collection}/push", json=rows))
        if answer is None:
            return False
        if answer.status_code == 422:
            self._redate(collection, rows, answer.get_json()["errors"])
            return self._push(collection, carry)
        assert answer.status_code == 200, answer.text
        conflicts = {document["id"]: document for document in answer.get_json()}
        for row in rows:
            self._pushed(collection, row["newDocumentState"], conflicts.get(row["newDocumentState"]["id"]))
        return True

    def _row(self, collection: str, record_id: str) -> Document:
        row = {"newDocumentState": self.records[collection][record_id]}
        master = self.masters[collection].get(record_id)
        return row | {"assumedMasterState": master} if master else row

    def _pushed(self, collection: str, sent: Document, master: Document | None) -> None:
        if master is not None:
            self._meet(collection, master)
            return
        self.outbox[collection].discard(sent["id"])
        self.masters[collection][sent["id"]] = sent

    def _redate(self, collection: str, rows: list[Document], errors: dict[str, Any]) -> None:
        """The server says how wrong this device's clock is; a letter from the future is dated today."""
        for place, said in errors.items():
            assert set(said["newDocumentState"]) == {"written_at"}, said
            document = rows[int(place)]["newDocumentState"]
            self.records[collection][document["id"]] = {**document, "written_at": now().isoformat()}

    def _pull(self, collection: str, carry: Carrier) -> bool:
        while True:
            answer = carry(lambda: self._ask(collection, self.checkpoints[collection]))
            if answer is None:
                return False
            if answer.status_code == 410:
                return self._start_again(collection, carry)
            page = answer.get_json()
            for document in page["documents"]:
                self._meet(collection, document)
            self.checkpoints[collection] = page["checkpoint"]["rev"]
            if len(page["documents"]) < PAGE:
                return True

    def _ask(self, collection: str, since: int) -> TestResponse:
        return self.client.get(f"{API}/sync/{collection}/pull?since={since}&limit={PAGE}")

    def _start_again(self, collection: str, carry: Carrier) -> bool:
        """Take a fresh copy; what the server no longer has, and was not changed here, was deleted elsewhere."""
        self.fresh_copies += 1
        documents: dict[str, Document] = {}
        since = 0
        while True:
            answer = carry(lambda: self._ask(collection, since))  # noqa: B023  # called at once
            if answer is None:
                return False
            page = answer.get_json()
            documents |= {document["id"]: document for document in page["documents"]}
            since = page["checkpoint"]["rev"]
            if len(page["documents"]) < PAGE:
                break
        for record_id in set(self.records[collection]) - set(documents):
            self._forget(collection, record_id)
        for document in documents.values():
            self._meet(collection, document)
        self.checkpoints[collection] = since
        return True

    def _forget(self, collection: str, record_id: str) -> None:
        self.masters[collection].pop(record_id, None)
        if record_id not in self.outbox[collection]:
            del self.records[collection][record_id]

    def _meet(self, collection: str, master: Document) -> None:
        """Take in a document as the server has it; what was changed here meanwhile is merged."""
        record_id = master["id"]
        local = self.records[collection].get(record_id)
        if record_id in self.outbox[collection] and local is not None:
            master_known = self.masters[collection].get(record_id)
            merged = merge(master_known, local, master)
        else:
            merged = master
        self.records[collection][record_id] = merged
        self.masters[collection][record_id] = master
        if content(merged) == content(master):
            self.outbox[collection].discard(record_id)
