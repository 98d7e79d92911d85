"""Metrics: counts without a label by district, kind of need or person."""

from prometheus_client import Counter, Gauge

from storage import alerts, outbox
from storage.database import Store, reading

TAKEN = Counter("sathi_messages_taken", "Messages taken, by what became of them.", ["provider", "outcome"])
REFUSED = Counter("sathi_requests_refused", "Requests refused, by why.", ["provider", "why"])
WAITING = Gauge("sathi_outbox_waiting", "Messages that wait to be sent.")
ALERTS = Gauge("sathi_alerts_open", "Alerts that nobody has acknowledged.")


def measure(store: Store) -> None:
    """Read the gauges from the database."""
    with reading(store.main) as db:
        WAITING.set(outbox.waiting_count(db))
        ALERTS.set(alerts.open_count(db))
