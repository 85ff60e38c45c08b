/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places and their layers: what is written of them, and who lies in which. */
#include "tablet/store/place.h"

#include "core/geo.h"
#include "core/json-guard.h"
#include "core/json.h"
#include "core/layer.h"
#include "core/text.h"

#include <string.h>

/* A ticket this near to a lamp or a street is about it, for positions are no better. */
#define NEAR_METRES 12.0

void
sht_layer_style_free (ShtLayerStyle *layer)
{
  g_free (layer->id);
  g_free (layer->name);
  g_free (layer);
}

/* --- what is found of a place by position and by words --- */

/* Least and greatest latitude and longitude; %FALSE for a place that is nowhere. */
static gboolean
box_of (ShtJsonSlice place, gint64 box[4])
{
  g_autoptr (ShtGeometry) geometry = NULL;
  gint64 lat, lon;

  if (!sht_json_slice_int (sht_json_slice_member (place, "lat_e7"), &lat) ||
      !sht_json_slice_int (sht_json_slice_member (place, "lon_e7"), &lon))
    return FALSE;
  geometry = sht_geometry_read (place);
  if (geometry != NULL)
    {
      sht_geometry_box (geometry, box);
      return TRUE;
    }
  box[0] = box[1] = lat;
  box[2] = box[3] = lon;
  return TRUE;
}

static void
fold (GString *words, ShtJsonSlice text)
{
  g_autofree char *plain = sht_json_slice_string (text);

  sht_text_fold_for_index (words, plain);
}

/* Each word behind a blank, so that the beginning of one is found as a text. */
static char *
words_of (ShtJsonSlice place)
{
  static const char *const members[] = { "name", "code", "address" };
  GString *words = g_string_new (" ");
  ShtJsonIter iter;
  ShtJsonSlice key, value;

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    fold (words, sht_json_slice_member (place, members[i]));
  sht_json_iter_init (&iter, sht_json_slice_member (place, "names"));
  while (sht_json_iter_next (&iter, &key, &value))
    fold (words, value);
  return g_string_free (words, FALSE);
}

/**
 * sht_place_box_of:
 * @place: bytes of which nothing is known
 *
 * Returns: (transfer full): four numbers as a JSON list, or an empty one: for SQL, as an upgrade
 * needs it
 */
GByteArray *
sht_place_box_of (const char *place, gsize length)
{
  GByteArray *bytes = g_byte_array_new ();
  g_autofree char *text = NULL;
  gint64 box[4];

  if (sht_json_guard (place, length, SHT_JSON_MAX_DEPTH, NULL) &&
      box_of (sht_json_slice_root (place, length), box))
    text = g_strdup_printf ("[%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT
                            ",%" G_GINT64_FORMAT "]",
                            box[0], box[1], box[2], box[3]);
  else
    text = g_strdup ("[]");
  return g_byte_array_append (bytes, (const guint8 *)text, (guint)strlen (text));
}

/** sht_place_words_of: likewise, what a place is found by */
GByteArray *
sht_place_words_of (const char *place, gsize length)
{
  GByteArray *bytes = g_byte_array_new ();
  g_autofree char *text = NULL;

  if (sht_json_guard (place, length, SHT_JSON_MAX_DEPTH, NULL))
    text = words_of (sht_json_slice_root (place, length));
  return g_byte_array_append (bytes, (const guint8 *)(text != NULL ? text : " "),
                              text != NULL ? (guint)strlen (text) : 1);
}

enum
{
  NAME,
  /* by these, and what lies between them, it is found on the map */
  LAYER,
  LAT_E7,
  LON_E7,
  POINTS,
  LINES,
  AREAS,
  N_MEMBERS
};

static const ShtJsonName member_names[N_MEMBERS] = {
  SHT_JSON_NAME ("name"), SHT_JSON_NAME ("layer"), SHT_JSON_NAME ("lat_e7"), SHT_JSON_NAME ("lon_e7"),
  SHT_JSON_NAME ("points"), SHT_JSON_NAME ("lines"), SHT_JSON_NAME ("areas"),
};

static gboolean
is_same (ShtJsonSlice a, ShtJsonSlice b)
{
  return a.length == b.length && (a.length == 0 || memcmp (a.at, b.at, a.length) == 0);
}

/* As a column of numbers is given it. */
#define NUMBER(value) sht_json_slice_kind (value) == SHT_JSON_NUMBER ? (value).at : NULL, (value).length

/* Which row it has, 0 for none, and whether it stays in its layer and where it was. */
static gboolean
look_before (ShtStore *store, const char *id, const ShtJsonSlice *now, gint64 *row, gboolean *stays, GError **error)
{
  ShtStmt *stmt = sht_db_query (store->db, "SELECT row, doc FROM place WHERE id = ?1", "s", id);
  ShtJsonSlice before[N_MEMBERS];

  *row = 0;
  *stays = FALSE;
  if (sht_stmt_step (stmt))
    {
      *row = sht_stmt_int (stmt, 0);
      sht_json_slice_members (sht_json_slice_root (sht_stmt_text (stmt, 1), sht_stmt_bytes (stmt, 1)), member_names, N_MEMBERS,
                              before);
      *stays = TRUE;
      for (guint i = LAYER; i < N_MEMBERS; i++)
        *stays = *stays && is_same (before[i], now[i]);
    }
  return sht_stmt_end (stmt, error);
}

static gboolean
put_spot (ShtStore *store, gint64 row, ShtJsonSlice place, GError **error)
{
  gint64 box[4];

  return !box_of (place, box)
         || sht_db_run (store->db, error,
                        "INSERT INTO place_spot (row, min_lat, max_lat, min_lon, max_lon) VALUES (?1, ?2, ?3, ?4, ?5)", "iiiii",
                        row, box[0], box[1], box[2], box[3]);
}

/**
 * sht_store_put_place:
 * @id: its UUID
 * @doc: a place as it is to be seen
 *
 * Writes the visible row of a place, with what is found by position and words.
 */
gboolean
sht_store_put_place (
  ShtStore *store, const char *id, const char *doc, gsize length, gint64 generation, GError **error)
{
  g_autofree char *words = NULL;
  g_autofree char *name = NULL;
  g_autofree char *layer = NULL;
  ShtJsonSlice values[N_MEMBERS];
  ShtJsonSlice place;
  gboolean stays;
  gint64 row;

  if (!sht_json_guard_members (doc, length, SHT_JSON_MAX_DEPTH, member_names, N_MEMBERS, values, error))
    return FALSE;
  place = sht_json_slice_root (doc, length);
  words = words_of (place);
  name = sht_json_slice_string (values[NAME]);
  if (!look_before (store, id, values, &row, &stays, error))
    return FALSE;
  if (stays)
    return sht_db_run (store->db, error, "UPDATE place SET name = ?2, gen = max (gen, ?3), doc = ?4, words = ?5 WHERE row = ?1",
                       "isits", row, name, generation, doc, length, words);
  layer = sht_json_slice_string (values[LAYER]);
  if (row == 0)
    return sht_db_run (store->db, error,
                       "INSERT INTO place (id, layer, name, lat_e7, lon_e7, gen, doc, words) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                       "sssttits", id, layer, name, NUMBER (values[LAT_E7]), NUMBER (values[LON_E7]), generation, doc, length, words)
           && put_spot (store, sqlite3_last_insert_rowid (sht_db_handle (store->db)), place, error);
  return sht_db_run (store->db, error,
                     "UPDATE place SET layer = ?2, name = ?3, lat_e7 = ?4, lon_e7 = ?5, gen = max (gen, ?6), doc = ?7, words = ?8"
                     " WHERE row = ?1",
                     "issttits", row, layer, name, NUMBER (values[LAT_E7]), NUMBER (values[LON_E7]), generation, doc, length, words)
         && sht_db_run (store->db, error, "DELETE FROM place_spot WHERE row = ?1", "i", row) && put_spot (store, row, place, error);
}

/* --- layers --- */

static ShtLayerStyle *
layer_of (const char *id, const char *doc)
{
  g_autoptr (JsonObject) told = doc != NULL ? sht_json_parse_object (doc, -1, NULL) : NULL;
  ShtLayerStyle *layer = g_new0 (ShtLayerStyle, 1);

  layer->id = g_strdup (id);
  layer->name = g_strdup (sht_json_has (told, "name") ? sht_json_string (told, "name") : id);
  layer->is_district = g_strcmp0 (sht_json_string (told, "kind"), SHT_LAYER_DISTRICT) == 0;
  layer->colour = sht_layer_colour (sht_json_string (told, "colour"), id);
  layer->width = (int)CLAMP (sht_json_int (told, "width", SHT_LAYER_USUAL_WIDTH), 1, 12);
  layer->icon = sht_layer_icon (sht_json_string (told, "symbol"));
  layer->min_zoom = (double)CLAMP (sht_json_int (told, "min_zoom", 0), 0, 20);
  return layer;
}

/**
 * sht_place_layers:
 *
 * Returns: (transfer full) (nullable) (element-type ShtLayerStyle): the layers that have places
 * here, by name; also those that nothing is told of but their places
 */
GPtrArray *
sht_place_layers (ShtDb *db, GError **error)
{
  g_autoptr (GPtrArray) layers =
    g_ptr_array_new_with_free_func ((GDestroyNotify)sht_layer_style_free);
  /* from one to the next in the index, past all the places of each */
  ShtStmt *stmt = sht_db_query (
    db,
    "WITH RECURSIVE one (id) AS (SELECT min (layer) FROM place UNION ALL SELECT (SELECT min "
    "(layer) "
    "FROM place WHERE layer > one.id) FROM one WHERE one.id IS NOT NULL) "
    "SELECT one.id, e.doc FROM one LEFT JOIN entity AS e ON e.type = 'layer' AND e.id = one.id "
    "WHERE one.id IS NOT NULL ORDER BY coalesce (e.doc ->> 'name', one.id), one.id",
    "");

  while (sht_stmt_step (stmt))
    g_ptr_array_add (layers, layer_of (sht_stmt_text (stmt, 0), sht_stmt_text (stmt, 1)));
  return sht_stmt_end (stmt, error) ? g_steal_pointer (&layers) : NULL;
}

/* --- which district --- */

static char *
district_by_code (ShtDb *db, const char *code)
{
  return sht_db_get_text (
    db, NULL,
    "SELECT p.doc FROM entity AS l JOIN place AS p ON p.layer = l.id WHERE l.type = 'layer' "
    "AND l.doc ->> 'kind' = 'district' AND p.doc ->> 'code' = ?1 ORDER BY p.row LIMIT 1",
    "s", code);
}

/* Where several hold it, the smallest: a quarter, and not the town. */
static char *
district_by_position (ShtDb *db, gint64 lat_e7, gint64 lon_e7)
{
  ShtStmt *stmt = sht_db_query (
    db,
    "SELECT p.doc FROM place_spot AS s CROSS JOIN place AS p ON p.row = s.row "
    "JOIN entity AS l ON l.type = 'layer' AND l.id = p.layer AND l.doc ->> 'kind' = 'district' "
    "WHERE s.max_lat >= ?1 AND s.min_lat <= ?1 AND s.max_lon >= ?2 AND s.min_lon <= ?2 "
    "ORDER BY (s.max_lat - s.min_lat) * 1.0 * (s.max_lon - s.min_lon), s.row",
    "ii", lat_e7, lon_e7);
  char *found = NULL;

  while (found == NULL && sht_stmt_step (stmt))
    {
      const char *doc = sht_stmt_text (stmt, 0);
      g_autoptr (ShtGeometry) geometry =
        sht_geometry_read (sht_json_slice_root (doc, sht_stmt_bytes (stmt, 0)));

      if (geometry != NULL && sht_geometry_contains (geometry, lat_e7, lon_e7))
        found = g_strdup (doc);
    }
  sht_stmt_end (stmt, NULL);
  return found;
}

/**
 * sht_place_district_of:
 * @code: (nullable): what a ticket says of its district
 * @has_position: whether the two that follow hold
 *
 * Returns: (transfer full) (nullable): the district with that code, or the one that the position is
 * in, as a place's JSON
 */
char *
sht_place_district_of (
  ShtDb *db, const char *code, gboolean has_position, gint64 lat_e7, gint64 lon_e7)
{
  char *district = code != NULL ? district_by_code (db, code) : NULL;

  return district == NULL && has_position ? district_by_position (db, lat_e7, lon_e7) : district;
}

/* --- a place's history --- */

typedef struct
{
  gint64 at;
  gint64 row;
  char *id;
} Found;

static int
by_newest (gconstpointer a, gconstpointer b)
{
  const Found *one = a, *other = b;

  if (one->at != other->at)
    return one->at > other->at ? -1 : 1;
  return one->row > other->row ? -1 : one->row < other->row;
}

static void
found_clear (gpointer found)
{
  g_free (((Found *)found)->id);
}

static void
add_found (GArray *found, GHashTable *seen, ShtStmt *stmt)
{
  Found one = { sht_stmt_int (stmt, 2), sht_stmt_int (stmt, 0), NULL };

  if (!g_hash_table_add (seen, GSIZE_TO_POINTER ((gsize)one.row)))
    return;
  one.id = sht_stmt_dup (stmt, 1);
  g_array_append_val (found, one);
}

static gboolean
find_hanging (ShtDb *db, const char *place, GArray *found, GHashTable *seen, GError **error)
{
  ShtStmt *stmt =
    sht_db_query (db, "SELECT row, id, created_at FROM ticket WHERE place = ?1", "s", place);

  while (sht_stmt_step (stmt))
    add_found (found, seen, stmt);
  return sht_stmt_end (stmt, error);
}

static gboolean
lies_there (const ShtGeometry *geometry, gint64 lat, gint64 lon, gint64 at_lat, gint64 at_lon)
{
  if (geometry == NULL)
    return sht_geo_distance (lat, lon, at_lat, at_lon) <= NEAR_METRES;
  return sht_geometry_has (geometry, SHT_GEOMETRY_RING)
           ? sht_geometry_contains (geometry, at_lat, at_lon)
           : sht_geometry_distance (geometry, at_lat, at_lon) <= NEAR_METRES;
}

static gboolean
find_lying (ShtDb *db, ShtJsonSlice place, GArray *found, GHashTable *seen, GError **error)
{
  g_autoptr (ShtGeometry) geometry = sht_geometry_read (place);
  gint64 box[4], low[4], high[4], lat = 0, lon = 0;
  ShtStmt *stmt;

  if (!box_of (place, box))
    return TRUE;
  sht_json_slice_int (sht_json_slice_member (place, "lat_e7"), &lat);
  sht_json_slice_int (sht_json_slice_member (place, "lon_e7"), &lon);
  sht_geo_box (box[0], box[2], NEAR_METRES, low);
  sht_geo_box (box[1], box[3], NEAR_METRES, high);
  stmt = sht_db_query (db,
                       "SELECT t.row, t.id, t.created_at, s.min_lat, s.min_lon FROM ticket_spot AS "
                       "s CROSS JOIN ticket AS t "
                       "ON t.row = s.row WHERE s.max_lat >= ?1 AND s.min_lat <= ?2 AND s.max_lon "
                       ">= ?3 AND s.min_lon <= ?4",
                       "iiii", low[0], high[1], low[2], high[3]);
  while (sht_stmt_step (stmt))
    if (lies_there (geometry, lat, lon, sht_stmt_int (stmt, 3), sht_stmt_int (stmt, 4)))
      add_found (found, seen, stmt);
  return sht_stmt_end (stmt, error);
}

/**
 * sht_place_tickets:
 * @db: any handle over the store; to be asked off the main thread, for a district may hold all
 * there are
 * @place: a place's UUID
 * @limit: how many at the most
 * @all: (out): how many there are
 *
 * Finds the tickets that hang on a place, and those that lie within it or beside it.
 *
 * Returns: (transfer full) (nullable) (element-type utf8): their UUIDs, the newest first
 */
GPtrArray *
sht_place_tickets (ShtDb *db, const char *place, guint limit, guint *all, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autofree char *doc =
    sht_db_get_text (db, &local_error, "SELECT doc FROM place WHERE id = ?1", "s", place);
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (Found));
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  GPtrArray *ids;

  g_array_set_clear_func (found, found_clear);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  if (!find_hanging (db, place, found, seen, error) ||
      (doc != NULL &&
       !find_lying (db, sht_json_slice_root (doc, strlen (doc)), found, seen, error)))
    return NULL;
  g_array_sort (found, by_newest);
  ids = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < found->len && i < limit; i++)
    g_ptr_array_add (ids, g_strdup (g_array_index (found, Found, i).id));
  *all = found->len;
  return ids;
}
