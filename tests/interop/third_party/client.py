# SPDX-License-Identifier: GPL-3.0-or-later
"""A tablet written from app/PROTOCOL.md alone, with nothing but Python: no code of the project is in it. The numbers
in brackets are the page's chapters."""
import base64
import gzip
import hashlib
import http.client
import json
import os
import random
import sqlite3
import time
import urllib.parse
import uuid

AGAIN = {408, 423, 429, 500, 503, 507}
PUSH_OPERATIONS = 200
TRIES = 20


class NoAnswer(Exception):
    """Nothing whole came back: the outcome is unknown."""


class Refused(Exception):
    """The hub's own word (16)."""

    def __init__(self, status, code, message):
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code = status, code


class OtherHistory(Exception):
    """The hub has gone back (12)."""


class Wire:
    def __init__(self, url):
        where = urllib.parse.urlsplit(url)
        self.host, self.port = where.hostname, where.port
        self.token = None
        self.lose_replies = 0

    def headers(self, more=None):
        headers = {"Shetach-Protocol": "1", "Accept-Encoding": "gzip"}
        if self.token:
            headers["Authorization"] = "Bearer " + self.token
        return {**headers, **(more or {})}

    def ask(self, method, path, body=None, headers=None):
        """Status, headers in lower case, body."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=70)
        try:
            connection.request(method, path, body, self.headers(headers))
            answer = connection.getresponse()
            data = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(str(error)) from error
        finally:
            connection.close()
        if self.lose_replies:
            self.lose_replies -= 1
            raise NoAnswer("lost on the way")
        told = {name.lower(): value for name, value in answer.getheaders()}
        if told.get("content-encoding") == "gzip":
            data = gzip.decompress(data)
        return answer.status, told, data

    def want(self, method, path, body=None, headers=None):
        status, told, data = self.ask(method, path, body, headers)
        if status < 300:
            return told, data
        raise refusal(status, data)


def refusal(status, data):
    try:
        said = json.loads(data)
    except ValueError:
        said = {}
    return Refused(status, said.get("error"), said.get("message"))


def new_id():
    """UUIDv7."""
    milliseconds = time.time_ns() // 1_000_000
    bits = milliseconds << 80 | 7 << 76 | random.getrandbits(12) << 64 | 2 << 62 | random.getrandbits(62)
    return str(uuid.UUID(int=bits))


def frozen(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def fingerprint(line):
    return int.from_bytes(hashlib.sha256(line.encode()).digest()[:8], "big")


def lines_of(data, last):
    """The answer's lines; its last one has to be of that type."""
    if not data.endswith(b"\n"):
        raise NoAnswer("cut short")
    lines = data.decode().split("\n")[:-1]
    parsed = [json.loads(line) for line in lines]
    if [one["t"] for one in parsed].index(last) != len(parsed) - 1:
        raise NoAnswer("its last line is not at its end")
    return list(zip(lines, parsed))


class Store:
    """What the hub said, by its bytes; what is to be sent, and the sent journal."""

    TABLES = """
    CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value);
    CREATE TABLE IF NOT EXISTS entity (type TEXT, id TEXT, parent TEXT, line TEXT, PRIMARY KEY (type, id));
    CREATE TABLE IF NOT EXISTS member (scope TEXT, type TEXT, id TEXT, generation INTEGER, PRIMARY KEY (scope, type, id));
    CREATE TABLE IF NOT EXISTS op (n INTEGER PRIMARY KEY, id TEXT UNIQUE, bytes TEXT, state TEXT DEFAULT 'waits',
      seq INTEGER, incarnation TEXT, number INTEGER, history TEXT, result TEXT);
    CREATE TABLE IF NOT EXISTS photo (sha256 TEXT PRIMARY KEY, op TEXT, bytes BLOB, url TEXT, state TEXT DEFAULT 'waits',
      number INTEGER, history TEXT);
    """

    def __init__(self, folder):
        os.makedirs(folder, exist_ok=True)
        self.db = sqlite3.connect(os.path.join(folder, "store.db"))
        self.db.executescript("PRAGMA synchronous = FULL;" + self.TABLES)

    def get(self, key, otherwise=None):
        row = self.db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else otherwise

    def put(self, key, value):
        self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def rows(self, sql, *values):
        return self.db.execute(sql, values).fetchall()

    def entity(self, kind, id):
        row = self.db.execute("SELECT line FROM entity WHERE type = ? AND id = ?", (kind, id)).fetchone()
        return json.loads(row[0]) if row else None

    def entities(self, kind, parent=None):
        return [json.loads(row[0]) for row in
                self.rows("SELECT line FROM entity WHERE type = ?1 AND (?2 IS NULL OR parent = ?2) ORDER BY id", kind, parent)]

    def set_entity(self, line, one):
        parent = one.get("ticket") if one["t"] in ("event", "photo") else None
        self.db.execute("INSERT OR REPLACE INTO entity VALUES (?, ?, ?, ?)", (one["t"], one["id"], parent, line))


class Tablet:
    def __init__(self, folder, url):
        self.store = Store(folder)
        self.wire = Wire(url)
        self.wire.token = self.store.get("token")
        self.limit = 1000
        self.pages = self.duplicates = self.resyncs = self.new_incarnations = 0
        if self.store.get("device") is None:
            with self.store.db:
                self.store.put("device", new_id())
                self.store.put("incarnation", uuid.uuid4().hex[:16])

    # --- enrolment (2) ---

    def enrol(self, code):
        body = frozen({"code": code, "device": self.store.get("device")})
        _, data = self.wire.want("POST", "/v1/enrol", body, {"Content-Type": "application/json"})
        answer = json.loads(data)
        with self.store.db:
            for key in ("token", "person", "crew", "role"):
                self.store.put(key, answer.get(key))
        self.wire.token = answer["token"]
        return answer

    # --- pull (5) ---

    def hear(self, last):
        """Another history: all that is confirmed and not backed up goes again (12)."""
        known = self.store.get("history")
        if known is not None and last["history"] != known:
            with self.store.db:
                self.store.put("history", last["history"])
                self.begin_anew()
            raise OtherHistory()
        self.store.put("history", last["history"])

    def begin_anew(self):
        self.resyncs += 1
        store = self.store
        store.put("cursor", "")
        store.put("head", 0)
        store.put("generation", store.get("generation", 1) + 1)
        store.db.execute("UPDATE op SET state = 'waits', seq = NULL WHERE state IN ('waits', 'confirmed') OR number > 0")
        store.db.execute("UPDATE photo SET state = 'waits', url = NULL")

    def resync(self):
        with self.store.db:
            self.store.put("history", None)
            self.begin_anew()

    def let_go(self, last):
        for table in ("op", "photo"):
            self.store.db.execute(f"DELETE FROM {table} WHERE state = 'confirmed' AND number <= ? AND history = ?",
                                  (last["backed_up_through"], last["history"]))

    def pull_page(self):
        """Returns whether more follows."""
        cursor = urllib.parse.quote(self.store.get("cursor", ""), safe="")
        _, data = self.wire.want("GET", f"/v1/sync/pull?cursor={cursor}&limit={self.limit}")
        return self.take_page(data)

    def take_page(self, data):
        lines = lines_of(data, "cursor")
        last = lines.pop()[1]
        if last["rows"] != sum(one["t"] != "scope" for _, one in lines):
            raise NoAnswer("rows are missing")
        self.hear(last)
        if last["head"] < self.store.get("head", 0):
            raise NoAnswer("older than what was confirmed")
        with self.store.db:
            self.take_lines(lines)
            for scope, in self.store.rows("SELECT DISTINCT scope FROM member"):
                if scope not in last["scopes"]:
                    self.store.db.execute("DELETE FROM member WHERE scope = ?", (scope,))
            if not last["more"]:
                self.clear_out()
                self.store.db.execute("UPDATE photo SET number = ?, history = ? WHERE state = 'confirmed' AND number IS NULL",
                                      (last["head"], last["history"]))
            self.let_go(last)
            self.store.put("cursor", last["cursor"])
        self.pages += 1
        return last["more"]

    def take_lines(self, lines):
        generation = self.store.get("generation", 1)
        scope = None
        for line, one in lines:
            if one["t"] == "scope":
                scope = one["scope"]
            elif one["t"] == "leave":
                self.store.db.execute("DELETE FROM member WHERE scope = ? AND type = ? AND id = ?",
                                      (scope, one["of"], one["id"]))
            else:
                if one["t"] == "ticket" and self.is_old(one["id"], generation):
                    self.store.db.execute("DELETE FROM entity WHERE parent = ?", (one["id"],))
                self.store.set_entity(line, one)
                if one["t"] not in ("event", "photo"):
                    self.store.db.execute("INSERT OR REPLACE INTO member VALUES (?, ?, ?, ?)",
                                          (scope, one["t"], one["id"], generation))

    def is_old(self, ticket, generation):
        newest, = self.store.rows("SELECT max(generation) FROM member WHERE type = 'ticket' AND id = ?", ticket)[0]
        return newest is not None and newest < generation

    def clear_out(self):
        """All is pulled: what a resync did not name, and what is in no scope, goes."""
        db = self.store.db
        db.execute("DELETE FROM member WHERE generation < ?", (self.store.get("generation", 1),))
        db.execute("DELETE FROM entity WHERE type NOT IN ('event', 'photo') AND (type, id) NOT IN "
                   "(SELECT type, id FROM member)")
        db.execute("DELETE FROM entity WHERE type IN ('event', 'photo') AND parent NOT IN "
                   "(SELECT id FROM entity WHERE type = 'ticket')")

    # --- operations (7) ---

    def act(self, kind, entity, fields, seen=(), photo=None, **more):
        """Freezes an intent; seen: the fields whose version goes into the base."""
        of = self.store.entity(kind.split(".")[0], entity) if seen else None
        op = {"op": new_id(), "kind": kind, "entity": entity}
        if seen:
            op["base"] = {field: (of or {}).get("v", {}).get(field, [0])[0] for field in seen}
        op.update(fields=fields, at=time.time_ns() // 1_000_000)
        if self.store.get("person"):
            op["actor"] = self.store.get("person")
        if self.store.get("history"):
            op["history"] = self.store.get("history")
        op.update(more)
        with self.store.db:
            self.store.db.execute("INSERT INTO op (id, bytes) VALUES (?, ?)", (op["op"], frozen(op)))
            if photo:
                self.store.db.execute("INSERT INTO photo (sha256, op, bytes) VALUES (?, ?, ?)",
                                      (fields["photo"]["sha256"], op["op"], photo))
        return op["op"]

    def step(self, ticket, want):
        seen = self.store.entity("ticket", ticket)["status"]
        return self.act("ticket.status", ticket, {"want": want, "seen": seen}, ["status"])

    def attach(self, ticket, photo, **more):
        sha256 = hashlib.sha256(photo).hexdigest()
        entity = {"id": new_id(), "source_sha256": sha256, "sha256": sha256, "size": len(photo), **more}
        return self.act("photo.attach", ticket, {"photo": entity}, photo=photo)

    # --- push (6) ---

    def next_push(self):
        """Numbers what goes, upwards, and keeps that it was attempted before it is sent."""
        store, batch = self.store, []
        incarnation = store.get("incarnation")
        with store.db:
            last = 0
            for id, line, seq, under in store.rows("SELECT id, bytes, seq, incarnation FROM op WHERE state = 'waits' "
                                                   "ORDER BY n LIMIT ?", PUSH_OPERATIONS):
                if under != incarnation or seq is None or seq <= last:
                    seq = store.get("next_seq", 1)
                    store.put("next_seq", seq + 1)
                    store.db.execute("UPDATE op SET seq = ?, incarnation = ? WHERE id = ?", (seq, incarnation, id))
                last = seq
                batch.append((id, seq, line))
        return batch

    def push(self):
        """Returns how many went."""
        batch = self.next_push()
        if not batch:
            return 0
        first = {"ops": [{"op": id, "seq": seq} for id, seq, _ in batch], "clock_offset_ms": 0,
                 "incarnation": self.store.get("incarnation")}
        if self.store.get("history"):
            first.update(history=self.store.get("history"), head=self.store.get("head", 0))
        body = "\n".join([frozen(first)] + [line for _, _, line in batch]) + "\n"
        _, data = self.wire.want("POST", "/v1/sync/push", body.encode(), {"Content-Type": "application/x-ndjson"})
        self.take_results(data)
        return len(batch)

    def take_results(self, data):
        lines = lines_of(data, "end")
        last = lines.pop()[1]
        self.hear(last)
        with self.store.db:
            for line, one in lines:
                if one["t"] == "result":
                    self.duplicates += one.get("duplicate", False)
                    state = "confirmed" if one["result"] in ("applied", "merged") else "to decide"
                    self.store.db.execute("UPDATE op SET state = ?, number = ?, history = ?, result = ? WHERE id = ?",
                                          (state, one.get("number", 0), last["history"], line, one["op"]))
                elif self.is_wanted(one):
                    self.store.set_entity(line, one)
            self.let_go(last)
            self.store.put("head", max(last["head"], self.store.get("head", 0)))

    def is_wanted(self, one):
        holder = one["ticket"] if one["t"] in ("event", "photo") and "ticket" in one else one["id"]
        if one["t"] in ("event", "photo", "ticket") and self.store.entity("ticket", holder) is None:
            return False
        known = self.store.entity(one["t"], one["id"])
        return one["t"] in ("event", "photo") and known is None or known is not None and one["rev"] >= known["rev"]

    def result(self, op):
        row = self.store.rows("SELECT result FROM op WHERE id = ?", op)
        return json.loads(row[0][0]) if row and row[0][0] else None

    def waiting(self):
        return [id for id, in self.store.rows("SELECT id FROM op WHERE state = 'waits' UNION ALL "
                                              "SELECT sha256 FROM photo WHERE state = 'waits'")]

    def new_incarnation(self):
        self.new_incarnations += 1
        with self.store.db:
            self.store.put("incarnation", uuid.uuid4().hex[:16])
            self.store.put("next_seq", 1)

    # --- photos (14) ---

    def tus(self, method, path, headers=None, body=None):
        return self.wire.ask(method, path, body, {"Tus-Resumable": "1.0.0", **(headers or {})})

    def create_upload(self, sha256, size):
        name = base64.b64encode(sha256.encode()).decode()
        status, told, data = self.tus("POST", "/v1/files/", {"Upload-Length": str(size), "Upload-Metadata": f"sha256 {name}"})
        if status != 201:
            raise refusal(status, data)
        with self.store.db:
            self.store.db.execute("UPDATE photo SET url = ? WHERE sha256 = ?", (told["location"], sha256))
        return told["location"], int(told["upload-offset"])

    def chunk_headers(self, offset, chunk):
        checksum = base64.b64encode(hashlib.sha256(chunk).digest()).decode()
        return {"Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset),
                "Upload-Checksum": f"sha256 {checksum}"}

    def upload(self, sha256, chunk_size=256 * 1024):
        """Goes on where the hub says it stands. Returns at which offsets chunks were sent."""
        (photo, url), = self.store.rows("SELECT bytes, url FROM photo WHERE sha256 = ?", sha256)
        sent, offset = [], None
        while offset != len(photo):
            if url is None:
                url, offset = self.create_upload(sha256, len(photo))
                continue
            if offset is None:
                status, told, _ = self.tus("HEAD", url)
                url, offset = (url, int(told["upload-offset"])) if status == 200 else (None, None)
                continue
            chunk = photo[offset:offset + chunk_size]
            status, told, data = self.tus("PATCH", url, self.chunk_headers(offset, chunk), chunk)
            if status == 204:
                sent.append(offset)
                offset = int(told["upload-offset"])
            elif status in (409, 460):
                offset = None
            elif status in (404, 410):
                url = None
            else:
                raise refusal(status, data)
        with self.store.db:
            self.store.db.execute("UPDATE photo SET state = 'confirmed', number = NULL WHERE sha256 = ?", (sha256,))
        return sent

    # --- check (13) ---

    def digest(self, scope, prefix=""):
        rows = self.store.rows("SELECT e.line FROM member AS m JOIN entity AS e ON e.type = m.type AND e.id = m.id "
                               "WHERE m.scope = ?1 AND substr(m.id, 1, length(?2)) = ?2 UNION ALL "
                               "SELECT e.line FROM member AS m JOIN entity AS e ON e.parent = m.id "
                               "WHERE m.scope = ?1 AND m.type = 'ticket' AND substr(m.id, 1, length(?2)) = ?2", scope, prefix)
        return [len(rows), "%016x" % (sum(fingerprint(line) for line, in rows) % 2 ** 64)]

    def check(self, scope, prefix=""):
        words = urllib.parse.urlencode({"scope": scope, "prefix": prefix})
        return json.loads(self.wire.want("GET", f"/v1/sync/check?{words}")[1])

    def differs(self, scope, prefix=""):
        """The beginnings of the ids of what differs, as long as need be."""
        told = self.check(scope, prefix)
        if [told["count"], told["sum"]] == self.digest(scope, prefix):
            return []
        found = []
        held = {id[len(prefix)] for id, in self.store.rows("SELECT id FROM member WHERE scope = ?", scope)
                if id.startswith(prefix) and len(id) > len(prefix)}
        for letter in sorted(held | set(told["next"])):
            if told["next"].get(letter, [0, "0" * 16]) != self.digest(scope, prefix + letter):
                found += self.differs(scope, prefix + letter)
        return found or [prefix]

    def scopes(self):
        return [scope for scope, in self.store.rows("SELECT DISTINCT scope FROM member ORDER BY scope")]

    # --- all of it (15) ---

    def sync(self):
        failures = 0
        while True:
            try:
                while self.push():
                    pass
                for sha256, in self.store.rows("SELECT sha256 FROM photo WHERE state = 'waits'"):
                    self.upload(sha256)
                while self.pull_page():
                    pass
                if not self.waiting():
                    return
            except OtherHistory:
                pass
            except NoAnswer:
                failures += 1
            except Refused as refused:
                if refused.status == 410:
                    self.resync()
                elif refused.code == "incarnation":
                    self.new_incarnation()
                elif refused.status in AGAIN:
                    failures += 1
                else:
                    raise
            if failures > TRIES:
                raise NoAnswer("tried often enough")
            if failures:
                time.sleep(random.uniform(0, min(8, 0.5 * 2 ** (failures - 1))))
