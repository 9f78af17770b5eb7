"""A small service over one outcome: lists and explanations as JSON, by what comes with Python.

    python service.py /data/lists/2026 8000

For an office's own network: what it says is internal. It has no log-in of its own; put it behind the one you have.
"""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

import shsnor


def answer(outcome: shsnor.Outcome, path: str) -> Any:
    """What stands at a path, as data for JSON; None where nothing does.

    /                    counts
    /flags/FLAG          codes of the schools that have the flag
    /schools/CODE        why a school has what it has, as text
    """
    match [unquote(part) for part in urlsplit(path).path.split("/") if part]:
        case []:
            return {"raised": {flag.flag: flag.raised for flag in outcome.summary().flags}}
        case ["flags", flag]:
            return [code for (code,) in outcome.flags.picked("entity", flag=flag, verdict="met")]
        case ["schools", code]:
            try:
                return {"school": code, "text": shsnor.explain(outcome, code).text()}
            except shsnor.UsageError:
                return None
        case _:
            return None


def serve(outcome: shsnor.Outcome, port: int) -> ThreadingHTTPServer:
    """A server on this machine only; `serve_forever` starts it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = answer(outcome, self.path)
            body = json.dumps(found, ensure_ascii=False).encode()
            self.send_response(200 if found is not None else 404)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Paths hold codes of schools: they are not written to a log."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


if __name__ == "__main__":
    serve(shsnor.load_outcome(sys.argv[1]), int(sys.argv[2])).serve_forever()
