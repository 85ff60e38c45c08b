/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/map/online-tiles.h"

#include "platform/sha256.h"
#include "platform/tile.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>
#include <sys/stat.h>

/* What a server may be asked at once, and how long it may be silent. */
#define CONNECTIONS 2
#define TIMEOUT_S 20
/* For how long a tile holds of which the server does not say, and for how long at the most. */
#define USUAL_S (7 * 24 * 3600)
#define MOST_S (90 * 24 * 3600)
/* After a failure the server, or the link, is left alone for so long. */
#define REST_US (30 * G_USEC_PER_SEC)
/* So much lies on the disk at the most; then the oldest go, down to three quarters. */
#define CACHE_BYTES (G_GINT64_CONSTANT (200) << 20)

/* A tile lies under the hash of its address; its file's time is when it runs out. */
struct _ShtOnlineTiles
{
  GObject parent_instance;

  char *url;            /* (owned) */
  char *folder;         /* (owned) */
  SoupSession *session; /* (owned) */
  gboolean loopback;    /* the server is this machine, and needs no link */
  gint64 rests_until;   /* monotonic us */
  GHashTable *absent;   /* (owned): hashes of addresses where the server has said that there is none */
};

G_DEFINE_FINAL_TYPE (ShtOnlineTiles, sht_online_tiles, G_TYPE_OBJECT)

typedef struct
{
  char *address;        /* (owned) */
  char *path;           /* (owned): in the cache */
  SoupMessage *message; /* (owned) (nullable) */
  GInputStream *stream; /* (owned) (nullable) */
  guint8 *buffer;       /* (owned) (nullable) */
} Asked;

static void
asked_free (gpointer data)
{
  Asked *asked = data;

  g_free (asked->address);
  g_free (asked->path);
  g_clear_object (&asked->message);
  g_clear_object (&asked->stream);
  g_free (asked->buffer);
  g_free (asked);
}

static void
sht_online_tiles_finalize (GObject *object)
{
  ShtOnlineTiles *self = SHT_ONLINE_TILES (object);

  soup_session_abort (self->session);
  g_object_unref (self->session);
  g_hash_table_unref (self->absent);
  g_free (self->url);
  g_free (self->folder);
  G_OBJECT_CLASS (sht_online_tiles_parent_class)->finalize (object);
}

static void
sht_online_tiles_class_init (ShtOnlineTilesClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sht_online_tiles_finalize;
}

static void
sht_online_tiles_init (ShtOnlineTiles *self)
{
  self->absent = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/* --- the cache, off the main thread --- */

typedef struct
{
  char *path;
  gint64 until;
  gint64 size;
} Kept;

static void
kept_free (gpointer data)
{
  Kept *kept = data;

  g_free (kept->path);
  g_free (kept);
}

static int
first_to_run_out (gconstpointer a, gconstpointer b)
{
  gint64 one = (*(Kept *const *) a)->until, other = (*(Kept *const *) b)->until;

  return one < other ? -1 : one > other;
}

/* What has run out goes, and of the rest what is too much. */
static void
tidy (GTask *task, gpointer source, gpointer folder, GCancellable *cancellable)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (kept_free);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC, bytes = 0;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      Kept *kept = g_new0 (Kept, 1);
      struct stat info;

      kept->path = g_build_filename (folder, name, NULL);
      g_ptr_array_add (all, kept);
      if (stat (kept->path, &info) != 0)
        continue;
      kept->until = info.st_mtime;
      kept->size = info.st_size;
      bytes += kept->size;
    }
  g_ptr_array_sort (all, first_to_run_out);
  for (guint i = 0; i < all->len; i++)
    {
      Kept *kept = g_ptr_array_index (all, i);

      if (kept->until > now && bytes <= CACHE_BYTES * 3 / 4)
        break;
      if (kept->until <= now || bytes > CACHE_BYTES * 3 / 4)
        g_unlink (kept->path);
      bytes -= kept->size;
    }
  g_task_return_boolean (task, TRUE);
}

/* For how long, in seconds; 0 for not at all. */
static gint64
holds_for (SoupMessage *message)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *control = soup_message_headers_get_list (headers, "Cache-Control");
  const char *expires = soup_message_headers_get_one (headers, "Expires");
  g_autoptr (GHashTable) said = control != NULL ? soup_header_parse_param_list (control) : NULL;
  g_autoptr (GDateTime) at = expires != NULL ? soup_date_time_new_from_http_string (expires) : NULL;
  gint64 seconds = USUAL_S;

  if (said != NULL && (g_hash_table_contains (said, "no-store") || g_hash_table_contains (said, "no-cache")))
    seconds = 0;
  else if (said != NULL && g_hash_table_lookup (said, "max-age") != NULL)
    seconds = g_ascii_strtoll (g_hash_table_lookup (said, "max-age"), NULL, 10);
  else if (at != NULL)
    seconds = g_date_time_to_unix (at) - g_get_real_time () / G_USEC_PER_SEC;
  else if (expires != NULL)
    seconds = 0;
  if (said != NULL)
    soup_header_free_param_list (g_steal_pointer (&said));
  return CLAMP (seconds, 0, MOST_S);
}

typedef struct
{
  char *path;
  GBytes *bytes;
  gint64 until;
} Keep;

static void
keep_free (gpointer data)
{
  Keep *keep = data;

  g_free (keep->path);
  g_bytes_unref (keep->bytes);
  g_free (keep);
}

/* A tile that is lost with the power is fetched again: nothing is synced. */
static void
keep_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Keep *keep = data;
  g_autofree char *folder = g_path_get_dirname (keep->path);
  g_autofree char *beside = g_strdup_printf ("%s.%u", keep->path, g_random_int ());
  struct timespec times[2] = { { .tv_nsec = UTIME_NOW }, { .tv_sec = keep->until } };

  g_mkdir_with_parents (folder, 0700);
  if (!g_file_set_contents_full (beside, g_bytes_get_data (keep->bytes, NULL), (gssize) g_bytes_get_size (keep->bytes),
                                 G_FILE_SET_CONTENTS_NONE, 0600, NULL)
      || utimensat (AT_FDCWD, beside, times, 0) != 0 || g_rename (beside, keep->path) != 0)
    g_unlink (beside);
  g_task_return_boolean (task, TRUE);
}

static void
keep (const char *path, GBytes *bytes, gint64 seconds)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);
  Keep *one = g_new0 (Keep, 1);

  one->path = g_strdup (path);
  one->bytes = g_bytes_ref (bytes);
  one->until = g_get_real_time () / G_USEC_PER_SEC + seconds;
  g_task_set_task_data (task, one, keep_free);
  g_task_run_in_thread (task, keep_in_thread);
}

static gboolean
is_fresh (const char *path)
{
  struct stat info;

  return stat (path, &info) == 0 && info.st_mtime > g_get_real_time () / G_USEC_PER_SEC;
}

/* --- asking --- */

static void
no_tile (GTask *task, GIOErrorEnum code, const char *why)
{
  g_task_return_new_error (task, G_IO_ERROR, (int) code, "%s", why);
}

/* The server, or the way there, does not do: whoever pans on must not hammer it. */
static void
failed (GTask *task, const char *why)
{
  ShtOnlineTiles *self = g_task_get_source_object (task);

  if (!g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    self->rests_until = g_get_monotonic_time () + REST_US;
  no_tile (task, G_IO_ERROR_FAILED, why);
}

static void
on_read (GObject *stream, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Asked *asked = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  guint width, height;
  gsize length;
  gint64 seconds;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (stream), result, &length, &error))
    failed (task, error->message);
  else if (length > SHT_TILE_MAX_BYTES
           || sht_tile_look (asked->buffer, length, &width, &height) == SHT_TILE_OTHER)
    no_tile (task, G_IO_ERROR_INVALID_DATA, "the server of online maps gave no picture");
  else
    {
      GBytes *bytes = g_bytes_new (asked->buffer, length);

      seconds = holds_for (asked->message);
      if (seconds > 0)
        keep (asked->path, bytes, seconds);
      g_task_return_pointer (task, bytes, (GDestroyNotify) g_bytes_unref);
    }
}

static void
on_sent (GObject *session, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  ShtOnlineTiles *self = g_task_get_source_object (task);
  Asked *asked = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  guint status;

  asked->stream = soup_session_send_finish (SOUP_SESSION (session), result, &error);
  status = asked->stream != NULL ? soup_message_get_status (asked->message) : 0;
  if (status == 200)
    {
      asked->buffer = g_malloc (SHT_TILE_MAX_BYTES + 1);
      g_input_stream_read_all_async (asked->stream, asked->buffer, SHT_TILE_MAX_BYTES + 1, G_PRIORITY_DEFAULT,
                                     g_task_get_cancellable (task), on_read, g_object_ref (task));
    }
  else if (status == 404 || status == 204 || status == 410)
    {
      g_hash_table_add (self->absent, g_strdup (asked->address));
      no_tile (task, G_IO_ERROR_NOT_FOUND, "the server of online maps has no such tile");
    }
  else
    failed (task, error != NULL ? error->message : "the server of online maps refuses");
}

static void
on_loaded (GObject *file, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  GBytes *bytes = g_file_load_bytes_finish (G_FILE (file), result, NULL, &error);

  if (bytes != NULL)
    g_task_return_pointer (task, bytes, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

static gboolean
has_link (ShtOnlineTiles *self)
{
  GNetworkMonitor *monitor = g_network_monitor_get_default ();

  /* a map that is only nice to have is not worth what a metered link costs */
  return self->loopback
         || (g_network_monitor_get_network_available (monitor) && !g_network_monitor_get_network_metered (monitor));
}

static char *
address_of (ShtOnlineTiles *self, guint zoom, guint x, guint y)
{
  const guint values[] = { zoom, x, y };
  const char *const names[] = { "{z}", "{x}", "{y}" };
  GString *address = g_string_new (self->url);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      char number[16];

      g_snprintf (number, sizeof number, "%u", values[i]);
      g_string_replace (address, names[i], number, 0);
    }
  return g_string_free (address, FALSE);
}

static void
ask (ShtOnlineTiles *self, GTask *task)
{
  Asked *asked = g_task_get_task_data (task);

  asked->message = soup_message_new ("GET", asked->address);
  if (asked->message == NULL)
    {
      no_tile (task, G_IO_ERROR_INVALID_ARGUMENT, "the address of the online map cannot be used");
      return;
    }
  soup_message_add_flags (asked->message, SOUP_MESSAGE_NO_REDIRECT);
  soup_session_send_async (self->session, asked->message, G_PRIORITY_DEFAULT, g_task_get_cancellable (task), on_sent,
                           g_object_ref (task));
}

/**
 * sht_online_tiles_get_async:
 * @zoom: zoom level
 * @x: column
 * @y: row, from the north
 * @cancellable: (nullable): ends the asking
 *
 * Gets a tile: from the disk as long as it holds, else from the server, when there is a link that costs nothing.
 */
void
sht_online_tiles_get_async (ShtOnlineTiles *self, guint zoom, guint x, guint y, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  Asked *asked = g_new0 (Asked, 1);
  g_autofree char *hash = NULL;

  asked->address = address_of (self, zoom, x, y);
  hash = sht_sha256_of_bytes (asked->address, strlen (asked->address));
  asked->path = g_build_filename (self->folder, hash, NULL);
  g_task_set_source_tag (task, sht_online_tiles_get_async);
  g_task_set_task_data (task, asked, asked_free);
  if (is_fresh (asked->path))
    {
      g_autoptr (GFile) file = g_file_new_for_path (asked->path);

      g_file_load_bytes_async (file, cancellable, on_loaded, g_steal_pointer (&task));
    }
  else if (g_hash_table_contains (self->absent, asked->address))
    no_tile (task, G_IO_ERROR_NOT_FOUND, "the server of online maps has no such tile");
  else if (!has_link (self) || g_get_monotonic_time () < self->rests_until)
    no_tile (task, G_IO_ERROR_NETWORK_UNREACHABLE, "there is no link for online maps");
  else
    ask (self, task);
}

/**
 * sht_online_tiles_get_finish:
 *
 * Returns: (transfer full) (nullable): the tile's bytes, which are foreign, or %NULL with a #GIOErrorEnum
 */
GBytes *
sht_online_tiles_get_finish (ShtOnlineTiles *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * sht_online_tiles_new:
 * @url: where tiles are, with {z}, {x} and {y}
 * @folder: where they are kept; it is made with the first
 */
ShtOnlineTiles *
sht_online_tiles_new (const char *url, const char *folder)
{
  ShtOnlineTiles *self = g_object_new (SHT_TYPE_ONLINE_TILES, NULL);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);
  g_autofree char *one = NULL;
  g_autoptr (GUri) uri = NULL;
  const char *host;

  self->url = g_strdup (url);
  self->folder = g_strdup (folder);
  one = address_of (self, 0, 0, 0);
  uri = g_uri_parse (one, G_URI_FLAGS_NONE, NULL);
  host = uri != NULL ? g_uri_get_host (uri) : NULL;
  self->loopback = host != NULL && (g_str_equal (host, "localhost") || g_str_equal (host, "::1") || g_str_has_prefix (host, "127."));
  self->session = soup_session_new_with_options ("max-conns-per-host", CONNECTIONS, "timeout", TIMEOUT_S, "user-agent",
                                                 "shetach/" SHT_VERSION, NULL);
  g_task_set_task_data (task, g_strdup (folder), g_free);
  g_task_run_in_thread (task, tidy);
  return self;
}
