/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/rescue/rescue.h"

#include "core/protocol.h"
#include "hub/rescue/stage.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCK_FILE "rescue.lock"
/* Room for the line that announces them. */
#define MOST_BATCH_BYTES (SHT_PUSH_MAX_BYTES - 32 * 1024)

typedef struct
{
  ShtHub *hub;
  const ShtStage *stage;
  ShtHubDevice *device;   /* (owned) */
  ShtRescueReport *report;
  GDataInputStream *lines; /* (owned) */
  GPtrArray *batch;       /* (owned) (element-type utf8): operations with their numbers */
  gsize batch_bytes;
  gint64 ago_ms;
  gint64 counted;         /* operations of the batches before */
  gboolean numbered_anew;
} Rescue;

void
sht_rescue_report_clear (ShtRescueReport *report)
{
  g_clear_pointer (&report->device, g_free);
  g_clear_pointer (&report->refused, g_ptr_array_unref);
}

static gboolean
add_announcement (Rescue *rescue, JsonArray *announced, const char *line, gint64 seq)
{
  const char *bytes = strchr (line, ' ') + 1;
  g_autoptr (JsonObject) json = sht_json_parse_object (bytes, -1, NULL);
  const char *op = sht_json_string (json, "op");
  JsonObject *one;

  if (!sht_id_is_valid (op))
    return FALSE;
  one = json_object_new ();
  json_object_set_string_member (one, "op", op);
  json_object_set_int_member (one, "seq", rescue->numbered_anew ? seq : g_ascii_strtoll (line, NULL, 10));
  json_array_add_object_element (announced, one);
  return TRUE;
}

/* As the tablet's own push would be; but for what the hub last told it, which may be of long ago. */
static char *
batch_body (Rescue *rescue)
{
  g_autoptr (JsonObject) envelope = json_object_new ();
  JsonArray *announced = json_array_new ();
  JsonObject *head = rescue->stage->head;
  g_autoptr (GString) operations = g_string_new (NULL);
  g_autofree char *first = NULL;

  for (guint i = 0; i < rescue->batch->len; i++)
    {
      const char *line = g_ptr_array_index (rescue->batch, i);

      if (add_announcement (rescue, announced, line, rescue->counted + i + 1))
        g_string_append_printf (operations, "%s\n", strchr (line, ' ') + 1);
      else
        g_ptr_array_add (rescue->report->refused, g_strdup ("an operation that cannot be read"));
    }
  json_object_set_array_member (envelope, "ops", announced);
  json_object_set_int_member (envelope, "clock_offset_ms", sht_json_int (head, "clock_offset_ms", 0));
  sht_json_set_string (envelope, "incarnation",
                       rescue->numbered_anew ? rescue->stage->mark : sht_json_string (head, "incarnation"));
  sht_json_set_string (envelope, "boot_id", sht_json_string (head, "boot_id"));
  json_object_set_int_member (envelope, "boot_ms", sht_json_int (head, "boot_ms", -1));
  first = sht_json_to_string (envelope);
  return g_strconcat (first, "\n", operations->str, NULL);
}

static void
count_result (Rescue *rescue, const char *line, gsize length)
{
  g_autoptr (JsonObject) json = sht_json_parse_object (line, (gssize) length, NULL);
  ShtRescueReport *report = rescue->report;
  const char *reason = sht_json_string (json, "reason");

  if (g_strcmp0 (sht_json_string (json, "t"), "result") != 0)
    return;
  if (g_strcmp0 (sht_json_string (json, "result"), "rejected") == 0)
    g_ptr_array_add (report->refused, g_strdup_printf ("operation %s: %s", sht_json_string (json, "op"),
                                                       reason != NULL ? reason : "refused"));
  else if (sht_json_bool (json, "duplicate"))
    report->known++;
  else
    report->taken++;
}

static void
count_results (Rescue *rescue, GBytes *answer)
{
  gsize length;
  const char *at = g_bytes_get_data (answer, &length);
  const char *end = at + length;

  while (at < end)
    {
      const char *newline = memchr (at, '\n', (gsize) (end - at));
      const char *stop = newline != NULL ? newline : end;

      count_result (rescue, at, (gsize) (stop - at));
      at = stop + 1;
    }
}

/* Numbers that another copy of the tablet's store has sent under: this file then counts as a life of its own, the same
 * each time that it is taken in. */
static gboolean
push_batch (Rescue *rescue, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  guint refused = rescue->report->refused->len;
  g_autofree char *body = batch_body (rescue);
  g_autoptr (GBytes) answer = sht_hub_push_saved (rescue->hub, rescue->device, body, strlen (body), rescue->ago_ms,
                                                  &local_error);

  if (answer == NULL && !rescue->numbered_anew
      && g_error_matches (local_error, SHT_HUB_ERROR, SHT_HUB_ERROR_INCARNATION))
    {
      rescue->numbered_anew = TRUE;
      g_ptr_array_set_size (rescue->report->refused, (gint) refused);
      return push_batch (rescue, error);
    }
  if (answer == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  count_results (rescue, answer);
  rescue->counted += rescue->batch->len;
  g_ptr_array_set_size (rescue->batch, 0);
  rescue->batch_bytes = 0;
  return TRUE;
}

static gboolean
push_all (Rescue *rescue, GError **error)
{
  char *line;
  g_autoptr (GError) local_error = NULL;

  while ((line = g_data_input_stream_read_line (rescue->lines, NULL, NULL, &local_error)) != NULL)
    {
      gsize length = strlen (line);

      if (rescue->batch->len > 0
          && (rescue->batch->len == SHT_PUSH_MAX_OPERATIONS || rescue->batch_bytes + length > MOST_BATCH_BYTES)
          && !push_batch (rescue, error))
        {
          g_free (line);
          return FALSE;
        }
      g_ptr_array_add (rescue->batch, line);
      rescue->batch_bytes += length;
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return rescue->batch->len == 0 || push_batch (rescue, error);
}

static gboolean
take_photo (Rescue *rescue, const char *sha256, GError **error)
{
  g_autofree char *path = g_build_filename (rescue->stage->folder, sha256, NULL);
  g_autoptr (GError) local_error = NULL;
  gboolean already = FALSE;
  struct stat info;

  if (stat (path, &info) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "a photo has gone: %s", g_strerror (errno));
      return FALSE;
    }
  if (!sht_hub_may_upload (rescue->hub, rescue->device, sha256, info.st_size, &already, &local_error))
    {
      if (local_error->domain == SHT_HUB_ERROR)
        {
          g_ptr_array_add (rescue->report->refused, g_strdup_printf ("photo %s: %s", sha256, local_error->message));
          return TRUE;
        }
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (already)
    {
      rescue->report->known_photos++;
      return TRUE;
    }
  if (sht_hub_take_photo (rescue->hub, rescue->device, sha256, path, &local_error))
    rescue->report->photos++;
  else if (g_error_matches (local_error, SHT_HUB_ERROR, SHT_HUB_ERROR_UNSUPPORTED))
    g_ptr_array_add (rescue->report->refused, g_strdup_printf ("file %s: %s", sha256, local_error->message));
  else
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return TRUE;
}

static gboolean
take_in (Rescue *rescue, GError **error)
{
  JsonObject *head = rescue->stage->head;
  g_autofree char *path = g_build_filename (rescue->stage->folder, "operations", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, error);
  ShtHubStore *store = rescue->hub->store;
  const char *device = sht_json_string (head, "device");

  if (stream == NULL || !store->driver->get_device_by_id (store, device, &rescue->device, error))
    return FALSE;
  if (rescue->device == NULL)
    {
      g_set_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_NOT_FOUND, "this hub does not know the tablet %s", device);
      return FALSE;
    }
  rescue->lines = g_data_input_stream_new (G_INPUT_STREAM (stream));
  rescue->report->device = g_strdup (device);
  rescue->report->made_at = sht_json_int (head, "made_at", 0) + sht_json_int (head, "clock_offset_ms", 0);
  rescue->ago_ms = CLAMP (sht_hub_now (rescue->hub) - rescue->report->made_at, 0, sht_hub_now (rescue->hub));
  if (!push_all (rescue, error))
    return FALSE;
  for (guint i = 0; i < rescue->stage->photos->len; i++)
    if (!take_photo (rescue, g_ptr_array_index (rescue->stage->photos, i), error))
      return FALSE;
  return TRUE;
}

static int
lock (ShtHub *hub, GError **error)
{
  g_autofree char *path = g_build_filename (hub->folder, LOCK_FILE, NULL);
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (fd >= 0 && flock (fd, LOCK_EX) == 0)
    return fd;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", LOCK_FILE, g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return -1;
}

/**
 * sht_hub_rescue:
 * @file: what a tablet saved
 * @report: (out caller-allocates): what came of it
 *
 * Takes in a rescue file, also while the hub serves, and whether or not the tablet has a login: first all of it is
 * verified, then its operations go the way of a push, then its photos that of an upload. What the hub has already it
 * does not take twice; a rescue that was broken off is finished by taking the file in again.
 *
 * Returns: %FALSE with a #ShtHubError, #ShtDbError or #GIOErrorEnum
 */
gboolean
sht_hub_rescue (ShtHub *hub, const char *file, ShtRescueReport *report, GError **error)
{
  g_autoptr (ShtStage) stage = NULL;
  Rescue rescue = { .hub = hub, .report = report };
  gboolean ok = FALSE;
  int fd;

  *report = (ShtRescueReport){ .refused = g_ptr_array_new_with_free_func (g_free) };
  if (!sht_hub_ensure_history (hub, error))
    return FALSE;
  fd = lock (hub, error);
  if (fd < 0)
    return FALSE;
  sht_stage_remove_left (hub);
  stage = sht_stage_new (hub, file, error);
  if (stage != NULL)
    {
      rescue.stage = stage;
      rescue.batch = g_ptr_array_new_with_free_func (g_free);
      ok = take_in (&rescue, error);
      g_ptr_array_unref (rescue.batch);
      g_clear_object (&rescue.lines);
      g_clear_pointer (&rescue.device, sht_hub_device_free);
    }
  g_clear_pointer (&stage, sht_stage_free);
  close (fd);
  return ok;
}
