# SPDX-License-Identifier: GPL-3.0-or-later
"""A proxy on loopback that counts what goes through it, and cuts, stalls, delays, throttles, truncates, corrupts and doubles
where a test says so."""
import re
import select
import socket
import threading
import time

BLOCK = 65536
# So much of a slow link's time goes at once.
SLICE_S = 0.02


class Cut(Exception):
    """Raised by a hook: both ends of this connection are closed, and nothing more is passed on."""


class Link:
    """What a link is like, for all connections through it together: slow (bytes a second each way), late (seconds), and
    broken after so many bytes or seconds, when all connections are cut and the next ones find it whole again."""

    def __init__(self, rate=None, delay=0, break_bytes=None, break_seconds=None):
        self.rate, self.delay = rate, delay
        self.break_bytes, self.break_seconds = break_bytes, break_seconds
        self.lock = threading.Lock()
        self.free_at = {True: 0.0, False: 0.0}
        self.era, self.passed, self.since = 0, 0, time.monotonic()

    def lose(self):
        """All connections are cut, each when it is next used; the link is there again at once."""
        with self.lock:
            self.era += 1

    @property
    def block(self):
        return max(512, min(BLOCK, int(self.rate * SLICE_S))) if self.rate else BLOCK

    def carry(self, era, up, data):
        """Returns when these bytes have arrived; raises Cut when the link has broken since the connection's era."""
        with self.lock:
            now = time.monotonic()
            self.passed += len(data)
            if (self.break_bytes and self.passed > self.break_bytes
                    or self.break_seconds and now - self.since > self.break_seconds):
                self.era, self.passed, self.since = self.era + 1, 0, now
            if era != self.era:
                raise Cut
            arrives = max(now, self.free_at[up]) + (len(data) / self.rate if self.rate else 0)
            self.free_at[up] = arrives
        wait = arrives + self.delay - now
        if wait > 0:
            select.select([], [], [], wait)


def at_byte(n, up, deed):
    """A hook for on_bytes: does it once, at the n-th byte of those that go this way."""
    seen, lock = [0, False], threading.Lock()

    def hook(is_up, data):
        if is_up != up:
            return data
        with lock:
            at, seen[0] = n - seen[0], seen[0] + len(data)
            if seen[1] or not 0 <= at < len(data):
                return data
            seen[1] = True
        return deed(data, at)
    hook.has_happened = lambda: seen[1]
    return hook


def cut(data, at):
    raise Cut


def truncate(data, at):
    """What came before arrives, and nothing after it."""
    raise Cut(data[:at])


def corrupt(data, at):
    return data[:at] + bytes([data[at] ^ 0x20]) + data[at + 1:]


class Stall:
    """Nothing more comes, and nobody is told, until it is let go on; then the connection is cut."""

    def __init__(self):
        self.let_go = threading.Event()

    def __call__(self, data, at):
        self.let_go.wait()
        raise Cut


class Proxy:
    """Speaks as much HTTP/1.1 as it needs to see where a request begins and ends, or none when it is opaque. The hooks are
    called before what they tell of is passed on, and may raise Cut:

      on_bytes(up, data)                    bytes that go up to the hub or down from it; returns what is passed on
      on_body(method, path, sent, length)   bytes of this body passed on so far, and all there will be
      on_whole(method, path)                after a request was passed on whole
      on_reply(method, path)                the first bytes of its answer have come from the hub
      doubles(method, path)                 whether the hub gets this request a second time, for which nobody hears its answer"""

    def __init__(self, port, link=None, opaque=False):
        self.port_behind, self.link, self.opaque = port, link or Link(), opaque
        self.on_body = self.on_whole = self.on_reply = lambda *what: None
        self.doubles = lambda method, path: False
        self.on_bytes = lambda up, data: data
        self.requests = []
        self.body_bytes = {}
        self.lock = threading.Lock()
        self.bytes = 0  # both ways, heads and bodies
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.accept, daemon=True).start()

    def close(self):
        self.listener.close()

    def count(self, method, path=""):
        return sum(1 for one in self.requests if one[0] == method and one[1].startswith(path))

    def send(self, to, era, up, data):
        for i in range(0, len(data), self.link.block):
            part = data[i:i + self.link.block]
            self.link.carry(era, up, part)
            try:
                part = self.on_bytes(up, part)
            except Cut as end:
                if end.args:
                    to.sendall(end.args[0])
                raise
            to.sendall(part)
            with self.lock:
                self.bytes += len(part)

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        try:
            hub = socket.create_connection(("127.0.0.1", self.port_behind))
        except OSError:
            client.close()
            return
        current, era = [], self.link.era
        back = threading.Thread(target=self.pass_back, args=(hub, client, current, era), daemon=True)
        back.start()
        try:
            (self.pass_blindly if self.opaque else self.pass_on)(client, hub, current, era)
        except (Cut, OSError):
            pass
        for end in (client, hub):
            shut(end)
        back.join()
        client.close()
        hub.close()

    def pass_blindly(self, client, hub, current, era):
        while data := client.recv(BLOCK):
            self.send(hub, era, True, data)

    def pass_on(self, client, hub, current, era):
        pending = b""
        while True:
            while b"\r\n\r\n" not in pending:
                data = client.recv(BLOCK)
                if not data:
                    return
                pending += data
            head, pending = pending.split(b"\r\n\r\n", 1)
            method, path = head.split(b" ", 2)[:2]
            method, path = method.decode(), path.decode()
            match = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
            length = int(match.group(1)) if match else 0
            self.requests.append((method, path))
            current[:] = [method, path]
            whole = [head, b"\r\n\r\n"]
            self.send(hub, era, True, b"".join(whole))
            sent = 0
            while sent < length:
                data = pending[:length - sent] or client.recv(min(BLOCK, length - sent))
                if not data:
                    return
                pending = pending[len(data):] if pending else b""
                whole.append(data)
                for i in range(0, len(data), self.link.block):
                    part = data[i:i + self.link.block]
                    self.send(hub, era, True, part)
                    sent += len(part)
                    self.body_bytes[method, path] = self.body_bytes.get((method, path), 0) + len(part)
                    self.on_body(method, path, sent, length)
            if self.doubles(method, path):
                self.send_double(b"".join(whole))
            self.on_whole(method, path)

    def send_double(self, request):
        with socket.create_connection(("127.0.0.1", self.port_behind)) as hub:
            hub.sendall(request)
            answer = b""
            while b"\r\n\r\n" not in answer:
                data = hub.recv(BLOCK)
                if not data:
                    return
                answer += data

    def pass_back(self, hub, client, current, era):
        try:
            while data := hub.recv(BLOCK):
                self.on_reply(*current)
                self.send(client, era, False, data)
        except (Cut, OSError):
            pass
        shut(client)
        shut(hub)


def shut(end):
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
