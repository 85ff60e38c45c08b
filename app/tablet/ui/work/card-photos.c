/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/work/card-photos.h"

#define SIDE 60
#define GAP 6
#define CORNER 10
/* Decoded for a screen of twice the density; smaller than the file's own 320 pixels by half. */
#define PIXELS (2 * SIDE)
/* Some 60 KB each: what eight screens of cards show. */
#define MOST_KEPT 96

struct _ShtCardPhotos
{
  GtkWidget parent_instance;

  char *paths[SHT_CARD_PHOTOS_MOST];      /* (owned) (nullable) */
  GdkTexture *pictures[SHT_CARD_PHOTOS_MOST]; /* (owned) (nullable) */
  GCancellable *decoding;                 /* (owned) (nullable): from the first drawing on */
};

G_DEFINE_FINAL_TYPE (ShtCardPhotos, sht_card_photos, GTK_TYPE_WIDGET)

/* Path → texture, and the paths with the last used first. Main thread only. */
static GHashTable *kept;
static GQueue order = G_QUEUE_INIT;

static GdkTexture *
find_kept (const char *path)
{
  GdkTexture *texture = kept != NULL ? g_hash_table_lookup (kept, path) : NULL;
  GList *link = texture != NULL ? g_queue_find_custom (&order, path, (GCompareFunc) g_strcmp0) : NULL;

  if (link != NULL)
    {
      g_queue_unlink (&order, link);
      g_queue_push_head_link (&order, link);
    }
  return texture;
}

static void
keep (const char *path, GdkTexture *texture)
{
  char *key;

  if (kept == NULL)
    kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  if (g_hash_table_contains (kept, path))
    return;
  key = g_strdup (path);
  g_hash_table_insert (kept, key, g_object_ref (texture));
  g_queue_push_head (&order, key);
  if (order.length > MOST_KEPT)
    g_hash_table_remove (kept, g_queue_pop_tail (&order));
}

/* Made and freed on the main thread: the last reference to a widget must not be dropped on another. */
typedef struct
{
  ShtCardPhotos *card;       /* (owned) */
  GCancellable *cancellable; /* (owned) */
  char *path;                /* (owned) */
  GdkPixbuf *pixbuf;         /* (owned) (nullable) */
} Job;

static gboolean
on_decoded (gpointer data)
{
  Job *job = data;
  g_autoptr (GdkTexture) texture = job->pixbuf != NULL ? gdk_texture_new_for_pixbuf (job->pixbuf) : NULL;

  if (texture != NULL)
    {
      keep (job->path, texture);
      for (guint i = 0; i < SHT_CARD_PHOTOS_MOST; i++)
        if (g_strcmp0 (job->card->paths[i], job->path) == 0)
          g_set_object (&job->card->pictures[i], texture);
      gtk_widget_queue_draw (GTK_WIDGET (job->card));
    }
  g_clear_object (&job->pixbuf);
  g_object_unref (job->cancellable);
  g_object_unref (job->card);
  g_free (job->path);
  g_free (job);
  return G_SOURCE_REMOVE;
}

static void
decode (gpointer data, gpointer unused)
{
  Job *job = data;

  if (!g_cancellable_is_cancelled (job->cancellable))
    job->pixbuf = gdk_pixbuf_new_from_file_at_scale (job->path, PIXELS, PIXELS, TRUE, NULL);
  g_idle_add (on_decoded, job);
}

/* Once for what is shown: a picture that cannot be decoded is not asked for again. One thread does it all,
 * as a list that is flung asks for many and the frames need the other processor. */
static void
ask (ShtCardPhotos *self)
{
  static GThreadPool *pool;

  if (self->decoding != NULL)
    return;
  if (pool == NULL)
    pool = g_thread_pool_new (decode, NULL, 1, TRUE, NULL);
  self->decoding = g_cancellable_new ();
  for (guint i = 0; i < SHT_CARD_PHOTOS_MOST; i++)
    if (self->paths[i] != NULL && self->pictures[i] == NULL)
      {
        Job *job = g_new0 (Job, 1);

        job->card = g_object_ref (self);
        job->cancellable = g_object_ref (self->decoding);
        job->path = g_strdup (self->paths[i]);
        g_thread_pool_push (pool, job, NULL);
      }
}

static void
sht_card_photos_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ShtCardPhotos *self = SHT_CARD_PHOTOS (widget);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  float top = (float) (gtk_widget_get_height (widget) - SIDE) / 2;
  GdkRGBA empty;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &empty);
  empty.alpha *= 0.1f;
  ask (self);
  for (guint i = 0; i < SHT_CARD_PHOTOS_MOST && self->paths[i] != NULL; i++)
    {
      float left = (float) (mirrored ? gtk_widget_get_width (widget) - SIDE - (int) i * (SIDE + GAP)
                                     : (int) i * (SIDE + GAP));
      graphene_rect_t frame = GRAPHENE_RECT_INIT (left, top, SIDE, SIDE);
      GskRoundedRect outline;

      gsk_rounded_rect_init_from_rect (&outline, &frame, CORNER);
      gtk_snapshot_push_rounded_clip (snapshot, &outline);
      if (self->pictures[i] == NULL)
        gtk_snapshot_append_color (snapshot, &empty, &frame);
      else
        {
          float w = (float) gdk_texture_get_width (self->pictures[i]);
          float h = (float) gdk_texture_get_height (self->pictures[i]);
          float scale = SIDE / MIN (w, h);

          gtk_snapshot_append_texture (snapshot, self->pictures[i],
                                       &GRAPHENE_RECT_INIT (left + (SIDE - w * scale) / 2, top + (SIDE - h * scale) / 2,
                                                            w * scale, h * scale));
        }
      gtk_snapshot_pop (snapshot);
    }
}

static void
sht_card_photos_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                         int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural
    = orientation == GTK_ORIENTATION_HORIZONTAL ? sht_card_photos_get_width (SHT_CARD_PHOTOS (widget), SHT_CARD_PHOTOS_MOST) : SIDE;
}

/**
 * sht_card_photos_get_width:
 * @most: of how many of them at the most
 *
 * Returns: what they need, pixels; 0 for none
 */
int
sht_card_photos_get_width (ShtCardPhotos *self, guint most)
{
  guint n = 0;

  while (n < MIN (most, SHT_CARD_PHOTOS_MOST) && self->paths[n] != NULL)
    n++;
  return n > 0 ? (int) n * (SIDE + GAP) - GAP : 0;
}

static void
clear (ShtCardPhotos *self)
{
  if (self->decoding != NULL)
    g_cancellable_cancel (self->decoding);
  g_clear_object (&self->decoding);
  for (guint i = 0; i < SHT_CARD_PHOTOS_MOST; i++)
    {
      g_clear_pointer (&self->paths[i], g_free);
      g_clear_object (&self->pictures[i]);
    }
}

/**
 * sht_card_photos_set:
 * @hashes: (nullable): SHA-256 of the pictures to be shown, with commas between; those that are not on
 *   this tablet are left out
 *
 * Asks nobody for room: whoever shows them looks at sht_card_photos_get_width().
 */
void
sht_card_photos_set (ShtCardPhotos *self, ShtStore *reader, const char *hashes)
{
  g_auto (GStrv) each = g_strsplit (hashes != NULL ? hashes : "", ",", SHT_CARD_PHOTOS_MOST);
  guint n = 0;

  clear (self);
  for (guint i = 0; each[i] != NULL; i++)
    {
      g_autofree char *path = sht_store_blob_path (reader, each[i]);

      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        continue;
      g_set_object (&self->pictures[n], find_kept (path));
      self->paths[n++] = g_steal_pointer (&path);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * sht_card_photos_count_shown:
 *
 * Returns: how many pictures are there to be drawn by now, for tests
 */
guint
sht_card_photos_count_shown (ShtCardPhotos *self)
{
  guint n = 0;

  for (guint i = 0; i < SHT_CARD_PHOTOS_MOST; i++)
    n += self->pictures[i] != NULL;
  return n;
}

static void
sht_card_photos_dispose (GObject *object)
{
  clear (SHT_CARD_PHOTOS (object));
  G_OBJECT_CLASS (sht_card_photos_parent_class)->dispose (object);
}

static void
sht_card_photos_class_init (ShtCardPhotosClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sht_card_photos_dispose;
  widget_class->snapshot = sht_card_photos_snapshot;
  widget_class->measure = sht_card_photos_measure;
  /* The card's own words tell how many there are. */
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
sht_card_photos_init (ShtCardPhotos *self)
{
}

GtkWidget *
sht_card_photos_new (void)
{
  return g_object_new (SHT_TYPE_CARD_PHOTOS, NULL);
}
