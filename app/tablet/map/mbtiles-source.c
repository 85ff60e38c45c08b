/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/map/mbtiles-source.h"

#include "tablet/map/tile-image.h"

#include <math.h>

/* How many levels a tile is enlarged; beyond, one sees only colours. */
#define MAX_OVERZOOM 4
/* What servers of tiles usually have. */
#define ONLINE_MAX_ZOOM 19
/* libshumate's viewport goes no further. */
#define VIEWPORT_MAX_ZOOM 20
/* A window of 1280 × 800 shows 48 tiles of 256 KB: bytes for two and a half of those. */
#define CACHED_BYTES (32u * 1024 * 1024)
/* Enough to fill a 2-core tablet without starving the hand on the glass. */
#define READERS 2
/* More maps than a town has. */
#define MOST_SHEETS 64
/* What it costs to know that there is no tile. */
#define ABSENT_BYTES 256
/* The parallels at which a web map ends. */
#define MAX_LATITUDE 85.0511287798066
/* Between whose data it is. */
#define BETWEEN " · "

/* What a cached tile is: of a map as it is, or the part of a coarser one that is shown in its place. */
typedef enum
{
  WHOLE,
  ENLARGED
} Made;

/* One map of several. */
typedef struct
{
  char *path;        /* (owned) */
  char *attribution; /* (owned) */
  int min_zoom;
  int max_zoom;
  /* in parts of the world, 0 to 1 from the west and from the north */
  double west, north, east, south;
  GAsyncQueue *handles; /* (owned) (element-type ShtMbtiles): those at rest */
} Sheet;

/* What the reading threads share with the source; it outlives the source while they run. */
typedef struct
{
  gatomicrefcount refs;
  gboolean in_sun;   /* not changed once the source is shown */
  GPtrArray *sheets; /* (owned) (element-type Sheet): the best first; not changed once the source is made */
  GMutex mutex;
  GHashTable *cache; /* (owned): key → CacheEntry; under the mutex, entries go on the main thread only */
  GQueue recent;     /* of the entries, the freshest first; under the mutex */
  gsize bytes;       /* of their pixels; under the mutex */
} Shelf;

typedef struct
{
  guint64 key;
  GdkTexture *texture; /* (owned) (nullable): %NULL where no map is known to have one */
  gsize bytes;
  GList link;
} CacheEntry;

/* One tile's way to a reading thread and back. Only the main thread drops the references it holds. */
typedef struct
{
  Shelf *shelf;              /* (owned) */
  GTask *task;               /* (owned) (nullable): %NULL for one that only has a decoder started */
  ShumateTile *tile;         /* (owned) */
  GCancellable *cancellable; /* (owned) (nullable) */
  guint zoom;
  guint x;
  guint y;
  gboolean asked;      /* of the server of online maps */
  GBytes *bytes;       /* (owned) (nullable): what that gave */
  GdkTexture *texture; /* (owned) (nullable): what is to be shown */
  GdkTexture *found;   /* (owned) (nullable): the whole tile that it is made of, so that it too goes on the main thread */
  GPtrArray *decoded;  /* (owned) (nullable) (element-type CacheEntry): what was read for it, for the cache */
} Job;

struct _ShtMbtilesSource
{
  ShumateMapSource parent_instance;

  Shelf *shelf;         /* (owned) */
  ShtMbtilesInfo info;
  GdkTexture *outside;  /* (owned) */
  ShtOnlineTiles *online; /* (owned) (nullable) */
  char *online_attribution; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (ShtMbtilesSource, sht_mbtiles_source, SHUMATE_TYPE_MAP_SOURCE)

static guint64
key_of (Made made, guint zoom, guint x, guint y)
{
  return (guint64) made << 53 | (guint64) zoom << 48 | (guint64) x << 24 | y;
}

static void
entry_free (gpointer data)
{
  CacheEntry *entry = data;

  g_clear_object (&entry->texture);
  g_free (entry);
}

static CacheEntry *
entry_new (guint64 key, GdkTexture *texture)
{
  CacheEntry *entry = g_new0 (CacheEntry, 1);

  entry->key = key;
  entry->link.data = entry;
  entry->bytes = ABSENT_BYTES;
  if (texture != NULL)
    {
      entry->texture = g_object_ref (texture);
      entry->bytes = (gsize) gdk_texture_get_width (texture) * (gsize) gdk_texture_get_height (texture) * 4;
    }
  return entry;
}

static void
sheet_free (gpointer data)
{
  Sheet *sheet = data;

  g_async_queue_unref (sheet->handles);
  g_free (sheet->path);
  g_free (sheet->attribution);
  g_free (sheet);
}

static Shelf *
shelf_new (void)
{
  Shelf *shelf = g_new0 (Shelf, 1);

  g_atomic_ref_count_init (&shelf->refs);
  shelf->sheets = g_ptr_array_new_with_free_func (sheet_free);
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
  g_ptr_array_unref (shelf->sheets);
  g_hash_table_unref (shelf->cache);
  g_mutex_clear (&shelf->mutex);
  g_free (shelf);
}

/* Returns: whether it is known; @texture is (transfer full) (nullable) */
static gboolean
shelf_find (Shelf *shelf, guint64 key, GdkTexture **texture)
{
  CacheEntry *entry;

  *texture = NULL;
  g_mutex_lock (&shelf->mutex);
  entry = g_hash_table_lookup (shelf->cache, &key);
  if (entry != NULL)
    {
      g_queue_unlink (&shelf->recent, &entry->link);
      g_queue_push_head_link (&shelf->recent, &entry->link);
      if (entry->texture != NULL)
        *texture = g_object_ref (entry->texture);
    }
  g_mutex_unlock (&shelf->mutex);
  return entry != NULL;
}

/* @entry: (transfer full) */
static void
shelf_keep (Shelf *shelf, CacheEntry *entry)
{
  g_mutex_lock (&shelf->mutex);
  if (g_hash_table_contains (shelf->cache, &entry->key))
    entry_free (entry);
  else
    {
      g_hash_table_insert (shelf->cache, &entry->key, entry);
      g_queue_push_head_link (&shelf->recent, &entry->link);
      shelf->bytes += entry->bytes;
    }
  while (shelf->bytes > CACHED_BYTES)
    {
      CacheEntry *oldest = g_queue_pop_tail_link (&shelf->recent)->data;

      shelf->bytes -= oldest->bytes;
      g_hash_table_remove (shelf->cache, &oldest->key);
    }
  g_mutex_unlock (&shelf->mutex);
}

static void
job_free (Job *job)
{
  g_clear_pointer (&job->bytes, g_bytes_unref);
  g_clear_object (&job->texture);
  g_clear_object (&job->found);
  g_clear_pointer (&job->decoded, g_ptr_array_unref);
  g_clear_object (&job->cancellable);
  g_clear_object (&job->tile);
  g_clear_object (&job->task);
  shelf_unref (job->shelf);
  g_free (job);
}

/* --- on a reading thread --- */

static void
note_decoded (Job *job, guint64 key, GdkTexture *texture)
{
  if (job->decoded == NULL)
    job->decoded = g_ptr_array_new_with_free_func (entry_free);
  g_ptr_array_add (job->decoded, entry_new (key, texture));
}

/* A whole tile of a map, read and decoded. */
static GdkTexture *
read_tile (Job *job, ShtTileDecoder *decoder, Sheet *sheet, guint zoom, guint x, guint y)
{
  ShtMbtiles *file = g_async_queue_try_pop (sheet->handles);
  g_autoptr (GBytes) bytes = NULL;

  if (file == NULL)
    file = sht_mbtiles_open (sheet->path, NULL);
  if (file == NULL)
    return NULL;
  bytes = sht_mbtiles_read (file, (int) zoom, x, y, job->cancellable, NULL);
  g_async_queue_push (sheet->handles, file);
  /* A broken tile is as good as none: there may be a coarser one. */
  return bytes != NULL ? sht_tile_decode (decoder, bytes, job->shelf->in_sun, NULL) : NULL;
}

static gboolean
may_have (const Sheet *sheet, guint zoom, guint x, guint y)
{
  double side = (double) (1u << zoom);

  return (int) zoom >= sheet->min_zoom && (int) zoom <= sheet->max_zoom && x < sheet->east * side && x + 1 > sheet->west * side
         && y < sheet->south * side && y + 1 > sheet->north * side;
}

/* A map that ends at the town's border leaves the rest of its tiles clear: what another map has there shines through. */
static gboolean
add_below (GdkTexture **texture, GdkTexture *below)
{
  g_autoptr (GdkTexture) above = *texture;

  *texture = above != NULL ? sht_tile_over (above, below) : g_object_ref (below);
  g_object_unref (below);
  return sht_tile_is_opaque (*texture);
}

/* A whole tile of the first map that has it, or that none has it: from the cache, or of the files. */
static GdkTexture *
find_tile (Job *job, ShtTileDecoder *decoder, guint zoom, guint x, guint y)
{
  guint64 key = key_of (WHOLE, zoom, x, y);
  gboolean done = FALSE;
  GdkTexture *texture;

  if (shelf_find (job->shelf, key, &texture))
    return texture;
  for (guint i = 0; !done && i < job->shelf->sheets->len; i++)
    {
      Sheet *sheet = g_ptr_array_index (job->shelf->sheets, i);
      GdkTexture *tile = may_have (sheet, zoom, x, y) ? read_tile (job, decoder, sheet, zoom, x, y) : NULL;

      if (tile != NULL)
        done = add_below (&texture, tile);
    }
  /* one that was cancelled does not say that there is none */
  if (texture != NULL || !g_cancellable_is_cancelled (job->cancellable))
    note_decoded (job, key, texture);
  return texture;
}

static void
look_for_tile (Job *job, ShtTileDecoder *decoder)
{
  for (guint up = 0; up <= MAX_OVERZOOM && up <= job->zoom; up++)
    {
      if (g_cancellable_is_cancelled (job->cancellable))
        return;
      job->found = find_tile (job, decoder, job->zoom - up, job->x >> up, job->y >> up);
      if (job->found == NULL)
        continue;
      job->texture = up == 0 ? g_object_ref (job->found) : sht_tile_crop (job->found, up, job->x, job->y);
      if (up > 0)
        note_decoded (job, key_of (ENLARGED, job->zoom, job->x, job->y), job->texture);
      return;
    }
}

static void
decode_online (Job *job, ShtTileDecoder *decoder)
{
  job->texture = sht_tile_decode (decoder, job->bytes, job->shelf->in_sun, NULL);
  if (job->texture != NULL)
    note_decoded (job, key_of (ENLARGED, job->zoom, job->x, job->y), job->texture);
}

static gboolean finish_job (gpointer data);

static void
start_decoder (ShtTileDecoder *decoder)
{
  g_autoptr (GError) error = NULL;

  if (!sht_tile_decoder_start (decoder, &error))
    g_warning ("%s", error->message);
}

static void
run_job (gpointer data, gpointer at_rest)
{
  Job *job = data;

  if (!g_cancellable_is_cancelled (job->cancellable))
    {
      ShtTileDecoder *decoder = g_async_queue_try_pop (at_rest);

      if (decoder == NULL)
        decoder = sht_tile_decoder_new ();
      if (job->bytes != NULL)
        decode_online (job, decoder);
      else if (job->task != NULL)
        look_for_tile (job, decoder);
      else
        start_decoder (decoder);
      g_async_queue_push (at_rest, decoder);
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
      pool = g_thread_pool_new (run_job, g_async_queue_new (), READERS, FALSE, NULL);
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

static void
on_online (GObject *online, GAsyncResult *result, gpointer data)
{
  Job *job = data;

  job->bytes = sht_online_tiles_get_finish (SHT_ONLINE_TILES (online), result, NULL);
  if (job->bytes != NULL)
    g_thread_pool_push (readers (), job, NULL);
  else
    finish_job (job);
}

static gboolean
finish_job (gpointer data)
{
  Job *job = data;
  ShtMbtilesSource *self = job->task != NULL ? g_task_get_source_object (job->task) : NULL;

  while (job->decoded != NULL && job->decoded->len > 0)
    shelf_keep (job->shelf, g_ptr_array_steal_index (job->decoded, 0));
  if (self != NULL && g_cancellable_is_cancelled (job->cancellable))
    {
      shumate_tile_set_state (job->tile, SHUMATE_STATE_DONE);
      g_task_return_new_error (job->task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the tile is no longer wanted");
    }
  else if (self != NULL && job->texture == NULL && self->online != NULL && !job->asked)
    {
      job->asked = TRUE;
      sht_online_tiles_get_async (self->online, job->zoom, job->x, job->y, job->cancellable, on_online, job);
      return G_SOURCE_REMOVE;
    }
  else if (self != NULL)
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
  g_autoptr (GdkTexture) cached = NULL;
  Job *job;

  g_task_set_source_tag (task, sht_mbtiles_source_fill_tile_async);
  if (!shelf_find (self->shelf, key_of (WHOLE, zoom, x, y), &cached) || cached == NULL)
    shelf_find (self->shelf, key_of (ENLARGED, zoom, x, y), &cached);
  if (cached != NULL || (self->shelf->sheets->len == 0 && self->online == NULL))
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
  g_clear_object (&self->online);
  g_free (self->online_attribution);
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
new_source (gboolean dark)
{
  /* libshumate keeps tiles by the source's id: two maps never share one. */
  static guint serial;
  g_autofree char *id = g_strdup_printf ("mbtiles-%u", ++serial);
  ShtMbtilesSource *self = g_object_new (SHT_TYPE_MBTILES_SOURCE, "id", id, "tile-size", SHT_TILE_SIZE, NULL);

  self->shelf = shelf_new ();
  self->outside = sht_tile_outside (dark);
  self->info = (ShtMbtilesInfo){ .min_zoom = VIEWPORT_MAX_ZOOM };
  return self;
}

static double
part_of_latitude (double latitude)
{
  double angle = CLAMP (latitude, -MAX_LATITUDE, MAX_LATITUDE) * G_PI / 180;

  return 0.5 - atanh (sin (angle)) / (2 * G_PI);
}

static void
place_sheet (Sheet *sheet, const ShtMbtilesInfo *info)
{
  sheet->min_zoom = info->min_zoom;
  sheet->max_zoom = info->max_zoom;
  sheet->west = info->has_bounds ? info->west / 360 + 0.5 : 0;
  sheet->east = info->has_bounds ? info->east / 360 + 0.5 : 1;
  sheet->north = info->has_bounds ? part_of_latitude (info->north) : 0;
  sheet->south = info->has_bounds ? part_of_latitude (info->south) : 1;
}

/* Whose data it is stands once, however many maps of it there are. */
static void
join_attribution (char **all, const char *attribution)
{
  g_auto (GStrv) have = g_strsplit (*all != NULL ? *all : "", BETWEEN, -1);
  char *joined;

  if (attribution[0] == '\0' || g_strv_contains ((const char *const *) have, attribution))
    return;
  joined = *all != NULL && (*all)[0] != '\0' ? g_strconcat (*all, BETWEEN, attribution, NULL) : g_strdup (attribution);
  g_free (*all);
  *all = joined;
}

static void
join_bounds (ShtMbtilesInfo *all, const ShtMbtilesInfo *info)
{
  if (!info->has_bounds)
    return;
  all->west = all->has_bounds ? MIN (all->west, info->west) : info->west;
  all->south = all->has_bounds ? MIN (all->south, info->south) : info->south;
  all->east = all->has_bounds ? MAX (all->east, info->east) : info->east;
  all->north = all->has_bounds ? MAX (all->north, info->north) : info->north;
  all->has_bounds = TRUE;
}

static gboolean
add_sheet (ShtMbtilesSource *self, const char *path, GError **error)
{
  g_autoptr (ShtMbtiles) file = sht_mbtiles_open (path, error);
  ShtMbtilesInfo info = { 0 };
  gboolean ok = file != NULL && sht_mbtiles_read_info (file, &info, error);

  if (ok)
    {
      Sheet *sheet = g_new0 (Sheet, 1);

      sheet->path = g_strdup (path);
      sheet->attribution = g_strdup (info.attribution);
      sheet->handles = g_async_queue_new_full ((GDestroyNotify) sht_mbtiles_close);
      place_sheet (sheet, &info);
      g_async_queue_push (sheet->handles, g_steal_pointer (&file));
      g_ptr_array_add (self->shelf->sheets, sheet);
      if (self->info.name == NULL)
        self->info.name = g_strdup (info.name);
      join_attribution (&self->info.attribution, info.attribution);
      join_bounds (&self->info, &info);
      self->info.min_zoom = MIN (self->info.min_zoom, info.min_zoom);
      self->info.max_zoom = MAX (self->info.max_zoom, info.max_zoom);
    }
  sht_mbtiles_info_clear (&info);
  return ok;
}

/* The process that decodes comes up while the window lays itself out. */
static void
start_early (ShtMbtilesSource *self)
{
  Job *job = g_new0 (Job, 1);

  job->shelf = shelf_ref (self->shelf);
  g_thread_pool_push (readers (), job, NULL);
}

/**
 * sht_mbtiles_source_new_of:
 * @paths: (array zero-terminated=1): MBTiles files with pictures for tiles; where two have the same tile the first one's is shown
 * @dark: whether what lies outside is to be drawn for the night
 * @error: (out): why the first of those that cannot be read cannot; the others are shown all the same
 *
 * Returns: (transfer full) (nullable): the maps as one, or %NULL with a #ShtMbtilesError when none can be read
 */
ShumateMapSource *
sht_mbtiles_source_new_of (const char *const *paths, gboolean dark, GError **error)
{
  g_autoptr (ShtMbtilesSource) self = new_source (dark);
  ShumateMapSource *source = SHUMATE_MAP_SOURCE (self);
  g_autoptr (GError) first = NULL;

  for (guint i = 0; paths[i] != NULL && self->shelf->sheets->len < MOST_SHEETS; i++)
    add_sheet (self, paths[i], first == NULL ? &first : NULL);
  if (first != NULL)
    g_propagate_error (error, g_steal_pointer (&first));
  if (self->shelf->sheets->len == 0)
    return NULL;
  if (self->info.attribution == NULL)
    self->info.attribution = g_strdup ("");
  shumate_map_source_set_name (source, self->info.name);
  shumate_map_source_set_license (source, self->info.attribution);
  shumate_map_source_set_min_zoom_level (source, (guint) MIN (self->info.min_zoom, VIEWPORT_MAX_ZOOM));
  shumate_map_source_set_max_zoom_level (source, (guint) MIN (self->info.max_zoom + MAX_OVERZOOM, VIEWPORT_MAX_ZOOM));
  start_early (self);
  return SHUMATE_MAP_SOURCE (g_steal_pointer (&self));
}

/** sht_mbtiles_source_new: sht_mbtiles_source_new_of() one file */
ShumateMapSource *
sht_mbtiles_source_new (const char *path, gboolean dark, GError **error)
{
  return sht_mbtiles_source_new_of ((const char *[]){ path, NULL }, dark, error);
}

/**
 * sht_mbtiles_source_new_empty:
 *
 * Returns: (transfer full): a map that has nothing anywhere, so that tickets can be shown without one
 */
ShumateMapSource *
sht_mbtiles_source_new_empty (gboolean dark)
{
  ShtMbtilesSource *self = new_source (dark);

  self->info.name = g_strdup ("");
  self->info.attribution = g_strdup ("");
  self->info.min_zoom = 0;
  self->info.max_zoom = VIEWPORT_MAX_ZOOM;
  shumate_map_source_set_max_zoom_level (SHUMATE_MAP_SOURCE (self), VIEWPORT_MAX_ZOOM);
  return SHUMATE_MAP_SOURCE (self);
}

/** sht_mbtiles_source_set_in_sun: its tiles are drawn by sht_tile_in_sun(); to be called before it is shown */
void
sht_mbtiles_source_set_in_sun (ShtMbtilesSource *self)
{
  self->shelf->in_sun = TRUE;
}

/**
 * sht_mbtiles_source_set_online:
 * @online: what is asked where the files have nothing
 * @attribution: whose data that is
 *
 * To be called before the source is shown.
 */
void
sht_mbtiles_source_set_online (ShtMbtilesSource *self, ShtOnlineTiles *online, const char *attribution)
{
  ShumateMapSource *source = SHUMATE_MAP_SOURCE (self);

  self->online = g_object_ref (online);
  self->online_attribution = g_strdup (attribution);
  join_attribution (&self->info.attribution, attribution);
  shumate_map_source_set_license (source, self->info.attribution);
  shumate_map_source_set_max_zoom_level (source, MAX (shumate_map_source_get_max_zoom_level (source), ONLINE_MAX_ZOOM));
}

/**
 * sht_mbtiles_source_attribution_of:
 * @west: of what is in sight, in parts of the world from 0 to 1, rows from the north, as the three that follow
 *
 * Returns: (transfer full): whose data may be in sight there
 */
char *
sht_mbtiles_source_attribution_of (ShtMbtilesSource *self, double west, double north, double east, double south)
{
  char *all = NULL;

  for (guint i = 0; i < self->shelf->sheets->len; i++)
    {
      const Sheet *sheet = g_ptr_array_index (self->shelf->sheets, i);

      if (sheet->west < east && sheet->east > west && sheet->north < south && sheet->south > north)
        join_attribution (&all, sheet->attribution);
    }
  if (self->online_attribution != NULL)
    join_attribution (&all, self->online_attribution);
  return all != NULL ? all : g_strdup ("");
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
