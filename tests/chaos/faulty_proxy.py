"""A proxy before an S3 server that harms what passes: `python -m tests.chaos.faulty_proxy PORT TARGET FOLDER SEED`.

`FOLDER/rate` says which share of the requests is harmed, and is read for each; `FOLDER/done` gets a line for each harm.
"""

import http.client
import socket
import struct
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random

LONGEST_WAIT_SECONDS = 0.5
# Refused before or after the server did it, cut off before, after or within the answer, and late.
HARMS = ("500", "503", "500 after", "reset", "reset after", "half an answer", "late")
NO_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class Faulty(BaseHTTPRequestHandler):
    """Passes a request on and its answer back, or does harm."""

    protocol_version = "HTTP/1.1"
    target: str
    folder: Path
    chance: Random

    def handle_one(self) -> None:
        """Answer one request."""
        body = self._body()
        harm = self._chosen_harm()
        if harm == "late":
            time.sleep(self.chance.uniform(0, LONGEST_WAIT_SECONDS))
        if harm in ("500", "503"):
            self._refuse(int(harm))
        elif harm == "reset":
            self._reset()
        else:
            self._pass_on(body, harm)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_one

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _chosen_harm(self) -> str:
        if self.chance.random() >= float((self.folder / "rate").read_text() or 0):
            return ""
        harm = self.chance.choice(HARMS)
        with (self.folder / "done").open("a") as stream:
            stream.write(f"{harm}\n")
        return harm

    def _pass_on(self, body: bytes, harm: str) -> None:
        server = http.client.HTTPConnection(self.target)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in NO_CONNECTION}
        server.request(self.command, self.path, body or None, headers)
        answer = server.getresponse()
        content = answer.read()
        server.close()
        if harm == "500 after":
            self._refuse(500)
        elif harm == "reset after":
            self._reset()
        else:
            length = answer.headers["Content-Length"] if self.command == "HEAD" else str(len(content))
            self._send(answer.status, content, length, answer.headers.items(), is_cut=harm == "half an answer")

    def _send(self, status: int, content: bytes, length: str | None, headers, *, is_cut: bool = False) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in NO_CONNECTION:
                self.send_header(name, value)
        self.send_header("Content-Length", length or "0")
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else content[: len(content) // 2] if is_cut else content)
        if is_cut:
            self._reset()

    def _refuse(self, status: int) -> None:
        code = {500: "InternalError", 503: "SlowDown"}[status]
        content = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>No.</Message></Error>".encode()
        self._send(status, content, str(len(content)), [("Content-Type", "application/xml")])

    def _reset(self) -> None:
        """End the connection as a failed machine does, not politely."""
        self.close_connection = True
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        content = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            content += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return content


def main(port: str, target: str, folder: str, seed: str) -> None:
    """Serve until it is ended."""
    Faulty.target, Faulty.folder, Faulty.chance = target, Path(folder), Random(seed)
    ThreadingHTTPServer(("127.0.0.1", int(port)), Faulty).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
