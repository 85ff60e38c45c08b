/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/simulation/world.h"

#include "core/json-slice.h"
#include "core/protocol.h"
#include "hub/store/store-sqlite.h"

#include <string.h>

/* What has to hold when the trouble is over and all have caught up:
 *  (a) all that a tablet acknowledged is at the hub, once, or stands under what needs attention;
 *  (b) every tablet's base is the hub's, row by row, in each of its scopes;
 *  (c) and nothing else is on it;
 *  (d) when something was done is known, whatever the tablet's clock said, as long as the machine ran on. */

/* A message may be so long on its way. */
#define TIME_TOLERANCE_MS 60000

static ShtOpState
state_on_tablet (SimTablet *tablet, const char *op, gboolean *is_there)
{
  gint64 state = -1;

  sht_db_get_int (tablet->store->db, &state, NULL, "SELECT state FROM op WHERE op = ?1", "s", op);
  *is_there = state >= 0;
  return (ShtOpState) state;
}

static char *
doc_at_hub (SimWorld *world, const char *type, const char *id)
{
  char *text = NULL;
  ShtHubStore *store = world->hub.hub->store;

  return id[0] != '\0' && store->driver->get_entity (store, type, id, &text, NULL) ? text : NULL;
}

/* Of what the hub itself has written. */
static ShtJsonSlice
member_of (const char *doc, const char *name)
{
  return sht_json_slice_member (sht_json_slice_root (doc, strlen (doc)), name);
}

static gboolean
is_true (ShtJsonSlice value)
{
  return sht_json_slice_kind (value) == SHT_JSON_BOOLEAN && *value.at == 't';
}

/* A person is told of it. */
static gboolean
photo_is_refused (SimTablet *tablet, const char *photo)
{
  gint64 refused = 0;

  sht_db_get_int (tablet->store->db, &refused, NULL, "SELECT count(*) FROM blob WHERE photo = ?1 AND state = 3", "s",
                  photo);
  return refused > 0;
}

/* An answer stands at the hub, unless the ticket had been taken away or was over: then its event alone tells it. */
static void
check_answer (SimWorld *world, const SimDone *done, const char *event)
{
  g_autofree char *ticket = done->answer[0] != '\0' && event != NULL ? doc_at_hub (world, "ticket", done->entity) : NULL;
  ShtJsonSlice data;

  if (ticket == NULL || done->unsure || is_true (member_of (event, "contribution")))
    return;
  data = member_of (event, "data");
  if (sht_json_slice_kind (sht_json_slice_member (data, "applied")) == SHT_JSON_ABSENT
      && sht_json_slice_kind (sht_json_slice_member (member_of (ticket, "answers"), done->answer)) == SHT_JSON_ABSENT)
    sim_world_fail (world, "the answer %s of tablet %u, %s, is not at the hub", done->answer, done->tablet, done->op);
}

static void
check_effects (SimWorld *world, const SimDone *done)
{
  SimTablet *tablet = &world->tablets[done->tablet];
  g_autofree char *ticket = NULL;
  g_autofree char *photo = NULL;
  g_autofree char *event = NULL;
  gint64 at = 0;

  if (!g_str_equal (sht_kind_entity_type (done->kind), "place") && done->kind != SHT_KIND_PHOTO_EDIT)
    {
      event = doc_at_hub (world, "event", done->op);
      if (event == NULL)
        sim_world_fail (world, "the journey at the hub lacks %s %s of tablet %u", sht_kind_name (done->kind), done->op,
                        done->tablet);
    }
  if (event != NULL)
    sht_json_slice_int (member_of (event, "at"), &at);
  if (event != NULL && tablet->boots == 0 && !tablet->was_copied && ABS (at - done->at) > TIME_TOLERANCE_MS)
    sim_world_fail (world, "%s %s of tablet %u is said to have been done %" G_GINT64_FORMAT " ms off",
                    sht_kind_name (done->kind), done->op, done->tablet, at - done->at);
  if (sht_kind_makes (done->kind))
    {
      ticket = doc_at_hub (world, sht_kind_entity_type (done->kind), done->entity);
      if (ticket == NULL)
        sim_world_fail (world, "what tablet %u made, %s, is not at the hub", done->tablet, done->entity);
    }
  if (done->kind == SHT_KIND_OBSTACLE_ANSWER && done->settles)
    {
      ticket = doc_at_hub (world, "obstacle", done->entity);
      if (ticket == NULL || !sht_json_slice_equals (member_of (ticket, "status"), "settled"))
        sim_world_fail (world, "the obstacle %s that tablet %u settled is open at the hub", done->entity, done->tablet);
    }
  check_answer (world, done, event);
  if (!sht_kind_attaches (done->kind))
    return;
  photo = doc_at_hub (world, "photo", done->photo);
  if (photo == NULL)
    sim_world_fail (world, "the photo %s of tablet %u is not at the hub", done->photo, done->tablet);
  else if (!is_true (member_of (photo, "have")) && !photo_is_refused (tablet, done->photo))
    sim_world_fail (world, "the bytes of the photo %s of tablet %u are not at the hub", done->photo, done->tablet);
}

static void
check_done (SimWorld *world, const SimDone *done, guint *attention)
{
  SimTablet *tablet = &world->tablets[done->tablet];
  ShtHubStore *store = world->hub.hub->store;
  g_autofree char *hash = NULL;
  g_autofree char *text = NULL;
  ShtJsonSlice result;
  gboolean is_there;
  ShtOpState state = state_on_tablet (tablet, done->op, &is_there);

  store->driver->get_op (store, done->op, &hash, &text, NULL);
  if (done->unsure)
    return;
  if (done->withdrawn)
    {
      /* A copy of it may have sent it; then there are two. */
      if (text != NULL && !tablet->was_copied)
        sim_world_fail (world, "%s %s of tablet %u was withdrawn, and is at the hub", sht_kind_name (done->kind), done->op,
                        done->tablet);
      return;
    }
  if (is_there && state < SHT_OP_CONFIRMED)
    {
      gint64 waits = 0;

      /* what depends on something that a person has to decide */
      sht_db_get_int (tablet->store->db, &waits, NULL,
                      "WITH RECURSIVE up (op) AS (SELECT depends_on FROM op WHERE op = ?1 UNION SELECT o.depends_on "
                      "FROM up JOIN op AS o ON o.op = up.op) SELECT count(*) FROM up JOIN op AS o ON o.op = up.op "
                      "WHERE o.state = 3",
                      "s", done->op);
      if (waits == 0)
        sim_world_fail (world, "%s %s of tablet %u was never sent", sht_kind_name (done->kind), done->op, done->tablet);
      *attention += 1;
      return;
    }
  if (text == NULL)
    {
      gboolean is_kept = is_there && (state == SHT_OP_ATTENTION || (state == SHT_OP_PUT_AWAY && done->decided));

      if (!done->exempt && !is_kept)
        sim_world_fail (world, "%s %s of tablet %u is lost", sht_kind_name (done->kind), done->op, done->tablet);
      return;
    }
  if (done->exempt)
    return;
  if (!is_there)
    {
      sim_world_fail (world, "%s %s has vanished from tablet %u", sht_kind_name (done->kind), done->op, done->tablet);
      return;
    }
  result = member_of (text, "result");
  if (sht_json_slice_equals (result, "rejected"))
    {
      *attention += 1;
      if (state != SHT_OP_ATTENTION && !done->decided)
        sim_world_fail (world, "%s %s of tablet %u was refused, and nobody is told", sht_kind_name (done->kind), done->op,
                        done->tablet);
      return;
    }
  if (sht_json_slice_equals (result, "conflict"))
    {
      *attention += 1;
      if (state != SHT_OP_ATTENTION && !done->decided)
        sim_world_fail (world, "%s %s of tablet %u is in conflict, and nobody is told", sht_kind_name (done->kind),
                        done->op, done->tablet);
    }
  check_effects (world, done);
}

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
  SimTablet *tablet;
  const char *name;
  const HubScope *there;
  guint rows;
} Comparison;

static void
compare_row (gpointer data, const char *doc, gsize length)
{
  Comparison *comparison = data;

  comparison->rows++;
  if (!g_hash_table_contains (comparison->there->docs, doc))
    sim_world_fail (comparison->tablet->world, "tablet %u has in %s what the hub has not: %s", comparison->tablet->index,
                    comparison->name, doc);
}

/* Row by row; that there are as many as at the hub makes it all of them, for each names itself. */
static void
check_scope (SimWorld *world, SimTablet *tablet, const char *scope, GHashTable *known)
{
  Comparison comparison = { tablet, scope, hub_scope (world, scope, known), 0 };
  guint there = g_hash_table_size (comparison.there->docs);

  if (!sht_store_each_doc (tablet->store, scope, "", compare_row, &comparison, NULL))
    {
      sim_world_fail (world, "tablet %u cannot read %s", tablet->index, scope);
      return;
    }
  sim_world_trace (world, scope, tablet->index, comparison.rows, there);
  if (comparison.rows != there)
    sim_world_fail (world, "tablet %u has %u things in %s, the hub %u", tablet->index, comparison.rows, scope, there);
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

static void
check_nothing_else (SimWorld *world, SimTablet *tablet, GStrv scopes, GHashTable *known)
{
  ShtStmt *stmt = sht_db_query (tablet->store->db,
                                "SELECT id FROM ticket WHERE id NOT IN (SELECT entity FROM op WHERE state <> 2)"
                                " UNION SELECT id FROM obstacle WHERE id NOT IN (SELECT entity FROM op WHERE state <> 2)"
                                " UNION SELECT parent FROM event WHERE parent NOT IN (SELECT entity FROM op WHERE state <> 2)"
                                " AND parent NOT IN (SELECT id FROM place)"
                                " UNION SELECT ticket FROM photo WHERE ticket NOT IN (SELECT entity FROM op WHERE state <> 2)"
                                " AND id NOT IN (SELECT entity FROM op WHERE state <> 2)",
                                "");

  while (sht_stmt_step (stmt))
    {
      g_autofree char *id = sht_stmt_dup (stmt, 0);
      gboolean in_one = FALSE;

      for (guint i = 0; !in_one && scopes[i] != NULL; i++)
        in_one = !g_str_equal (scopes[i], SHT_SCOPE_TOWN) && g_hash_table_contains (hub_scope (world, scopes[i], known)->ids, id);
      if (!in_one)
        sim_world_fail (world, "tablet %u still has something of %s, which is none of its own", tablet->index, id);
    }
  sht_stmt_end (stmt, NULL);
}

/* What figures are counted from is what the tickets say, on the tablet as at the hub. */
static void
check_facts (SimWorld *world, ShtDb *db, const char *whose, const char *literal_sql)
{
  gint64 wrong = -1;

  sht_db_get_int (db, &wrong, NULL, literal_sql, "");
  if (wrong != 0)
    sim_world_fail (world, "%" G_GINT64_FORMAT " facts of %s are not those of its tickets", wrong, whose);
}

/**
 * sim_oracle_ask:
 * @attention: (inout): raised by how much needs a person's attention
 * @exempt: (inout): raised by what existed only in a database that was destroyed
 *
 * What does not hold is the world's failure.
 */
void
sim_oracle_ask (SimWorld *world, guint *attention, guint *exempt)
{
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, hub_scope_free);

  for (guint i = 0; i < world->done->len; i++)
    {
      SimDone *done = &g_array_index (world->done, SimDone, i);

      *exempt += done->exempt;
      check_done (world, done, attention);
    }
  check_facts (world, sht_hub_sqlite_db (world->hub.hub->store), "the hub",
               "SELECT count(*) FROM (SELECT id, doc FROM entity WHERE type = 'ticket') AS t FULL JOIN fact AS f USING (id) "
               "WHERE f.data IS NOT fact_of (t.doc)");
  for (guint i = 0; i < G_N_ELEMENTS (world->tablets); i++)
    {
      SimTablet *tablet = &world->tablets[i];
      g_autoptr (ShtHubDevice) device = NULL;
      g_auto (GStrv) scopes = NULL;

      if (!tablet->exists)
        continue;
      check_facts (world, tablet->store->db, "a tablet",
                   "SELECT count(*) FROM ticket AS t FULL JOIN fact AS f USING (row) WHERE f.data IS NOT fact_of (t.doc)");
      device = sim_hub_device_of (&world->hub, tablet);
      scopes = sht_hub_scopes_of_device (world->hub.hub, device, NULL);
      for (guint n = 0; scopes[n] != NULL; n++)
        {
          check_scope (world, tablet, scopes[n], known);
          if (i == world->seed % SIM_TABLETS)
            check_sums (world, tablet, device, scopes[n]);
        }
      check_nothing_else (world, tablet, scopes, known);
    }
}
