/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/store.h"

#include "core/geo.h"
#include "core/json.h"
#include "core/text.h"
#include "core/view.h"
#include "tablet/store/place.h"

#include <string.h>

/* A search looks at no more than this many of the newest matches: who has more types another letter. */
#define SEARCH_DEPTH 2000
#define FIRST_RADIUS_M 500.0
#define LAST_RADIUS_M 20100000.0

/**
 * sht_store_find_ticket:
 * @text: a UUID, a number, or the beginning of a UUID
 *
 * Returns: (transfer full) (nullable): the ticket's UUID; %NULL with %SHT_STORE_ERROR_NOT_FOUND or
 *   %SHT_STORE_ERROR_AMBIGUOUS
 */
char *
sht_store_find_ticket (ShtStore *store, const char *text, GError **error)
{
  g_autofree char *end = g_strconcat (text, "\x7f", NULL);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT id FROM (SELECT id FROM ticket WHERE number = ?1 UNION "
                                "SELECT id FROM ticket WHERE id >= ?1 AND id < ?2) LIMIT 2",
                                "ss", text, end);

  while (sht_stmt_step (stmt))
    g_ptr_array_add (ids, sht_stmt_dup (stmt, 0));
  if (!sht_stmt_end (stmt, error))
    return NULL;
  if (ids->len == 1 && text[0] != '\0')
    return g_strdup (g_ptr_array_index (ids, 0));
  g_set_error (error, SHT_STORE_ERROR, ids->len == 0 ? SHT_STORE_ERROR_NOT_FOUND : SHT_STORE_ERROR_AMBIGUOUS,
               ids->len == 0 ? "there is no ticket %s on this tablet" : "several tickets begin with “%s”", text);
  return NULL;
}

typedef struct
{
  gint64 row;
  double metres;
} Spot;

static int
by_distance (gconstpointer a, gconstpointer b)
{
  double d = ((const Spot *) a)->metres - ((const Spot *) b)->metres;

  return d < 0 ? -1 : d > 0 ? 1 : 0;
}

static gboolean
spots_in_box (ShtStmt *stmt, const ShtListQuery *query, GArray *spots, GError **error)
{
  g_array_set_size (spots, 0);
  while (sht_stmt_step (stmt))
    {
      Spot spot = { sht_stmt_int (stmt, 0),
                    sht_geo_distance (query->lat_e7, query->lon_e7, sht_stmt_int (stmt, 1), sht_stmt_int (stmt, 2)) };

      g_array_append_val (spots, spot);
    }
  return sht_stmt_end (stmt, error);
}

/* Rows by distance: boxes that grow until enough of what is in them lies within the circle that the box
 * surely covers. Filters on status are applied by the caller, who asks for more where it drops some. */
static gboolean
nearest (ShtStore *store, const char *sql_of_table, const ShtListQuery *query, gint64 wanted, GArray *spots,
         GError **error)
{
  for (double radius = FIRST_RADIUS_M;; radius *= 4)
    {
      gint64 box[4];
      guint within = 0;

      sht_geo_box (query->lat_e7, query->lon_e7, radius, box);
      if (!spots_in_box (sht_db_query (store->db, sql_of_table, "iiii", box[0], box[1], box[2], box[3]), query, spots,
                         error))
        return FALSE;
      for (guint i = 0; i < spots->len; i++)
        within += g_array_index (spots, Spot, i).metres <= radius;
      if ((wanted > 0 && within >= wanted) || radius > LAST_RADIUS_M)
        break;
    }
  g_array_sort (spots, by_distance);
  return TRUE;
}

/* Which rows the words match; %NULL when no words were asked for. */
static GHashTable *
rows_with_words (ShtStore *store, const char *search, GError **error)
{
  g_autofree char *match = sht_text_match_query (search);
  g_autoptr (GHashTable) rows = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  ShtStmt *stmt;

  if (match == NULL)
    return g_steal_pointer (&rows);
  stmt = sht_db_query (store->db, "SELECT rowid FROM ticket_words WHERE ticket_words MATCH ?1", "s", match);
  while (sht_stmt_step (stmt))
    {
      gint64 row = sht_stmt_int (stmt, 0);

      g_hash_table_add (rows, g_memdup2 (&row, sizeof row));
    }
  return sht_stmt_end (stmt, error) ? g_steal_pointer (&rows) : NULL;
}

static gboolean
each_doc (ShtStmt *stmt, ShtDocFunc each, gpointer data, GError **error)
{
  while (sht_stmt_step (stmt))
    if (!each (data, sht_stmt_text (stmt, 0)))
      break;
  return sht_stmt_end (stmt, error);
}

static gboolean
list_near (ShtStore *store, const ShtListQuery *query, ShtDocFunc each, gpointer data, GError **error)
{
  g_autoptr (GArray) spots = g_array_new (FALSE, FALSE, sizeof (Spot));
  g_autoptr (GHashTable) matching = query->search != NULL ? rows_with_words (store, query->search, error) : NULL;
  gboolean filtered = query->status != NULL || query->search != NULL;
  gint64 found = 0;

  if (query->search != NULL && matching == NULL)
    return FALSE;
  if (!nearest (store,
                "SELECT row, min_lat, min_lon FROM ticket_spot WHERE max_lat >= ?1 AND min_lat <= ?2 "
                "AND max_lon >= ?3 AND min_lon <= ?4",
                query, filtered ? 0 : query->limit, spots, error))
    return FALSE;
  for (guint i = 0; i < spots->len && (query->limit == 0 || found < query->limit); i++)
    {
      gint64 row = g_array_index (spots, Spot, i).row;
      g_autofree char *doc = NULL;

      if (matching != NULL && !g_hash_table_contains (matching, &row))
        continue;
      doc = sht_db_get_text (store->db, NULL,
                             "SELECT doc FROM ticket WHERE row = ?1 AND (?2 IS NULL OR status = ?2)", "is", row,
                             query->status);
      if (doc == NULL)
        continue;
      found++;
      if (!each (data, doc))
        break;
    }
  return TRUE;
}

static gboolean
list_matching (ShtStore *store, const ShtListQuery *query, ShtDocFunc each, gpointer data, GError **error)
{
  g_autofree char *match = sht_text_match_query (query->search);

  if (match == NULL)
    return TRUE;
  return each_doc (sht_db_query (store->db,
                                 "SELECT doc FROM ticket WHERE row IN (SELECT rowid FROM ticket_words "
                                 "WHERE ticket_words MATCH ?1 ORDER BY rowid DESC LIMIT ?2) "
                                 "AND (?3 IS NULL OR status = ?3) ORDER BY open DESC, due_at, row LIMIT ?4",
                                 "sisi", match, query->limit > 0 ? (gint64) SEARCH_DEPTH : G_MAXINT64, query->status,
                                 query->limit > 0 ? query->limit : (gint64) -1),
                   each, data, error);
}

/**
 * sht_store_list:
 * @query: which tickets
 * @each: called for each ticket's visible row, in the order asked for: by distance, or open ones first
 *   by due time
 *
 * Lists tickets. What is searched or measured must have been indexed, see sht_store_index_all().
 */
gboolean
sht_store_list (ShtStore *store, const ShtListQuery *query, ShtDocFunc each, gpointer data, GError **error)
{
  gint64 limit = query->limit > 0 ? query->limit : -1;

  if (query->near)
    return list_near (store, query, each, data, error);
  if (query->search != NULL)
    return list_matching (store, query, each, data, error);
  if (query->status != NULL)
    return each_doc (sht_db_query (store->db,
                                   "SELECT doc FROM ticket WHERE status = ?1 ORDER BY open DESC, due_at, row LIMIT ?2",
                                   "si", query->status, limit),
                     each, data, error);
  return each_doc (sht_db_query (store->db, "SELECT doc FROM ticket ORDER BY open DESC, due_at, row LIMIT ?1", "i",
                                 limit),
                   each, data, error);
}

/* Whether a place has all words that were asked for, each as the beginning of a word. */
static gboolean
has_words (const char *words, char **wanted)
{
  for (guint i = 0; wanted != NULL && wanted[i] != NULL; i++)
    {
      g_autofree char *start = g_strconcat (" ", wanted[i], NULL);

      if (words == NULL || strstr (words, start) == NULL)
        return FALSE;
    }
  return TRUE;
}

/* Their rows alone: all their shapes need not be read to find the few that were asked for. */
static gboolean
places_by_layer (ShtStore *store, const ShtListQuery *query, char **wanted, GArray *rows, GError **error)
{
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT row, words FROM place WHERE ?1 IS NULL OR layer = ?1 ORDER BY layer, name, row", "s",
                                query->layer);

  while ((query->limit == 0 || rows->len < query->limit) && sht_stmt_step (stmt))
    {
      gint64 row = sht_stmt_int (stmt, 0);

      if (has_words (sht_stmt_text (stmt, 1), wanted))
        g_array_append_val (rows, row);
    }
  return sht_stmt_end (stmt, error);
}

static gboolean
places_by_distance (ShtStore *store, const ShtListQuery *query, char **wanted, GArray *rows, GError **error)
{
  g_autoptr (GArray) spots = g_array_new (FALSE, FALSE, sizeof (Spot));
  gboolean filtered = wanted != NULL || query->layer != NULL;

  if (!nearest (store,
                "SELECT s.row, p.lat_e7, p.lon_e7 FROM place_spot AS s CROSS JOIN place AS p ON p.row = s.row "
                "WHERE s.max_lat >= ?1 AND s.min_lat <= ?2 AND s.max_lon >= ?3 AND s.min_lon <= ?4",
                query, filtered ? 0 : query->limit, spots, error))
    return FALSE;
  for (guint i = 0; i < spots->len && (query->limit == 0 || rows->len < query->limit); i++)
    {
      gint64 row = g_array_index (spots, Spot, i).row;
      g_autofree char *words = filtered ? sht_db_get_text (store->db, NULL,
                                                           "SELECT words FROM place WHERE row = ?1 "
                                                           "AND (?2 IS NULL OR layer = ?2)",
                                                           "is", row, query->layer)
                                        : NULL;

      if (!filtered || (words != NULL && has_words (words, wanted)))
        g_array_append_val (rows, row);
    }
  return TRUE;
}

/**
 * sht_store_list_places:
 * @query: which places; `status` is not looked at
 * @each: called for each, by distance or by layer and name
 */
gboolean
sht_store_list_places (ShtStore *store, const ShtListQuery *query, ShtDocFunc each, gpointer data, GError **error)
{
  g_autofree char *folded = query->search != NULL ? sht_text_fold (query->search) : NULL;
  g_auto (GStrv) wanted = folded != NULL ? g_strsplit (folded, " ", -1) : NULL;
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (!(query->near ? places_by_distance : places_by_layer) (store, query, wanted, rows, error))
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    {
      g_autofree char *doc
        = sht_db_get_text (store->db, NULL, "SELECT doc FROM place WHERE row = ?1", "i", g_array_index (rows, gint64, i));

      if (doc != NULL && !each (data, doc))
        break;
    }
  return TRUE;
}

/**
 * sht_store_list_reported:
 * @limit: how many at most
 * @each: called for each place of which something was reported that nobody has set right
 */
gboolean
sht_store_list_reported (ShtStore *store, gint64 limit, ShtDocFunc each, gpointer data, GError **error)
{
  return each_doc (sht_db_query (store->db, "SELECT doc FROM place WHERE " SHT_PLACE_IS_REPORTED " ORDER BY row LIMIT ?1", "i", limit),
                   each, data, error);
}

/**
 * sht_store_count_reported:
 * @n: (out): of how many places something was reported that nobody has set right
 */
gboolean
sht_store_count_reported (ShtStore *store, gint64 *n, GError **error)
{
  return sht_db_get_int (store->db, n, error, "SELECT count(*) FROM place WHERE " SHT_PLACE_IS_REPORTED, "");
}

static const char *
op_state_name (gint64 state)
{
  static const char *const names[] = { "on_device", "sent", "confirmed", "needs_attention", "put_away" };

  return names[CLAMP (state, 0, 4)];
}

/**
 * sht_store_add_events:
 * @ticket: a ticket's or an obstacle's UUID
 * @events: where its journey is added; a ticket's has what was said of the obstacles that hold it up. What was done in the
 *   same millisecond, such as the answers that a step brings with it, stands in the order in which it was done
 */
gboolean
sht_store_add_events (ShtStore *store, const char *ticket, JsonArray *events, GError **error)
{
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT e.doc, o.state FROM (SELECT id, doc FROM event WHERE parent = ?1 UNION ALL "
                                "SELECT e.id, e.doc FROM obstacle AS b JOIN event AS e ON e.parent = b.id "
                                "AND e.doc ->> 'kind' IN ('obstacle', 'answer') WHERE b.ticket = ?1) AS e "
                                "LEFT JOIN op AS o ON o.op = e.id "
                                "ORDER BY e.doc ->> 'at', e.doc ->> 'rev' IS NULL, e.doc ->> 'rev', o.n, e.id",
                                "s", ticket);

  while (sht_stmt_step (stmt))
    {
      g_autoptr (JsonObject) event = sht_store_parse_column (store, stmt, 0);
      JsonObject *view;

      if (event == NULL)
        continue;
      view = sht_view_event (event);
      json_object_set_string_member (view, "state",
                                     sht_stmt_is_null (stmt, 1) ? "confirmed" : op_state_name (sht_stmt_int (stmt, 1)));
      json_array_add_object_element (events, view);
    }
  return sht_stmt_end (stmt, error);
}

/* A photo or voice note is confirmed when the hub has both taken in that it is attached and verified its bytes. */
static const char *
photo_state (gboolean have, ShtStmt *stmt)
{
  if (sht_stmt_is_null (stmt, 1))
    return have ? "confirmed" : "sent";
  if (sht_stmt_int (stmt, 1) == SHT_OP_ATTENTION || sht_stmt_int (stmt, 2) == 3)
    return "needs_attention";
  if (sht_stmt_int (stmt, 1) == SHT_OP_PUT_AWAY || sht_stmt_int (stmt, 2) == SHT_OP_PUT_AWAY)
    return "put_away";
  if (sht_stmt_int (stmt, 1) == SHT_OP_CONFIRMED && sht_stmt_int (stmt, 2) == 2)
    return "confirmed";
  return sht_stmt_int (stmt, 2) == 0 ? "on_device" : "sent";
}

static gboolean
add_voices (ShtStore *store, const char *ticket, JsonArray *voices, GError **error)
{
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT v.doc, o.state, b.state, v.fetched FROM voice AS v "
                                "LEFT JOIN blob AS b ON b.sha256 = v.sha256 AND b.photo = v.id "
                                "LEFT JOIN op AS o ON o.op = b.op WHERE v.ticket = ?1 ORDER BY v.id",
                                "s", ticket);

  while (sht_stmt_step (stmt))
    {
      g_autoptr (JsonObject) voice = sht_json_parse_object (sht_stmt_text (stmt, 0), -1, NULL);
      JsonObject *view = voice != NULL ? sht_view_voice (voice, photo_state (sht_json_bool (voice, "have"), stmt)) : NULL;

      if (view == NULL)
        continue;
      json_object_set_boolean_member (view, "here", sht_stmt_int (stmt, 3) == 1);
      json_array_add_object_element (voices, view);
    }
  return sht_stmt_end (stmt, error);
}

/* The step that added a voice note is as far as its bytes are, and tells whether they are here. */
static void
mark_voices (JsonArray *events, JsonArray *voices)
{
  for (guint i = 0; i < json_array_get_length (voices); i++)
    for (guint j = 0; j < json_array_get_length (events); j++)
      {
        JsonObject *voice = json_array_get_object_element (voices, i);
        JsonObject *event = json_array_get_object_element (events, j);
        const char *id = sht_json_string (sht_json_object (event, "data"), "voice");

        if (g_strcmp0 (id, sht_json_string (voice, "id")) != 0)
          continue;
        json_object_set_string_member (event, "state", sht_json_string (voice, "state"));
        json_object_set_boolean_member (event, "here", sht_json_bool (voice, "here"));
      }
}

/**
 * sht_store_add_photos:
 * @ticket: a ticket's or an obstacle's UUID
 * @photos: where its photos are added
 */
gboolean
sht_store_add_photos (ShtStore *store, const char *ticket, JsonArray *photos, GError **error)
{
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT p.doc, o.state, b.state FROM photo AS p "
                                "LEFT JOIN blob AS b ON b.sha256 = p.sha256 AND b.photo = p.id "
                                "LEFT JOIN op AS o ON o.op = b.op WHERE p.ticket = ?1 ORDER BY p.id",
                                "s", ticket);

  while (sht_stmt_step (stmt))
    {
      g_autoptr (JsonObject) photo = sht_json_parse_object (sht_stmt_text (stmt, 0), -1, NULL);

      if (photo != NULL)
        json_array_add_object_element (photos, sht_view_photo (photo, photo_state (sht_json_bool (photo, "have"), stmt)));
    }
  return sht_stmt_end (stmt, error);
}

void
sht_photo_mark_free (ShtPhotoMark *mark)
{
  g_free (mark->id);
  g_free (mark);
}

/**
 * sht_store_ticket_photos:
 * @ticket: a ticket's UUID
 * @role: before, after or other; whatever is neither of the first two is other
 *
 * Finds its photos of that role, and no more of each than a look that is taken often may cost.
 *
 * Returns: (transfer full) (nullable) (element-type ShtPhotoMark): in the ticket's order
 */
GPtrArray *
sht_store_ticket_photos (ShtStore *store, const char *ticket, const char *role, GError **error)
{
  g_autoptr (GPtrArray) photos = g_ptr_array_new_with_free_func ((GDestroyNotify) sht_photo_mark_free);
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT p.id, o.state, b.state, p.doc ->> 'have' FROM photo AS p "
                                "LEFT JOIN blob AS b ON b.sha256 = p.sha256 AND b.photo = p.id "
                                "LEFT JOIN op AS o ON o.op = b.op WHERE p.ticket = ?1 AND ?2 = "
                                "CASE WHEN p.doc ->> 'role' IN ('before', 'after') THEN p.doc ->> 'role' ELSE 'other' END "
                                "ORDER BY p.id",
                                "ss", ticket, role);

  while (sht_stmt_step (stmt))
    {
      ShtPhotoMark *mark = g_new0 (ShtPhotoMark, 1);

      mark->id = g_strdup (sht_stmt_text (stmt, 0));
      mark->state = photo_state (sht_stmt_int (stmt, 3) != 0, stmt);
      g_ptr_array_add (photos, mark);
    }
  return sht_stmt_end (stmt, error) ? g_steal_pointer (&photos) : NULL;
}

/**
 * sht_store_photo_view:
 * @photo: a photo's id
 *
 * Returns: (transfer full) (nullable): one of its ticket's view's photos; %NULL when it is not there, or with an error
 */
JsonObject *
sht_store_photo_view (ShtStore *store, const char *photo, GError **error)
{
  ShtStmt *stmt = sht_db_query (store->db,
                                "SELECT p.doc, o.state, b.state FROM photo AS p "
                                "LEFT JOIN blob AS b ON b.sha256 = p.sha256 AND b.photo = p.id "
                                "LEFT JOIN op AS o ON o.op = b.op WHERE p.id = ?1",
                                "s", photo);
  JsonObject *view = NULL;

  if (sht_stmt_step (stmt))
    {
      g_autoptr (JsonObject) doc = sht_json_parse_object (sht_stmt_text (stmt, 0), -1, NULL);

      if (doc != NULL)
        view = sht_view_photo (doc, photo_state (sht_json_bool (doc, "have"), stmt));
    }
  if (!sht_stmt_end (stmt, error))
    g_clear_pointer (&view, json_object_unref);
  return view;
}

/**
 * sht_store_missing_photos:
 * @ticket: a ticket as it stands
 * @missing: (out): by role, how many photos its service asks for that are not there
 */
gboolean
sht_store_missing_photos (ShtStore *store, JsonObject *ticket, guint missing[SHT_N_PHOTO_ROLES], GError **error)
{
  const char *code = sht_json_string (ticket, "service");
  g_autoptr (GError) local_error = NULL;
  g_autoptr (JsonObject) service = code != NULL ? sht_store_get (store, "service", code, &local_error) : NULL;
  g_autoptr (JsonArray) photos = json_array_new ();

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (sht_json_has (service, "photos") && !sht_store_add_photos (store, sht_json_string (ticket, "id"), photos, error))
    return FALSE;
  sht_photo_rule_missing (service, photos, missing);
  return TRUE;
}

/* By its code, or by where the ticket lies. */
static void
add_district (ShtStore *store, JsonObject *ticket, JsonObject *view)
{
  g_autofree char *doc = sht_place_district_of (store->db, sht_json_string (ticket, "district"), sht_json_has (ticket, "lat_e7"),
                                                sht_json_int (ticket, "lat_e7", 0), sht_json_int (ticket, "lon_e7", 0));
  g_autoptr (JsonObject) place = doc != NULL ? sht_json_parse_object (doc, -1, NULL) : NULL;
  const char *code = sht_json_string (place, "code");

  sht_json_set_string (view, "district", sht_json_has (ticket, "district") ? sht_json_string (ticket, "district") : code);
  if (place == NULL)
    return;
  sht_json_set_string (view, "district_name", sht_json_string (place, "name"));
  sht_json_set_string (view, "district_note", sht_json_string (place, "note"));
}

/**
 * sht_store_ticket_view:
 * @ticket: a ticket's UUID
 *
 * Returns: (transfer full) (nullable): the ticket with its photos, voice notes and journey, each with its mark; %NULL
 *   with %SHT_STORE_ERROR_NOT_FOUND or another error
 */
JsonObject *
sht_store_ticket_view (ShtStore *store, const char *ticket, GError **error)
{
  g_autoptr (JsonObject) doc = sht_store_get (store, "ticket", ticket, error);
  g_autoptr (JsonArray) photos = json_array_new ();
  g_autoptr (JsonArray) voices = json_array_new ();
  g_autoptr (JsonArray) events = json_array_new ();
  JsonObject *view;

  if (doc == NULL)
    {
      if (error != NULL && *error == NULL)
        g_set_error (error, SHT_STORE_ERROR, SHT_STORE_ERROR_NOT_FOUND, "there is no ticket %s on this tablet", ticket);
      return NULL;
    }
  if (!sht_store_add_photos (store, ticket, photos, error) || !add_voices (store, ticket, voices, error)
      || !sht_store_add_events (store, ticket, events, error))
    return NULL;
  mark_voices (events, voices);
  view = sht_view_ticket (doc);
  add_district (store, doc, view);
  json_object_set_array_member (view, "photos", g_steal_pointer (&photos));
  json_object_set_array_member (view, "voices", g_steal_pointer (&voices));
  json_object_set_array_member (view, "events", g_steal_pointer (&events));
  return view;
}
