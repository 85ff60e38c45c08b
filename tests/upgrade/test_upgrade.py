# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs go on with what an earlier release left, with its work that was not sent; see `make`.

test_upgrade.py HUB CTL CUT: CUT is the program that interrupts a migration at each write."""
import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "main_job"))
import harness  # noqa: E402
from harness import Hub, Tablet, equal, expect, main, refused, test  # noqa: E402

CUT = os.path.abspath(sys.argv.pop(3))


def unpack(folder):
    with tarfile.open(os.path.join(HERE, "first.tar.xz")) as tar:
        tar.extractall(folder)
    with open(f"{folder}/expected.json", encoding="utf-8") as file:
        expected = json.load(file)
    return Hub(f"{folder}/hub", sample=False), Tablet(f"{folder}/tablet"), expected


def schema(path):
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        return db.execute("PRAGMA user_version").fetchone()[0]


def rows(path, table, columns):
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        return db.execute(f"SELECT {columns} FROM {table} ORDER BY 1, 2").fetchall()


def without(rows_, *names):
    return [{key: value for key, value in row.items() if key not in names} for row in rows_]


def told(view):
    """What a ticket told of in the first release; it had no voice notes, and did not say what was promised."""
    equal(view["voices"], [])
    return {member: value for member, value in view.items() if member not in ("voices", "sla")}


OPS = ("op", "n, op, kind, type, entity, ticket, bytes, depends_on, state, device_seq, made_at, number")
BLOBS = ("blob", "n, sha256, photo, op, is_thumb, size, state, url")


def point_at(tablet, hub):
    path = f"{tablet.folder}/device.json"
    with open(path, encoding="utf-8") as file:
        device = json.load(file)
    device["url"] = hub.url
    with open(path, "w", encoding="utf-8") as file:
        json.dump(device, file)


@test
def what_indexes_go_by_is_read_from_what_is_there(folder):
    hub, tablet, expected = unpack(folder)
    store, data = f"{tablet.folder}/store.db", f"{hub.folder}/hub.db"
    with sqlite3.connect(store) as db:
        for id_, member in zip([row[0] for row in db.execute("SELECT id FROM event ORDER BY id LIMIT 3")],
                               ('"undecided":1', '"contribution":true', '"undecided":2,"contribution":true')):
            db.execute("UPDATE event SET doc = '{' || ? || ',' || substr(doc, 2) WHERE id = ?", (member, id_))
    tablet.outbox()
    equal([mark for _, mark in rows(store, "event", "id, mark")][:4], [1, 2, 3, 0])
    hub.ticket(expected["first"])
    entities = rows(data, "entity", "type, id, known_as, thumb_sha256, doc")
    expect(any(known_as for _, _, known_as, _, _ in entities) and any(thumb for _, _, _, thumb, _ in entities))
    for type_, id_, known_as, thumb, doc in entities:
        doc = json.loads(doc)
        equal([id_, known_as, thumb], [id_, doc.get({"ticket": "number", "photo": "sha256"}.get(type_)), doc.get("thumb_sha256")])


@test
def figures_are_counted_from_what_is_there(folder):
    hub, tablet, _ = unpack(folder)
    docs = {hub: rows(f"{hub.folder}/hub.db", "entity", "doc, type"), tablet: rows(f"{tablet.folder}/store.db", "ticket", "doc, 'ticket'")}
    for one, kept in docs.items():
        tickets = [json.loads(doc) for doc, type_ in kept if type_ == "ticket"]
        still = [t["created_at"] for t in tickets if t["status"] in ("new", "assigned", "on_the_way", "in_progress", "waiting", "reopened")]
        town = one.do("figures", "--json", "--from", "2000-01-01", "--to", "2049-12-31").json()["town"]
        equal([town["opened"], town["open"], town["oldest_at"]], [len(tickets), len(still), min(still)])
        met = [m for t in tickets for m in t.get("sla", []) if m["milestone"] == "first_response" and "met_at" in m]
        expect(("first_response" in town["median"]) == (len(met) > 0))


@test
def trap_26_an_update_keeps_what_was_not_sent(folder):
    hub, tablet, expected = unpack(folder)
    store, data = f"{tablet.folder}/store.db", f"{hub.folder}/hub.db"
    equal([schema(store), schema(data)], [1, 1])
    before = [rows(store, *OPS), rows(store, *BLOBS), rows(data, "applied_op", "op, hash, result")]
    equal(without(tablet.outbox(), "saved"), expected["outbox"])
    equal(told(hub.ticket(expected["first"])), expected["at_hub"][expected["first"]])
    expect(schema(store) > 1 and schema(data) > 1)
    expect(len(hub.do("sla", "export").out.splitlines()) > 30, "what services promise")
    # a copy was made first, of what it was
    for path in (store, data):
        equal(schema(f"{path}.before-2"), 1)
    equal([rows(f"{store}.before-2", *OPS), rows(f"{store}.before-2", *BLOBS),
           rows(f"{data}.before-2", "applied_op", "op, hash, result")], before)
    equal([rows(store, *OPS), rows(store, *BLOBS), rows(data, "applied_op", "op, hash, result")], before)
    for one in (expected["first"], expected["third"], expected["new"]):
        equal(told(tablet.show(one)), expected["tickets"][one])
    equal(tablet.do("conflicts", "--json").json(), expected["conflicts"])
    # its login is of before there were keys
    refused(tablet.do("rescue", f"{folder}/a.rescue", status=1), "reach the hub once")

    hub.start()
    point_at(tablet, hub)
    result = tablet.sync(status=None)
    equal([result["pending"], result["conflicts"]], [0, 1])
    # the photo that was half way up went on where it stood
    half = 262144
    size = next(row["size"] for row in expected["outbox"] if row["kind"] == "photo.bytes" and row["size"] > half)
    expect(size - half < result["bytes_up"] < size, result)
    tablet.agrees()
    third = hub.ticket(expected["third"])
    equal([third["status"], [photo["state"] for photo in third["photos"]]], ["in_progress", ["confirmed"]])
    equal([event["data"]["text"] for event in hub.ticket(expected["new"])["events"] if event["kind"] == "note"],
          ["on a new one"])
    expect(all(photo["state"] == "confirmed" for photo in hub.ticket(expected["first"])["photos"]))
    expect("0 faults" in hub.do("check").out)
    # and has got one by its first sync
    tablet.do("note", expected["third"], "by file")
    equal(tablet.do("rescue", f"{folder}/a.rescue", "--json").json()["operations"], 1)
    expect("1 steps and 0 photos" in hub.do("rescue", f"{folder}/a.rescue").out)
    # the copy held what is known of residents unsealed: it went as soon as no work waited that it was needed for
    expect(not os.path.exists(f"{store}.before-2"))
    hub.do("assign", expected["third"], "roads-2")
    equal(tablet.sync()["pending"], 0)
    hub.stop()


@test
def a_migration_that_is_cut_at_any_write_is_finished_by_the_next(folder):
    hub, tablet, _ = unpack(folder)
    for kind, path in (("tablet", f"{tablet.folder}/store.db"), ("hub", f"{hub.folder}/hub.db")):
        done = harness.sane(harness.Done([CUT], *(lambda p: (p.returncode, p.stdout, p.stderr))(
            subprocess.run([CUT, kind, path], capture_output=True, env={**os.environ, **harness.SANITIZER}))))
        expect(done.status == 0, done)
        for line in done.out.splitlines():
            print("#", line)


@test
def newer_data_is_left_as_it_is(folder):
    hub, tablet, _ = unpack(folder)
    for path in (f"{tablet.folder}/store.db", f"{hub.folder}/hub.db"):
        with sqlite3.connect(path) as db:
            db.execute("PRAGMA user_version = 99")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.close()

    def state():
        return [harness.sha256(f"{tablet.folder}/store.db"), harness.sha256(f"{hub.folder}/hub.db"),
                sorted(name for where in (tablet.folder, hub.folder) for name in os.listdir(where)
                       if name != "reserve" and not name.endswith(("-wal", "-shm")))]

    before = state()
    for words in (["list"], ["sync"], ["rescue", f"{folder}/a.rescue"]):
        refused(tablet.do(*words, status=1), "store.db was written by a newer version of Shetach", 99)
    for words in (["check"], ["crews"], ["backup", f"{folder}/b.tar"], ["rescue", f"{folder}/none"]):
        refused(hub.do(*words, status=1), "hub.db was written by a newer version of Shetach", 99)
    refused(harness.run(harness.hub_program, "serve", "--data", hub.folder, "--listen", "127.0.0.1:0", status=1),
            "newer version")
    equal(state(), before)


@test
def a_copy_that_was_broken_off_is_made_anew(folder):
    _, tablet, _ = unpack(folder)
    store = f"{tablet.folder}/store.db"
    with open(store, "rb") as file:
        begun = file.read()[:40960]
    with open(f"{store}.before-2", "wb") as file:
        file.write(begun)
    tablet.outbox()
    with sqlite3.connect(f"{store}.before-2") as db:
        equal(db.execute("PRAGMA integrity_check").fetchone()[0], "ok")
    # and one that is whole stays: an upgrade that was cut after it does not copy what is half way
    shutil.copy(f"{store}.before-2", f"{folder}/copy")
    tablet.outbox()
    equal(harness.sha256(f"{store}.before-2"), harness.sha256(f"{folder}/copy"))


@test
def no_room_for_the_copy_changes_nothing(folder):
    _, tablet, expected = unpack(folder)
    store = f"{tablet.folder}/store.db"
    before = harness.sha256(store)

    def small():
        # as a disk that fills up
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100 * 1024, 100 * 1024))

    done = subprocess.run(tablet.argv("outbox"), preexec_fn=small, capture_output=True,
                          env={**os.environ, **harness.SANITIZER})
    done = harness.sane(harness.Done(done.args, done.returncode, done.stdout, done.stderr))
    equal(done.status, 1)
    refused(done, "the copy before the upgrade cannot be made")
    equal([harness.sha256(store), os.path.exists(f"{store}.before-2")], [before, False])
    equal(without(tablet.outbox(), "saved"), expected["outbox"])


main()
