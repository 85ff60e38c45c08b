/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/simulation/world.h"

#include "core/fact.h"
#include "core/json-slice.h"
#include "core/protocol.h"

#include <string.h>

/* What is on a tablet when all have caught up, by one reading of each of its tables: row by row what the hub has in each of
 * its scopes, what waits to be sent or decided, and nothing else. */

#define MOST_BITS 62

/* All that the hub has in a scope, each on a line as it wrote it. */
typedef struct
{
  ShtHubStore *store;
  GHashTable *docs; /* (owned): the set of them */
  GHashTable *ids;  /* (owned): of what is in it; what hangs on it is not named */
} HubScope;

static void
hub_scope_free (gpointer data)
{
  HubScope *scope = data;

  g_hash_table_unref (scope->docs);
  g_hash_table_unref (scope->ids);
  g_free (scope);
}

static guint
hash_of_doc (gconstpointer doc)
{
  const char *at = doc;
  guint64 h = 0;

  for (gsize left = strlen (at); left > 0;)
    {
      guint64 word = 0;
      gsize part = MIN (left, sizeof word);

      memcpy (&word, at, part);
      h = (h ^ word) * G_GUINT64_CONSTANT (0x9fb21c651e98df25);
      h ^= h >> 32;
      at += part;
      left -= part;
    }
  return (guint) h;
}

static gboolean
add_child (gpointer data, const char *type, const char *id, gint64 number, const char *doc)
{
  g_hash_table_add (((HubScope *) data)->docs, g_strdup (doc));
  return TRUE;
}

static gboolean
add_member (gpointer data, const ShtHubMember *member, const char *doc)
{
  HubScope *scope = data;

  if (doc == NULL)
    return TRUE;
  g_hash_table_add (scope->docs, g_strdup (doc));
  g_hash_table_add (scope->ids, g_strdup (member->id));
  return !sht_hub_has_children (member->type)
         || scope->store->driver->each_child (scope->store, member->id, 0, add_child, scope, NULL);
}

/* What the hub has in a scope is the same for all who have it. */
static const HubScope *
hub_scope (SimWorld *world, const char *name, GHashTable *known)
{
  HubScope *scope = g_hash_table_lookup (known, name);

  if (scope != NULL)
    return scope;
  scope = g_new0 (HubScope, 1);
  scope->store = world->hub.hub->store;
  scope->docs = g_hash_table_new_full (hash_of_doc, g_str_equal, g_free, NULL);
  scope->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!scope->store->driver->each_present (scope->store, name, "", "~", G_MAXINT64, add_member, scope, NULL))
    sim_world_fail (world, "the hub cannot read %s", name);
  g_hash_table_insert (known, g_strdup (name), scope);
  return scope;
}

typedef struct
{
  SimWorld *world;
  SimTablet *tablet;
  GHashTable *known;                   /* name → HubScope */
  const char *const *names;            /* of the scopes that the hub gives it */
  const HubScope *by_bit[MOST_BITS];
  GHashTable *rows;                    /* (owned): HubScope → how many things of it are there */
  GHashTable *held;                    /* (owned): id of a ticket or an obstacle → its scopes' bits, and one more */
  GHashTable *unsettled;               /* (owned): ids of what something was done to that the hub has not confirmed */
} Reading;

static void
reading_clear (Reading *reading)
{
  g_hash_table_unref (reading->rows);
  g_hash_table_unref (reading->held);
  g_hash_table_unref (reading->unsettled);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reading, reading_clear)

static ShtStmt *
rows_of (Reading *reading, const char *literal_sql)
{
  return sht_db_query (reading->tablet->store->db, literal_sql, "");
}

static void
end_rows (Reading *reading, ShtStmt *stmt)
{
  g_autoptr (GError) error = NULL;

  if (!sht_stmt_end (stmt, &error))
    sim_world_fail (reading->world, "tablet %u cannot be read: %s", reading->tablet->index, error->message);
}

/* Something of a scope: the hub has it in these very bytes. Each names itself, so that as many as at the hub are all of them. */
static void
find_in (Reading *reading, const HubScope *scope, const char *doc)
{
  if (scope == NULL || !g_hash_table_contains (scope->docs, doc))
    {
      /* What waits to be sent is not the hub's yet. */
      if (scope == NULL || sht_json_slice_kind (sht_json_slice_member (sht_json_slice_root (doc, strlen (doc)), "rev")) != SHT_JSON_ABSENT)
        sim_world_fail (reading->world, "tablet %u has what the hub has not: %s", reading->tablet->index, doc);
      return;
    }
  g_hash_table_insert (reading->rows, (gpointer) scope,
                       GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (reading->rows, scope)) + 1));
}

static void
find_in_each (Reading *reading, guint64 bits, const char *doc)
{
  for (guint bit = 0; bits >> bit != 0; bit++)
    if ((bits >> bit & 1) != 0)
      find_in (reading, reading->by_bit[bit], doc);
}

static void
check_is_its_own (Reading *reading, const char *id)
{
  if (g_hash_table_contains (reading->unsettled, id))
    return;
  for (guint i = 0; reading->names[i] != NULL; i++)
    if (!g_str_equal (reading->names[i], SHT_SCOPE_TOWN)
        && g_hash_table_contains (hub_scope (reading->world, reading->names[i], reading->known)->ids, id))
      return;
  sim_world_fail (reading->world, "tablet %u still has something of %s, which is none of its own", reading->tablet->index, id);
}

static void
hold (Reading *reading, const char *id, gint64 bits, const char *doc)
{
  check_is_its_own (reading, id);
  find_in_each (reading, (guint64) bits, doc);
  g_hash_table_insert (reading->held, g_strdup (id), GSIZE_TO_POINTER ((gsize) bits << 1 | 1));
}

static void
read_scopes (Reading *reading)
{
  ShtStmt *stmt = rows_of (reading, "SELECT name, bit FROM scope");

  while (sht_stmt_step (stmt))
    if (sht_stmt_int (stmt, 1) < MOST_BITS && g_strv_contains (reading->names, sht_stmt_text (stmt, 0)))
      reading->by_bit[sht_stmt_int (stmt, 1)] = hub_scope (reading->world, sht_stmt_text (stmt, 0), reading->known);
  end_rows (reading, stmt);
  stmt = rows_of (reading, "SELECT entity FROM op WHERE state <> 2");
  while (sht_stmt_step (stmt))
    g_hash_table_add (reading->unsettled, sht_stmt_dup (stmt, 0));
  end_rows (reading, stmt);
}

/* What figures are counted from is what the tickets say. */
static void
check_fact (Reading *reading, const char *doc, const guint8 *fact, gsize length)
{
  g_autoptr (GByteArray) right = sht_fact_of (doc, strlen (doc));

  if (fact == NULL || length != right->len || memcmp (fact, right->data, length) != 0)
    sim_world_fail (reading->world, "tablet %u counts otherwise than its ticket says: %s", reading->tablet->index, doc);
}

static void
read_tickets (Reading *reading)
{
  ShtStmt *stmt = rows_of (reading, "SELECT t.id, t.scopes, t.doc, f.data, b.doc FROM ticket AS t LEFT JOIN fact AS f ON f.row = t.row"
                                    " LEFT JOIN base AS b ON b.type = 'ticket' AND b.id = t.id");
  gint64 tickets = 0, facts = -1;

  for (; sht_stmt_step (stmt); tickets++)
    {
      check_fact (reading, sht_stmt_text (stmt, 2), sht_stmt_blob (stmt, 3), sht_stmt_bytes (stmt, 3));
      hold (reading, sht_stmt_text (stmt, 0), sht_stmt_int (stmt, 1), sht_stmt_text (stmt, sht_stmt_is_null (stmt, 4) ? 2 : 4));
    }
  end_rows (reading, stmt);
  sht_db_get_int (reading->tablet->store->db, &facts, NULL, "SELECT count(*) FROM fact", "");
  if (facts != tickets)
    sim_world_fail (reading->world, "tablet %u has other facts than tickets", reading->tablet->index);
}

static void
read_obstacles (Reading *reading)
{
  ShtStmt *stmt = rows_of (reading, "SELECT o.id, o.scopes, coalesce (b.doc, o.doc) FROM obstacle AS o"
                                    " LEFT JOIN base AS b ON b.type = 'obstacle' AND b.id = o.id");

  while (sht_stmt_step (stmt))
    hold (reading, sht_stmt_text (stmt, 0), sht_stmt_int (stmt, 1), sht_stmt_text (stmt, 2));
  end_rows (reading, stmt);
}

/* What hangs on a ticket or an obstacle is in the same scopes. */
static void
read_child (Reading *reading, const char *parent, const char *doc)
{
  gsize held = GPOINTER_TO_SIZE (g_hash_table_lookup (reading->held, parent));

  if (held == 0)
    check_is_its_own (reading, parent);
  find_in_each (reading, held >> 1, doc);
}

static void
read_children (Reading *reading)
{
  ShtStmt *stmt = rows_of (reading, "SELECT parent, doc FROM event WHERE parent NOT IN (SELECT id FROM place)");

  while (sht_stmt_step (stmt))
    read_child (reading, sht_stmt_text (stmt, 0), sht_stmt_text (stmt, 1));
  end_rows (reading, stmt);
  stmt = rows_of (reading, "SELECT p.ticket, coalesce (b.doc, p.doc), p.id FROM photo AS p"
                           " LEFT JOIN base AS b ON b.type = 'photo' AND b.id = p.id UNION ALL SELECT ticket, doc, id FROM voice");
  while (sht_stmt_step (stmt))
    if (!g_hash_table_contains (reading->unsettled, sht_stmt_text (stmt, 2)) || g_hash_table_contains (reading->held, sht_stmt_text (stmt, 0)))
      read_child (reading, sht_stmt_text (stmt, 0), sht_stmt_text (stmt, 1));
  end_rows (reading, stmt);
}

static void
read_all_of (Reading *reading, const HubScope *scope, const char *literal_sql)
{
  ShtStmt *stmt = rows_of (reading, literal_sql);

  while (sht_stmt_step (stmt))
    find_in (reading, scope, sht_stmt_text (stmt, 0));
  end_rows (reading, stmt);
}

static void
read_positions (Reading *reading)
{
  ShtStmt *stmt = rows_of (reading, "SELECT '" SHT_SCOPE_DEPARTMENT "' || department, doc FROM position");

  while (sht_stmt_step (stmt))
    find_in (reading,
             g_strv_contains (reading->names, sht_stmt_text (stmt, 0)) ? hub_scope (reading->world, sht_stmt_text (stmt, 0), reading->known) : NULL,
             sht_stmt_text (stmt, 1));
  end_rows (reading, stmt);
}

static void
read_tablet (Reading *reading)
{
  read_scopes (reading);
  read_tickets (reading);
  read_obstacles (reading);
  read_children (reading);
  read_positions (reading);
  read_all_of (reading, hub_scope (reading->world, SHT_SCOPE_TOWN, reading->known), "SELECT doc FROM stub");
  read_all_of (reading, hub_scope (reading->world, SHT_SCOPE_REFERENCE, reading->known),
               "SELECT coalesce (b.doc, p.doc) FROM place AS p LEFT JOIN base AS b ON b.type = 'place' AND b.id = p.id"
               " UNION ALL SELECT doc FROM entity");
}

/* What both say of themselves, by which a real tablet is proved, has to be so, too. */
static void
check_sums (SimWorld *world, SimTablet *tablet, const ShtHubDevice *device, const char *scope)
{
  g_autofree char *text = sht_hub_check (world->hub.hub, device, scope, "", NULL);
  g_autoptr (JsonObject) there = text != NULL ? sht_json_parse_object (text, -1, NULL) : NULL;
  g_autofree char *sum = NULL;
  ShtDigestSum here = { 0 };

  if (!sht_store_digest (tablet->store, scope, "", &here, NULL))
    sim_world_fail (world, "tablet %u cannot add up %s", tablet->index, scope);
  sum = g_strdup_printf ("%016" G_GINT64_MODIFIER "x", here.sum);
  sim_world_trace (world, "sum", tablet->index, here.count, (gint64) here.sum);
  if (here.count != sht_json_int (there, "count", -1) || g_strcmp0 (sum, sht_json_string (there, "sum")) != 0)
    sim_world_fail (world, "tablet %u adds up %s to another sum than the hub: %u %s, there %" G_GINT64_FORMAT " %s",
                    tablet->index, scope, here.count, sum, sht_json_int (there, "count", -1),
                    sht_json_string (there, "sum"));
}

/* What somebody said can be heard on each tablet that has its ticket. */
static void
check_voices (SimWorld *world, SimTablet *tablet)
{
  ShtStmt *stmt = sht_db_query (tablet->store->db, "SELECT id, sha256, fetched FROM voice WHERE doc ->> 'have'", "");

  while (sht_stmt_step (stmt))
    {
      g_autofree char *path = sht_store_blob_path (tablet->store, sht_stmt_text (stmt, 1));

      if (sht_stmt_int (stmt, 2) != 1 || !g_file_test (path, G_FILE_TEST_EXISTS))
        sim_world_fail (world, "the hub has the voice note %s, and tablet %u cannot play it: %" G_GINT64_FORMAT, sht_stmt_text (stmt, 0),
                        tablet->index, sht_stmt_int (stmt, 2));
    }
  sht_stmt_end (stmt, NULL);
}

/* What is said to wait for somebody's word can be decided. */
static void
check_attention (SimWorld *world, SimTablet *tablet)
{
  gint64 decided = -1;

  sht_db_get_int (tablet->store->db, &decided, NULL,
                  "SELECT count(*) FROM op AS o JOIN event AS e ON e.parent = o.ticket AND e.id = o.op"
                  " WHERE o.state = 3 AND o.result ->> 'result' = 'conflict' AND NOT e.mark & 1",
                  "");
  if (decided != 0)
    sim_world_fail (world, "%" G_GINT64_FORMAT " conflicts of tablet %u have been decided, and are said to wait", decided, tablet->index);
}

static void
compare_tablet (SimWorld *world, SimTablet *tablet, GHashTable *known)
{
  g_autoptr (ShtHubDevice) device = sim_hub_device_of (&world->hub, tablet);
  g_auto (GStrv) scopes = sht_hub_scopes_of_device (world->hub.hub, device, NULL);
  g_auto (Reading) reading = {
    .world = world,
    .tablet = tablet,
    .known = known,
    .names = (const char *const *) scopes,
    .rows = g_hash_table_new (NULL, NULL),
    .held = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
    .unsettled = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
  };

  read_tablet (&reading);
  check_voices (world, tablet);
  check_attention (world, tablet);
  for (guint n = 0; scopes[n] != NULL; n++)
    {
      const HubScope *scope = hub_scope (world, scopes[n], known);
      guint here = GPOINTER_TO_UINT (g_hash_table_lookup (reading.rows, scope)), there = g_hash_table_size (scope->docs);

      sim_world_trace (world, scopes[n], tablet->index, here, there);
      if (here != there)
        sim_world_fail (world, "tablet %u has %u things in %s, the hub %u", tablet->index, here, scopes[n], there);
      if (tablet->index == world->seed % SIM_TABLETS)
        check_sums (world, tablet, device, scopes[n]);
    }
}

/** sim_oracle_compare: each tablet has what the hub has in its scopes; what does not hold is the world's failure */
void
sim_oracle_compare (SimWorld *world)
{
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, hub_scope_free);

  for (guint i = 0; i < G_N_ELEMENTS (world->tablets); i++)
    if (world->tablets[i].exists)
      compare_tablet (world, &world->tablets[i], known);
}
