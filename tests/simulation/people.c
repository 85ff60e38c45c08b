/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/simulation/world.h"

#include "core/json.h"
#include "tests/platform/voice-fixture.h"

#include <string.h>

/* What people do on a tablet, and what of it was acknowledged to them. */

/* Of 1000 times, how often a program that believes there is no network tries all the same. */
#define TRIES_WITHOUT_LINK 50

static gboolean
pick (SimTablet *tablet, const char *count, const char *row, char **id, char **second)
{
  gint64 n = 0;
  ShtStmt *stmt;

  if (!sht_db_get_int (tablet->store->db, &n, NULL, count, "") || n == 0)
    return FALSE;
  stmt = sht_db_query (tablet->store->db, row, "i", (gint64) sim_random_below (&tablet->world->random, (guint) n));
  if (sht_stmt_step (stmt))
    {
      *id = sht_stmt_dup (stmt, 0);
      if (second != NULL)
        *second = sht_stmt_dup (stmt, 1);
    }
  sht_stmt_end (stmt, NULL);
  return *id != NULL;
}

static gboolean
pick_ticket (SimTablet *tablet, char **id)
{
  return pick (tablet, "SELECT count(*) FROM ticket", "SELECT id FROM ticket ORDER BY row LIMIT 1 OFFSET ?1", id, NULL);
}

static void
note_done (SimTablet *tablet, const ShtOperation *op, const char *photo)
{
  SimDone done = { .tablet = tablet->index, .kind = op->kind, .at = tablet->world->now, .dated = tablet->world->now,
                   .settles = sht_json_bool (op->fields, "settles") };

  JsonObject *answers = sht_json_object (op->fields, "answers");
  g_autoptr (GList) codes = answers != NULL ? json_object_get_members (answers) : NULL;

  if (codes != NULL && sht_json_has (answers, codes->data))
    g_strlcpy (done.answer, codes->data, sizeof done.answer);
  g_strlcpy (done.op, op->id, sizeof done.op);
  g_strlcpy (done.entity, op->entity, sizeof done.entity);
  g_strlcpy (done.photo, photo != NULL ? photo : "", sizeof done.photo);
  g_array_append_val (tablet->world->done, done);
  sim_world_trace_bytes (tablet->world, sht_kind_name (op->kind), tablet->index, op->id, strlen (op->id));
}

static gboolean
act (SimTablet *tablet, ShtOperation *op)
{
  g_autoptr (GError) error = NULL;

  if (sht_store_act (tablet->store, op, &error))
    {
      note_done (tablet, op, NULL);
      return TRUE;
    }
  if (error->domain != SHT_STORE_ERROR && error->domain != SHT_DB_ERROR)
    sim_world_fail (tablet->world, "tablet %u: %s", tablet->index, error->message);
  return FALSE;
}

static gboolean
set_status (SimTablet *tablet, const char *ticket)
{
  SimRandom *random = &tablet->world->random;

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (ShtOperation) op = sht_store_new_operation (tablet->store, SHT_KIND_TICKET_STATUS, ticket);
      /* What crews do most is what they want most. */
      ShtStatus want = sim_random_in_1000 (random, 750) ? SHT_STATUS_ON_THE_WAY + sim_random_below (random, 4)
                                                        : sim_random_below (random, SHT_N_STATUSES);

      json_object_set_string_member (op->fields, "want", sht_status_name (want));
      json_object_set_string_member (op->fields, "reason", "because");
      if (want == SHT_STATUS_WAITING)
        json_object_set_string_member (op->fields, "waiting_for", "parts");
      if (want == SHT_STATUS_DUPLICATE)
        json_object_set_string_member (op->fields, "duplicate_of", "01890000-0000-7000-8000-000000000001");
      if (act (tablet, op) || sim_disk_is_dead (tablet->disk))
        return TRUE;
    }
  return FALSE;
}

static gboolean
write_note (SimTablet *tablet, const char *ticket)
{
  g_autoptr (ShtOperation) op = sht_store_new_operation (tablet->store, SHT_KIND_TICKET_NOTE, ticket);
  g_autofree char *text = g_strdup_printf ("הערה %u: סגרנו את הנתיב", sim_random_below (&tablet->world->random, 1000000));

  json_object_set_string_member (op->fields, "text", text);
  return act (tablet, op);
}

static char *
last_operation (SimTablet *tablet)
{
  return sht_db_get_text (tablet->store->db, NULL, "SELECT op FROM op ORDER BY n DESC LIMIT 1", "");
}

/* Whoever did it: a supervisor decides for the crew. */
static SimDone *
done_of (SimWorld *world, const char *op)
{
  for (guint i = world->done->len; i > 0; i--)
    {
      SimDone *done = &g_array_index (world->done, SimDone, i - 1);

      if (g_str_equal (done->op, op))
        return done;
    }
  return NULL;
}

/* The store has made an operation of its own for what a person wanted. */
static void
note_made (SimTablet *tablet, const char *before)
{
  ShtStmt *stmt = sht_db_query (tablet->store->db, "SELECT bytes FROM op ORDER BY n DESC LIMIT 1", "");
  g_autofree char *bytes = sht_stmt_step (stmt) ? sht_stmt_dup (stmt, 0) : NULL;
  g_autoptr (ShtOperation) op = NULL;
  SimDone *first;

  sht_stmt_end (stmt, NULL);
  op = bytes != NULL ? sht_operation_parse (bytes, -1, NULL) : NULL;
  if (op == NULL || g_strcmp0 (op->id, before) == 0)
    return;
  note_done (tablet, op, sht_json_string (sht_operation_attached (op), "id"));
  first = op->instead_of != NULL ? done_of (tablet->world, op->instead_of) : NULL;
  if (first != NULL)
    done_of (tablet->world, op->id)->dated = first->dated;
}

/* To a ticket, or to an obstacle that was raised; one in three is a picture that hangs on another too. */
static gboolean
attach (SimTablet *tablet, const char *ticket)
{
  SimRandom *random = &tablet->world->random;
  guint fill = sim_random_below (random, 3) == 0 ? 10 * tablet->index + sim_random_below (random, 2) : sim_random_below (random, 1000000);
  guint size = 40 + fill * 7 % 200;
  g_autofree char *data = g_strnfill (size, (char) ('a' + fill % 26));
  g_autoptr (JsonObject) photo = json_object_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *sha256 = NULL;
  g_autofree char *before = last_operation (tablet);
  gboolean already = FALSE;

  g_snprintf (data, size, "%u", fill);
  bytes = g_bytes_new (data, size);
  if (!sht_store_keep_blob (tablet->store, bytes, &sha256, NULL))
    return FALSE;
  json_object_set_string_member (photo, "sha256", sha256);
  json_object_set_string_member (photo, "source_sha256", sha256);
  json_object_set_int_member (photo, "size", size);
  if (fill % 2 == 0)
    {
      g_autoptr (GBytes) thumb = g_bytes_new_from_bytes (bytes, 0, 20);
      g_autofree char *thumb_sha256 = NULL;

      if (!sht_store_keep_blob (tablet->store, thumb, &thumb_sha256, NULL))
        return FALSE;
      json_object_set_string_member (photo, "thumb_sha256", thumb_sha256);
      json_object_set_int_member (photo, "thumb_size", 20);
    }
  if (!sht_store_attach (tablet->store, ticket, photo, NULL, &already, NULL) || already)
    return FALSE;
  note_made (tablet, before);
  return TRUE;
}

/* A voice note of one sound, which nobody plays: it is the last four bytes of its tags that make it another one. */
static gboolean
speak (SimTablet *tablet, const char *ticket)
{
  static const guint8 head[19] = { 'O', 'p', 'u', 's', 'H', 'e', 'a', 'd', 1, 1, 0, 0, 0x80, 0xbb, 0, 0, 0, 0, 0 };
  guint8 tags[] = { 'O', 'p', 'u', 's', 'T', 'a', 'g', 's', 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
  static const guint8 sound[] = { 0xf8, 0xff, 0xfe };
  guint32 which = sim_random_below (&tablet->world->random, 1000000);
  g_autofree char *before = last_operation (tablet);
  GByteArray *pages = g_byte_array_new ();
  g_autoptr (GBytes) note = NULL;
  gboolean already = FALSE;

  memcpy (tags + 12, &which, sizeof which);
  voice_page (pages, 2, 0, which, 0, head, sizeof head);
  voice_page (pages, 0, 0, which, 1, tags, sizeof tags);
  voice_page (pages, 4, VOICE_FRAME, which, 2, sound, sizeof sound);
  note = g_byte_array_free_to_bytes (pages);
  if (!sht_store_add_voice (tablet->store, ticket, note, &already, NULL) || already)
    return FALSE;
  note_made (tablet, before);
  return TRUE;
}

static gboolean
set_field (SimTablet *tablet, ShtKind kind, const char *entity, const char *field)
{
  g_autoptr (ShtOperation) op = sht_store_new_operation (tablet->store, kind, entity);
  g_autofree char *value = g_strdup_printf ("%s %u", field, sim_random_below (&tablet->world->random, 1000000));

  json_object_set_string_member (op->fields, field, value);
  return act (tablet, op);
}

/* What it is called, whether it is there, or where. */
static gboolean
set_place (SimTablet *tablet, const char *place, guint what)
{
  g_autoptr (ShtOperation) op = NULL;
  guint n;

  if (what % 3 == 0)
    return set_field (tablet, SHT_KIND_PLACE_SET, place, "name");
  op = sht_store_new_operation (tablet->store, SHT_KIND_PLACE_SET, place);
  n = sim_random_below (&tablet->world->random, 1000000);
  if (what % 3 == 1)
    json_object_set_string_member (op->fields, "state", n % 2 == 0 ? "missing" : "ok");
  else
    {
      json_object_set_int_member (op->fields, "lat_e7", 312000000 + (gint64) n);
      json_object_set_int_member (op->fields, "lon_e7", 346000000 + (gint64) n);
    }
  return act (tablet, op);
}

/* Each answers a question of its own: nobody else's answer may take it away. */
static gboolean
answer (SimTablet *tablet, const char *ticket)
{
  g_autoptr (ShtOperation) op = sht_store_new_operation (tablet->store, SHT_KIND_TICKET_SET, ticket);
  g_autofree char *code = g_strdup_printf ("q%u", sim_random_below (&tablet->world->random, G_MAXINT32));
  JsonObject *answers = json_object_new ();

  json_object_set_string_member (answers, code, "כן");
  json_object_set_object_member (op->fields, "answers", answers);
  return act (tablet, op);
}

static gboolean
create (SimTablet *tablet)
{
  SimRandom *random = &tablet->world->random;
  g_autofree char *id = sht_store_new_id (tablet->store);
  g_autoptr (ShtOperation) op = sht_store_new_operation (tablet->store, SHT_KIND_TICKET_CREATE, id);

  /* now and then a service that there is not */
  json_object_set_string_member (op->fields, "service", sim_random_in_1000 (random, 50)    ? "none"
                                                        : sim_random_in_1000 (random, 500) ? "s1"
                                                                                           : "s2");
  json_object_set_string_member (op->fields, "title", "מפגע");
  json_object_set_int_member (op->fields, "lat_e7", 312400000);
  json_object_set_int_member (op->fields, "lon_e7", 346000000);
  return act (tablet, op);
}

static gboolean
place (SimTablet *tablet, const char *id)
{
  g_autoptr (ShtOperation) op = sht_store_new_operation (tablet->store, SHT_KIND_PLACE_REPORT, id);

  json_object_set_string_member (op->fields, "what", "missing");
  return act (tablet, op);
}

static gboolean
assign (SimTablet *tablet, const char *ticket)
{
  g_autoptr (ShtOperation) op = sht_store_new_operation (tablet->store, SHT_KIND_TICKET_ASSIGN, ticket);
  g_autofree char *crew = g_strdup_printf ("c%u", 1 + sim_random_below (&tablet->world->random, 8));

  json_object_set_string_member (op->fields, "crew", crew);
  return act (tablet, op);
}

static gboolean
hand_over (SimTablet *tablet, const char *ticket)
{
  g_autoptr (ShtOperation) op = sht_store_new_operation (tablet->store, SHT_KIND_TICKET_HAND_OVER, ticket);

  json_object_set_string_member (op->fields, "department", sim_random_in_1000 (&tablet->world->random, 500) ? "d1" : "d2");
  json_object_set_string_member (op->fields, "text", "not ours");
  return act (tablet, op);
}

/* One more is raised, or one that is there answered, settled or shown. */
static gboolean
obstacle (SimTablet *tablet, const char *ticket, guint what, gboolean above)
{
  static const char *const kinds[] = { "department", "access" };
  g_autofree char *known = NULL;
  g_autofree char *new = sht_store_new_id (tablet->store);
  g_autoptr (ShtOperation) op = NULL;

  if (what >= 250
      && pick (tablet, "SELECT count(*) FROM obstacle", "SELECT id FROM obstacle ORDER BY id LIMIT 1 OFFSET ?1", &known, NULL))
    {
      if (what >= 850)
        return attach (tablet, known);
      op = sht_store_new_operation (tablet->store, SHT_KIND_OBSTACLE_ANSWER, known);
      json_object_set_string_member (op->fields, "text", "נבדוק");
      if (above && what % 2 == 0)
        json_object_set_boolean_member (op->fields, "settles", TRUE);
      return act (tablet, op);
    }
  op = sht_store_new_operation (tablet->store, SHT_KIND_OBSTACLE_RAISE, new);
  json_object_set_string_member (op->fields, "kind", kinds[what % 2]);
  json_object_set_string_member (op->fields, "text", "אין מפתח");
  json_object_set_string_member (op->fields, "department", what % 3 == 0 ? "d1" : "d2");
  if (what % 5 != 0)
    json_object_set_string_member (op->fields, "ticket", ticket);
  return act (tablet, op);
}

static gboolean
act_on_ticket (SimTablet *tablet, guint what, gboolean above)
{
  g_autofree char *ticket = NULL;

  if (!pick_ticket (tablet, &ticket))
    return create (tablet);
  if (above && what < 300)
    return assign (tablet, ticket);
  if (what < 330)
    return set_status (tablet, ticket);
  if (what < 630)
    return write_note (tablet, ticket);
  if (what < 690)
    return obstacle (tablet, ticket, sim_random_below (&tablet->world->random, 1000), above);
  if (what < 725)
    return attach (tablet, ticket);
  if (what < 740)
    return speak (tablet, ticket);
  if (what < 870 && what % 3 == 2)
    return answer (tablet, ticket);
  if (what < 870)
    return set_field (tablet, SHT_KIND_TICKET_SET, ticket, what % 3 == 0 ? "title" : "address");
  return hand_over (tablet, ticket);
}

/* One of what the hub could not take is decided. */
static void
decide (SimTablet *tablet)
{
  SimRandom *random = &tablet->world->random;
  gboolean mine = sim_random_in_1000 (random, 500);
  g_autoptr (JsonArray) rows = sht_store_attention (tablet->store, NULL);
  guint n = rows != NULL ? json_array_get_length (rows) : 0;
  g_autofree char *before = last_operation (tablet);
  JsonObject *row;
  SimDone *done;

  if (n == 0)
    return;
  row = json_array_get_object_element (rows, sim_random_below (random, n));
  done = done_of (tablet->world, sht_json_string (row, "id"));
  if (!sht_store_resolve (tablet->store, sht_json_string (row, "id"), sht_json_string (row, "field"), mine, NULL))
    {
      /* The machine stopped: it is decided, or it is not. */
      if (done != NULL)
        done->decided |= sim_disk_is_dead (tablet->disk);
      return;
    }
  sim_world_trace_bytes (tablet->world, mine ? "keeps mine" : "keeps theirs", tablet->index, sht_json_string (row, "id"),
                         strlen (sht_json_string (row, "id")));
  if (done != NULL)
    done->decided = TRUE;
  note_made (tablet, before);
}

/* The machine stopped while a step was being taken back: it stands, or it does not. */
static void
forget_outcome (SimTablet *tablet, const char *op)
{
  SimDone *undone = done_of (tablet->world, op);

  for (guint i = 0; undone != NULL && i < tablet->world->done->len; i++)
    {
      SimDone *done = &g_array_index (tablet->world->done, SimDone, i);

      done->unsure |= done->tablet == tablet->index && g_str_equal (done->entity, undone->entity) && done->at >= undone->at;
    }
}

/* What was done last is taken back: as if it had never been, when nobody has heard of it. */
static void
take_back (SimTablet *tablet)
{
  g_autofree char *before = last_operation (tablet);
  gboolean withdrawn = FALSE;
  SimDone *undone;

  if (before == NULL)
    return;
  if (!sht_store_undo (tablet->store, before, &withdrawn, NULL))
    {
      if (sim_disk_is_dead (tablet->disk))
        forget_outcome (tablet, before);
      return;
    }
  sim_world_trace (tablet->world, withdrawn ? "withdraws" : "takes back", tablet->index, 0, 0);
  undone = done_of (tablet->world, before);
  if (undone != NULL)
    undone->answer[0] = '\0';
  if (!withdrawn)
    {
      note_made (tablet, before);
      return;
    }
  /* A report takes with it what was attached to it. */
  for (guint i = 0; i < tablet->world->done->len; i++)
    {
      SimDone *done = &g_array_index (tablet->world->done, SimDone, i);
      gint64 there = 0;

      if (done->tablet != tablet->index || done->withdrawn)
        continue;
      sht_db_get_int (tablet->store->db, &there, NULL, "SELECT count(*) FROM op WHERE op = ?1", "s", done->op);
      done->withdrawn = there == 0 && !done->exempt;
    }
}

static void
act_once (SimTablet *tablet)
{
  guint what = sim_random_below (&tablet->world->random, 1000);
  g_autofree char *id = NULL;

  if (sim_random_in_1000 (&tablet->world->random, tablet->world->harsh ? 100 : 40))
    take_back (tablet);
  else if (sim_random_in_1000 (&tablet->world->random, tablet->world->harsh ? 400 : 120))
    decide (tablet);
  else if (what < 890)
    act_on_ticket (tablet, what, !g_str_equal (tablet->role, "crew"));
  else if (what < 940)
    create (tablet);
  else if (what < 970)
    {
      if (pick (tablet, "SELECT count(*) FROM photo", "SELECT id FROM photo ORDER BY id LIMIT 1 OFFSET ?1", &id, NULL))
        set_field (tablet, SHT_KIND_PHOTO_EDIT, id, "caption");
    }
  else if (pick (tablet, "SELECT count(*) FROM place", "SELECT id FROM place ORDER BY row LIMIT 1 OFFSET ?1", &id, NULL))
    {
      if (g_str_equal (tablet->role, "crew"))
        place (tablet, id);
      else
        set_place (tablet, id, what);
    }
}

/**
 * sim_tablet_act:
 * @times: how often
 *
 * A person does something, one thing after the other, before the program comes to send it.
 */
void
sim_tablet_act (SimTablet *tablet, guint times)
{
  for (guint i = 0; i < times && tablet->store != NULL; i++)
    {
      act_once (tablet);
      sim_tablet_look (tablet);
    }
  /* Without a network most of it waits for the next wake. */
  if (tablet->engine == NULL || (!tablet->link_up && !sim_random_in_1000 (&tablet->world->random, TRIES_WITHOUT_LINK)))
    return;
  sht_engine_poke (tablet->engine);
  sim_tablet_pump (tablet);
}
