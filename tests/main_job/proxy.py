# SPDX-License-Identifier: GPL-3.0-or-later
"""A proxy on loopback that counts what goes through it and cuts where a test says so."""
import re
import socket
import threading

BLOCK = 65536


class Cut(Exception):
    """Raised by a hook: both ends of this connection are closed, and nothing more is passed on."""


class Proxy:
    """Speaks as much HTTP/1.1 as it needs to see where a request begins and ends. The hooks are called
    before what they tell of is passed on, and may raise Cut:

      on_body(method, path, sent, length)   bytes of this body passed on so far, and all there will be
      on_whole(method, path)                after a request was passed on whole
      on_reply(method, path)                the first bytes of its answer have come from the hub"""

    def __init__(self, port):
        self.port_behind = port
        self.on_body = self.on_whole = self.on_reply = lambda *what: None
        self.requests = []
        self.body_bytes = {}
        self.lock = threading.Lock()
        self.bytes = 0  # both ways, heads and bodies
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def close(self):
        self.listener.close()

    def count(self, method, path=""):
        return sum(1 for one in self.requests if one[0] == method and one[1].startswith(path))

    def count_bytes(self, n):
        with self.lock:
            self.bytes += n

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
        current = []
        back = threading.Thread(target=self.pass_back, args=(hub, client, current), daemon=True)
        back.start()
        try:
            self.pass_on(client, hub, current)
        except (Cut, OSError):
            pass
        for end in (client, hub):
            shut(end)
        back.join()
        client.close()
        hub.close()

    def pass_on(self, client, hub, current):
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
            hub.sendall(head + b"\r\n\r\n")
            self.count_bytes(len(head) + 4)
            sent = 0
            while sent < length:
                data = pending[:length - sent] or client.recv(min(BLOCK, length - sent))
                if not data:
                    return
                pending = pending[len(data):] if pending else b""
                hub.sendall(data)
                sent += len(data)
                self.count_bytes(len(data))
                self.body_bytes[method, path] = self.body_bytes.get((method, path), 0) + len(data)
                self.on_body(method, path, sent, length)
            self.on_whole(method, path)

    def pass_back(self, hub, client, current):
        try:
            while True:
                data = hub.recv(BLOCK)
                if not data:
                    break
                self.on_reply(*current)
                client.sendall(data)
                self.count_bytes(len(data))
        except (Cut, OSError):
            pass
        shut(client)
        shut(hub)


def shut(end):
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
