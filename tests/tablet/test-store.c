/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/geo.h"
#include "core/text.h"
#include "tablet/store/doc-marks.h"
#include "tests/tablet/tablet-fixture.h"

static GBytes *
pull_page (Tablet *tablet, guint limit)
{
  g_autofree char *cursor = sht_store_get_text (tablet->store, "cursor");
  g_autoptr (GError) error = NULL;
  gboolean empty;
  GBytes *page = sht_hub_pull (tablet->town->hub, tablet->device, cursor, limit, &empty, &error);

  g_assert_no_error (error);
  return page;
}

static gboolean
take (Tablet *tablet, const char *body, gsize length, GError **error)
{
  ShtPage page;

  return sht_store_take_page (tablet->store, body, length, sht_store_generation (tablet->store), 0, &page, error);
}

/* Everything that the tablet holds, as one text. */
static char *
dump (Tablet *tablet)
{
  GString *out = g_string_new (NULL);
  static const char *const queries[] = {
    "SELECT group_concat (doc || scopes || gen, char (10)) FROM (SELECT * FROM ticket ORDER BY id)",
    "SELECT group_concat (doc, char (10)) FROM (SELECT * FROM event ORDER BY id)",
    "SELECT group_concat (doc, char (10)) FROM (SELECT * FROM photo ORDER BY id)",
    "SELECT group_concat (doc, char (10)) FROM (SELECT * FROM place ORDER BY id)",
    "SELECT group_concat (doc, char (10)) FROM (SELECT * FROM stub ORDER BY id)",
    "SELECT group_concat (doc, char (10)) FROM (SELECT * FROM entity ORDER BY type, id)",
    "SELECT group_concat (doc, char (10)) FROM (SELECT * FROM base ORDER BY type, id)",
    "SELECT group_concat (op || state || coalesce (result, ''), char (10)) FROM (SELECT * FROM op ORDER BY n)",
    "SELECT group_concat (sha256 || state, char (10)) FROM (SELECT * FROM blob ORDER BY n)",
    "SELECT group_concat (name || bit, char (10)) FROM (SELECT * FROM scope ORDER BY bit)",
    "SELECT group_concat (key || value, char (10)) FROM (SELECT * FROM meta ORDER BY key)",
    "SELECT group_concat (rowid || words, char (10)) FROM (SELECT rowid, words FROM ticket_words ORDER BY rowid)",
    "SELECT group_concat (row || min_lat || max_lon, char (10)) FROM (SELECT * FROM ticket_spot ORDER BY row)",
  };

  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      ShtStmt *stmt = sht_db_query_built (tablet->store->db, queries[i]);

      g_assert_true (sht_stmt_step (stmt));
      g_string_append_printf (out, "%s\n--\n", sht_stmt_text (stmt, 0) != NULL ? sht_stmt_text (stmt, 0) : "");
      g_assert_true (sht_stmt_end (stmt, NULL));
    }
  return g_string_free (out, FALSE);
}

/* Rule 2 and trap 3: cut anywhere, a page changes nothing; whole, it is taken with its cursor. */
static void
test_page_cut (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *left = ticket_id (1);
  g_autofree char *before = NULL;
  g_autoptr (GBytes) page = NULL;
  const char *body;
  gsize length;

  for (guint n = 1; n < 4; n++)
    town_add_ticket (town, n, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  g_assert_true (sht_store_index_all (tablet->store, NULL));
  tablet_note (tablet, left, "waits");
  g_assert_true (sht_hub_assign (town->hub, left, "r2", NULL));
  town_add_ticket (town, 4, "r1");
  before = dump (tablet);
  page = pull_page (tablet, 100);
  body = g_bytes_get_data (page, &length);
  for (gsize cut = 0; cut < length; cut++)
    {
      g_autofree char *part = g_memdup2 (body, MAX (1, cut));
      g_autofree char *after = NULL;

      g_assert_false (take (tablet, part, cut, NULL));
      if (cut % 50 == 0 || (cut > 0 && body[cut - 1] == '\n'))
        {
          after = dump (tablet);
          g_assert_cmpstr (after, ==, before);
        }
    }
  /* a line lost, doubled or changed on the way */
  for (const char *line = body; line < body + length; line = strchr (line, '\n') + 1)
    {
      gsize n = (gsize) (strchr (line, '\n') + 1 - line);
      g_autoptr (GString) without = g_string_new_len (body, (gssize) length);
      g_autofree char *after = NULL;

      if (g_str_has_prefix (line, "{\"t\":\"scope\""))
        continue;
      g_string_erase (without, line - body, (gssize) n);
      g_assert_false (take (tablet, without->str, without->len, NULL));
      g_string_insert_len (without, line - body, line, (gssize) n);
      g_string_insert_len (without, line - body, line, (gssize) n);
      g_assert_false (take (tablet, without->str, without->len, NULL));
      after = dump (tablet);
      g_assert_cmpstr (after, ==, before);
    }
  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *bytes = g_memdup2 (body, length);
      g_autofree char *after = NULL;

      bytes[g_test_rand_int_range (0, (gint32) length)] = (char) g_test_rand_int_range (0, 256);
      if (!take (tablet, bytes, length, NULL))
        {
          after = dump (tablet);
          g_assert_cmpstr (after, ==, before);
        }
      else
        break;
    }
}

/* The operation and what is seen of it are one transaction. */
static void
test_act_is_atomic (void)
{
  static const char *const tables[] = { "op", "event", "base" };
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *sql = g_strdup_printf ("CREATE TRIGGER fault BEFORE INSERT ON %s BEGIN SELECT RAISE (ABORT, 'fault'); END", tables[i]);
      g_autofree char *before = dump (tablet);
      g_autofree char *after = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_true (sht_db_exec (tablet->store->db, sql, NULL));
      g_assert_false (sht_store_set_status (tablet->store, id, SHT_STATUS_DONE, NULL, NULL, &error));
      g_assert_nonnull (error);
      after = dump (tablet);
      g_assert_cmpstr (after, ==, before);
      g_assert_true (sht_db_exec (tablet->store->db, "DROP TRIGGER fault", NULL));
    }
  g_assert_true (sht_store_set_status (tablet->store, id, SHT_STATUS_DONE, NULL, NULL, NULL));
}

static void
test_act_refuses (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);
  g_autofree char *before = NULL, *after = NULL;
  g_autofree char *large = g_strnfill (4001, 'x');
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtOperation) assign = NULL, number = NULL;
  JsonObject *answers = json_object_new ();

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  before = dump (tablet);
  g_assert_false (sht_store_note (tablet->store, "nowhere", "x", &error));
  g_assert_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (sht_store_note (tablet->store, id, large, &error));
  g_assert_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_false (sht_store_set_status (tablet->store, id, SHT_STATUS_CLOSED, NULL, NULL, &error));
  g_assert_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_REFUSED);
  g_clear_error (&error);
  assign = sht_store_new_operation (tablet->store, SHT_KIND_TICKET_ASSIGN, id);
  json_object_set_string_member (assign->fields, "crew", "r2");
  g_assert_false (sht_store_act (tablet->store, assign, &error));
  g_assert_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_REFUSED);
  g_clear_error (&error);
  /* bytes are for ever: what could not be read again is not written */
  number = sht_store_new_operation (tablet->store, SHT_KIND_TICKET_SET, id);
  json_object_set_double_member (answers, "a", 1e22);
  json_object_set_object_member (number->fields, "answers", answers);
  g_assert_false (sht_store_act (tablet->store, number, &error));
  g_assert_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_false (sht_store_note (tablet->store, id, "\xff\xfe", &error));
  g_assert_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_REFUSED);
  after = dump (tablet);
  g_assert_cmpstr (after, ==, before);
}

/* The second offline edit of a field knows what the first one knew. */
static void
test_base_over_own_edits (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autoptr (ShtHubDevice) boss = town_device (town, "supervisor", NULL, "roads");
  g_autofree char *id = ticket_id (1);
  g_autofree char *said = NULL;
  gint64 version;

  town_add_ticket (town, 1, "r1");
  said = push_one (town, boss, "ticket.set", id, "{\"title\":\"boss\"}");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  {
    g_autoptr (JsonObject) ticket = sht_store_get (tablet->store, "ticket", id, NULL);

    version = sht_entity_version (ticket, "title");
    g_assert_cmpint (version, >, 0);
  }
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (ShtOperation) op = sht_store_new_operation (tablet->store, SHT_KIND_TICKET_SET, id);
      g_autofree char *title = g_strdup_printf ("mine %u", i);

      json_object_set_string_member (op->fields, "title", title);
      g_assert_true (sht_store_act (tablet->store, op, NULL));
      g_assert_cmpint (sht_json_int (op->base, "title", -1), ==, version);
    }
}

static char *
notes_of (Tablet *tablet, const char *ticket)
{
  g_autoptr (JsonArray) events = json_array_new ();
  g_autoptr (GString) notes = g_string_new (NULL);

  g_assert_true (sht_store_add_events (tablet->store, ticket, events, NULL));
  for (guint i = 0; i < json_array_get_length (events); i++)
    {
      JsonObject *event = json_array_get_object_element (events, i);

      if (g_strcmp0 (sht_json_string (event, "kind"), "note") == 0)
        g_string_append (notes, sht_json_string (sht_json_object (event, "data"), "text"));
    }
  return g_string_free (g_steal_pointer (&notes), FALSE);
}

/* Ids of one millisecond are in no order. */
static void
test_same_moment (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL, other = NULL;
  g_autofree char *id = ticket_id (1), *here = NULL, *sent = NULL, *there = NULL;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  other = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  for (guint i = 0; i < 9; i++)
    {
      g_autoptr (ShtOperation) op = sht_store_new_operation (tablet->store, SHT_KIND_TICKET_NOTE, id);
      const char text[] = { (char) ('1' + i), '\0' };

      json_object_set_string_member (op->fields, "text", text);
      g_assert_true (sht_store_act (tablet->store, op, NULL));
    }
  here = notes_of (tablet, id);
  g_assert_cmpstr (here, ==, "123456789");
  g_assert_true (tablet_sync (tablet, 0));
  sent = notes_of (tablet, id);
  g_assert_cmpstr (sent, ==, "123456789");
  g_assert_true (tablet_sync (other, 0));
  there = notes_of (other, id);
  g_assert_cmpstr (there, ==, "123456789");
}

static gboolean
collect_id (gpointer data, const char *doc)
{
  g_autoptr (JsonObject) ticket = sht_json_parse_object (doc, -1, NULL);

  g_ptr_array_add (data, g_strdup (sht_json_string (ticket, "id")));
  return TRUE;
}

static int
by_text (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char **) a, *(char **) b);
}

static char *
join_sorted (GPtrArray *ids)
{
  g_ptr_array_sort (ids, by_text);
  g_ptr_array_add (ids, NULL);
  return g_strjoinv (" ", (char **) ids->pdata);
}

/* A search by looking at every ticket. */
static char *
search_by_hand (Tablet *tablet, const char *query)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *folded = sht_text_fold (query);
  g_auto (GStrv) wanted = g_strsplit (folded, " ", -1);
  ShtStmt *stmt = sht_db_query_built (tablet->store->db,
                                      "SELECT id, number, title, address, doc ->> 'description', (SELECT group_concat (doc ->> "
                                      "'$.data.text', ' ') FROM event WHERE parent = ticket.id AND doc ->> 'kind' = 'note') FROM ticket");

  while (sht_stmt_step (stmt))
    {
      g_autoptr (GString) words = g_string_new (" ");
      gboolean all = TRUE;

      for (int i = 1; i < 6; i++)
        sht_text_fold_for_index (words, sht_stmt_text (stmt, i));
      for (guint i = 0; wanted[i] != NULL; i++)
        {
          g_autofree char *start = g_strconcat (" ", wanted[i], NULL);

          all &= strstr (words->str, start) != NULL;
        }
      if (all)
        g_ptr_array_add (ids, sht_stmt_dup (stmt, 0));
    }
  g_assert_true (sht_stmt_end (stmt, NULL));
  return join_sorted (ids);
}

/* What is found by words and position is what a look at every row finds, after any history. */
static void
test_index_equals_scan (void)
{
  static const char *const words[] = { "כביש", "בכביש", "לכבישים", "בור", "tree", "pothole", "ז׳בוטינסקי", "שלום", "106" };

  for (guint round = 0; round < 8; round++)
    {
      g_autoptr (Town) town = town_new ();
      g_autoptr (Tablet) tablet = NULL;

      for (guint n = 1; n < 20; n++)
        town_add_ticket (town, n, "r1");
      tablet = tablet_new (town, "crew", "r1", "roads");
      g_assert_true (tablet_sync (tablet, 0));
      for (guint i = 0; i < 60; i++)
        {
          g_autofree char *id = ticket_id ((guint) g_test_rand_int_range (1, 20));
          const char *word = words[g_test_rand_int_range (0, G_N_ELEMENTS (words))];
          gboolean done;

          switch (g_test_rand_int_range (0, 7))
            {
            case 0:
              {
                g_autoptr (ShtOperation) op = sht_store_new_operation (tablet->store, SHT_KIND_TICKET_SET, id);

                json_object_set_string_member (op->fields, g_test_rand_bit () ? "title" : "address", word);
                json_object_set_int_member (op->fields, "lat_e7", 312000000 + g_test_rand_int_range (0, 1000000));
                sht_store_act (tablet->store, op, NULL);
                break;
              }
            case 1:
              sht_store_note (tablet->store, id, word, NULL);
              break;
            case 2:
              sht_hub_assign (town->hub, id, g_test_rand_bit () ? "r2" : "r1", NULL);
              break;
            case 3:
              {
                g_autoptr (ShtHubDevice) boss = town_device (town, "supervisor", NULL, "roads");
                g_autofree char *fields = g_strdup_printf ("{\"text\":\"%s\"}", word);
                g_autofree char *said = push_one (town, boss, "ticket.note", id, fields);

                break;
              }
            case 4:
              g_assert_true (tablet_sync (tablet, 60000));
              break;
            default:
              g_assert_true (sht_store_index_some (tablet->store, (guint) g_test_rand_int_range (1, 6), &done, NULL));
            }
        }
      g_assert_true (sht_store_index_all (tablet->store, NULL));
      for (guint i = 0; i < G_N_ELEMENTS (words); i++)
        {
          ShtListQuery query = { .search = words[i] };
          g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
          g_autofree char *by_hand = search_by_hand (tablet, words[i]);
          g_autofree char *found = NULL;

          g_assert_true (sht_store_list (tablet->store, &query, collect_id, ids, NULL));
          found = join_sorted (ids);
          g_assert_cmpstr (found, ==, by_hand);
        }
      g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM ticket_spot"), ==, tablet_count (tablet, "SELECT count(*) FROM ticket"));
      g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM ticket_words"), ==, tablet_count (tablet, "SELECT count(*) FROM ticket"));
      g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM ticket_spot AS s JOIN ticket AS t USING (row) WHERE s.min_lat <> t.lat_e7 "
                                             "OR s.max_lon <> t.lon_e7"),
                       ==, 0);
    }
}

static gboolean
collect_distance (gpointer data, const char *doc)
{
  GArray *distances = data;
  g_autoptr (JsonObject) place = sht_json_parse_object (doc, -1, NULL);
  double metres = sht_geo_distance (0, 0, sht_json_int (place, "lat_e7", 0), sht_json_int (place, "lon_e7", 0));

  g_array_append_val (distances, metres);
  return TRUE;
}

typedef struct
{
  gint64 lat, lon;
} Point;

static Point from;

static int
by_metres (gconstpointer a, gconstpointer b)
{
  double d = sht_geo_distance (from.lat, from.lon, ((const Point *) a)->lat, ((const Point *) a)->lon)
             - sht_geo_distance (from.lat, from.lon, ((const Point *) b)->lat, ((const Point *) b)->lon);

  return d < 0 ? -1 : d > 0;
}

static gboolean
collect_point (gpointer data, const char *doc)
{
  g_autoptr (JsonObject) o = sht_json_parse_object (doc, -1, NULL);
  Point point = { sht_json_int (o, "lat_e7", 0), sht_json_int (o, "lon_e7", 0) };

  g_array_append_val ((GArray *) data, point);
  return TRUE;
}

/* All over the world, and at its edges. */
static void
test_near (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_new (town, "crew", "r1", "roads");
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (Point));

  g_assert_true (sht_db_begin (tablet->store->db, NULL));
  for (guint n = 0; n < 300; n++)
    {
      gint64 lat = n % 3 == 0 ? (gint64) g_test_rand_int_range (-900000000, 900000000) : 312400000 + g_test_rand_int_range (-100000, 100000);
      gint64 lon = n % 3 == 0 ? (gint64) g_test_rand_int_range (-1800000000, 1800000000) : 346000000 + g_test_rand_int_range (-100000, 100000);
      g_autofree char *doc = g_strdup_printf ("{\"t\":\"ticket\",\"id\":\"" TICKET_ID "\",\"status\":\"new\",\"lat_e7\":%ld,\"lon_e7\":%ld,\"rev\":1}",
                                              n, (long) lat, (long) lon);
      g_autofree char *id = ticket_id (n);
      Point point = { lat, lon };

      g_assert_true (sht_store_put_line (tablet->store, "ticket", id, doc, strlen (doc), 1, 1, NULL));
      g_array_append_val (all, point);
    }
  g_assert_true (sht_db_commit (tablet->store->db, NULL));
  g_assert_true (sht_store_index_all (tablet->store, NULL));
  for (guint i = 0; i < 60; i++)
    {
      ShtListQuery query = { .near = TRUE, .limit = g_test_rand_int_range (1, 60) };
      g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (Point));

      from.lat = query.lat_e7 = i % 4 == 0 ? 899000000 : i % 4 == 1 ? 312400000 : g_test_rand_int_range (-900000000, 900000000);
      from.lon = query.lon_e7 = i % 4 == 2 ? 1799900000 : i % 4 == 1 ? 346000000 : g_test_rand_int_range (-1800000000, 1800000000);
      g_assert_true (sht_store_list (tablet->store, &query, collect_point, found, NULL));
      g_array_sort (all, by_metres);
      g_assert_cmpuint (found->len, ==, query.limit);
      for (guint k = 0; k < found->len; k++)
        g_assert_cmpint (by_metres (&g_array_index (found, Point, k), &g_array_index (all, Point, k)), ==, 0);
    }
  {
    ShtListQuery query = { .near = TRUE, .lat_e7 = 312400000, .lon_e7 = 346000000 };
    g_autoptr (GArray) distances = g_array_new (FALSE, FALSE, sizeof (double));

    g_assert_true (tablet_sync (tablet, 0));
    g_assert_true (sht_store_list_places (tablet->store, &query, collect_distance, distances, NULL));
    g_assert_cmpuint (distances->len, ==, 1);
  }
}

static void
test_open (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_new (town, "crew", "r1", "roads");
  ShtStoreWorld world = tablet_world (tablet);
  g_autoptr (GError) error = NULL;
  
  g_autofree char *before = NULL, *after = NULL;

  /* who it is survives, and a second opens beside it */
  {
    g_autoptr (ShtStore) second = sht_store_open (tablet->folder, &world, &error);

    g_assert_no_error (error);
    g_assert_cmpstr (second->device.id, ==, tablet->store->device.id);
    g_assert_true (sht_store_set_text (second, "seen", "by both", NULL));
    before = sht_store_get_text (tablet->store, "seen");
    g_assert_cmpstr (before, ==, "by both");
  }
  g_assert_true (sht_db_exec (tablet->store->db, "PRAGMA user_version = 99", NULL));
  g_assert_null (sht_store_open (tablet->folder, &world, &error));
  g_assert_error (error, SHT_DB_ERROR, SHT_DB_ERROR_NEWER);
  g_clear_error (&error);
  g_assert_cmpint (tablet_count (tablet, "PRAGMA user_version"), ==, 99);
  after = sht_store_get_text (tablet->store, "seen");
  g_assert_cmpstr (after, ==, "by both");
  {
    g_autofree char *elsewhere = g_dir_make_tmp ("tablet-XXXXXX", NULL);
    g_autofree char *rubbish = g_build_filename (elsewhere, "store.db", NULL);

    g_assert_true (g_file_set_contents (rubbish, "this is no database, and never was, but long enough to look", -1, NULL));
    g_assert_null (sht_store_open (elsewhere, &world, &error));
    g_assert_error (error, SHT_DB_ERROR, SHT_DB_ERROR_DAMAGED);
    remove_tree (elsewhere);
  }
}

/* The same words of SQL inside themselves. */
static void
test_db_reentrant (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_new (town, "crew", "r1", "roads");
  static const char sql[] = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) SELECT i FROM n";
  ShtDb *db = tablet->store->db;
  guint sum = 0;

  for (guint again = 0; again < 3; again++)
    {
      ShtStmt *outer = sht_db_query (db, sql, "i", (gint64) 4);

      while (sht_stmt_step (outer))
        {
          ShtStmt *inner = sht_db_query (db, sql, "i", sht_stmt_int (outer, 0));

          while (sht_stmt_step (inner))
            sum += (guint) sht_stmt_int (inner, 0);
          g_assert_true (sht_stmt_end (inner, NULL));
        }
      g_assert_true (sht_stmt_end (outer, NULL));
    }
  g_assert_cmpuint (sum, ==, 3 * (1 + 3 + 6 + 10));
  {
    g_autoptr (GError) error = NULL;

    g_assert_false (sht_db_run (db, &error, "SELECT nonsense FROM nowhere", ""));
    g_assert_error (error, SHT_DB_ERROR, SHT_DB_ERROR_FAILED);
    g_assert_null (sht_db_get_text (db, NULL, "SELECT NULL", ""));
  }
}

/* Also at either end, and cut in the middle; not what a person wrote. */
static void
test_marks (void)
{
  static const char all[] = "{\"conflicts\":[{\"field\":\"resident\"}],\"resident\":{},\"kind\":\"note\",\"contribution\":true,"
                            "\"undecided\":[]}";
  static const char none[] = "{\"resident\":\"sealed:x\",\"kind\":\"notes\",\"contribution\":false,\"text\":\"\\\"undecided\\\":"
                             " \\\"kind\\\":\\\"note\\\" ::\",\"fields\":\"resident\",\"conflicts\":{}}";
  guint before = 0;

  g_assert_cmphex (sht_doc_marks (none, strlen (none)), ==, 0);
  g_assert_cmphex (sht_doc_marks (all, strlen (all)), ==, 63u);
  for (gsize length = 1; length <= strlen (all); length++)
    {
      g_autofree char *cut = g_memdup2 (all, length);
      guint marks = sht_doc_marks (cut, length);

      g_assert_cmphex (marks & before, ==, before);
      before = marks;
    }
  g_assert_cmphex (before, ==, 63u);
}

/* Rows that statements have gone through because no index told where to look, since this was last asked. */
static gint64
rows_gone_through (Tablet *tablet)
{
  gint64 n = 0;

  for (sqlite3_stmt *stmt = sqlite3_next_stmt (sht_db_handle (tablet->store->db), NULL); stmt != NULL;
       stmt = sqlite3_next_stmt (sht_db_handle (tablet->store->db), stmt))
    n += sqlite3_stmt_status (stmt, SQLITE_STMTSTATUS_FULLSCAN_STEP, 1);
  return n;
}

static void
work_on (Tablet *tablet, const char *ticket)
{
  g_autofree char *report = NULL;
  g_autofree char *photo = NULL;
  g_autoptr (ShtOperation) caption = NULL;
  g_autoptr (GError) error = NULL;

  tablet_note (tablet, ticket, "once more");
  photo = tablet_photo (tablet, ticket, 300, 7);
  caption = sht_store_new_operation (tablet->store, SHT_KIND_PHOTO_EDIT, photo);
  json_object_set_string_member (caption->fields, "caption", "from above");
  sht_store_act (tablet->store, caption, &error);
  g_assert_no_error (error);
  report = tablet_report (tablet, "pothole");
  tablet_note (tablet, report, "and here");
}

/* Trap 7, on the tablet: a tap, and what sends it, takes no longer for all that was ever done there. */
static void
test_trap_07_a_long_past (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *ticket = ticket_id (1);
  g_autoptr (GError) error = NULL;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  g_assert_true (sht_db_exec (tablet->store->db,
                              "WITH RECURSIVE k (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < 3000) "
                              "INSERT INTO op (op, kind, type, entity, ticket, bytes, state, made_at) "
                              "SELECT 'old-' || i, 'ticket.note', 'ticket', 'gone', 'gone', '{}', 2, i FROM k",
                              &error));
  g_assert_no_error (error);
  g_assert_true (sht_db_exec (tablet->store->db,
                              "WITH RECURSIVE k (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < 3000) "
                              "INSERT INTO event (parent, id, doc) SELECT '0', 'old-' || i, '{}' FROM k",
                              &error));
  g_assert_no_error (error);
  rows_gone_through (tablet);
  work_on (tablet, ticket);
  g_assert_cmpint (rows_gone_through (tablet), <, 100);
  /* what waits is replayed on what comes */
  g_assert_true (sht_hub_assign (town->hub, ticket, "r1", NULL));
  g_assert_true (sht_store_rebase (tablet->store, "ticket", ticket, &error));
  g_assert_cmpint (rows_gone_through (tablet), <, 100);
  g_assert_true (tablet_sync (tablet, 0));
  g_assert_cmpint (rows_gone_through (tablet), <, 400);
  assert_agrees (tablet);
}

/* What goes again over a bad link goes as it was, and nothing is written for that; a step more is. */
static void
test_sending_again_writes_nothing (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *ticket = ticket_id (1);
  gint64 changes[4], seqs[4] = { 0 };

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  tablet_note (tablet, ticket, "one");
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autofree char *incarnation = NULL;
      g_autoptr (GPtrArray) batch = NULL;

      if (i == 3)
        tablet_note (tablet, ticket, "two");
      batch = sht_store_next_push (tablet->store, 10, 100000, &incarnation, NULL);
      g_assert_cmpuint (batch->len, ==, i < 3 ? 1 : 2);
      seqs[i] = ((ShtOutgoing *) g_ptr_array_index (batch, 0))->device_seq;
      changes[i] = sqlite3_total_changes64 (sht_db_handle (tablet->store->db));
      g_assert_true (sqlite3_get_autocommit (sht_db_handle (tablet->store->db)));
    }
  g_assert_cmpint (seqs[0], ==, seqs[1]);
  g_assert_cmpint (seqs[0], ==, seqs[3]);
  g_assert_cmpint (changes[1], ==, changes[0]);
  g_assert_cmpint (changes[2], ==, changes[0]);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state = 1 AND sent_at > 0"), ==, 2);
  g_assert_true (tablet_sync (tablet, 0));
  assert_agrees (tablet);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/open", test_open);
  g_test_add_func ("/store/db-reentrant", test_db_reentrant);
  g_test_add_func ("/store/trap_03-page-cut", test_page_cut);
  g_test_add_func ("/store/act-is-atomic", test_act_is_atomic);
  g_test_add_func ("/store/act-refuses", test_act_refuses);
  g_test_add_func ("/store/base-over-own-edits", test_base_over_own_edits);
  g_test_add_func ("/store/same-moment", test_same_moment);
  g_test_add_func ("/store/index-equals-scan", test_index_equals_scan);
  g_test_add_func ("/store/near", test_near);
  g_test_add_func ("/store/marks", test_marks);
  g_test_add_func ("/store/sending-again-writes-nothing", test_sending_again_writes_nothing);
  g_test_add_func ("/store/trap_07-a-long-past", test_trap_07_a_long_past);
  return g_test_run ();
}
