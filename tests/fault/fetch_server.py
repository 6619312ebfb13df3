"""A small HTTP server for the tests of fetch: it gives files with ranges, and misbehaves as it is told."""
import http.server
import re
import socket
import threading
import time


class File:
    """What is served at one address. Each misbehaviour is an attribute; a test sets what it needs."""

    def __init__(self, body, **how):
        self.body = body
        self.etag = '"1"'
        self.modified = "Sun, 22 Nov 2026 20:00:00 GMT"
        self.ranges = True  # False: ranges are ignored
        self.if_range = True  # False: If-Range is ignored
        self.cut_after = None  # bytes of body, then the connection is closed
        self.length_error = 0  # added to Content-Length
        self.chunked = False  # no Content-Length
        self.encoding = None  # Content-Encoding
        self.rate = None  # bytes per second and connection
        self.status = None  # (code, headers) or None; may be a function of the number of the request
        self.redirect = None
        self.shift = 0  # ranges are answered with other bytes than Content-Range says
        self.wrong_range = False  # Content-Range is not what was asked for
        self.most_at_once = None  # more requests at a time get 503
        self.on_request = None  # called with this file and the number of the request
        self.requests = []  # (from, to) of each, None for whole files
        self.sent = 0
        self.now = 0
        self.lock = threading.Lock()
        for name, value in how.items():
            assert hasattr(self, name), name
            setattr(self, name, value)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def do_GET(self):
        file = self.server.files.get(self.path.split("?")[0])
        if file is None:
            return self.refuse(404, {})
        with file.lock:
            file.now += 1
        try:
            self.serve(file)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            with file.lock:
                file.now -= 1

    def refuse(self, code, headers):
        page = b"no\n"
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def asked(self, file):
        match = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if not match or not file.ranges:
            return None
        same = self.headers.get("If-Range", file.etag) in (file.etag, file.modified)
        if not same and file.if_range:
            return None
        return int(match[1]), int(match[2]) + 1 if match[2] else len(file.body)

    def serve(self, file):
        with file.lock:
            number = len(file.requests)
            file.requests.append(None)
        if file.on_request:
            file.on_request(file, number)
        asked = self.asked(file)
        file.requests[number] = asked
        status = file.status(number) if callable(file.status) else file.status
        if file.most_at_once and file.now > file.most_at_once:
            status = (503, {})
        if status:
            return self.refuse(*status)
        if file.redirect:
            return self.refuse(302, {"Location": file.redirect})
        if asked and asked[0] >= len(file.body):
            return self.refuse(416, {"Content-Range": f"bytes */{len(file.body)}"})
        self.answer(file, asked)

    def answer(self, file, asked):
        start, end = asked or (0, len(file.body))
        end = min(end, len(file.body))
        self.send_response(206 if asked else 200)
        if asked:
            first = start + 1 if file.wrong_range else start
            self.send_header("Content-Range", f"bytes {first}-{end - 1}/{len(file.body)}")
        if file.etag:
            self.send_header("ETag", file.etag)
        if file.modified:
            self.send_header("Last-Modified", file.modified)
        if file.encoding:
            self.send_header("Content-Encoding", file.encoding)
        if file.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(end - start + file.length_error))
        self.end_headers()
        body = (file.body[file.shift :] + file.body[: file.shift])[start:end] if asked else file.body
        self.give(file, memoryview(body))
        if file.length_error:
            self.close_connection = True

    def give(self, file, body):
        began, given, step = time.monotonic(), 0, 1 << 16 if file.rate else 1 << 18
        while given < len(body):
            piece = body[given : given + step]
            if file.cut_after is not None and given + len(piece) > file.cut_after:
                self.send(file, piece[: max(0, file.cut_after - given)])
                self.connection.shutdown(socket.SHUT_RDWR)
                raise ConnectionResetError
            self.send(file, piece)
            given += len(piece)
            ahead = given / file.rate - (time.monotonic() - began) if file.rate else 0
            if ahead > 0:
                time.sleep(ahead)
        if file.chunked:
            self.wfile.write(b"0\r\n\r\n")

    def send(self, file, piece):
        if file.chunked and piece:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), bytes(piece)))
        else:
            self.wfile.write(piece)
        with file.lock:
            file.sent += len(piece)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port=0):
        super().__init__(("127.0.0.1", port), Handler)
        self.files = {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def add(self, path, body, **how):
        self.files[path] = File(body, **how)
        return self.files[path]

    def url(self, path):
        return f"http://127.0.0.1:{self.server_address[1]}{path}"

    def handle_error(self, *_):
        pass
