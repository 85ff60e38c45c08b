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

/* The bytes that are announced with a photo as @sha and @size are all there. */
static gboolean
hub_holds (SimWorld *world, const char *photo, const char *sha, const char *size)
{
  ShtHubStore *store = world->hub.hub->store;
  g_autofree char *sha256 = sht_json_slice_string (member_of (photo, sha));
  gint64 wanted = -1, held = -1;

  if (sha256 == NULL)
    return TRUE;
  sht_json_slice_int (member_of (photo, size), &wanted);
  return store->driver->get_blob (store, sha256, &held, NULL) && held == wanted;
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
  if (event != NULL && tablet->boots == 0 && !tablet->was_copied && ABS (at - done->dated) > TIME_TOLERANCE_MS)
    sim_world_fail (world, "%s %s of tablet %u is said to have been done %" G_GINT64_FORMAT " ms off",
                    sht_kind_name (done->kind), done->op, done->tablet, at - done->dated);
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
  photo = doc_at_hub (world, done->kind == SHT_KIND_VOICE_ADD ? "voice" : "photo", done->photo);
  if (photo == NULL)
    sim_world_fail (world, "the photo %s of tablet %u is not at the hub", done->photo, done->tablet);
  else if (!is_true (member_of (photo, "have")) || !hub_holds (world, photo, "sha256", "size")
           || !hub_holds (world, photo, "thumb_sha256", "thumb_size"))
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

/* What figures are counted from is what the tickets say. */
static void
check_facts (SimWorld *world)
{
  gint64 wrong = -1;

  sht_db_get_int (sht_hub_sqlite_db (world->hub.hub->store), &wrong, NULL,
                  "SELECT count(*) FROM (SELECT id, doc FROM entity WHERE type = 'ticket') AS t FULL JOIN fact AS f USING (id) "
                  "WHERE f.data IS NOT fact_of (t.doc)",
                  "");
  if (wrong != 0)
    sim_world_fail (world, "%" G_GINT64_FORMAT " facts of the hub are not those of its tickets", wrong);
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
  for (guint i = 0; i < world->done->len; i++)
    {
      SimDone *done = &g_array_index (world->done, SimDone, i);

      *exempt += done->exempt;
      check_done (world, done, attention);
    }
  check_facts (world);
  sim_oracle_compare (world);
}
