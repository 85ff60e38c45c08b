# SPDX-License-Identifier: GPL-3.0-or-later
"""A client that was written from PROTOCOL.md alone, against the real hub. The harness of the main job only starts
that."""
import hashlib
import http.client
import json
import os
import select
import shutil
import sys
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "main_job"))
import harness  # noqa: E402
from harness import Hub, equal, expect, main, test  # noqa: E402

from client import Refused, Tablet, frozen, new_id  # noqa: E402
from packed import unpack  # noqa: E402


def enrolled(hub, folder, name, *who):
    tablet = Tablet(f"{folder}/{name}", hub.url)
    tablet.enrol(hub.code(*(who or ("--crew", "roads-1", "--person", "worker-1"))))
    tablet.sync()
    return tablet


def assigned(tablet, n=0):
    return [one["id"] for one in tablet.store.entities("ticket") if one["status"] == "assigned"][n]


def agrees(tablet):
    for scope in tablet.scopes():
        equal(tablet.differs(scope), [], scope)


def events(tablet, ticket, kind):
    return [one for one in tablet.store.entities("event", ticket) if one["kind"] == kind]


def texts(ticket):
    return [one["data"]["text"] for one in ticket["events"] if one["kind"] == "note" and one.get("device")]


def restored(hub, backup):
    other = Hub(hub.folder + "-restored", sample=False)
    harness.run(harness.hub_program, "restore", backup, "--data", other.folder)
    other.port = hub.port
    return other.start()


@test
def it_enrols_and_asks_again_with_its_code(folder):
    hub = Hub(f"{folder}/hub").start()
    code = hub.code("--crew", "roads-1")
    tablet = Tablet(f"{folder}/a", hub.url)
    first = tablet.enrol(code.lower().replace("-", " "))
    equal([first["role"], first["crew"], first["scopes"]], ["crew", "roads-1", ["reference", "crew:roads-1", "town"]])
    again = tablet.enrol(code)
    expect(again["token"] != first["token"])
    other = Tablet(f"{folder}/b", hub.url)
    for one in (code, "AAAAA-AAAAA"):
        try:
            other.enrol(one)
            expect(False, "taken", one)
        except Refused as refused:
            equal([refused.status, refused.code], [403, "forbidden"])
    tablet.wire.token = first["token"]
    try:
        tablet.pull_page()
        expect(False, "the older token still opens")
    except Refused as refused:
        equal([refused.status, refused.code], [401, "unauthorised"])


@test
def it_pulls_page_by_page_and_holds_what_the_hub_holds(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = Tablet(f"{folder}/a", hub.url)
    tablet.enrol(hub.code("--crew", "roads-1"))
    tablet.limit = 20
    tablet.sync()
    expect(tablet.pages > 10, tablet.pages)
    equal(tablet.scopes(), ["crew:roads-1", "reference", "town"])
    agrees(tablet)
    # started anew it goes on where it was
    again = Tablet(f"{folder}/a", hub.url)
    again.sync()
    equal(again.pages, 1)
    agrees(again)


@test
def a_packed_page_holds_the_same_lines(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = Tablet(f"{folder}/a", hub.url)
    tablet.enrol(hub.code("--manager"))
    cursor, pages = "", 0
    while True:
        path = f"/v1/sync/pull?cursor={urllib.parse.quote(cursor, safe='')}&limit=300"
        _, plain = tablet.wire.want("GET", path)
        told, packed = tablet.wire.want("GET", path, headers={"Accept-Encoding": "gzip;q=0.5, shetach-pack-2"})
        equal([told["content-encoding"], told["content-type"], told["vary"]],
              ["shetach-pack-2", "application/x-ndjson", "Accept-Encoding"])
        lines, again = plain.splitlines(), unpack(packed).splitlines()
        equal(again[:-1], lines[:-1])
        last = [{name: value for name, value in json.loads(one[-1]).items() if name != "now"} for one in (lines, again)]
        equal(last[1], last[0])
        expect(len(packed) < len(plain) / 5, len(packed), len(plain))
        pages += 1
        cursor = last[0]["cursor"]
        if not last[0]["more"]:
            break
    expect(pages > 3, pages)
    # a few lines are not worth it, and nobody gets them who did not ask
    for coding in ("shetach-pack-2", "*", "shetach-pack-2;q=0, gzip"):
        told, _ = tablet.wire.want("GET", f"/v1/sync/pull?cursor={urllib.parse.quote(cursor, safe='')}",
                                   headers={"Accept-Encoding": coding})
        equal(told.get("content-encoding"), None, coding)
        told, _ = tablet.wire.want("GET", "/v1/sync/pull?limit=300", headers={"Accept-Encoding": coding})
        equal(told.get("content-encoding"), "shetach-pack-2" if coding == "shetach-pack-2" else "gzip", coding)


@test
def what_differs_is_found_by_its_id_and_repaired(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = enrolled(hub, folder, "a")
    spoilt = tablet.store.entities("ticket")[7]
    with tablet.store.db:
        tablet.store.set_entity(frozen({**spoilt, "title": "nobody said so"}), spoilt)
    found = tablet.differs("crew:roads-1")
    equal(len(found), 1, found)
    equal(spoilt["id"].startswith(found[0]), True, found)
    equal([one["id"] for one in tablet.store.entities("ticket") if one["id"].startswith(found[0])], [spoilt["id"]])
    tablet.resync()
    tablet.sync()
    equal(tablet.store.entity("ticket", spoilt["id"])["title"], spoilt["title"])
    agrees(tablet)


@test
def a_status_a_note_and_a_report_are_taken_in(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = enrolled(hub, folder, "a")
    ticket, new = assigned(tablet), new_id()
    step = tablet.step(ticket, "in_progress")
    tablet.act("ticket.note", ticket, {"text": "בור עמוק"})
    report = tablet.act("ticket.create", new, {"service": "road-hole", "title": "Another", "lat_e7": 312432000,
                                               "lon_e7": 345917000})
    tablet.act("ticket.note", new, {"text": "on the report"}, depends_on=report)
    tablet.sync()
    equal(tablet.result(step)["result"], "applied")
    there = hub.ticket(ticket)
    equal([there["status"], texts(there)], ["in_progress", ["בור עמוק"]])
    there = hub.ticket(new)
    equal([there["status"], there["title"], texts(there)], ["new", "Another", ["on the report"]])
    expect(tablet.store.entity("ticket", new)["number"].startswith("106-"))
    agrees(tablet)


@test
def what_the_hub_does_not_take_is_kept_and_the_rest_goes_on(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = enrolled(hub, folder, "a")
    ticket = assigned(tablet)
    bad = [tablet.act("ticket.sing", ticket, {}), tablet.act("ticket.assign", ticket, {"crew": "roads-2"}),
           tablet.act("ticket.note", ticket, {"text": "x" * 4001}), tablet.step(ticket, "closed")]
    bad.append(tablet.act("ticket.note", ticket, {"text": "of one that was refused"}, depends_on=bad[0]))
    tablet.act("ticket.note", ticket, {"text": "behind them"})
    tablet.sync()
    for op in bad:
        expect(tablet.result(op)["result"] == "rejected" and tablet.result(op)["reason"], tablet.result(op))
    equal(len(tablet.store.rows("SELECT bytes FROM op WHERE state = 'to decide'")), len(bad))
    equal(texts(hub.ticket(ticket)), ["behind them"])
    # sent anew, which frees what depended on it
    anew = tablet.act("ticket.note", ticket, {"text": "said instead"}, instead_of=bad[0])
    after = tablet.act("ticket.note", ticket, {"text": "depends"}, depends_on=bad[0])
    tablet.sync()
    equal([tablet.result(op)["result"] for op in (anew, after)], ["applied", "applied"])
    agrees(tablet)


@test
def a_lost_reply_costs_nothing(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = enrolled(hub, folder, "a")
    ticket = assigned(tablet)
    tablet.step(ticket, "on_the_way")
    tablet.act("ticket.note", ticket, {"text": "only once"})
    tablet.wire.lose_replies = 2
    tablet.sync()
    equal([tablet.wire.lose_replies, tablet.duplicates, tablet.waiting()], [0, 2, []])
    there = hub.ticket(ticket)
    equal([there["status"], texts(there)], ["on_the_way", ["only once"]])
    agrees(tablet)


@test
def a_photo_goes_in_chunks_and_goes_on_after_a_cut(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = enrolled(hub, folder, "a")
    ticket = assigned(tablet)
    photo = os.urandom(700_001)
    sha256 = hashlib.sha256(photo).hexdigest()
    tablet.attach(ticket, photo, role="before")
    while tablet.push():
        pass
    url, offset = tablet.create_upload(sha256, len(photo))
    equal(offset, 0)
    # a chunk that is cut is not taken, having a checksum; one without is, as far as it came
    for checked, reached in ((True, 0), (False, 30_000)):
        headers = tablet.chunk_headers(0, photo[:100_000])
        if not checked:
            del headers["Upload-Checksum"]
        wire = http.client.HTTPConnection(tablet.wire.host, tablet.wire.port)
        wire.putrequest("PATCH", url)
        for name, value in tablet.wire.headers({"Tus-Resumable": "1.0.0", "Content-Length": "100000", **headers}).items():
            wire.putheader(name, value)
        wire.endheaders()
        wire.send(photo[:30_000])
        wire.sock.shutdown(1)
        wire.sock.recv(1)
        wire.close()
        status, told, _ = tablet.tus("HEAD", url)
        equal([status, told["upload-offset"]], [200, str(reached)], f"checked: {checked}")
    headers = {**tablet.chunk_headers(30_000, b"y" * 1000)}
    equal(tablet.tus("PATCH", url, headers, b"z" * 1000)[0], 460)
    equal(tablet.upload(sha256), [30_000 + i * 256 * 1024 for i in range(3)])
    tablet.sync()
    entity = tablet.store.entities("photo", ticket)[0]
    equal([entity["have"], entity["sha256"]], [True, sha256])
    equal(tablet.wire.want("GET", f"/v1/photos/{sha256}")[1], photo)
    status, told, data = tablet.wire.ask("GET", f"/v1/photos/{sha256}", None, {"Range": "bytes=700000-"})
    equal([status, data], [206, photo[700_000:]])
    # attached to another ticket, its bytes need not go again
    entity = {"id": new_id(), "source_sha256": sha256, "sha256": sha256, "size": len(photo)}
    tablet.act("photo.attach", assigned(tablet), {"photo": entity})
    tablet.sync()
    equal(tablet.store.entity("photo", entity["id"])["have"], True)
    equal(tablet.create_upload(sha256, len(photo))[1], len(photo))
    agrees(tablet)
    stranger = enrolled(hub, folder, "b", "--crew", "gardens-1")
    equal(stranger.wire.ask("GET", f"/v1/photos/{sha256}")[0], 404)


@test
def who_waits_is_told_of_a_change(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet, other = enrolled(hub, folder, "a"), enrolled(hub, folder, "b")
    ticket = assigned(tablet)
    wire = http.client.HTTPConnection(tablet.wire.host, tablet.wire.port, timeout=60)
    cursor = tablet.store.get("cursor")
    for one in (";", "=", ":"):
        cursor = cursor.replace(one, "%%%02X" % ord(one))
    wire.request("GET", f"/v1/sync/pull?cursor={cursor}&wait=50", headers=tablet.wire.headers({"Accept-Encoding": "identity"}))
    # one that does not wait is answered, and this one is not
    equal(tablet.pull_page(), False)
    equal(select.select([wire.sock], [], [], 0)[0], [])
    other.act("ticket.note", ticket, {"text": "hello"})
    other.sync()
    answer = wire.getresponse()
    tablet.take_page(answer.read())
    wire.close()
    equal([one["data"]["text"] for one in events(tablet, ticket, "note") if one.get("device") == other.store.get("device")],
          ["hello"])
    agrees(tablet)


@test
def a_conflict_is_met_and_resolved(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = enrolled(hub, folder, "a")
    boss = enrolled(hub, folder, "boss", "--supervisor", "roads")
    ticket = assigned(tablet)
    tablet.act("ticket.set", ticket, {"title": "the crew's"}, ["title"])
    op = tablet.act("ticket.set", ticket, {"title": "the crew's second"}, ["title"])
    boss.act("ticket.set", ticket, {"title": "the supervisor's"}, ["title"])
    boss.sync()
    tablet.sync()
    result = tablet.result(op)
    equal(result["result"], "conflict")
    fact, = result["conflicts"]
    equal([fact[name] for name in ("field", "mine", "theirs", "mine_stands", "their_device")],
          ["title", "the crew's second", "the supervisor's", False, boss.store.get("device")])
    equal(hub.ticket(ticket)["title"], "the supervisor's")
    # it comes to the supervisor with the ticket
    boss.sync()
    held = boss.store.entity("event", op)
    equal([held["undecided"], held["data"]["conflicts"]], [1, [fact]])
    decision = {"op": op, "field": "title", "keep": "mine", "value": fact["mine"]}
    wrong = boss.act("ticket.resolve", ticket, {**decision, "value": "something else"}, ["title"])
    right = boss.act("ticket.resolve", ticket, decision, ["title"])
    boss.sync()
    equal([boss.result(one)["result"] for one in (wrong, right)], ["rejected", "applied"])
    tablet.sync()
    equal(tablet.store.entity("ticket", ticket)["title"], "the crew's second")
    held = tablet.store.entity("event", op)
    expect("undecided" not in held, held)
    equal([held["data"]["conflicts"][0]["resolved"][name] for name in ("op", "keep", "role")], [right, "mine", "supervisor"])
    equal(len(events(tablet, ticket, "resolved")), 1)
    for one in (tablet, boss):
        agrees(one)


@test
def what_is_taken_away_leaves_and_work_on_it_is_a_contribution(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = enrolled(hub, folder, "a")
    ticket = assigned(tablet)
    hub.do("assign", ticket, "roads-2")
    op = tablet.act("ticket.note", ticket, {"text": "done before I heard"})
    tablet.sync()
    result = tablet.result(op)
    equal([result["result"], result["contribution"]], ["merged", True])
    equal(tablet.store.entity("ticket", ticket), None)
    equal(tablet.store.entities("event", ticket), [])
    expect("done before I heard" in texts(hub.ticket(ticket)))
    agrees(tablet)


@test
def a_hub_restored_from_a_backup_gets_again_what_it_lost(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = enrolled(hub, folder, "a")
    ticket = assigned(tablet)
    first, second = os.urandom(1000), os.urandom(2000)
    tablet.act("ticket.note", ticket, {"text": "before"})
    tablet.attach(ticket, first)
    tablet.sync()
    hub.do("backup", f"{folder}/backup.tar")
    tablet.sync()
    equal(tablet.store.rows("SELECT id FROM op UNION ALL SELECT sha256 FROM photo"), [], "the sent journal")
    tablet.step(ticket, "in_progress")
    tablet.act("ticket.note", ticket, {"text": "after"})
    tablet.attach(ticket, second)
    refused = tablet.step(ticket, "closed")
    tablet.sync()
    equal(len(tablet.store.rows("SELECT id FROM op WHERE state = 'confirmed'")), 3)
    hub.kill()
    other = restored(hub, f"{folder}/backup.tar")
    equal(texts(other.ticket(ticket)), ["before"])
    tablet.act("ticket.note", ticket, {"text": "meanwhile"})
    tablet.sync()
    expect(tablet.resyncs >= 1)
    equal(tablet.result(refused)["result"], "rejected")
    expect("duplicate" not in tablet.result(refused), "the restored hub has not judged it anew")
    there = other.ticket(ticket)
    equal([there["status"], texts(there)], ["in_progress", ["before", "after", "meanwhile"]])
    equal(sorted([one["sha256"], one["state"]] for one in there["photos"]),
          sorted([hashlib.sha256(one).hexdigest(), "confirmed"] for one in (first, second)))
    agrees(tablet)
    expect("2 photos re-hashed, 0 faults" in other.do("check").out)


@test
def a_pull_alone_hears_of_the_restored_hub_too(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = enrolled(hub, folder, "a")
    ticket = assigned(tablet)
    hub.do("backup", f"{folder}/backup.tar")
    tablet.act("ticket.note", ticket, {"text": "after"})
    tablet.sync()
    hub.kill()
    other = restored(hub, f"{folder}/backup.tar")
    try:
        tablet.pull_page()
        expect(False, "the cursor fits")
    except Refused as refused:
        equal([refused.status, refused.code], [410, "resync"])
    tablet.sync()
    equal(texts(other.ticket(ticket)), ["after"])
    agrees(tablet)


@test
def a_copied_tablet_takes_a_new_incarnation_and_goes_on(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = enrolled(hub, folder, "a")
    ticket = assigned(tablet)
    tablet.act("ticket.note", ticket, {"text": "common"})
    tablet.sync()
    tablet.store.db.close()
    shutil.copytree(f"{folder}/a", f"{folder}/copy")
    tablet, copy = Tablet(f"{folder}/a", hub.url), Tablet(f"{folder}/copy", hub.url)
    for one, text in ((tablet, "the tablet's"), (copy, "the copy's"), (tablet, "again"), (copy, "again, the copy")):
        one.act("ticket.note", ticket, {"text": text})
        one.sync()
    equal([tablet.new_incarnations, copy.new_incarnations], [0, 1])
    equal(texts(hub.ticket(ticket)), ["common", "the tablet's", "the copy's", "again", "again, the copy"])
    for one in (tablet, copy):
        one.sync()
        agrees(one)


if __name__ == "__main__":
    main()
