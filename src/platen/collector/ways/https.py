"""Home by HTTPS: certificate checked, through a proxy where there is one. Blocking; in a thread.

A proxy is asked to connect through (CONNECT, RFC 9110 section 9.3.6), so that it sees no more than home's name.
"""

from __future__ import annotations

import base64
import http.client
import json
import ssl
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from platen.collector.configuration import Configuration
from platen.collector.ways.errors import NotDelivered, Unbelieved
from platen.protocols.collector.requests import ANSWER_HEADER, is_of_home, signed_request

ANSWER_OCTETS_MAX = 4 * 1_048_576
_WRONG_CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Answer:
    """What home said; `said` is believed, since it is signed."""

    status: int
    said: dict[str, Any]


class HomeByHttps:
    """Talks with home. One that answers with another clock is believed about the time: nothing is lost by that."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._settings = configuration.send.https
        self._home = urlsplit(configuration.home)
        self._path = f"{self._home.path.rstrip('/')}/api/v1/collectors/{configuration.collector}"
        self.clock_ahead_s = 0
        """Of home, as it said itself."""

    def post_readings(self, envelope: bytes) -> Answer:
        """Raises: NotDelivered."""
        return self._ask("POST", "readings", envelope)

    def get_configuration(self) -> Answer:
        """Raises: NotDelivered."""
        return self._ask("GET", "configuration", b"")

    def head(self, method: str, what: str, body: bytes) -> list[tuple[str, str]]:
        """The request line and header fields, as they are sent."""
        path = f"{self._path}/{what}"
        at_s = int(time.time()) + self.clock_ahead_s
        fields = [
            (f"{method} {path} HTTP/1.1", ""),
            ("Host", self._home.netloc.rpartition("@")[2]),
            ("Accept-Encoding", "identity"),
            ("Authorization", signed_request(self._configuration.key, method, path, at_s, body)),
        ]
        if method == "POST":
            fields += [("Content-Type", "application/octet-stream"), ("Content-Length", str(len(body)))]
        return fields

    def head_octets(self, body: bytes) -> int:
        """How many octets go before an envelope, without those of TLS and TCP."""
        (line, _), *fields = self.head("POST", "readings", body)
        return len(line) + 2 + sum(len(name) + 2 + len(value) + 2 for name, value in fields) + 2

    def _ask(self, method: str, what: str, body: bytes) -> Answer:
        answer = self._once(method, what, body)
        if answer.said.get("outcome") == _WRONG_CLOCK and isinstance(answer.said.get("now_s"), int):
            self.clock_ahead_s = answer.said["now_s"] - int(time.time())
            answer = self._once(method, what, body)
        if answer.said.get("outcome") == _WRONG_CLOCK:
            raise NotDelivered("Home finds this computer's clock wrong, and its own differs from answer to answer.")
        return answer

    def _once(self, method: str, what: str, body: bytes) -> Answer:
        fields = self.head(method, what, body)
        connection = self._connection()
        try:
            connection.putrequest(method, f"{self._path}/{what}", skip_host=True, skip_accept_encoding=True)
            for name, value in fields[1:]:
                connection.putheader(name, value)
            connection.endheaders(body or None)
            with connection.getresponse() as response:  # which keeps the connection, where it is as long as that
                content = response.read(ANSWER_OCTETS_MAX)
            signature = response.headers.get(ANSWER_HEADER, "")
            status, reason, kind = response.status, response.reason, response.headers.get("Content-Type", "")
        except ssl.SSLCertVerificationError as error:
            raise NotDelivered(
                f"{self._home.hostname} shows a certificate that is not trusted: {error.verify_message}. If home has "
                "one of its own, give the file of its authority as send.https.ca_file."
            ) from error
        except (OSError, http.client.HTTPException) as error:
            through = f" through the proxy {self._proxy_name()}" if self._settings.proxy else ""
            raise NotDelivered(f"{self._home.netloc} could not be reached{through}: {_words(error)}.") from error
        finally:
            connection.close()
        authorization = dict(fields)["Authorization"]
        if not is_of_home(self._configuration.key, authorization, status, content, signature):
            raise _unbelieved(status, reason, kind, content)
        try:
            return Answer(status, dict(json.loads(content)))
        except (ValueError, TypeError) as error:
            raise NotDelivered("Home's answer is signed and cannot be read; is it of a newer version?") from error

    def _connection(self) -> http.client.HTTPConnection:
        secure = self._home.scheme == "https"
        port = self._home.port or (443 if secure else 80)
        host = self._home.hostname or ""
        proxy = urlsplit(self._settings.proxy) if self._settings.proxy else None
        reached = (proxy.hostname or "", proxy.port or 3128) if proxy is not None else (host, port)
        connection: http.client.HTTPConnection
        if secure:
            context = ssl.create_default_context(cafile=self._settings.ca_file or None)
            connection = http.client.HTTPSConnection(*reached, timeout=self._settings.timeout_s, context=context)
        else:
            connection = http.client.HTTPConnection(*reached, timeout=self._settings.timeout_s)
        if proxy is not None:
            connection.set_tunnel(host, port, _proxy_fields(proxy.username, proxy.password))
        return connection

    def _proxy_name(self) -> str:
        return urlsplit(self._settings.proxy).netloc.rpartition("@")[2]


def _proxy_fields(user: str | None, password: str | None) -> dict[str, str]:
    if not user:
        return {}
    said = f"{unquote(user)}:{unquote(password or '')}".encode()
    return {"Proxy-Authorization": f"Basic {base64.b64encode(said).decode()}"}


def _unbelieved(status: int, reason: str, kind: str, content: bytes) -> NotDelivered:
    detail = ""
    if kind.startswith("application/problem+json"):
        try:
            detail = str(json.loads(content).get("detail", ""))[:300]
        except (ValueError, AttributeError):
            detail = ""
    if status == 401:
        return Unbelieved(
            "Home does not know this collector by this key, or it is switched off there. See `platen collectors list` "
            "at home; `platen collectors key NAME` makes a new key."
        )
    if detail:
        return NotDelivered(f"Home says {status}: {detail}")
    return Unbelieved(
        f"What answered ({status} {reason}) is not home, or not in its name: its signature is not of this key. A proxy "
        "that wants people to sign in answers like this."
    )


def _words(error: Exception) -> str:
    return str(error).rstrip(".") or type(error).__name__
