/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/map/mbtiles-source.h"

#include "tablet/map/tile-image.h"

/* How many levels a tile is enlarged; beyond, one sees only colours. */
#define MAX_OVERZOOM 4
/* libshumate's viewport goes no further. */
#define VIEWPORT_MAX_ZOOM 20
/* A window of 1280 × 800 shows 48 tiles of 256 KB; these are two and a half windows, 32 MB. */
#define CACHED_TILES 128
/* Enough to fill a 2-core tablet without starving the hand on the glass. */
#define READERS 2

/* What the reading threads share with the source; it outlives the source while they run. */
typedef struct
{
  gatomicrefcount refs;
  char *path;            /* (owned) (nullable): NULL for the map that has nothing */
  int min_zoom;
  int max_zoom;
  GAsyncQueue *handles;  /* (owned) (element-type ShtMbtiles): those at rest */
  GMutex mutex;
  GHashTable *cache;     /* (owned): key → CacheEntry; under the mutex, entries go on the main thread only */
  GQueue recent;         /* of the entries, the freshest first; under the mutex */
} Shelf;

typedef struct
{
  guint64 key;
  GdkTexture *texture; /* (owned) */
  GList link;
} CacheEntry;

/* One tile's way to a reading thread and back. Only the main thread drops the references it holds. */
typedef struct
{
  Shelf *shelf;              /* (owned) */
  GTask *task;               /* (owned) */
  ShumateTile *tile;         /* (owned) */
  GCancellable *cancellable; /* (owned) (nullable) */
  guint zoom;
  guint x;
  guint y;
  GdkTexture *texture;  /* (owned) (nullable): what is to be shown */
  GdkTexture *decoded;  /* (owned) (nullable): a whole tile of the file, for the cache */
  guint64 decoded_key;
} Job;

struct _ShtMbtilesSource
{
  ShumateMapSource parent_instance;

  Shelf *shelf;         /* (owned) */
  ShtMbtilesInfo info;
  GdkTexture *outside;  /* (owned) */
};

G_DEFINE_FINAL_TYPE (ShtMbtilesSource, sht_mbtiles_source, SHUMATE_TYPE_MAP_SOURCE)

static guint64
key_of (guint zoom, guint x, guint y)
{
  return (guint64) zoom << 56 | (guint64) x << 28 | y;
}

static void
entry_free (gpointer data)
{
  CacheEntry *entry = data;

  g_object_unref (entry->texture);
  g_free (entry);
}

static Shelf *
shelf_new (const char *path)
{
  Shelf *shelf = g_new0 (Shelf, 1);

  g_atomic_ref_count_init (&shelf->refs);
  shelf->path = g_strdup (path);
  shelf->handles = g_async_queue_new_full ((GDestroyNotify) sht_mbtiles_close);
  shelf->cache = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, entry_free);
  g_mutex_init (&shelf->mutex);
  g_queue_init (&shelf->recent);
  return shelf;
}

static Shelf *
shelf_ref (Shelf *shelf)
{
  g_atomic_ref_count_inc (&shelf->refs);
  return shelf;
}

static void
shelf_unref (Shelf *shelf)
{
  if (!g_atomic_ref_count_dec (&shelf->refs))
    return;
  g_async_queue_unref (shelf->handles);
  g_hash_table_unref (shelf->cache);
  g_mutex_clear (&shelf->mutex);
  g_free (shelf->path);
  g_free (shelf);
}

static GdkTexture *
shelf_find (Shelf *shelf, guint64 key)
{
  GdkTexture *texture = NULL;
  CacheEntry *entry;

  g_mutex_lock (&shelf->mutex);
  entry = g_hash_table_lookup (shelf->cache, &key);
  if (entry != NULL)
    {
      g_queue_unlink (&shelf->recent, &entry->link);
      g_queue_push_head_link (&shelf->recent, &entry->link);
      texture = g_object_ref (entry->texture);
    }
  g_mutex_unlock (&shelf->mutex);
  return texture;
}

static void
shelf_keep (Shelf *shelf, guint64 key, GdkTexture *texture)
{
  g_mutex_lock (&shelf->mutex);
  if (!g_hash_table_contains (shelf->cache, &key))
    {
      CacheEntry *entry = g_new0 (CacheEntry, 1);

      entry->key = key;
      entry->texture = g_object_ref (texture);
      entry->link.data = entry;
      g_hash_table_insert (shelf->cache, &entry->key, entry);
      g_queue_push_head_link (&shelf->recent, &entry->link);
    }
  while (g_queue_get_length (&shelf->recent) > CACHED_TILES)
    {
      CacheEntry *oldest = g_queue_pop_tail_link (&shelf->recent)->data;

      g_hash_table_remove (shelf->cache, &oldest->key);
    }
  g_mutex_unlock (&shelf->mutex);
}

static void
job_free (Job *job)
{
  g_clear_object (&job->texture);
  g_clear_object (&job->decoded);
  g_clear_object (&job->cancellable);
  g_object_unref (job->tile);
  g_object_unref (job->task);
  shelf_unref (job->shelf);
  g_free (job);
}

/* --- on a reading thread --- */

/* A whole tile of the file: from the cache, or read and decoded. */
static GdkTexture *
get_tile (Job *job, ShtMbtiles *file, guint zoom, guint x, guint y)
{
  guint64 key = key_of (zoom, x, y);
  GdkTexture *texture = shelf_find (job->shelf, key);
  g_autoptr (GBytes) bytes = NULL;

  if (texture != NULL)
    return texture;
  bytes = sht_mbtiles_read (file, (int) zoom, x, y, job->cancellable, NULL);
  if (bytes == NULL)
    return NULL;
  /* A broken tile is as good as none: there may be a coarser one. */
  texture = sht_tile_decode (bytes, NULL);
  if (texture != NULL)
    {
      job->decoded = g_object_ref (texture);
      job->decoded_key = key;
    }
  return texture;
}

static void
look_for_tile (Job *job, ShtMbtiles *file)
{
  for (guint up = 0; up <= MAX_OVERZOOM && up <= job->zoom; up++)
    {
      guint zoom = job->zoom - up;
      g_autoptr (GdkTexture) texture = NULL;

      if ((int) zoom > job->shelf->max_zoom)
        continue;
      if ((int) zoom < job->shelf->min_zoom || g_cancellable_is_cancelled (job->cancellable))
        return;
      texture = get_tile (job, file, zoom, job->x >> up, job->y >> up);
      if (texture == NULL)
        continue;
      job->texture = up == 0 ? g_steal_pointer (&texture) : sht_tile_crop (texture, up, job->x, job->y);
      /* the main thread drops the last reference: a renderer may hang its own data on a texture */
      if (texture != NULL && job->decoded == NULL)
        {
          job->decoded = g_steal_pointer (&texture);
          job->decoded_key = key_of (zoom, job->x >> up, job->y >> up);
        }
      return;
    }
}

static gboolean finish_job (gpointer data);

static void
run_job (gpointer data, gpointer unused)
{
  Job *job = data;

  if (!g_cancellable_is_cancelled (job->cancellable))
    {
      ShtMbtiles *file = g_async_queue_try_pop (job->shelf->handles);

      if (file == NULL)
        file = sht_mbtiles_open (job->shelf->path, NULL);
      if (file != NULL)
        {
          look_for_tile (job, file);
          g_async_queue_push (job->shelf->handles, file);
        }
    }
  g_idle_add_full (G_PRIORITY_DEFAULT, finish_job, job, NULL);
}

static GThreadPool *
readers (void)
{
  static gsize once;
  static GThreadPool *pool;

  if (g_once_init_enter (&once))
    {
      pool = g_thread_pool_new (run_job, NULL, READERS, FALSE, NULL);
      g_once_init_leave (&once, 1);
    }
  return pool;
}

/* --- on the main thread --- */

static void
show (ShumateTile *tile, GdkTexture *texture)
{
  shumate_tile_set_fade_in (tile, FALSE);
  shumate_tile_set_paintable (tile, GDK_PAINTABLE (texture));
  shumate_tile_set_state (tile, SHUMATE_STATE_DONE);
}

static gboolean
finish_job (gpointer data)
{
  Job *job = data;
  ShtMbtilesSource *self = g_task_get_source_object (job->task);

  if (job->decoded != NULL)
    shelf_keep (job->shelf, job->decoded_key, job->decoded);
  if (g_cancellable_is_cancelled (job->cancellable))
    {
      shumate_tile_set_state (job->tile, SHUMATE_STATE_DONE);
      g_task_return_new_error (job->task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the tile is no longer wanted");
    }
  else
    {
      show (job->tile, job->texture != NULL ? job->texture : self->outside);
      g_task_return_boolean (job->task, TRUE);
    }
  job_free (job);
  return G_SOURCE_REMOVE;
}

static void
sht_mbtiles_source_fill_tile_async (ShumateMapSource *source, ShumateTile *tile, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer data)
{
  ShtMbtilesSource *self = SHT_MBTILES_SOURCE (source);
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, data);
  guint zoom = shumate_tile_get_zoom_level (tile), x = shumate_tile_get_x (tile), y = shumate_tile_get_y (tile);
  g_autoptr (GdkTexture) cached = shelf_find (self->shelf, key_of (zoom, x, y));
  Job *job;

  g_task_set_source_tag (task, sht_mbtiles_source_fill_tile_async);
  if (cached != NULL || self->shelf->path == NULL)
    {
      show (tile, cached != NULL ? cached : self->outside);
      g_task_return_boolean (task, TRUE);
      return;
    }
  shumate_tile_set_state (tile, SHUMATE_STATE_LOADING);
  job = g_new0 (Job, 1);
  job->shelf = shelf_ref (self->shelf);
  job->task = g_steal_pointer (&task);
  job->tile = g_object_ref (tile);
  job->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  job->zoom = zoom;
  job->x = x;
  job->y = y;
  g_thread_pool_push (readers (), job, NULL);
}

static gboolean
sht_mbtiles_source_fill_tile_finish (ShumateMapSource *source, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
sht_mbtiles_source_finalize (GObject *object)
{
  ShtMbtilesSource *self = SHT_MBTILES_SOURCE (object);

  g_clear_pointer (&self->shelf, shelf_unref);
  sht_mbtiles_info_clear (&self->info);
  g_clear_object (&self->outside);
  G_OBJECT_CLASS (sht_mbtiles_source_parent_class)->finalize (object);
}

static void
sht_mbtiles_source_class_init (ShtMbtilesSourceClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sht_mbtiles_source_finalize;
  SHUMATE_MAP_SOURCE_CLASS (class)->fill_tile_async = sht_mbtiles_source_fill_tile_async;
  SHUMATE_MAP_SOURCE_CLASS (class)->fill_tile_finish = sht_mbtiles_source_fill_tile_finish;
}

static void
sht_mbtiles_source_init (ShtMbtilesSource *self)
{
}

static ShtMbtilesSource *
new_source (const char *path, gboolean dark)
{
  /* libshumate keeps tiles by the source's id: two maps never share one. */
  static guint serial;
  g_autofree char *id = g_strdup_printf ("mbtiles-%u", ++serial);
  ShtMbtilesSource *self = g_object_new (SHT_TYPE_MBTILES_SOURCE, "id", id, "tile-size", SHT_TILE_SIZE, NULL);

  self->shelf = shelf_new (path);
  self->outside = sht_tile_outside (dark);
  return self;
}

/**
 * sht_mbtiles_source_new:
 * @path: an MBTiles file with pictures for tiles
 * @dark: whether what lies outside is to be drawn for the night
 *
 * Returns: (transfer full) (nullable): the map, or %NULL with a #ShtMbtilesError
 */
ShumateMapSource *
sht_mbtiles_source_new (const char *path, gboolean dark, GError **error)
{
  g_autoptr (ShtMbtiles) file = sht_mbtiles_open (path, error);
  g_autoptr (ShtMbtilesSource) self = NULL;
  ShumateMapSource *source;

  if (file == NULL)
    return NULL;
  self = new_source (path, dark);
  if (!sht_mbtiles_read_info (file, &self->info, error))
    return NULL;
  self->shelf->min_zoom = self->info.min_zoom;
  self->shelf->max_zoom = self->info.max_zoom;
  g_async_queue_push (self->shelf->handles, g_steal_pointer (&file));
  source = SHUMATE_MAP_SOURCE (self);
  shumate_map_source_set_name (source, self->info.name);
  shumate_map_source_set_license (source, self->info.attribution);
  shumate_map_source_set_min_zoom_level (source, (guint) MIN (self->info.min_zoom, VIEWPORT_MAX_ZOOM));
  shumate_map_source_set_max_zoom_level (source, (guint) MIN (self->info.max_zoom + MAX_OVERZOOM, VIEWPORT_MAX_ZOOM));
  return SHUMATE_MAP_SOURCE (g_steal_pointer (&self));
}

/**
 * sht_mbtiles_source_new_empty:
 *
 * Returns: (transfer full): a map that has nothing anywhere, so that tickets can be shown without one
 */
ShumateMapSource *
sht_mbtiles_source_new_empty (gboolean dark)
{
  ShtMbtilesSource *self = new_source (NULL, dark);

  self->info.name = g_strdup ("");
  self->info.attribution = g_strdup ("");
  self->info.max_zoom = VIEWPORT_MAX_ZOOM;
  shumate_map_source_set_max_zoom_level (SHUMATE_MAP_SOURCE (self), VIEWPORT_MAX_ZOOM);
  return SHUMATE_MAP_SOURCE (self);
}

const ShtMbtilesInfo *
sht_mbtiles_source_get_info (ShtMbtilesSource *self)
{
  return &self->info;
}

/**
 * sht_mbtiles_source_get_outside:
 *
 * Returns: (transfer none): what is shown where the map has nothing
 */
GdkTexture *
sht_mbtiles_source_get_outside (ShtMbtilesSource *self)
{
  return self->outside;
}
