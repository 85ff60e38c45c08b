/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The floor that a push is measured against:
 *
 *   bench-floor-push HUB AFTER STORE
 *
 * HUB is a copy of a hub's database and STORE one of a tablet's, from before its operations were pushed; AFTER is the
 * hub's database since. The same bytes go over the same HTTP in the same batches, and the same rows are written into
 * the same tables by bare statements, with as many transactions and as durable: no JSON is read, nothing is merged or
 * looked up. Prints the milliseconds. */
#include "core/protocol.h"
#include "platform/db.h"
#include "platform/http-server.h"

#include <libsoup/soup.h>
#include <stdio.h>
#include <string.h>

typedef struct
{
  char *scope; /* (owned) */
  gint64 entered;
  gint64 first_entered;
} Member;

/* One operation with all that it leaves behind. All strings are owned; the process ends with them. */
typedef struct
{
  char *op;
  char *ticket;
  char *bytes;
  char *hash;
  char *result;
  char *device;
  char *ticket_doc;
  char *stub_doc;
  char *event_doc;
  gint64 seq;
  gint64 number;
  gint64 nonce;
  gint64 at;
  GArray *members; /* (element-type Member): the scopes that hold its ticket */
} Op;

typedef struct
{
  ShtDb *db;
  GPtrArray *ops; /* (element-type Op) */
  guint taken;
  GAsyncQueue *address; /* (owned): of char*; where it listens, once it does */
} Hub;

static void
load_members (ShtDb *after, Op *op)
{
  ShtStmt *stmt = sht_db_query (after,
                                "SELECT scope, entered, first_entered FROM member WHERE id = ?1 AND type = 'ticket' "
                                "AND present",
                                "s", op->ticket);

  op->members = g_array_new (FALSE, FALSE, sizeof (Member));
  while (sht_stmt_step (stmt))
    {
      Member member = { sht_stmt_dup (stmt, 0), sht_stmt_int (stmt, 1), sht_stmt_int (stmt, 2) };

      g_array_append_val (op->members, member);
    }
  g_assert_true (sht_stmt_end (stmt, NULL));
}

static char *
entity (ShtDb *after, const char *type, const char *id)
{
  return sht_db_get_text (after, NULL, "SELECT doc FROM entity WHERE id = ?1 AND type = ?2", "ss", id, type);
}

static void
load_effects (ShtDb *after, Op *op)
{
  ShtStmt *stmt = sht_db_query (after,
                                "SELECT a.hash, a.result, a.device, a.device_seq, a.number, l.nonce, l.at "
                                "FROM applied_op a JOIN log l ON l.number = a.number WHERE a.op = ?1",
                                "s", op->op);

  g_assert_true (sht_stmt_step (stmt));
  op->hash = sht_stmt_dup (stmt, 0);
  op->result = sht_stmt_dup (stmt, 1);
  op->device = sht_stmt_dup (stmt, 2);
  op->seq = sht_stmt_int (stmt, 3);
  op->number = sht_stmt_int (stmt, 4);
  op->nonce = sht_stmt_int (stmt, 5);
  op->at = sht_stmt_int (stmt, 6);
  g_assert_true (sht_stmt_end (stmt, NULL));
  op->ticket_doc = entity (after, "ticket", op->ticket);
  op->stub_doc = entity (after, "stub", op->ticket);
  op->event_doc = entity (after, "event", op->op);
  g_assert_true (op->ticket_doc != NULL && op->stub_doc != NULL && op->event_doc != NULL);
  load_members (after, op);
}

static GPtrArray *
load (ShtDb *store, ShtDb *after)
{
  GPtrArray *ops = g_ptr_array_new ();
  ShtStmt *stmt = sht_db_query (store, "SELECT op, entity, bytes FROM op WHERE state < 2 ORDER BY n", "");

  while (sht_stmt_step (stmt))
    {
      Op *op = g_new0 (Op, 1);

      op->op = sht_stmt_dup (stmt, 0);
      op->ticket = sht_stmt_dup (stmt, 1);
      op->bytes = sht_stmt_dup (stmt, 2);
      load_effects (after, op);
      g_ptr_array_add (ops, op);
    }
  g_assert_true (sht_stmt_end (stmt, NULL));
  return ops;
}

static void
put_entity (ShtDb *db, const char *type, const char *id, const char *parent, gint64 number, const char *doc)
{
  g_assert_true (sht_db_run (db, NULL,
                             "INSERT INTO entity (type, id, parent, number, doc) VALUES (?1, ?2, ?3, ?4, ?5) "
                             "ON CONFLICT (id, type) DO UPDATE SET parent = ?3, number = ?4, doc = ?5",
                             "sssis", type, id, parent, number, doc));
}

static void
put_member (ShtDb *db, const char *scope, const char *type, const Op *op, gint64 entered, gint64 first_entered)
{
  g_assert_true (sht_db_run (db, NULL,
                             "INSERT INTO member (scope, type, id, number, entered, first_entered, present) "
                             "VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1) ON CONFLICT (scope, id, type) DO UPDATE SET "
                             "number = ?4, entered = ?5, first_entered = ?6, present = 1",
                             "sssiii", scope, type, op->ticket, op->number, entered, first_entered));
}

static void
write_at_hub (ShtDb *db, const Op *op)
{
  g_assert_true (sht_db_run (db, NULL,
                             "INSERT INTO log (number, nonce, type, id, op, device, at) "
                             "VALUES (?1, ?2, 'ticket', ?3, ?4, ?5, ?6)",
                             "iisssi", op->number, op->nonce, op->ticket, op->op, op->device, op->at));
  put_entity (db, "ticket", op->ticket, NULL, op->number, op->ticket_doc);
  put_entity (db, "stub", op->ticket, NULL, op->number, op->stub_doc);
  put_entity (db, "event", op->op, op->ticket, op->number, op->event_doc);
  put_member (db, "town", "stub", op, 1, 1);
  for (guint i = 0; i < op->members->len; i++)
    {
      Member *member = &g_array_index (op->members, Member, i);

      put_member (db, member->scope, "ticket", op, member->entered, member->first_entered);
    }
  g_assert_true (sht_db_run (db, NULL,
                             "INSERT INTO applied_op (op, hash, result, device, device_seq, number) "
                             "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                             "ssssii", op->op, op->hash, op->result, op->device, op->seq, op->number));
  g_assert_true (sht_db_run (db, NULL, "UPDATE device SET last_event_at = ?2, last_seen_at = ?2 WHERE id = ?1", "si",
                             op->device, op->at));
  g_assert_true (sht_db_run (db, NULL,
                             "INSERT INTO incarnation (device, id, highest_seq) VALUES (?1, 'floor', ?2) "
                             "ON CONFLICT DO UPDATE SET highest_seq = ?2",
                             "si", op->device, op->seq));
}

static void
append_line (GString *out, const char *line)
{
  g_string_append (out, line);
  g_string_append_c (out, '\n');
}

static void
handle_push (ShtHttpExchange *exchange, gpointer data)
{
  Hub *hub = data;
  g_autoptr (GString) entities = g_string_new (NULL);
  GString *out = g_string_new (NULL);
  g_autoptr (GBytes) answer = NULL;
  guint end = MIN (hub->taken + SHT_PUSH_MAX_OPERATIONS, hub->ops->len);

  g_assert_true (sht_db_begin (hub->db, NULL));
  for (; hub->taken < end; hub->taken++)
    {
      const Op *op = g_ptr_array_index (hub->ops, hub->taken);

      write_at_hub (hub->db, op);
      append_line (out, op->result);
      append_line (entities, op->ticket_doc);
      append_line (entities, op->event_doc);
    }
  g_assert_true (sht_db_commit (hub->db, NULL));
  append_line (entities, "{\"t\":\"end\"}");
  g_string_append_len (out, entities->str, (gssize) entities->len);
  answer = g_string_free_to_bytes (out);
  sht_http_exchange_respond (exchange, 200, "application/x-ndjson", answer);
}

static gpointer
serve (gpointer data)
{
  Hub *hub = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (context, FALSE);
  ShtHttpServer *server;

  g_main_context_push_thread_default (context);
  server = sht_http_server_new (&SHT_HTTP_LIMITS_DEFAULT);
  sht_http_server_add_route (server, "POST", "/v1/sync/push", SHT_PUSH_MAX_BYTES, SHT_HTTP_ROUTE_NONE, handle_push, hub);
  g_assert_true (sht_http_server_listen (server, "127.0.0.1:0", FALSE, NULL));
  g_async_queue_push (hub->address, g_strdup (sht_http_server_get_uri (server)));
  g_main_loop_run (loop);
  return NULL;
}

static GBytes *
body_of (GPtrArray *ops, guint from, guint end)
{
  GString *body = g_string_new ("{\"ops\":[");

  for (guint i = from; i < end; i++)
    g_string_append_printf (body, "%s{\"op\":\"%s\",\"seq\":%" G_GINT64_FORMAT "}", i > from ? "," : "",
                            ((Op *) ops->pdata[i])->op, ((Op *) ops->pdata[i])->seq);
  append_line (body, "]}");
  for (guint i = from; i < end; i++)
    append_line (body, ((Op *) ops->pdata[i])->bytes);
  return g_string_free_to_bytes (body);
}

static void
mark_sent (ShtDb *db, GPtrArray *ops, guint from, guint end)
{
  g_assert_true (sht_db_begin (db, NULL));
  for (guint i = from; i < end; i++)
    {
      const Op *op = g_ptr_array_index (ops, i);

      g_assert_true (sht_db_run (db, NULL,
                                 "UPDATE op SET state = 1, device_seq = ?2, sent_at = ?3, incarnation = 'floor' "
                                 "WHERE op = ?1",
                                 "sii", op->op, op->seq, op->at));
    }
  g_assert_true (sht_db_commit (db, NULL));
}

static void
write_on_tablet (ShtDb *db, const Op *op)
{
  g_assert_true (sht_db_run (db, NULL,
                             "UPDATE op SET state = 2, result = ?2, confirmed_at = ?3, number = ?4, heard_at = ?3,"
                             " history = 'floor' WHERE op = ?1",
                             "ssii", op->op, op->result, op->at, op->number));
  g_assert_true (sht_db_run (db, NULL, "UPDATE ticket SET status = 'waiting', updated_at = ?3, doc = ?2 WHERE id = ?1",
                             "ssi", op->ticket, op->ticket_doc, op->at));
  g_assert_true (sht_db_run (db, NULL, "DELETE FROM base WHERE type = 'ticket' AND id = ?1", "s", op->ticket));
  g_assert_true (sht_db_run (db, NULL,
                             "INSERT INTO event (parent, id, doc) VALUES (?1, ?2, ?3) "
                             "ON CONFLICT (parent, id) DO UPDATE SET doc = excluded.doc",
                             "sss", op->ticket, op->op, op->event_doc));
}

static void
push (SoupSession *session, ShtDb *db, const char *url, GPtrArray *ops, guint from, guint end)
{
  g_autofree char *address = g_strconcat (url, "/v1/sync/push", NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("POST", address);
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GBytes) answer = NULL;

  mark_sent (db, ops, from, end);
  body = body_of (ops, from, end);
  soup_message_set_request_body_from_bytes (message, "application/x-ndjson", body);
  answer = soup_session_send_and_read (session, message, NULL, NULL);
  g_assert_cmpuint (soup_message_get_status (message), ==, 200);
  g_assert_true (sht_db_begin (db, NULL));
  for (guint i = from; i < end; i++)
    write_on_tablet (db, g_ptr_array_index (ops, i));
  g_assert_true (sht_db_commit (db, NULL));
}

int
main (int argc, char **argv)
{
  g_autoptr (ShtDb) store = NULL;
  g_autoptr (ShtDb) after = NULL;
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autofree char *url = NULL;
  Hub hub = { 0 };
  gint64 start;

  if (argc != 4)
    return 2;
  hub.db = sht_db_open (argv[1], FALSE, NULL, NULL);
  after = sht_db_open (argv[2], TRUE, NULL, NULL);
  store = sht_db_open (argv[3], FALSE, NULL, NULL);
  g_assert_true (hub.db != NULL && after != NULL && store != NULL);
  hub.ops = load (store, after);
  g_assert_cmpuint (hub.ops->len, >, 0);
  hub.address = g_async_queue_new ();
  /* It serves until the process ends. */
  g_thread_unref (g_thread_new ("hub", serve, &hub));
  url = g_async_queue_pop (hub.address);
  start = g_get_monotonic_time ();
  for (guint from = 0; from < hub.ops->len; from += SHT_PUSH_MAX_OPERATIONS)
    push (session, store, url, hub.ops, from, MIN (from + SHT_PUSH_MAX_OPERATIONS, hub.ops->len));
  printf ("%.1f\n", (double) (g_get_monotonic_time () - start) / 1000);
  return 0;
}
