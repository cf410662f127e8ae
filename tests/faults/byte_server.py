"""An HTTP server on 127.0.0.1 that answers each request with given bytes, or with pieces as they come."""

import threading
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[str, str, dict[str, str], bytes], bytes | Iterable[bytes]]


def serve_bytes(answer: Answer) -> ThreadingHTTPServer:
    """Starts it on a free port. `answer(method, target, headers, body)` gives the whole response, status line and all."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.close_connection = True
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            told = answer(self.command, self.path, dict(self.headers.items()), body)
            try:
                for piece in [told] if isinstance(told, bytes) else told:
                    self.wfile.write(piece)
                    self.wfile.flush()
            except OSError:
                pass

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    threading.Thread(target=httpd.serve_forever, args=(0.05,), daemon=True).start()
    return httpd
