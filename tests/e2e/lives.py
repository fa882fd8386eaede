"""Puts an invented life (pwa/gallery/people.ts) on a phone, and stops its clock on the evening it has reached."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from playwright.sync_api import Page

from tests.e2e.conftest import Site
from tests.support.gallery import person_of_the_gallery

#: pwa/gallery/moment.ts.
EVENING = datetime.fromisoformat("2026-11-24T20:14:00+00:00")

PUT = """(records) => new Promise((done, failed) => {
    const opening = indexedDB.open('heartwood')
    opening.onerror = failed
    opening.onsuccess = () => {
        const tx = opening.result.transaction(['records', 'meta'], 'readwrite')
        for (const [collection, docs] of Object.entries(records))
            tx.objectStore('records').put({
                names: docs.map(({ id }) => `${collection}/${id}`),
                rows: docs.map((doc) => ({ collection, id: doc.id, doc, stamp: '' })),
            })
        const asked = ['ended', 'touch', 'hours', 'region']
        tx.objectStore('meta').put({ welcomed: true, nudgesOfferedOn: '2027-01-01', asked }, 'settings')
        tx.onerror = failed
        tx.oncomplete = () => { opening.result.close(); done() }
    }
})"""

Live = Callable[[Page, Site, str], None]
records_of: Callable[[str], dict[str, list[dict[str, Any]]]] = cache(person_of_the_gallery)


def live(page: Page, site: Site, name: str) -> None:
    """Open the app on the phone of somebody whose evening it is."""
    page.clock.set_fixed_time(EVENING)
    page.goto(site.url)
    page.get_by_role("button", name="Begin").wait_for()
    page.evaluate(PUT, records_of(name))
    page.goto(site.url)
    page.get_by_role("group", name="How is it").wait_for()
