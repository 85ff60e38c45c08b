/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/simulation/world.h"

#include "core/json-slice.h"
#include "core/protocol.h"
#include "hub/rescue/rescue.h"
#include "platform/durable.h"

#include <string.h>

/* The hub's service behind what its server does with HTTP: the same calls for the same paths. */

#define PHOTOS "/v1/photos/"

typedef struct
{
  char *device;
  char *sha256;
  gint64 size;
  GByteArray *bytes;
} Upload;

static void
upload_free (gpointer data)
{
  Upload *upload = data;

  g_free (upload->device);
  g_free (upload->sha256);
  g_byte_array_unref (upload->bytes);
  g_free (upload);
}

static gint64
hub_now (gpointer data)
{
  return ((SimHub *) data)->world->now;
}

static void
hub_random (gpointer data, guint8 *bytes, gsize length)
{
  sim_random_bytes (&((SimHub *) data)->random, bytes, length);
}

/** sim_hub_open: the hub starts */
void
sim_hub_open (SimHub *hub)
{
  ShtHubWorld world = { hub_now, hub_random, hub };
  g_autofree char *path = g_build_filename (hub->folder, "hub.db", NULL);
  g_autoptr (GError) error = NULL;
  ShtHubStore *store = sht_hub_store_open_sqlite (path, SIM_DISK_VFS, &error);

  if (store == NULL)
    {
      sim_world_fail (hub->world, "the hub does not start: %s", error->message);
      return;
    }
  if (hub->uploads == NULL)
    hub->uploads = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, upload_free);
  if (hub->waiting == NULL)
    hub->waiting = g_ptr_array_new ();
  hub->hub = sht_hub_new (store, &world);
  hub->hub->folder = g_strdup (hub->folder);
}

static void
answer_waiting_with_nothing (SimHub *hub)
{
  while (hub->waiting->len > 0)
    sim_network_reply (hub->world, g_ptr_array_steal_index (hub->waiting, 0), sht_answer_new (0));
}

/** sim_hub_stop: the hub's process is gone, with the connections it held */
void
sim_hub_stop (SimHub *hub)
{
  g_clear_pointer (&hub->hub, sht_hub_free);
  hub->process++;
  answer_waiting_with_nothing (hub);
}

static void
start_again (SimWorld *world, guint node, guint process, gpointer unused)
{
  SimHub *hub = &world->hub;

  if (hub->hub != NULL)
    return;
  sim_disk_revive (hub->disk, hub->power_lost, sim_random_below (&world->random, 8));
  sim_world_trace (world, "hub starts", 0, 0, 0);
  sim_hub_open (hub);
}

/* Whether the machine has stopped in the middle of what it just did. */
static gboolean
has_died (SimHub *hub)
{
  if (hub->hub == NULL || !sim_disk_is_dead (hub->disk))
    return FALSE;
  sim_world_fault (hub->world, hub->power_lost ? SIM_FAULT_HUB_POWER : SIM_FAULT_HUB_KILLED);
  sim_hub_stop (hub);
  sim_world_later (hub->world, sim_random_between (&hub->world->random, 500, 15000), start_again, 0, 0, NULL);
  return TRUE;
}

static ShtAnswer *
answer_of (guint status)
{
  ShtAnswer *answer = sht_answer_new (status);

  g_hash_table_replace (answer->headers, g_strdup ("shetach-protocol"), g_strdup ("1"));
  return answer;
}

static ShtAnswer *
error_answer (const GError *error)
{
  static const struct
  {
    guint status;
    const char *code;
  } answers[] = {
    { 400, "bad_request" }, { 401, "unauthorised" }, { 403, "forbidden" }, { 404, "not_found" },
    { 400, "ambiguous" },   { 410, "resync" },       { 413, "too_large" }, { 409, "incarnation" },  { 403, "sealed" },
    { 415, "unsupported" },
  };
  gboolean is_known = error->domain == SHT_HUB_ERROR && (guint) error->code < G_N_ELEMENTS (answers);
  ShtAnswer *answer = answer_of (is_known ? answers[error->code].status : 500);
  char *body = g_strdup_printf ("{\"error\":\"%s\",\"message\":\"%s\"}",
                                is_known ? answers[error->code].code : "internal", error->message);

  if (!is_known)
    g_hash_table_replace (answer->headers, g_strdup ("retry-after"), g_strdup ("2"));
  answer->body = g_bytes_new_take (body, strlen (body));
  return answer;
}

static ShtAnswer *
bytes_answer (GBytes *bytes)
{
  ShtAnswer *answer = answer_of (200);

  answer->body = g_bytes_ref (bytes);
  return answer;
}

static char *
query_of (const char *path, const char *name)
{
  const char *at = strstr (path, name);

  return at != NULL ? g_strndup (at + strlen (name), strcspn (at + strlen (name), "&")) : NULL;
}

static GBytes *
pull (SimHub *hub, const ShtHubDevice *device, const SimMessage *message, gboolean *empty, GError **error)
{
  g_autofree char *escaped = query_of (message->path, "cursor=");
  g_autofree char *cursor = g_uri_unescape_string (escaped, NULL);
  /* Small pages, so that there are many places to be interrupted at, as long as something interrupts. */
  static const guint limits[] = { 3, 20, 50, 100, 200, 500, 500, 500 };
  guint limit = limits[sim_random_below (&hub->world->net, G_N_ELEMENTS (limits))];

  return sht_hub_pull (hub->hub, device, cursor, hub->world->healing ? 500 : limit, empty, error);
}

static const char *
header_of (const SimMessage *message, const char *name)
{
  for (guint i = 0; i + 1 < message->headers->len; i += 2)
    if (g_ascii_strcasecmp (g_ptr_array_index (message->headers, i), name) == 0)
      return g_ptr_array_index (message->headers, i + 1);
  return NULL;
}

static ShtAnswer *
offset_answer (guint status, gint64 offset)
{
  ShtAnswer *answer = answer_of (status);

  g_hash_table_replace (answer->headers, g_strdup ("upload-offset"), g_strdup_printf ("%" G_GINT64_FORMAT, offset));
  return answer;
}

static gboolean
finish_upload (SimHub *hub, const ShtHubDevice *device, Upload *upload, gboolean *matches, GError **error)
{
  g_autofree char *sha256 = sht_sha256_of_bytes (upload->bytes->data, upload->bytes->len);
  g_autofree char *path = g_build_filename (hub->folder, "upload", NULL);

  *matches = g_str_equal (sha256, upload->sha256);
  return !*matches
         || (g_file_set_contents_full (path, (const char *) upload->bytes->data, upload->bytes->len,
                                       G_FILE_SET_CONTENTS_NONE, 0600, error)
             && sht_hub_take_photo (hub->hub, device, sha256, path, error));
}

/* Some bytes more. Returns 0 with an error, or what to answer; after its end went wrong it is asked for once more. */
static guint
take_bytes (SimHub *hub, const ShtHubDevice *device, Upload *upload, GBytes *bytes, guint status, GError **error)
{
  gboolean matches = TRUE;

  g_byte_array_append (upload->bytes, g_bytes_get_data (bytes, NULL), (guint) g_bytes_get_size (bytes));
  if (upload->bytes->len < upload->size)
    return status;
  if (finish_upload (hub, device, upload, &matches, error) && matches)
    return status;
  g_byte_array_set_size (upload->bytes, 0);
  return matches ? 0 : 460;
}

/* The one that this tablet has begun before, whose answer was lost. */
static char *
find_upload (SimHub *hub, const char *device, const char *sha256, gboolean already)
{
  GHashTableIter iter;
  gpointer path;
  Upload *upload;

  g_hash_table_iter_init (&iter, hub->uploads);
  while (g_hash_table_iter_next (&iter, &path, (gpointer *) &upload))
    if (g_str_equal (upload->device, device) && g_str_equal (upload->sha256, sha256) && (upload->bytes->len == upload->size) == already)
      return g_strdup (path);
  return NULL;
}

static ShtAnswer *
create_upload (SimHub *hub, const ShtHubDevice *device, const SimMessage *message, GError **error)
{
  g_auto (GStrv) metadata = g_strsplit_set (header_of (message, "Upload-Metadata"), " ,", -1);
  gsize length;
  g_autofree guchar *hash = g_base64_decode (metadata[1], &length);
  g_autofree char *sha256 = g_strndup ((char *) hash, length);
  gint64 size = g_ascii_strtoll (header_of (message, "Upload-Length"), NULL, 10);
  g_autofree char *path = NULL;
  Upload *upload;
  ShtAnswer *answer;
  gboolean already;
  guint status = 201;

  if (!sht_hub_may_upload (hub->hub, device, sha256, size, &already, error))
    return NULL;
  path = find_upload (hub, device->id, sha256, already);
  if (path == NULL)
    {
      path = g_strdup_printf ("/v1/files/%u", ++hub->next_upload);
      upload = g_new0 (Upload, 1);
      upload->device = g_strdup (device->id);
      upload->sha256 = g_steal_pointer (&sha256);
      upload->size = size;
      upload->bytes = g_byte_array_new ();
      g_hash_table_replace (hub->uploads, g_strdup (path), upload);
      if (!already && message->body != NULL)
        status = take_bytes (hub, device, upload, message->body, 201, error);
    }
  if (status == 0)
    return NULL;
  upload = g_hash_table_lookup (hub->uploads, path);
  answer = offset_answer (status, already ? size : upload->bytes->len);
  g_hash_table_replace (answer->headers, g_strdup ("location"), g_strconcat ("http://hub", path, NULL));
  g_hash_table_replace (answer->headers, g_strdup ("tus-extension"), g_strdup ("creation,creation-with-upload"));
  return answer;
}

static ShtAnswer *
answer_upload (SimHub *hub, const ShtHubDevice *device, const SimMessage *message, GError **error)
{
  Upload *upload;
  guint status;

  if (g_str_equal (message->method, "POST"))
    return create_upload (hub, device, message, error);
  upload = g_hash_table_lookup (hub->uploads, message->path);
  if (upload == NULL)
    return answer_of (404);
  if (g_str_equal (message->method, "HEAD"))
    return offset_answer (200, upload->bytes->len);
  if (g_ascii_strtoll (header_of (message, "Upload-Offset"), NULL, 10) != upload->bytes->len)
    return answer_of (409);
  status = take_bytes (hub, device, upload, message->body, 204, error);
  return status == 0     ? NULL
         : status == 460 ? answer_of (460)
                         : offset_answer (status, upload->bytes->len);
}

/* A voice note's bytes, for another tablet. */
static ShtAnswer *
answer_download (SimHub *hub, const ShtHubDevice *device, const char *sha256, GError **error)
{
  g_autofree char *path = sht_hub_photo_path (hub->hub, sha256);
  g_autoptr (GBytes) bytes = NULL;
  char *data;
  gsize length;

  if (!sht_hub_may_see_photo (hub->hub, device, sha256, error) || !g_file_get_contents (path, &data, &length, error))
    return NULL;
  bytes = g_bytes_new_take (data, length);
  return bytes_answer (bytes);
}

static void tell_waiting (SimWorld *world, guint node, guint process, gpointer unused);

/** sim_hub_changed: those who wait are told, a moment later */
void
sim_hub_changed (SimHub *hub)
{
  if (hub->telling || hub->waiting->len == 0)
    return;
  hub->telling = TRUE;
  sim_world_later (hub->world, sim_random_between (&hub->world->net, 50, 2000), tell_waiting, 0, hub->process, NULL);
}

static ShtAnswer *
answer_pull (SimHub *hub, const ShtHubDevice *device, SimMessage *message, gboolean *waits, GError **error)
{
  gboolean empty = FALSE;
  g_autoptr (GBytes) body = pull (hub, device, message, &empty, error);

  if (body == NULL)
    return NULL;
  *waits = empty && strstr (message->path, "wait=") != NULL && message->deadline > hub->world->now;
  return bytes_answer (body);
}

/* Returns NULL when the message waits, and is not the caller's any more. */
static ShtAnswer *
handle (SimHub *hub, SimMessage *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtHubDevice) device = sht_hub_authenticate (hub->hub, message->authorization, &error);
  g_autoptr (GBytes) body = NULL;
  ShtAnswer *answer = NULL;
  gboolean waits = FALSE;

  if (device == NULL)
    return error_answer (error);
  if (g_str_has_prefix (message->path, "/v1/files/"))
    {
      answer = answer_upload (hub, device, message, &error);
      sim_hub_changed (hub);
    }
  else if (g_str_has_prefix (message->path, "/v1/sync/push"))
    {
      body = sht_hub_push (hub->hub, device, g_bytes_get_data (message->body, NULL), g_bytes_get_size (message->body),
                           &error);
      answer = body != NULL ? bytes_answer (body) : NULL;
      sim_hub_changed (hub);
    }
  else if (g_str_has_prefix (message->path, PHOTOS))
    answer = answer_download (hub, device, message->path + strlen (PHOTOS), &error);
  else
    answer = answer_pull (hub, device, message, &waits, &error);
  if (waits)
    {
      sht_answer_free (answer);
      g_ptr_array_add (hub->waiting, message);
      return NULL;
    }
  return answer != NULL ? answer : error_answer (error);
}

static void
answer_message (SimHub *hub, SimMessage *message)
{
  ShtAnswer *answer;

  if (hub->hub == NULL)
    answer = sht_answer_new (0);
  else
    answer = handle (hub, message);
  if (has_died (hub))
    {
      if (answer == NULL)
        return;
      sht_answer_free (answer);
      answer = sht_answer_new (0);
    }
  if (answer != NULL)
    sim_network_reply (hub->world, message, answer);
}

static void
tell_waiting (SimWorld *world, guint node, guint process, gpointer unused)
{
  SimHub *hub = &world->hub;
  g_autoptr (GPtrArray) waiting = hub->waiting;

  hub->telling = FALSE;
  hub->waiting = g_ptr_array_new ();
  for (guint i = 0; i < waiting->len; i++)
    answer_message (hub, g_ptr_array_index (waiting, i));
}

static void
end_of_waiting (SimWorld *world, guint node, guint process, gpointer unused)
{
  SimHub *hub = &world->hub;

  for (guint i = 0; i < hub->waiting->len;)
    {
      SimMessage *message = g_ptr_array_index (hub->waiting, i);

      if (message->deadline > world->now)
        {
          i++;
          continue;
        }
      g_ptr_array_remove_index (hub->waiting, i);
      answer_message (hub, message);
    }
}

/** sim_hub_arrive: a request is at the hub */
void
sim_hub_arrive (SimWorld *world, guint node, guint process, gpointer data)
{
  SimMessage *message = data;
  gsize length = 0;
  const void *body = message->body != NULL ? g_bytes_get_data (message->body, &length) : NULL;

  sim_world_trace_bytes (world, "arrives", message->tablet, body, length);
  if (strstr (message->path, "wait=") != NULL)
    {
      message->deadline = world->now + SHT_PULL_MAX_WAIT_S * 1000;
      sim_world_later (world, SHT_PULL_MAX_WAIT_S * 1000, end_of_waiting, 0, 0, NULL);
    }
  answer_message (&world->hub, message);
}

/** sim_hub_device_of: (transfer full): as whom the hub knows a tablet */
ShtHubDevice *
sim_hub_device_of (SimHub *hub, SimTablet *tablet)
{
  g_autofree char *token = sht_json_read_member (tablet->answer, -1, "token");
  g_autofree char *header = g_strconcat ("Bearer ", token, NULL);

  return sht_hub_authenticate (hub->hub, header, NULL);
}

/* What the town's CRM says of a ticket. */
static void
take_from_crm (SimHub *hub, const char *json)
{
  g_autoptr (ShtHubSeeder) seeder = sht_hub_seeder_new (hub->hub);
  ShtHubSeedCount count;

  if (sht_hub_seeder_add (seeder, json, NULL))
    sht_hub_seeder_finish (seeder, &count, NULL);
}

/** sim_hub_work: the office gives a ticket to another crew, or the CRM changes one, or has a new one */
void
sim_hub_work (SimHub *hub)
{
  SimRandom *random = &hub->world->random;
  guint n = 1 + sim_random_below (random, SIM_TICKETS), what = sim_random_below (random, 10);
  guint crew = 1 + sim_random_below (random, 8), fresh = (guint) sim_random_next (random) & 0xffff;
  g_autofree char *id = g_strdup_printf ("01890000-0000-7000-8000-00000000%04x", n);
  g_autofree char *crew_id = g_strdup_printf ("c%u", crew);
  g_autofree char *json = NULL;

  if (hub->hub == NULL)
    return;
  sim_world_trace (hub->world, "office", n, what, crew);
  if (what < 5)
    sht_hub_assign (hub->hub, id, crew_id, NULL);
  else
    {
      json = what < 8
               ? g_strdup_printf ("{\"t\":\"ticket\",\"id\":\"%s\",\"title\":\"CRM %u\",\"address\":\"רחוב %u\"}", id,
                                  fresh, fresh % 100)
               : g_strdup_printf ("{\"t\":\"ticket\",\"id\":\"01890000-0000-7000-8001-00000000%04x\",\"status\":"
                                  "\"assigned\",\"title\":\"new %u\",\"department\":\"d%u\",\"crew\":\"%s\","
                                  "\"service\":\"s%u\",\"lat_e7\":312400000,\"lon_e7\":346000000,\"created_at\":"
                                  "1690000000000}",
                                  fresh, fresh, (crew - 1) / 4 + 1, crew_id, (crew - 1) / 4 + 1);
      take_from_crm (hub, json);
    }
  sim_hub_changed (hub);
  has_died (hub);
}

/**
 * sim_hub_enrol:
 *
 * A new login for a tablet, for the crew that it has now: the one before holds no more. The tablet does not
 * know of it yet.
 */
void
sim_hub_enrol (SimHub *hub, SimTablet *tablet)
{
  ShtHubCode code = { (char *) tablet->role, (char *) tablet->crew, (char *) tablet->department, (char *) "p1",
                      hub->world->now + 60000, NULL };
  g_autofree char *plain = sht_hub_make_code (hub->hub, &code, NULL);
  g_autofree char *body = g_strdup_printf ("{\"code\":\"%s\",\"device\":\"01890000-0000-7000-8002-00000000%04x\"}",
                                           plain, tablet->index);
  char *answer = sht_hub_enrol (hub->hub, body, strlen (body), NULL);

  has_died (hub);
  if (answer == NULL)
    return;
  g_free (tablet->answer);
  tablet->answer = answer;
}

/** sim_hub_back_up: what the hub holds now is kept elsewhere */
void
sim_hub_back_up (SimHub *hub)
{
  ShtHubStore *store = hub->hub->store;
  g_auto (ShtHubHistory) history = { 0 };
  g_autoptr (SimDiskImage) image = sim_disk_copy (hub->disk);
  gint64 head = 0, nonce;

  store->driver->log_head (store, &head, &nonce, NULL);
  store->driver->get_history (store, &history, NULL);
  sim_world_trace (hub->world, "backup", 0, head, 0);
  if (history.id == NULL)
    return;
  /* Told to the tablets only when the file is on the disk, as the program has it: there it stays, also when the hub dies while
   * it notes that. */
  g_clear_pointer (&hub->backup, sim_disk_image_free);
  hub->backup = g_steal_pointer (&image);
  store->driver->note_backup (store, history.id, head, NULL);
  has_died (hub);
}

/** sim_hub_restore: the hub is lost, and starts again from its backup */
void
sim_hub_restore (SimHub *hub)
{
  g_autoptr (GError) error = NULL;

  if (hub->hub != NULL)
    sim_hub_stop (hub);
  sim_disk_put_back (hub->disk, hub->backup);
  sim_disk_revive (hub->disk, FALSE, 0);
  g_hash_table_remove_all (hub->uploads);
  sim_hub_open (hub);
  if (hub->hub != NULL && !sht_hub_start_history (hub->hub, &error))
    sim_world_fail (hub->world, "the hub does not start again from its backup: %s", error->message);
}

/** sim_hub_take_in: what a tablet saved is brought to the office, while the hub runs; %FALSE when it cannot be taken now */
gboolean
sim_hub_take_in (SimHub *hub, const char *file, GError **error)
{
  g_auto (ShtRescueReport) report = { 0 };
  gboolean ok = sht_hub_rescue (hub->hub, file, &report, error);

  sim_world_trace (hub->world, ok ? "takes in" : "takes nothing in", 0, report.taken, report.photos);
  sim_hub_changed (hub);
  return !has_died (hub) && ok;
}
