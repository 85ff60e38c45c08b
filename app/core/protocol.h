/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Limits and names that both programs hold to; see PROTOCOL.md. */

#define SHT_PROTOCOL "1"

#define SHT_PUSH_MAX_OPERATIONS 200
#define SHT_PUSH_MAX_BYTES (256 * 1024)
#define SHT_PULL_MAX_ROWS 5000
#define SHT_PULL_DEFAULT_ROWS 1000
/* A page ends when it has grown to this, so that memory does not depend on how long the texts are. */
#define SHT_PULL_PAGE_BYTES (2 * 1024 * 1024)
#define SHT_PULL_MAX_WAIT_S 50
/* A chunk of an upload is what the link carries in some tenths of a second, within these. */
#define SHT_UPLOAD_CHUNK_LEAST_BYTES (16 * 1024)
#define SHT_UPLOAD_CHUNK_MOST_BYTES (256 * 1024)
/* How many positions come in one request, and how large it is. */
#define SHT_POSITIONS_MAX 100
#define SHT_POSITIONS_MAX_BYTES (32 * 1024)

/* How the hub refuses a request of another version of the protocol. */
#define SHT_ERROR_PROTOCOL "protocol"

/* How the hub refuses a tablet that the office has sealed, and how much such a tablet says of what it had not sent. */
#define SHT_ERROR_SEALED "sealed"
#define SHT_UNSENT_MAX_BYTES (512 * 1024)
#define SHT_UNSENT_MAX_ROWS 1000

#define SHT_MAP_TYPE "map"
#define SHT_ONLINE_MAP_TYPE "online_map"
#define SHT_ONLINE_MAP_ID "online"
#define SHT_ONLINE_MAP_MAX_CHARS 500
#define SHT_MAP_MAX_BYTES (G_GINT64_CONSTANT (8) << 30)
#define SHT_MAP_NAME_MAX_CHARS 80
/* A part of a map that is asked for at once: little is lost with a link that breaks. */
#define SHT_MAP_PART_LEAST_BYTES (32 * 1024)
#define SHT_MAP_PART_MOST_BYTES (1024 * 1024)

#define SHT_SCOPE_REFERENCE "reference"
#define SHT_SCOPE_TOWN "town"
#define SHT_SCOPE_CREW "crew:"
#define SHT_SCOPE_DEPARTMENT "dept:"
