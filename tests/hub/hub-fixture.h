/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/json.h"
#include "hub/service/hub.h"
#include "platform/durable.h"

#include <glib/gstdio.h>
#include <string.h>

/* A hub over a folder of its own, in a small town, with a clock and randomness that the test holds. */

#define TICKET_ID "01890000-0000-7000-8000-00000000%04x"

typedef struct
{
  gint64 now;
  gint64 set_by; /* so much of it is not time that has passed */
  guint64 seed;
} World;

static inline gint64
world_now (gpointer data)
{
  return ((World *) data)->now;
}

static inline void
world_random (gpointer data, guint8 *bytes, gsize length)
{
  World *world = data;

  for (gsize i = 0; i < length; i++)
    {
      world->seed = world->seed * 6364136223846793005u + 1442695040888963407u;
      bytes[i] = (guint8) (world->seed >> 56);
    }
}

typedef struct
{
  World world;
  char *folder;
  ShtHub *hub;
  guint operations;
} Town;

static inline void
town_add (Town *town, const char *json)
{
  g_autoptr (ShtHubSeeder) seeder = sht_hub_seeder_new (town->hub);
  g_autoptr (GError) error = NULL;
  ShtHubSeedCount count;

  sht_hub_seeder_add (seeder, json, &error);
  g_assert_no_error (error);
  sht_hub_seeder_finish (seeder, &count, &error);
  g_assert_no_error (error);
}

static inline char *
ticket_id (guint n)
{
  return g_strdup_printf (TICKET_ID, n);
}

static inline void
town_add_ticket (Town *town, guint n, const char *crew)
{
  g_autofree char *json
    = g_strdup_printf ("{\"t\":\"ticket\",\"id\":\"" TICKET_ID "\",\"number\":\"106-2023-%05u\",\"status\":\"%s\",\"title\":\"ticket "
                       "%u\",\"department\":\"roads\",\"service\":\"pothole\",%s%s%s\"lat_e7\":%d,\"lon_e7\":%d,\"created_at\":"
                       "1690000000000}",
                       n, n, crew != NULL ? "assigned" : "new", n, crew != NULL ? "\"crew\":\"" : "", crew != NULL ? crew : "",
                       crew != NULL ? "\"," : "", 312400000 + (int) n * 1000, 346000000 + (int) (n * 7919 % 1000) * 100);

  town_add (town, json);
}

static inline Town *
town_new (void)
{
  Town *town = g_new0 (Town, 1);
  ShtHubWorld world = { world_now, world_random, town };
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  static const char *const things[] = {
    "{\"t\":\"department\",\"id\":\"roads\",\"name\":\"Roads\"}",
    "{\"t\":\"department\",\"id\":\"gardens\",\"name\":\"Gardens\"}",
    "{\"t\":\"crew\",\"id\":\"r1\",\"name\":\"R1\",\"department\":\"roads\"}",
    "{\"t\":\"crew\",\"id\":\"r2\",\"name\":\"R2\",\"department\":\"roads\"}",
    "{\"t\":\"crew\",\"id\":\"g1\",\"name\":\"G1\",\"department\":\"gardens\"}",
    "{\"t\":\"person\",\"id\":\"p1\",\"name\":\"Dana\",\"crew\":\"r1\"}",
    "{\"t\":\"service\",\"id\":\"pothole\",\"name\":\"Pothole\",\"department\":\"roads\",\"targets\":[{\"milestone\":\"complete\",\"amount\":2,\"unit\":"
    "\"days\"}]}",
    "{\"t\":\"service\",\"id\":\"tree\",\"name\":\"Tree\",\"department\":\"gardens\"}",
    "{\"t\":\"place\",\"id\":\"01890000-0000-7000-8000-0000000b0001\",\"layer\":\"bins\",\"name\":\"Bin "
    "1\",\"lat_e7\":312400000,\"lon_e7\":346000000}",
  };

  town->world.now = 1700000000000;
  town->world.seed = 1;
  town->folder = g_dir_make_tmp ("hub-XXXXXX", &error);
  g_assert_no_error (error);
  path = g_build_filename (town->folder, "hub.db", NULL);
  town->hub = sht_hub_new (sht_hub_store_open_sqlite (path, NULL, &error), &world);
  g_assert_no_error (error);
  town->hub->folder = g_strdup (town->folder);
  for (guint i = 0; i < G_N_ELEMENTS (things); i++)
    town_add (town, things[i]);
  return town;
}

static inline void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static inline void
town_free (Town *town)
{
  sht_hub_free (town->hub);
  remove_tree (town->folder);
  g_free (town->folder);
  g_free (town);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Town, town_free)

/* The database as it is now, as a backup holds it. */
static inline char *
town_backup (Town *town)
{
  char *path = g_strdup_printf ("%s/backup-%u.db", town->folder, ++town->operations);
  g_autoptr (GError) error = NULL;

  sht_hub_ensure_history (town->hub, &error);
  g_assert_no_error (error);
  town->hub->store->driver->snapshot (town->hub->store, path, &error);
  g_assert_no_error (error);
  return path;
}

/* What a backup told the hub when it was done. */
static inline void
town_backed_up (Town *town)
{
  g_auto (ShtHubHistory) history = { 0 };
  g_autoptr (GError) error = NULL;
  gint64 head, nonce;

  town->hub->store->driver->get_history (town->hub->store, &history, &error);
  town->hub->store->driver->log_head (town->hub->store, &head, &nonce, &error);
  town->hub->store->driver->note_backup (town->hub->store, history.id, head, &error);
  g_assert_no_error (error);
}

/* Leaves the photos that a backup holds: those that its database names. */
static inline void
town_lose_photos (Town *town)
{
  g_autofree char *photos = g_build_filename (town->folder, "photos", NULL);
  g_autoptr (GDir) folders = g_dir_open (photos, 0, NULL);
  const char *folder, *name;

  while (folders != NULL && (folder = g_dir_read_name (folders)) != NULL)
    {
      g_autofree char *path = g_build_filename (photos, folder, NULL);
      g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);

      while ((name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *file = g_build_filename (path, name, NULL);
          gint64 size = -1;

          town->hub->store->driver->get_blob (town->hub->store, name, &size, NULL);
          if (size < 0)
            g_remove (file);
        }
    }
}

/* Puts a backup in the hub's place: as `restore` does, or by somebody who just copies the file back. */
static inline void
town_restore (Town *town, const char *backup, gboolean new_history)
{
  g_autofree char *path = g_strconcat (backup, ".used", NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  /* First: what it writes at its end is of the file that it has open, by its name. */
  sht_hub_store_close (town->hub->store);
  g_assert_true (g_file_get_contents (backup, &bytes, &length, NULL));
  g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
  town->hub->store = sht_hub_store_open_sqlite (path, NULL, &error);
  g_assert_no_error (error);
  town_lose_photos (town);
  if (new_history)
    g_assert_true (sht_hub_start_history (town->hub, &error));
}

/* The answer to an enrolment, as it goes over the wire. */
static inline JsonObject *
town_enrol (Town *town, const char *role, const char *crew, const char *department)
{
  ShtHubCode code = { (char *) role, (char *) crew, (char *) department, (char *) "p1", town->world.now + 60000, NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *plain = sht_hub_make_code (town->hub, &code, &error);
  g_autofree char *id = sht_id_new (town->world.now, world_random, &town->world);
  g_autofree char *body = g_strdup_printf ("{\"code\":\"%s\",\"device\":\"%s\"}", plain, id);
  g_autofree char *answer = sht_hub_enrol (town->hub, body, strlen (body), &error);

  g_assert_no_error (error);
  return sht_json_parse_object (answer, -1, NULL);
}

static inline ShtHubDevice *
town_device (Town *town, const char *role, const char *crew, const char *department)
{
  g_autoptr (JsonObject) answer = town_enrol (town, role, crew, department);
  g_autofree char *header = g_strconcat ("Bearer ", sht_json_string (answer, "token"), NULL);
  g_autoptr (GError) error = NULL;
  ShtHubDevice *device = sht_hub_authenticate (town->hub, header, &error);

  g_assert_no_error (error);
  return device;
}

static inline char *
next_op_id (Town *town)
{
  return g_strdup_printf ("01890000-0000-7000-9000-%012x", ++town->operations);
}

static inline char *
op_bytes_at (const char *id, const char *kind, const char *entity, const char *fields, gint64 at)
{
  return g_strdup_printf ("{\"op\":\"%s\",\"kind\":\"%s\",\"entity\":\"%s\",\"fields\":%s,\"at\":%" G_GINT64_FORMAT "}", id, kind, entity,
                          fields, at);
}

/* Pushes lines as they are; op ids are taken out of them. */
static inline char *
push_lines (Town *town, ShtHubDevice *device, const char *const *lines, guint n, gint64 first_seq, gint64 offset, GError **error)
{
  g_autoptr (GString) body = g_string_new ("{\"ops\":[");
  g_autoptr (GBytes) answer = NULL;

  for (guint i = 0; i < n; i++)
    g_string_append_printf (body, "%s{\"op\":\"%.36s\",\"seq\":%" G_GINT64_FORMAT "}", i > 0 ? "," : "",
                            strstr (lines[i], "\"op\":\"") + 6, first_seq + i);
  g_string_append_printf (body, "],\"clock_offset_ms\":%" G_GINT64_FORMAT "}\n", offset);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (body, "%s\n", lines[i]);
  answer = sht_hub_push (town->hub, device, body->str, body->len, error);
  return answer != NULL ? g_strndup (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer)) : NULL;
}

static inline char *
push_one_at (Town *town, ShtHubDevice *device, const char *kind, const char *entity, const char *fields, gint64 at)
{
  g_autofree char *id = next_op_id (town);
  g_autofree char *line = op_bytes_at (id, kind, entity, fields, at);
  g_autoptr (GError) error = NULL;
  char *answer = push_lines (town, device, (const char *const[]){ line }, 1, town->operations, 0, &error);

  g_assert_no_error (error);
  return answer;
}

static inline char *
push_one (Town *town, ShtHubDevice *device, const char *kind, const char *entity, const char *fields)
{
  return push_one_at (town, device, kind, entity, fields, town->world.now);
}

/* What the answer's n-th line says of a member. */
static inline char *
line_says (const char *answer, guint n, const char *member)
{
  g_auto (GStrv) lines = g_strsplit (answer, "\n", -1);
  g_autoptr (JsonObject) object = n < g_strv_length (lines) ? sht_json_parse_object (lines[n], -1, NULL) : NULL;

  return g_strdup (sht_json_string (object, member));
}

#define assert_result(answer, n, expected)                                                                      \
  G_STMT_START                                                                                                  \
  {                                                                                                             \
    g_autofree char *line_result = line_says ((answer), (n), "result");                                                \
    g_assert_cmpstr (line_result, ==, (expected));                                                                     \
  }                                                                                                             \
  G_STMT_END
