/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/photo-cells.h"

#include "tablet/ui/ticket/photo-tile.h"

#define MIN_COLUMNS 2
#define MAX_COLUMNS 6
/* Narrower a tile's words would break. */
#define LEAST_WIDTH 168
#define GAP 12
#define EDGE 18
/* A tile that turns out to be higher makes all rows higher, and then others are on the screen. */
#define MOST_TRIES 3

struct _ShtPhotoCells
{
  GtkWidget parent_instance;

  ShtSession *session;         /* (owned) */
  GPtrArray *photos;           /* (owned) (element-type ShtPhotoMark) */
  GPtrArray *tiles;            /* (owned) (element-type Cell): by position */
  GtkAdjustment *adjustments[2]; /* (owned) (nullable): by GtkOrientation */
  guint policies[2];
  int columns;
  int tile_width;
  int row_height; /* of the highest tile seen at this width; 0 before the first */
  guint last;     /* the position that had the focus last */
  gboolean placing;
};

/* A tile and what it shows. */
typedef struct
{
  GtkWidget *tile; /* (unowned): a child */
  guint position;
} Cell;

enum
{
  PROP_0,
  PROP_HADJUSTMENT,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY
};

G_DEFINE_FINAL_TYPE_WITH_CODE (ShtPhotoCells, sht_photo_cells, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL))

/* --- where things are --- */

static guint
n_rows (ShtPhotoCells *self)
{
  return (self->photos->len + (guint) self->columns - 1) / (guint) self->columns;
}

static int
row_step (ShtPhotoCells *self)
{
  return self->row_height + GAP;
}

static double
scrolled (ShtPhotoCells *self)
{
  GtkAdjustment *adjustment = self->adjustments[GTK_ORIENTATION_VERTICAL];

  return adjustment != NULL ? gtk_adjustment_get_value (adjustment) : 0;
}

/* The positions that are on the screen: from the first row that is seen at all to the last. */
static void
seen (ShtPhotoCells *self, int height, guint *from, guint *to)
{
  double top = MAX (0, scrolled (self) - EDGE);
  guint first = (guint) (top / row_step (self));
  guint last = (guint) ((MAX (0, scrolled (self) - EDGE + height)) / row_step (self)) + 1;

  *from = MIN (first * (guint) self->columns, self->photos->len);
  *to = MIN (last * (guint) self->columns, self->photos->len);
}

static Cell *
cell_of (ShtPhotoCells *self, guint position)
{
  for (guint i = 0; i < self->tiles->len; i++)
    {
      Cell *cell = g_ptr_array_index (self->tiles, i);

      if (cell->position == position)
        return cell;
    }
  return NULL;
}

static gboolean
has_focus (GtkWidget *tile)
{
  return (gtk_widget_get_state_flags (tile) & (GTK_STATE_FLAG_FOCUSED | GTK_STATE_FLAG_FOCUS_WITHIN)) != 0;
}

/* --- tiles --- */

static void
show_sent (ShtPhotoCells *self, Cell *cell)
{
  double fraction;
  gboolean is_it = sht_sending_get_photo (sht_session_get_sending (self->session),
                                          sht_photo_tile_get_photo (SHT_PHOTO_TILE (cell->tile)), &fraction);

  sht_photo_tile_show_sent (SHT_PHOTO_TILE (cell->tile), is_it ? fraction : -1);
}

static void
show_all_sent (ShtPhotoCells *self)
{
  for (guint i = 0; i < self->tiles->len; i++)
    show_sent (self, g_ptr_array_index (self->tiles, i));
}

static void
bind (ShtPhotoCells *self, Cell *cell)
{
  const ShtPhotoMark *mark = g_ptr_array_index (self->photos, cell->position);
  ShtStore *reader = sht_session_get_reader (self->session);
  g_autoptr (JsonObject) photo = sht_store_photo_view (reader, mark->id, NULL);

  /* It has gone since it was looked for: the next look takes its place away. */
  if (photo == NULL)
    {
      sht_photo_tile_forget (SHT_PHOTO_TILE (cell->tile));
      return;
    }
  sht_photo_tile_set_photo (SHT_PHOTO_TILE (cell->tile), reader, photo);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (cell->tile), GTK_ACCESSIBLE_RELATION_POS_IN_SET,
                                  (int) cell->position + 1, GTK_ACCESSIBLE_RELATION_SET_SIZE, (int) self->photos->len,
                                  -1);
  show_sent (self, cell);
}

static void
drop_cell (gpointer data)
{
  Cell *cell = data;

  gtk_widget_unparent (cell->tile);
  g_free (cell);
}

static int
by_position (gconstpointer a, gconstpointer b)
{
  const Cell *one = *(Cell *const *) a, *other = *(Cell *const *) b;

  return one->position < other->position ? -1 : one->position > other->position;
}

/* A screen reader goes from one to the next as they are children. */
static void
put_in_order (ShtPhotoCells *self)
{
  GtkWidget *next = NULL;

  g_ptr_array_sort (self->tiles, by_position);
  for (guint i = self->tiles->len; i > 0; i--)
    {
      Cell *cell = g_ptr_array_index (self->tiles, i - 1);

      if (gtk_widget_get_next_sibling (cell->tile) != next)
        gtk_widget_insert_before (cell->tile, GTK_WIDGET (self), next);
      next = cell->tile;
    }
}

static GtkWidget *
new_tile (ShtPhotoCells *self)
{
  GtkWidget *tile = sht_photo_tile_new ();

  gtk_widget_set_parent (tile, GTK_WIDGET (self));
  return tile;
}

/* What has gone from the screen, to be used again; one that has the focus keeps it, and its place. */
static GPtrArray *
take_unseen (ShtPhotoCells *self, guint from, guint to)
{
  GPtrArray *free_ones = g_ptr_array_new_with_free_func (drop_cell);

  for (guint i = self->tiles->len; i > 0; i--)
    {
      Cell *cell = g_ptr_array_index (self->tiles, i - 1);
      gboolean is_there = cell->position < self->photos->len;

      if (is_there && ((cell->position >= from && cell->position < to) || has_focus (cell->tile)))
        continue;
      g_ptr_array_add (free_ones, g_ptr_array_steal_index_fast (self->tiles, i - 1));
    }
  return free_ones;
}

/* Gives each position from @from to @to a tile. */
static void
fill (ShtPhotoCells *self, guint from, guint to)
{
  g_autoptr (GPtrArray) free_ones = take_unseen (self, from, to);
  gboolean changed = free_ones->len > 0;

  for (guint position = from; position < to; position++)
    {
      Cell *cell;

      if (cell_of (self, position) != NULL)
        continue;
      if (free_ones->len > 0)
        cell = g_ptr_array_steal_index_fast (free_ones, free_ones->len - 1);
      else
        {
          cell = g_new0 (Cell, 1);
          cell->tile = new_tile (self);
        }
      cell->position = position;
      g_ptr_array_add (self->tiles, cell);
      bind (self, cell);
      changed = TRUE;
    }
  if (changed)
    put_in_order (self);
}

/* --- laying out --- */

static void
set_width (ShtPhotoCells *self, int width)
{
  int columns = CLAMP ((width - 2 * EDGE + GAP) / (LEAST_WIDTH + GAP), MIN_COLUMNS, MAX_COLUMNS);
  int tile_width = (width - 2 * EDGE - (columns - 1) * GAP) / columns;
  guint top = self->row_height > 0 ? (guint) (scrolled (self) / row_step (self)) * (guint) self->columns : 0;
  GtkAdjustment *adjustment = self->adjustments[GTK_ORIENTATION_VERTICAL];

  if (columns == self->columns && tile_width == self->tile_width)
    return;
  self->columns = columns;
  self->tile_width = tile_width;
  self->row_height = tile_width * 3 / 4;
  /* The photo that stood at the top stays there. */
  if (adjustment != NULL && top > 0)
    gtk_adjustment_set_value (adjustment, (double) (top / (guint) columns) * row_step (self));
}

/* Whether a tile is higher than the rows were. */
static gboolean
grow (ShtPhotoCells *self)
{
  int height = self->row_height;
  GtkAdjustment *adjustment = self->adjustments[GTK_ORIENTATION_VERTICAL];
  double rows;

  for (guint i = 0; i < self->tiles->len; i++)
    {
      Cell *cell = g_ptr_array_index (self->tiles, i);
      int natural;

      gtk_widget_measure (cell->tile, GTK_ORIENTATION_VERTICAL, self->tile_width, NULL, &natural, NULL, NULL);
      height = MAX (height, natural);
    }
  if (height == self->row_height)
    return FALSE;
  rows = scrolled (self) / row_step (self);
  self->row_height = height;
  if (adjustment != NULL)
    gtk_adjustment_set_value (adjustment, rows * row_step (self));
  return TRUE;
}

static void
set_range (ShtPhotoCells *self, int width, int height)
{
  double whole = self->photos->len > 0 ? 2 * EDGE - GAP + (double) n_rows (self) * row_step (self) : 0;

  if (self->adjustments[GTK_ORIENTATION_HORIZONTAL] != NULL)
    gtk_adjustment_configure (self->adjustments[GTK_ORIENTATION_HORIZONTAL], 0, 0, width, width * 0.1, width * 0.9,
                              width);
  if (self->adjustments[GTK_ORIENTATION_VERTICAL] != NULL)
    gtk_adjustment_configure (self->adjustments[GTK_ORIENTATION_VERTICAL], scrolled (self), 0, MAX (whole, height),
                              row_step (self) / 2.0, MAX (row_step (self), height - row_step (self)), height);
}

static void
allocate_tiles (ShtPhotoCells *self, int width)
{
  gboolean mirrored = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  for (guint i = 0; i < self->tiles->len; i++)
    {
      Cell *cell = g_ptr_array_index (self->tiles, i);
      int column = (int) (cell->position % (guint) self->columns);
      int row = (int) (cell->position / (guint) self->columns);
      int x = EDGE + column * (self->tile_width + GAP);
      int y = EDGE + row * row_step (self) - (int) scrolled (self);

      if (mirrored)
        x = width - x - self->tile_width;
      gtk_widget_size_allocate (cell->tile, &(GtkAllocation){ x, y, self->tile_width, self->row_height }, -1);
    }
}

static void
fill_seen (ShtPhotoCells *self, int height)
{
  guint from, to;

  seen (self, height, &from, &to);
  fill (self, from, to);
}

static void
sht_photo_cells_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  ShtPhotoCells *self = SHT_PHOTO_CELLS (widget);
  gboolean grown = TRUE;

  self->placing = TRUE;
  set_width (self, width);
  for (guint tries = 0; tries < MOST_TRIES && grown; tries++)
    {
      set_range (self, width, height);
      fill_seen (self, height);
      grown = grow (self);
    }
  set_range (self, width, height);
  self->placing = FALSE;
  allocate_tiles (self, width);
}

static void
sht_photo_cells_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                         int *minimum_baseline, int *natural_baseline)
{
  ShtPhotoCells *self = SHT_PHOTO_CELLS (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = 2 * EDGE + MIN_COLUMNS * (LEAST_WIDTH / 2) + (MIN_COLUMNS - 1) * GAP;
      *natural = 2 * EDGE + MIN_COLUMNS * LEAST_WIDTH + (MIN_COLUMNS - 1) * GAP;
    }
  else
    *minimum = *natural = 2 * EDGE + MAX (self->row_height, LEAST_WIDTH);
}

static GtkSizeRequestMode
sht_photo_cells_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

/* Tiles are given their photos as it is scrolled, not while the window is laid out: their words ask for room anew. */
static void
on_scrolled (ShtPhotoCells *self)
{
  if (self->placing || self->row_height == 0)
    return;
  fill_seen (self, gtk_widget_get_height (GTK_WIDGET (self)));
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

/* --- the keyboard --- */

static void
reveal (ShtPhotoCells *self, guint position)
{
  double top = EDGE + (double) (position / (guint) self->columns) * row_step (self);

  if (self->adjustments[GTK_ORIENTATION_VERTICAL] != NULL)
    gtk_adjustment_clamp_page (self->adjustments[GTK_ORIENTATION_VERTICAL], top - EDGE,
                               top + self->row_height + EDGE);
}

static gboolean
focus_on (ShtPhotoCells *self, guint position)
{
  Cell *cell;

  reveal (self, position);
  cell = cell_of (self, position);
  if (cell == NULL || !gtk_widget_grab_focus (cell->tile))
    return FALSE;
  self->last = position;
  return TRUE;
}

static Cell *
focused (ShtPhotoCells *self)
{
  for (guint i = 0; i < self->tiles->len; i++)
    {
      Cell *cell = g_ptr_array_index (self->tiles, i);

      if (has_focus (cell->tile))
        return cell;
    }
  return NULL;
}

static gboolean
sht_photo_cells_grab_focus (GtkWidget *widget)
{
  ShtPhotoCells *self = SHT_PHOTO_CELLS (widget);
  guint from = 0, to = 0;

  if (self->photos->len == 0 || self->row_height == 0)
    return FALSE;
  seen (self, gtk_widget_get_height (widget), &from, &to);
  return focus_on (self, self->last >= from && self->last < to ? self->last : from);
}

/* Where an arrow key leads; -1 for out of the photos. */
static gint64
neighbour (ShtPhotoCells *self, guint position, GtkDirectionType direction)
{
  gboolean mirrored = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  gint64 to;

  switch (direction)
    {
    case GTK_DIR_LEFT:
      to = (gint64) position + (mirrored ? 1 : -1);
      break;
    case GTK_DIR_RIGHT:
      to = (gint64) position + (mirrored ? -1 : 1);
      break;
    case GTK_DIR_UP:
      to = (gint64) position - self->columns;
      break;
    case GTK_DIR_DOWN:
      to = (gint64) position + self->columns;
      break;
    case GTK_DIR_TAB_FORWARD:
    case GTK_DIR_TAB_BACKWARD:
    default:
      return -1;
    }
  return to < (gint64) self->photos->len ? to : -1;
}

static gboolean
sht_photo_cells_focus (GtkWidget *widget, GtkDirectionType direction)
{
  ShtPhotoCells *self = SHT_PHOTO_CELLS (widget);
  Cell *cell = focused (self);
  gint64 to = cell != NULL ? neighbour (self, cell->position, direction) : -1;

  if (cell == NULL)
    return sht_photo_cells_grab_focus (widget);
  return to >= 0 && focus_on (self, (guint) to);
}

static gboolean
on_far_key (GtkWidget *widget, GVariant *parameter, gpointer unused)
{
  ShtPhotoCells *self = SHT_PHOTO_CELLS (widget);
  Cell *cell = focused (self);
  gint64 page = MAX (1, gtk_widget_get_height (widget) / row_step (self)) * self->columns;
  gint64 to;

  if (cell == NULL)
    return FALSE;
  switch (g_variant_get_int32 (parameter))
    {
    case GDK_KEY_Home:
      to = 0;
      break;
    case GDK_KEY_End:
      to = (gint64) self->photos->len - 1;
      break;
    case GDK_KEY_Page_Up:
      to = (gint64) cell->position - page;
      break;
    default:
      to = (gint64) cell->position + page;
      break;
    }
  return focus_on (self, (guint) CLAMP (to, 0, (gint64) self->photos->len - 1));
}

/* --- making --- */

static void
set_adjustment (ShtPhotoCells *self, GtkOrientation orientation, GtkAdjustment *adjustment)
{
  GtkAdjustment *before = self->adjustments[orientation];

  if (before != NULL && before == adjustment)
    return;
  if (before != NULL)
    g_signal_handlers_disconnect_by_func (before, on_scrolled, self);
  g_clear_object (&self->adjustments[orientation]);
  if (adjustment == NULL)
    return;
  self->adjustments[orientation] = g_object_ref_sink (adjustment);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (on_scrolled), self, G_CONNECT_SWAPPED);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static void
sht_photo_cells_set_property (GObject *object, guint property, const GValue *value, GParamSpec *pspec)
{
  ShtPhotoCells *self = SHT_PHOTO_CELLS (object);

  switch (property)
    {
    case PROP_HADJUSTMENT:
      set_adjustment (self, GTK_ORIENTATION_HORIZONTAL, g_value_get_object (value));
      break;
    case PROP_VADJUSTMENT:
      set_adjustment (self, GTK_ORIENTATION_VERTICAL, g_value_get_object (value));
      break;
    case PROP_HSCROLL_POLICY:
    case PROP_VSCROLL_POLICY:
      self->policies[property - PROP_HSCROLL_POLICY] = (guint) g_value_get_enum (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
sht_photo_cells_get_property (GObject *object, guint property, GValue *value, GParamSpec *pspec)
{
  ShtPhotoCells *self = SHT_PHOTO_CELLS (object);

  switch (property)
    {
    case PROP_HADJUSTMENT:
    case PROP_VADJUSTMENT:
      g_value_set_object (value, self->adjustments[property - PROP_HADJUSTMENT]);
      break;
    case PROP_HSCROLL_POLICY:
    case PROP_VSCROLL_POLICY:
      g_value_set_enum (value, (int) self->policies[property - PROP_HSCROLL_POLICY]);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
sht_photo_cells_dispose (GObject *object)
{
  ShtPhotoCells *self = SHT_PHOTO_CELLS (object);

  g_ptr_array_set_size (self->tiles, 0);
  set_adjustment (self, GTK_ORIENTATION_HORIZONTAL, NULL);
  set_adjustment (self, GTK_ORIENTATION_VERTICAL, NULL);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sht_photo_cells_parent_class)->dispose (object);
}

static void
sht_photo_cells_finalize (GObject *object)
{
  g_ptr_array_unref (SHT_PHOTO_CELLS (object)->tiles);
  g_ptr_array_unref (SHT_PHOTO_CELLS (object)->photos);
  G_OBJECT_CLASS (sht_photo_cells_parent_class)->finalize (object);
}

static void
sht_photo_cells_class_init (ShtPhotoCellsClass *class)
{
  static const guint far_keys[] = { GDK_KEY_Home, GDK_KEY_End, GDK_KEY_Page_Up, GDK_KEY_Page_Down };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->dispose = sht_photo_cells_dispose;
  object_class->finalize = sht_photo_cells_finalize;
  object_class->set_property = sht_photo_cells_set_property;
  object_class->get_property = sht_photo_cells_get_property;
  widget_class->measure = sht_photo_cells_measure;
  widget_class->size_allocate = sht_photo_cells_size_allocate;
  widget_class->get_request_mode = sht_photo_cells_get_request_mode;
  widget_class->focus = sht_photo_cells_focus;
  widget_class->grab_focus = sht_photo_cells_grab_focus;
  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");
  for (guint i = 0; i < G_N_ELEMENTS (far_keys); i++)
    gtk_widget_class_add_binding (widget_class, far_keys[i], 0, on_far_key, "i", (int) far_keys[i]);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GRID);
}

static void
sht_photo_cells_init (ShtPhotoCells *self)
{
  self->photos = g_ptr_array_new ();
  self->tiles = g_ptr_array_new_with_free_func (drop_cell);
  self->columns = MIN_COLUMNS;
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
sht_photo_cells_new (ShtSession *session)
{
  ShtPhotoCells *self = g_object_new (SHT_TYPE_PHOTO_CELLS, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "status", G_CALLBACK (show_all_sent), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

/* Whether the tile shows something else than what stands there now. */
static gboolean
is_stale (Cell *cell, GPtrArray *photos)
{
  const ShtPhotoMark *mark = g_ptr_array_index (photos, cell->position);
  ShtPhotoTile *tile = SHT_PHOTO_TILE (cell->tile);

  return g_strcmp0 (sht_photo_tile_get_photo (tile), mark->id) != 0
         || g_strcmp0 (sht_photo_tile_get_state (tile), mark->state) != 0 || !sht_photo_tile_has_picture (tile);
}

/**
 * sht_photo_cells_set_photos:
 * @photos: (transfer full) (element-type ShtPhotoMark): see sht_store_ticket_photos()
 *
 * Shows these from now on; tiles of photos that are where they were, as they were, stay.
 */
void
sht_photo_cells_set_photos (ShtPhotoCells *self, GPtrArray *photos)
{
  gboolean as_many = photos->len == self->photos->len;

  g_ptr_array_unref (self->photos);
  self->photos = photos;
  for (guint i = 0; i < self->tiles->len; i++)
    {
      Cell *cell = g_ptr_array_index (self->tiles, i);

      if (cell->position < photos->len && (!as_many || is_stale (cell, photos)))
        bind (self, cell);
    }
  if (!as_many)
    gtk_widget_queue_allocate (GTK_WIDGET (self));
}
