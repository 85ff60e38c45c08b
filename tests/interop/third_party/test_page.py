# SPDX-License-Identifier: GPL-3.0-or-later
"""What PROTOCOL.md says of HTTP itself, tried on the real hub: its uploads as they stand there, and its errors. (Its
other examples are sent by tests/hub/test-protocol.c.)"""
import email.utils
import hashlib
import http.client
import os
import re
import socket
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "main_job"))
import harness  # noqa: E402
from harness import Hub, equal, expect, main, test  # noqa: E402

from client import Refused, Tablet, frozen, new_id, refusal  # noqa: E402

with open(os.path.join(harness.TOP, "app", "PROTOCOL.md"), encoding="utf-8") as file:
    PAGE = file.read()

PHOTO = b"0123456789"
NO_VOICE = b"not a voice note"
# What a test cannot bring about in a hub that is well.
SICK = {(500, "internal"), (503, "hub"), (507, "disk_full"), (410, "gone"), (408, "timeout"), (423, "locked")}


def enrolled(hub, folder):
    tablet = Tablet(f"{folder}/tablet", hub.url)
    tablet.enrol(hub.code("--crew", "roads-1"))
    tablet.sync()
    return tablet, next(one["id"] for one in tablet.store.entities("ticket") if one["status"] == "assigned")


def parts(block):
    head, _, body = block.partition("\n\n")
    first, *lines = head.split("\n")
    return first, dict(line.split(": ", 1) for line in lines), body.removesuffix("\n").encode()


def uploads_of_the_page():
    blocks = [parts(block) for block in re.findall(r"```http\n(.*?)```", PAGE, re.S)]
    return [(ask, answer) for ask, answer in zip(blocks[::2], blocks[1::2]) if "/v1/files/" in ask[0]]


@test
def the_uploads_of_the_page_are_answered_as_it_says(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet, ticket = enrolled(hub, folder)
    tablet.attach(ticket, PHOTO)
    tablet.act("voice.add", ticket, {"voice": {"id": new_id(), "sha256": hashlib.sha256(NO_VOICE).hexdigest(),
                                               "size": len(NO_VOICE), "duration_ms": 1500}})
    tablet.push()
    examples = uploads_of_the_page()
    written, real = re.search(r"Location: (\S+)", PAGE).group(1), None
    expect(len(examples) >= 6, examples)
    for (first, headers, body), (status, expected, told) in examples:
        method, path = first.split(" ")
        del headers["Authorization"]
        got, got_headers, data = tablet.wire.ask(method, path.replace(written, real or written), body or None, headers)
        equal(got, int(status), (first, data))
        for name, value in expected.items():
            is_now = got_headers.get(name.lower())
            if name == "Location":
                expect(re.fullmatch("/v1/files/[0-9a-f]{32}", is_now), is_now)
                written, real = value, is_now
            elif name == "Upload-Expires":
                expect(email.utils.parsedate_to_datetime(is_now).timestamp() > 0)
            else:
                equal(is_now, value, (first, name))
        untold = {name for name in got_headers if name.startswith(("upload-", "tus-")) or name == "location"}
        equal(untold - {name.lower() for name in expected}, set(), first)
        if told:
            equal(data.rstrip(b"\n"), told.rstrip(b"\n"))
    tablet.sync()
    equal(tablet.store.entities("photo", ticket)[0]["have"], True)


def table_of_errors():
    chapter = PAGE.split("\n## 16 ")[1].split("\n## 17 ")[0]
    return {(int(status), code) for status, code in re.findall(r"(?m)^\| (\d{3}) \| `(\w+)` \|", chapter)}


def told(tablet, method, path, body=None, headers=None):
    status, _, data = tablet.wire.ask(method, path, body, headers)
    refused = refusal(status, data)
    return refused.status, refused.code


def unfinished(tablet, ticket):
    """Sixty-five uploads that are begun."""
    sums = [hashlib.sha256(b"%d" % i).hexdigest() for i in range(65)]
    for sha256 in sums:
        tablet.act("photo.attach", ticket, {"photo": {"id": new_id(), "sha256": sha256, "source_sha256": sha256, "size": 9}})
    tablet.push()
    for sha256 in sums[:64]:
        tablet.create_upload(sha256, 9)
    try:
        tablet.create_upload(sums[64], 9)
    except Refused as refused:
        return refused.status, refused.code


def taken_over(tablet, url):
    wire = http.client.HTTPConnection(tablet.wire.host, tablet.wire.port, timeout=60)
    wire.putrequest("PATCH", url)
    for name, value in tablet.wire.headers({"Tus-Resumable": "1.0.0", "Content-Length": "5", "Upload-Offset": "0",
                                            "Content-Type": "application/offset+octet-stream"}).items():
        wire.putheader(name, value)
    wire.endheaders()
    wire.send(b"0")
    # Whoever asks for the offset takes the upload over, often with the byte; the older request is told when it goes on.
    for _ in range(20):
        if tablet.tus("HEAD", url)[1].get("upload-offset") == "1":
            break
    wire.send(b"1234")
    answer = wire.getresponse()
    refused = refusal(answer.status, answer.read())
    wire.close()
    return refused.status, refused.code


def too_many_connections(tablet):
    held = [socket.create_connection((tablet.wire.host, tablet.wire.port)) for _ in range(256)]
    refused = told(tablet, "GET", "/v1/health")
    for one in held:
        one.close()
    harness.wait_until(lambda: tablet.wire.ask("GET", "/v1/health")[0] == 200, "the hub has seen them go")
    return refused


def past_the_end_of_a_map(hub, tablet, folder):
    path = f"{folder}/a.mbtiles"
    with sqlite3.connect(path) as db:
        db.executescript("CREATE TABLE metadata (name, value); CREATE TABLE tiles (zoom_level, tile_column, tile_row, tile_data);"
                         "INSERT INTO tiles VALUES (0, 0, 0, x'ffd8ff')")
    hub.do("map", "add", path, "--name", "a")
    return told(tablet, "GET", f"/v1/maps/{harness.sha256(path)}", None, {"Range": "bytes=1000000-"})


@test
def each_error_is_told_as_in_the_page(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet, ticket = enrolled(hub, folder)
    tablet.attach(ticket, PHOTO)
    tablet.sync()
    tus = {"Tus-Resumable": "1.0.0"}
    offset = {**tus, "Content-Type": "application/offset+octet-stream"}
    lines = {"Content-Type": "application/x-ndjson"}
    known = {"ops": [{"op": new_id(), "seq": 1}], "incarnation": tablet.store.get("incarnation")}
    note = {"op": known["ops"][0]["op"], "kind": "ticket.note", "entity": ticket, "fields": {"text": "x"}, "at": 1}
    another = frozen({"code": "AAAAA-AAAAA", "device": new_id()})

    def push(first, *more):
        return told(tablet, "POST", "/v1/sync/push", "".join(frozen(one) + "\n" for one in (first, *more)), lines)

    seen = [
        told(tablet, "GET", "/v1/sync/pull", None, {"Shetach-Protocol": "2"}),
        push({"operations": []}),
        told(tablet, "GET", "/v1/sync/pull", None, {"Authorization": "Bearer x"}),
        told(tablet, "POST", "/v1/enrol", another),
        told(tablet, "GET", "/v1/sync/check?scope=crew%3Aroads-2&prefix="),
        told(tablet, "GET", "/v1/nothing"),
        told(tablet, "GET", "/v1/sync/push"),
        push(known, note),
        push({"ops": [], "history": "0000"}),
        told(tablet, "POST", "/v1/files/"),
        told(tablet, "POST", "/v1/files/", None, {**tus, "Upload-Length": "1", "Upload-Metadata": "x " + "eHh4" * 2049}),
        push({"x": "x" * 256 * 1024}),
        told(tablet, "POST", "/v1/enrol", "x" * 4097),
        told(tablet, "GET", "/v1/health", None, {"X-Long": "x" * 17 * 1024}),
        unfinished(tablet, ticket),
    ]
    photo = os.urandom(20)
    tablet.attach(ticket, photo)
    tablet.push()
    # one of the unfinished ones makes room
    sha256 = hashlib.sha256(b"0").hexdigest()
    equal(tablet.tus("DELETE", tablet.create_upload(sha256, 9)[0])[0], 204)
    url, _ = tablet.create_upload(hashlib.sha256(photo).hexdigest(), len(photo))
    seen += [
        told(tablet, "PATCH", url, photo, {**tus, "Upload-Offset": "0", "Content-Type": "text/plain"}),
        told(tablet, "PATCH", url, photo[7:], {**offset, "Upload-Offset": "7"}),
        told(tablet, "PATCH", url, b"y" * 20, {**offset, "Upload-Offset": "0"}),
        taken_over(tablet, url),
        past_the_end_of_a_map(hub, tablet, folder),
        too_many_connections(tablet),
    ]
    hub.do("seal", hub.do("devices", "--json").json()[0]["device"])
    seen.append(told(tablet, "GET", "/v1/sync/check?scope=town&prefix="))
    equal(told(tablet, "POST", "/v1/files/", None, {**tus, "Upload-Length": "1"}), seen[-1])
    for _ in range(19):
        equal(told(tablet, "POST", "/v1/enrol", another), (403, "forbidden"))
    status, headers, data = tablet.wire.ask("POST", "/v1/enrol", another)
    equal([refusal(status, data).code, headers["retry-after"]], ["too_many", "60"])
    equal(set(seen) | SICK, table_of_errors())


@test
def who_says_no_version_is_served_and_told_it(folder):
    hub = Hub(f"{folder}/hub").start()
    for headers, status in (({}, 200), ({"Shetach-Protocol": "1"}, 200)):
        wire = http.client.HTTPConnection(*hub.url.removeprefix("http://").split(":"))
        wire.request("GET", "/v1/health", headers=headers)
        answer = wire.getresponse()
        equal([answer.status, answer.getheader("Shetach-Protocol")], [status, "1"])
        expect(f"`{answer.read().decode().strip()}`" in PAGE)
        wire.close()


if __name__ == "__main__":
    main()
