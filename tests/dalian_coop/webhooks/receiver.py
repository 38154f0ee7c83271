"""A real receiver on this machine: takes, fails, redirects, hangs or dribbles, and keeps what it got."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver:
    """``behaviour`` is a status, "hang", "dribble", "redirect" or "drop"; ``got`` holds (headers, body) of each try."""

    def __init__(self):
        self.behaviour = 204
        self.got: list[tuple[dict, bytes]] = []
        self.stopping = threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.casefold(): value for name, value in self.headers.items()}
                receiver.got.append((headers | {"path": self.path}, body))
                receiver.answer(self)

            def do_GET(self):
                receiver.got.append(({"path": self.path, "method": "GET"}, b""))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *arguments):
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/hook?x=1"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def answer(self, handler) -> None:
        match self.behaviour:
            case int(status):
                handler.send_response(status)
                handler.end_headers()
            case "redirect":
                handler.send_response(302)
                handler.send_header("Location", f"http://127.0.0.1:{self.port}/inner")
                handler.end_headers()
            case "hang":
                self.stopping.wait(30)
            case "dribble":
                while not self.stopping.is_set():
                    try:
                        handler.wfile.write(b"H")
                        handler.wfile.flush()
                    except OSError:
                        return
                    time.sleep(0.05)
            case "drop":
                handler.connection.close()

    def close(self) -> None:
        self.stopping.set()
        self.server.shutdown()
        self.server.server_close()
