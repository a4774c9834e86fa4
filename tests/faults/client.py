"""
One client: files what a plan says, again and again until it holds an answer.

`python client.py PLAN JOURNAL`. Every attempt and every answer is on disk before the
next step, so that what was acknowledged is known whatever happens. Stands alone: only
the standard library, as a stranger's program would.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, NamedTuple

TIMEOUT_S = 10.0
PAUSE_S = 0.3
CUT = -1  # the request was sent, and the connection broke before the answer
TRY_AGAIN = {CUT, 0, 408, 409, 425, 429, 500, 502, 503, 504}
CREATED, REPLAYED, UNAUTHORISED = 201, 200, 401


class Reply(NamedTuple):
    """What came back; status 0 stands for nothing, CUT for half of it."""

    status: int
    body: dict[str, Any]
    replayed: bool = False


class Client:
    """Signs in per company, and files with one idempotency key per filing."""

    def __init__(self, url: str, journal: Path) -> None:
        self._url = url.rstrip("/")
        self._journal = journal.open("a", encoding="utf-8")
        self._tokens: dict[str, str] = {}
        self._refused = Reply(0, {})  # why there is no token

    def run(self, filings: list[dict[str, Any]], *, patience_s: float) -> None:
        started = time.monotonic()
        for filing in filings:
            time.sleep(max(0.0, started + filing["at_s"] - time.monotonic()))
            self._file(filing, until=time.monotonic() + patience_s)

    def _file(self, filing: dict[str, Any], *, until: float) -> None:
        statuses: list[int] = []
        reply = Reply(0, {})
        self._note("sent", filing)
        while time.monotonic() < until:
            reply = self._attempt(filing)
            statuses.append(reply.status)
            if reply.status in (CREATED, REPLAYED):
                told = {"number": reply.body["number"], "replayed": reply.replayed}
                self._note("acknowledged", filing, statuses=statuses, **told)
                return
            if reply.status not in TRY_AGAIN and reply.status != UNAUTHORISED:
                self._note("refused", filing, status=reply.status, body=reply.body)
                return
            time.sleep(PAUSE_S)
        self._note("given_up", filing, statuses=statuses, body=reply.body)

    def _attempt(self, filing: dict[str, Any]) -> Reply:
        uscc = filing["uscc"]
        token = self._tokens.get(uscc) or filing.get("token") or self.sign_in(uscc)
        if not token:
            return Reply(0, {"sign-in": self._refused.status, **self._refused.body})
        headers = {"Authorization": f"Bearer {token}"}
        if filing["key"]:
            headers["Idempotency-Key"] = filing["key"]
        self._note("asked", filing)
        reply = self._post("/api/v1/cases", filing["body"], headers)
        self._note("heard", filing, status=reply.status)
        if reply.status == UNAUTHORISED:
            self._tokens.pop(uscc, None)
        return reply

    def sign_in(self, uscc: str) -> str:
        """Return a token, or nothing where signing in failed."""
        asked = self._post("/api/v1/sign-ins", {"licence": uscc}, {})
        if "handle" not in asked.body:
            self._refused = asked
            return ""
        path = f"/api/v1/sign-ins/{asked.body['handle']}"
        told = self._post(path, {"code": asked.body["code"]}, {})
        token = str(told.body.get("token", ""))
        self._tokens[uscc], self._refused = token, told
        return token

    def _post(self, path: str, body: object, headers: dict[str, str]) -> Reply:
        request = urllib.request.Request(
            self._url + path,
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json", **headers},
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
                replayed = answer.headers.get("Idempotent-Replayed") == "true"
                return Reply(answer.status, json.load(answer), replayed)
        except urllib.error.HTTPError as refused:
            return Reply(refused.code, _told(refused))
        except urllib.error.URLError:  # nobody let us in
            return Reply(0, {})
        except (ConnectionError, http.client.HTTPException):
            return Reply(CUT, {})
        except (OSError, ValueError):  # timed out, or half an answer
            return Reply(0, {})

    def _note(self, what: str, filing: dict[str, Any], **more: Any) -> None:
        """Write one line and wait until it is on disk."""
        line = {"what": what, "at": time.time(), "key": filing["key"]}
        line |= {"uscc": filing["uscc"], "item": filing["body"]["item"]}
        line |= {"content": _content(filing), **more}
        self._journal.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._journal.flush()
        os.fsync(self._journal.fileno())


def _content(filing: dict[str, Any]) -> str:
    """Name what is filed for whom: the same is one case, whatever the key."""
    text = json.dumps([filing["uscc"], filing["body"]], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _told(refused: urllib.error.HTTPError) -> dict[str, Any]:
    try:
        body = json.load(refused)
    except (OSError, ValueError):
        return {}
    return body if isinstance(body, dict) else {"body": body}


def main() -> None:
    plan = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    journal, filings = Path(sys.argv[2]), plan["filings"]
    hands = [filings]  # one pair: one filing after the other
    if plan["together"]:
        hands = [[filing] for filing in filings]
    threads = [
        threading.Thread(
            target=Client(plan["url"], journal.with_stem(f"{journal.stem}-{n}")).run,
            args=(each,),
            kwargs={"patience_s": plan["patience_s"]},
        )
        for n, each in enumerate(hands)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
