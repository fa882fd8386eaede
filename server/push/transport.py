"""Sends one encrypted message to one device and says what became of it."""

import email.utils
import enum
import threading
import time
from collections import defaultdict
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from functools import partial

from server import clock
from server.http import Answer, Outside, Unreachable
from server.logs import log
from server.push.endpoints import host_of
from server.push.hosts import HostHealth
from server.push.keys import Keys
from server.push.sealing import BrowserKeys, Sealer


class Fate(enum.Enum):
    """What became of a message."""

    SENT = "sent"
    GONE = "gone"  #: the subscription ended: forget it
    RETRY = "retry"  #: try again later, while the window lasts
    REFUSED = "refused"  #: our fault: trying again would change nothing


@dataclass(frozen=True, slots=True)
class Message:
    """One message for one device. `ttl` is in seconds; `urgency` and `topic` as in RFC 8030, section 5."""

    endpoint: str
    p256dh: str
    auth: str
    payload: bytes
    ttl: int
    topic: str
    urgency: str = "normal"


@dataclass(frozen=True, slots=True)
class Result:
    """`status` is the push service's (None when none came), `retry_after` the seconds it asked for."""

    fate: Fate
    status: int | None = None
    retry_after: float | None = None
    detail: str = ""


class Transport:
    """Encrypts and sends on the client's loop. Made once a process."""

    def __init__(self, keys: Keys, contact: str, outside: Outside) -> None:
        self._sealer = Sealer(keys, contact)
        self._outside = outside
        self._hosts: defaultdict[str, HostHealth] = defaultdict(HostHealth)
        self._lock = threading.Lock()

    def send(self, message: Message) -> Future[Result]:
        """Send; the future never raises. A host that rests is not bothered: the result is RETRY at once."""
        done: Future[Result] = Future()
        host = host_of(message.endpoint)
        with self._lock:
            rest = self._hosts[host].rest_left(time.monotonic())
        if rest:
            done.set_result(Result(Fate.RETRY, None, rest, "the push service is resting"))
            return done
        answer = self._outside.post_made(message.endpoint, partial(self._sealed, host, message))
        answer.add_done_callback(lambda future: done.set_result(self._judged(host, future)))
        return done

    def close(self) -> None:
        """Close the connections."""
        self._outside.close()

    def _sealed(self, host: str, message: Message) -> tuple[bytes, dict[str, str]]:
        keys = BrowserKeys(message.p256dh, message.auth)
        body, authorization = self._sealer.seal(host, keys, message.payload)
        headers = {
            "Authorization": authorization,
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(message.ttl),
            "Urgency": message.urgency,
            "Topic": message.topic,
        }
        return body, headers

    def _judged(self, host: str, future: Future[Answer]) -> Result:
        try:
            result = judge(future.result())
        except ValueError as error:
            return Result(Fate.REFUSED, None, None, f"{type(error).__name__}: {error}")
        except (Unreachable, CancelledError) as error:
            result = Result(Fate.RETRY, None, None, str(error))
        self._note(host, result)
        return result

    def _note(self, host: str, result: Result) -> None:
        """Remember how the host is; a line in the log when it goes down and when it is back."""
        with self._lock:
            health = self._hosts[host]
            was_down = health.down
            if result.fate is Fate.RETRY and (result.status is None or result.status >= 500):
                health.failed(time.monotonic(), result.retry_after)
            else:
                health.answered()
            is_down = health.down
        if is_down and not was_down:
            log.warning("push.service_down", host=host, status=result.status, detail=result.detail)
        elif was_down and not is_down:
            log.info("push.service_back", host=host)


def judge(answer: Answer) -> Result:
    """What a push service's answer means (RFC 8030, section 8.4; the services' own pages for 401-403, 406, 413)."""
    if 200 <= answer.status < 300:
        return Result(Fate.SENT, answer.status)
    detail = answer.body.decode(errors="replace").strip()
    if answer.status in (404, 410):
        return Result(Fate.GONE, answer.status, None, detail)
    if answer.status in (406, 408, 425, 429) or answer.status >= 500:
        retry_after = seconds_to_wait(answer.headers.get("retry-after", ""))
        return Result(Fate.RETRY, answer.status, retry_after, detail)
    return Result(Fate.REFUSED, answer.status, None, detail)


def seconds_to_wait(retry_after: str) -> float | None:
    """A Retry-After header in seconds (RFC 9110, section 10.2.3: a number or a date); None when it says nothing."""
    text = retry_after.strip()
    if text.isdecimal():
        return float(min(int(text), 86_400))
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (moment - clock.now()).total_seconds()) if moment.tzinfo else None
