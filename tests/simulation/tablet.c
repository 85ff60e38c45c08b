/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/simulation/world.h"

#include "core/json.h"

#include <string.h>

/* Of 1000 times, how often a program that believes there is no network tries all the same. */
#define TRIES_WITHOUT_LINK 50

static gint64
tablet_now (gpointer data)
{
  SimTablet *tablet = data;

  return tablet->world->now + tablet->clock_error;
}

static gint64
tablet_boot_ms (gpointer data)
{
  SimTablet *tablet = data;

  return tablet->world->now - tablet->booted;
}

static void
tablet_random (gpointer data, guint8 *bytes, gsize length)
{
  sim_random_bytes (&((SimTablet *) data)->random, bytes, length);
}

/** sim_tablet_open: the program starts */
void
sim_tablet_open (SimTablet *tablet)
{
  ShtStoreWorld world = { tablet_now, tablet_boot_ms, tablet_random, tablet, tablet->boot_id, SIM_DISK_VFS };
  g_autoptr (GError) error = NULL;

  tablet->store = sht_store_open (tablet->folder, &world, &error);
  if (tablet->store == NULL)
    {
      sim_world_fail (tablet->world, "tablet %u does not start: %s", tablet->index, error->message);
      return;
    }
  tablet->engine = sht_engine_new (tablet->store);
  sht_engine_set_link (tablet->engine, tablet->link_up);
}

/** sim_tablet_stop: the program is gone */
void
sim_tablet_stop (SimTablet *tablet)
{
  g_clear_pointer (&tablet->engine, sht_engine_free);
  g_clear_pointer (&tablet->store, sht_store_close);
  tablet->process++;
  tablet->wake_at = G_MAXINT64;
}

static void
start_again (SimWorld *world, guint node, guint process, gpointer unused)
{
  SimTablet *tablet = &world->tablets[node];

  if (tablet->process != process || tablet->store != NULL)
    return;
  sim_disk_revive (tablet->disk, tablet->power_lost, sim_random_below (&world->random, 8));
  if (tablet->power_lost)
    {
      tablet->booted = world->now;
      tablet->boots++;
      g_snprintf (tablet->boot_id, sizeof tablet->boot_id, "%08x-0000-4000-8000-%012x", node, tablet->boots);
    }
  sim_world_trace (world, "starts", node, 0, 0);
  sim_tablet_open (tablet);
  if (tablet->store != NULL)
    sim_tablet_pump (tablet);
}

/** sim_tablet_look: whether the machine has stopped in the middle of what it just did; then it starts again later */
void
sim_tablet_look (SimTablet *tablet)
{
  SimWorld *world = tablet->world;

  if (tablet->store == NULL || !sim_disk_is_dead (tablet->disk))
    return;
  sim_world_fault (world, tablet->power_lost ? SIM_FAULT_TABLET_POWER : SIM_FAULT_TABLET_KILLED);
  sim_tablet_stop (tablet);
  sim_world_later (world, sim_random_between (&world->random, 200, 30000), start_again, tablet->index, tablet->process,
                   NULL);
}

static void
wake (SimWorld *world, guint node, guint process, gpointer unused)
{
  SimTablet *tablet = &world->tablets[node];

  if (tablet->process != process || tablet->engine == NULL || tablet->wake_at > world->now)
    return;
  tablet->wake_at = G_MAXINT64;
  sim_tablet_pump (tablet);
}

/** sim_tablet_pump: what the engine wants is done, and it is woken when it says so */
void
sim_tablet_pump (SimTablet *tablet)
{
  SimWorld *world = tablet->world;
  gint64 at;
  guint requests = 0;

  do
    for (;;)
      {
        g_autoptr (ShtRequest) request = sht_engine_next (tablet->engine, world->now);

        if (request == NULL)
          break;
        if (++requests > 20)
          {
            sim_world_fail (world, "tablet %u sends without end: %s %s", tablet->index, request->method, request->path);
            return;
          }
        sim_network_send (tablet, request);
      }
  while (!sim_disk_is_dead (tablet->disk) && sht_engine_work (tablet->engine, world->now));
  sim_tablet_look (tablet);
  if (tablet->engine == NULL)
    return;
  at = sht_engine_wake_at (tablet->engine);
  if (at == G_MAXINT64 || (at >= tablet->wake_at && tablet->wake_at > world->now))
    return;
  if (at <= world->now)
    sim_world_fail (world, "tablet %u wants to be woken for a moment that has passed", tablet->index);
  tablet->wake_at = at;
  sim_world_later (world, at - world->now, wake, tablet->index, tablet->process, NULL);
}

/** sim_tablet_link: the network comes or goes */
void
sim_tablet_link (SimTablet *tablet, gboolean up)
{
  if (!up && tablet->link_up)
    sim_world_fault (tablet->world, SIM_FAULT_PARTITION);
  tablet->link_up = up;
  if (tablet->engine == NULL)
    return;
  sht_engine_set_link (tablet->engine, up);
  if (!up)
    return;
  sht_engine_poke (tablet->engine);
  sim_tablet_pump (tablet);
}

gboolean
sim_tablet_is_settled (SimTablet *tablet)
{
  return tablet->engine != NULL && sht_engine_is_settled (tablet->engine);
}

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

/* To a ticket, or to an obstacle that was raised. */
static gboolean
attach (SimTablet *tablet, ShtKind kind, const char *ticket)
{
  SimRandom *random = &tablet->world->random;
  guint size = 40 + sim_random_below (random, 200), fill = sim_random_below (random, 1000000);
  g_autofree char *data = g_strnfill (size, (char) ('a' + fill % 26));
  g_autoptr (JsonObject) photo = json_object_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *sha256 = NULL;
  g_autofree char *op = NULL;
  gboolean already = FALSE;

  g_snprintf (data, size, "%u", fill);
  bytes = g_bytes_new (data, size);
  if (!sht_store_keep_blob (tablet->store, bytes, &sha256, NULL))
    return FALSE;
  json_object_set_string_member (photo, "sha256", sha256);
  json_object_set_string_member (photo, "source_sha256", sha256);
  json_object_set_int_member (photo, "size", size);
  if (!sht_store_attach (tablet->store, ticket, photo, NULL, &already, NULL) || already)
    return FALSE;
  op = last_operation (tablet);
  {
    g_autoptr (ShtOperation) attached = sht_operation_new (kind, op, ticket, 0);

    note_done (tablet, attached, sht_json_string (photo, "id"));
  }
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
        return attach (tablet, SHT_KIND_OBSTACLE_PHOTO, known);
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
  if (what < 740)
    return attach (tablet, SHT_KIND_PHOTO_ATTACH, ticket);
  if (what < 870 && what % 3 == 2)
    return answer (tablet, ticket);
  if (what < 870)
    return set_field (tablet, SHT_KIND_TICKET_SET, ticket, what % 3 == 0 ? "title" : "address");
  return hand_over (tablet, ticket);
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
  note_done (tablet, op, sht_json_string (sht_json_object (op->fields, "photo"), "id"));
  first = op->instead_of != NULL ? done_of (tablet->world, op->instead_of) : NULL;
  if (first != NULL)
    done_of (tablet->world, op->id)->dated = first->dated;
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

  if (sim_random_in_1000 (&tablet->world->random, 40))
    take_back (tablet);
  else if (sim_random_in_1000 (&tablet->world->random, 120))
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

/* What was done since, and is not at the hub, existed only here. */
static void
exempt_since (SimTablet *tablet, gint64 at)
{
  SimWorld *world = tablet->world;

  for (guint i = 0; i < world->done->len; i++)
    {
      SimDone *done = &g_array_index (world->done, SimDone, i);

      if (done->tablet == tablet->index && done->at >= at)
        done->exempt = TRUE;
    }
}

/** sim_tablet_put_back: an older copy of its database is put back, while it does not run */
void
sim_tablet_put_back (SimTablet *tablet)
{
  sim_tablet_stop (tablet);
  tablet->was_copied = TRUE;
  sim_disk_put_back (tablet->disk, tablet->older);
  sim_disk_revive (tablet->disk, FALSE, 0);
  exempt_since (tablet, tablet->older_at);
  sim_tablet_open (tablet);
  if (tablet->engine != NULL)
    sim_tablet_pump (tablet);
}

/** sim_tablet_log_in: the tablet is given the login that holds now */
void
sim_tablet_log_in (SimTablet *tablet)
{
  g_autoptr (JsonObject) answer = sht_json_parse_object (tablet->answer, -1, NULL);
  g_autoptr (GError) error = NULL;

  if (g_strcmp0 (sht_json_string (answer, "token"), tablet->store->device.token) == 0)
    return;
  if (!sht_store_set_device (tablet->store, "http://hub", answer, &error))
    sim_world_fail (tablet->world, "tablet %u: %s", tablet->index, error->message);
}

static void
copy_tree (const char *from, const char *to)
{
  g_autoptr (GDir) dir = g_dir_open (from, 0, NULL);
  const char *name;

  g_mkdir_with_parents (to, 0700);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *source = g_build_filename (from, name, NULL);
      g_autofree char *copy = g_build_filename (to, name, NULL);
      g_autofree char *bytes = NULL;
      gsize length;

      if (g_file_test (source, G_FILE_TEST_IS_DIR))
        copy_tree (source, copy);
      else
        g_assert_true (g_file_get_contents (source, &bytes, &length, NULL) &&
                       g_file_set_contents_full (copy, bytes, (gssize) length,
                                                 G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
    }
}

/** sim_tablet_clone: a second machine with a copy of all that the first has */
void
sim_tablet_clone (SimTablet *from, SimTablet *to)
{
  g_autoptr (SimDiskImage) image = sim_disk_copy (from->disk);

  if (to->exists)
    return;
  copy_tree (from->folder, to->folder);
  sim_disk_put_back (to->disk, image);
  sim_disk_revive (to->disk, FALSE, 0);
  to->exists = TRUE;
  to->was_copied = from->was_copied = TRUE;
  to->link_up = TRUE;
  to->role = from->role;
  to->crew = from->crew;
  to->department = from->department;
  g_free (to->answer);
  to->answer = g_strdup (from->answer);
  sim_tablet_open (to);
  if (to->engine != NULL)
    sim_tablet_pump (to);
}
