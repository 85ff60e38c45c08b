/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/work/card-list.h"

#include "tablet/ui/work/card-follow.h"
#include "tablet/ui/work/card-look.h"
#include "tablet/ui/work/card-row.h"

#include <math.h>

/* Rows kept above and below what is seen, for who reads on by ear and for the next turn of the wheel. */
#define AROUND 90
/* How many of them are made in a frame, while it stands still. */
#define ROWS_A_FRAME 8
/* What the style leaves below the list is seen too; pixels. */
#define BEYOND 16
/* Pixels; narrower, chips lose their words. */
#define LEAST_WIDTH 280
#define NATURAL_WIDTH 420

struct _ShtCardList
{
  GtkWidget parent_instance;

  ShtSession *session;           /* (owned) */
  GListModel *model;             /* (owned): of ShtTicketItem */
  GtkWidget *pattern;            /* (unowned): a row that is never seen, with what all cards look like */
  GtkWidget *look;               /* (unowned): in the pattern */
  GPtrArray *rows;               /* (owned) (element-type ShtCardRow): children; each has another position */
  GtkAdjustment *adjustments[2]; /* (owned) (nullable): by GtkOrientation */
  guint policies[2];
  int row_height; /* 0 before it was measured */
  int height;     /* of what is seen */
  char *current;  /* (owned) (nullable): the ticket open beside */
  guint last;     /* the position that had the focus last */
  guint filling;  /* the tick callback's id, or 0 */
  double filled_at; /* where it was scrolled to in the last frame of filling */
  gboolean placing;
};

enum
{
  PROP_0,
  PROP_HADJUSTMENT,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY
};

G_DEFINE_FINAL_TYPE_WITH_CODE (ShtCardList, sht_card_list, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL))

static guint activate_signal;

/* --- where things are --- */

static double
scrolled (ShtCardList *self)
{
  GtkAdjustment *adjustment = self->adjustments[GTK_ORIENTATION_VERTICAL];

  return adjustment != NULL ? gtk_adjustment_get_value (adjustment) : 0;
}

/* The positions that are on the screen. */
static void
seen (ShtCardList *self, int height, guint *from, guint *to)
{
  guint n = g_list_model_get_n_items (self->model);
  double top = MAX (0, scrolled (self));

  *from = MIN ((guint) (top / self->row_height), n);
  *to = MIN ((guint) ((top + height + BEYOND) / self->row_height) + 1, n);
}

static ShtCardRow *
row_at (ShtCardList *self, guint position)
{
  for (guint i = 0; i < self->rows->len; i++)
    if (sht_card_row_get_position (g_ptr_array_index (self->rows, i)) == position)
      return g_ptr_array_index (self->rows, i);
  return NULL;
}

/* The row that has the focus, or %NULL. */
static ShtCardRow *
focused (ShtCardList *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  return focus != NULL && gtk_widget_get_parent (focus) == GTK_WIDGET (self) ? SHT_CARD_ROW (focus) : NULL;
}

static gboolean
is_within (guint position, guint from, guint to)
{
  return position >= from && position < to;
}

/* --- rows --- */

static void
on_activated (ShtCardRow *row, gpointer data)
{
  g_signal_emit (data, activate_signal, 0, sht_card_row_get_position (row));
}

static ShtCardRow *
new_row (ShtCardList *self)
{
  GtkWidget *row = sht_card_row_new (self->session, SHT_CARD_LOOK (self->look));

  gtk_widget_set_child_visible (row, FALSE);
  gtk_widget_set_parent (row, GTK_WIDGET (self));
  g_signal_connect (row, "activated", G_CALLBACK (on_activated), self);
  g_ptr_array_add (self->rows, row);
  return SHT_CARD_ROW (row);
}

static void
bind (ShtCardList *self, ShtCardRow *row, guint position)
{
  g_autoptr (ShtTicketItem) item = g_list_model_get_item (self->model, position);
  ShtTicketCard *card = sht_card_row_get_card (row);

  sht_card_row_set_position (row, position);
  sht_ticket_card_set_item (card, item);
  sht_ticket_card_set_current (card, self->current);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_RELATION_POS_IN_SET, (int) position + 1,
                                  GTK_ACCESSIBLE_RELATION_SET_SIZE, (int) g_list_model_get_n_items (self->model), -1);
}

/* The one that lies furthest from what is seen, and outside of it; one that has the focus keeps its ticket. */
static ShtCardRow *
furthest (ShtCardList *self, guint from, guint to, guint *distance)
{
  ShtCardRow *found = NULL, *focus = focused (self);

  *distance = 0;
  for (guint i = 0; i < self->rows->len; i++)
    {
      ShtCardRow *row = g_ptr_array_index (self->rows, i);
      guint position = sht_card_row_get_position (row);
      guint far = position < from ? from - position : position >= to ? position - to + 1 : 0;

      if (far <= *distance || row == focus)
        continue;
      *distance = far;
      found = row;
    }
  return found;
}

/* Gives each position that is seen a row. */
static void
fill_seen (ShtCardList *self, int height)
{
  guint from, to, distance;

  seen (self, height, &from, &to);
  for (guint position = from; position < to; position++)
    {
      ShtCardRow *row = row_at (self, position);

      if (row == NULL)
        {
          row = furthest (self, from, to, &distance);
          bind (self, row != NULL ? row : new_row (self), position);
        }
    }
}

static int
by_position (gconstpointer a, gconstpointer b)
{
  guint one = sht_card_row_get_position (*(ShtCardRow *const *) a), other = sht_card_row_get_position (*(ShtCardRow *const *) b);

  return one < other ? -1 : one > other;
}

/* A screen reader goes from one to the next as they are children. */
static void
put_in_order (ShtCardList *self)
{
  GtkWidget *next = NULL;

  g_ptr_array_sort (self->rows, by_position);
  for (guint i = self->rows->len; i > 0; i--)
    {
      GtkWidget *row = g_ptr_array_index (self->rows, i - 1);

      if (gtk_widget_get_next_sibling (row) != next)
        gtk_widget_insert_before (row, GTK_WIDGET (self), next);
      next = row;
    }
}

/* The nearest position around what is seen that has no row, or @n for none. */
static guint
nearest_without (ShtCardList *self, guint from, guint to, guint n)
{
  g_autofree gboolean *has = NULL;
  guint low = from > AROUND ? from - AROUND : 0;
  guint high = MIN (n, to + AROUND);

  if (low >= high)
    return n;
  has = g_new0 (gboolean, high - low);
  for (guint i = 0; i < self->rows->len; i++)
    {
      guint position = sht_card_row_get_position (g_ptr_array_index (self->rows, i));

      if (is_within (position, low, high))
        has[position - low] = TRUE;
    }
  for (guint far = 0; to + far < high || from > low + far; far++)
    {
      if (to + far < high && !has[to + far - low])
        return to + far;
      if (from > low + far && !has[from - far - 1 - low])
        return from - far - 1;
    }
  return n;
}

/* To make a sibling or to move it has the window laid out, so that is not done while it is scrolled. */
static gboolean
fill_around (GtkWidget *widget, GdkFrameClock *clock, gpointer unused)
{
  ShtCardList *self = SHT_CARD_LIST (widget);
  guint n = g_list_model_get_n_items (self->model);
  double at = scrolled (self);
  guint from, to, distance;

  if (at != self->filled_at || !gtk_widget_get_mapped (widget) || self->row_height == 0)
    {
      self->filled_at = at;
      return G_SOURCE_CONTINUE;
    }
  seen (self, gtk_widget_get_height (widget), &from, &to);
  for (guint i = 0; i < ROWS_A_FRAME; i++)
    {
      guint position = nearest_without (self, from, to, n);
      ShtCardRow *row = furthest (self, from, to, &distance);

      if (position >= n)
        {
          put_in_order (self);
          self->filling = 0;
          return G_SOURCE_REMOVE;
        }
      bind (self, row != NULL && distance > AROUND ? row : new_row (self), position);
    }
  return G_SOURCE_CONTINUE;
}

static void
fill_around_soon (ShtCardList *self)
{
  self->filled_at = -1;
  if (self->filling == 0)
    self->filling = gtk_widget_add_tick_callback (GTK_WIDGET (self), fill_around, NULL, NULL);
}

/* --- following the model --- */

/* The row that had the focus and lost its ticket shows what stands in its place now. */
static void
keep_focus (ShtCardList *self, GPtrArray *gone)
{
  guint n = g_list_model_get_n_items (self->model), at, position;
  ShtCardRow *focus = focused (self), *there;

  if (focus == NULL || n == 0 || !g_ptr_array_find (gone, focus, &at))
    return;
  position = MIN (sht_card_row_get_position (focus), n - 1);
  there = row_at (self, position);
  if (there != NULL)
    g_ptr_array_remove (self->rows, there);
  g_ptr_array_add (self->rows, g_ptr_array_steal_index_fast (gone, at));
  bind (self, focus, position);
}

static void
set_range (ShtCardList *self, int height, double value)
{
  double whole = (double) g_list_model_get_n_items (self->model) * self->row_height;
  GtkAdjustment *adjustment = self->adjustments[GTK_ORIENTATION_VERTICAL];

  if (adjustment == NULL)
    return;
  self->placing = TRUE;
  gtk_adjustment_configure (adjustment, CLAMP (value, 0, MAX (0, whole - height)), 0, MAX (whole, height),
                            self->row_height / 2.0, MAX (self->row_height, height - self->row_height), height);
  self->placing = FALSE;
}

static void
on_items_changed (ShtCardList *self, guint position, guint removed, guint added)
{
  int height = gtk_widget_get_height (GTK_WIDGET (self));
  double value = scrolled (self);
  g_autoptr (GPtrArray) gone = NULL;
  ShtCardAnchor anchor = { 0 };
  guint top, bottom;

  if (self->row_height == 0)
    return;
  top = (guint) (value / self->row_height);
  bottom = top + (guint) (height / self->row_height) + 1;
  gone = sht_card_follow (self->rows, position, removed, added, top, &anchor);
  sht_card_follow_moved (self->rows, gone, self->model, position, added, top, bottom, &anchor);
  keep_focus (self, gone);
  if (anchor.known)
    value += ((double) anchor.now - anchor.before) * self->row_height;
  set_range (self, height, value);
  fill_seen (self, height);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  fill_around_soon (self);
}

/* --- laying out --- */

static void
place_rows (ShtCardList *self, int width, int height)
{
  double top = floor (scrolled (self));
  ShtCardRow *focus = focused (self);
  guint from, to;

  seen (self, height, &from, &to);
  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->rows, i);
      guint position = sht_card_row_get_position (SHT_CARD_ROW (row));
      int y = (int) CLAMP ((double) position * self->row_height - top, G_MININT / 2, G_MAXINT / 2);
      /* What is hidden loses the focus. */
      gboolean placed = is_within (position, from, to) || SHT_CARD_ROW (row) == focus;

      gtk_widget_set_child_visible (row, placed);
      if (placed)
        gtk_widget_size_allocate (row, &(GtkAllocation){ 0, y, width, self->row_height }, -1);
    }
}

/* All rows are as high as the pattern; what stood at the top stays there when that changes. */
static double
measure_row (ShtCardList *self, int width)
{
  double at = self->row_height > 0 ? scrolled (self) / self->row_height : 0;
  int before = self->row_height;

  gtk_widget_measure (self->pattern, GTK_ORIENTATION_VERTICAL, width, NULL, &self->row_height, NULL, NULL);
  return self->row_height == before ? scrolled (self) : at * self->row_height;
}

static void
sht_card_list_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  ShtCardList *self = SHT_CARD_LIST (widget);

  if (self->adjustments[GTK_ORIENTATION_HORIZONTAL] != NULL)
    gtk_adjustment_configure (self->adjustments[GTK_ORIENTATION_HORIZONTAL], 0, 0, width, width * 0.1, width * 0.9,
                              width);
  set_range (self, height, measure_row (self, width));
  fill_seen (self, height);
  if (height != self->height)
    fill_around_soon (self);
  self->height = height;
  place_rows (self, width, height);
}

static void
sht_card_list_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                       int *minimum_baseline, int *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = LEAST_WIDTH;
      *natural = NATURAL_WIDTH;
    }
  else
    gtk_widget_measure (SHT_CARD_LIST (widget)->pattern, orientation, -1, minimum, natural, NULL, NULL);
}

static GtkSizeRequestMode
sht_card_list_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
on_scrolled (ShtCardList *self)
{
  if (self->placing || self->row_height == 0)
    return;
  fill_seen (self, gtk_widget_get_height (GTK_WIDGET (self)));
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  fill_around_soon (self);
}

/* --- the keyboard --- */

static gboolean
focus_on (ShtCardList *self, guint position)
{
  double top = (double) position * self->row_height;
  ShtCardRow *row;

  if (self->adjustments[GTK_ORIENTATION_VERTICAL] != NULL)
    gtk_adjustment_clamp_page (self->adjustments[GTK_ORIENTATION_VERTICAL], top, top + self->row_height);
  fill_seen (self, gtk_widget_get_height (GTK_WIDGET (self)));
  row = row_at (self, position);
  if (row == NULL)
    return FALSE;
  /* It may not have been placed yet, and what is not there takes no focus. */
  gtk_widget_set_child_visible (GTK_WIDGET (row), TRUE);
  if (!gtk_widget_grab_focus (GTK_WIDGET (row)))
    return FALSE;
  self->last = position;
  return TRUE;
}

static gboolean
sht_card_list_grab_focus (GtkWidget *widget)
{
  ShtCardList *self = SHT_CARD_LIST (widget);
  guint from, to;

  if (g_list_model_get_n_items (self->model) == 0 || self->row_height == 0)
    return FALSE;
  seen (self, gtk_widget_get_height (widget), &from, &to);
  return focus_on (self, is_within (self->last, from, to) ? self->last : from);
}

static gboolean
sht_card_list_focus (GtkWidget *widget, GtkDirectionType direction)
{
  ShtCardList *self = SHT_CARD_LIST (widget);
  ShtCardRow *row = focused (self);
  guint position;

  if (row == NULL)
    return sht_card_list_grab_focus (widget);
  position = sht_card_row_get_position (row);
  if (direction == GTK_DIR_UP)
    return position > 0 && focus_on (self, position - 1);
  if (direction == GTK_DIR_DOWN)
    return position + 1 < g_list_model_get_n_items (self->model) && focus_on (self, position + 1);
  return FALSE;
}

static gboolean
on_far_key (GtkWidget *widget, GVariant *parameter, gpointer unused)
{
  ShtCardList *self = SHT_CARD_LIST (widget);
  ShtCardRow *row = focused (self);
  gint64 page = self->row_height > 0 ? MAX (1, gtk_widget_get_height (widget) / self->row_height - 1) : 1;
  gint64 last = (gint64) g_list_model_get_n_items (self->model) - 1;
  gint64 to;

  if (row == NULL || last < 0)
    return FALSE;
  switch (g_variant_get_int32 (parameter))
    {
    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
      to = 0;
      break;
    case GDK_KEY_End:
    case GDK_KEY_KP_End:
      to = last;
      break;
    case GDK_KEY_Page_Up:
    case GDK_KEY_KP_Page_Up:
      to = (gint64) sht_card_row_get_position (row) - page;
      break;
    default:
      to = (gint64) sht_card_row_get_position (row) + page;
      break;
    }
  return focus_on (self, (guint) CLAMP (to, 0, last));
}

/* --- making --- */

static void
set_adjustment (ShtCardList *self, GtkOrientation orientation, GtkAdjustment *adjustment)
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
sht_card_list_set_property (GObject *object, guint property, const GValue *value, GParamSpec *pspec)
{
  ShtCardList *self = SHT_CARD_LIST (object);

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
sht_card_list_get_property (GObject *object, guint property, GValue *value, GParamSpec *pspec)
{
  ShtCardList *self = SHT_CARD_LIST (object);

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
sht_card_list_dispose (GObject *object)
{
  ShtCardList *self = SHT_CARD_LIST (object);

  g_ptr_array_set_size (self->rows, 0);
  g_clear_pointer (&self->pattern, gtk_widget_unparent);
  set_adjustment (self, GTK_ORIENTATION_HORIZONTAL, NULL);
  set_adjustment (self, GTK_ORIENTATION_VERTICAL, NULL);
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_func (self->model, on_items_changed, self);
  g_clear_object (&self->model);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sht_card_list_parent_class)->dispose (object);
}

static void
sht_card_list_finalize (GObject *object)
{
  ShtCardList *self = SHT_CARD_LIST (object);

  g_ptr_array_unref (self->rows);
  g_free (self->current);
  G_OBJECT_CLASS (sht_card_list_parent_class)->finalize (object);
}

static void
sht_card_list_class_init (ShtCardListClass *class)
{
  static const guint far_keys[] = { GDK_KEY_Home,    GDK_KEY_End,    GDK_KEY_Page_Up,    GDK_KEY_Page_Down,
                                    GDK_KEY_KP_Home, GDK_KEY_KP_End, GDK_KEY_KP_Page_Up, GDK_KEY_KP_Page_Down };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->dispose = sht_card_list_dispose;
  object_class->finalize = sht_card_list_finalize;
  object_class->set_property = sht_card_list_set_property;
  object_class->get_property = sht_card_list_get_property;
  widget_class->measure = sht_card_list_measure;
  widget_class->size_allocate = sht_card_list_size_allocate;
  widget_class->get_request_mode = sht_card_list_get_request_mode;
  widget_class->focus = sht_card_list_focus;
  widget_class->grab_focus = sht_card_list_grab_focus;
  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");
  for (guint i = 0; i < G_N_ELEMENTS (far_keys); i++)
    gtk_widget_class_add_binding (widget_class, far_keys[i], 0, on_far_key, "i", (int) far_keys[i]);
  gtk_widget_class_set_css_name (widget_class, "listview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LIST);
  activate_signal = g_signal_new ("activate", SHT_TYPE_CARD_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_UINT);
}

static void
sht_card_list_init (ShtCardList *self)
{
  self->rows = g_ptr_array_new_with_free_func (sht_card_row_drop);
  self->look = sht_card_look_new ();
  self->pattern = g_object_new (GTK_TYPE_BOX, "css-name", "row", "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  gtk_box_append (GTK_BOX (self->pattern), self->look);
  gtk_widget_set_child_visible (self->pattern, FALSE);
  gtk_widget_set_parent (self->pattern, GTK_WIDGET (self));
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_add_css_class (GTK_WIDGET (self), "view");
}

/**
 * sht_card_list_new:
 * @model: (transfer none): of #ShtTicketItem
 */
GtkWidget *
sht_card_list_new (ShtSession *session, GListModel *model)
{
  ShtCardList *self = g_object_new (SHT_TYPE_CARD_LIST, NULL);

  self->session = g_object_ref (session);
  self->model = g_object_ref (model);
  g_signal_connect_swapped (model, "items-changed", G_CALLBACK (on_items_changed), self);
  return GTK_WIDGET (self);
}

void
sht_card_list_to_top (ShtCardList *self)
{
  if (self->adjustments[GTK_ORIENTATION_VERTICAL] != NULL)
    gtk_adjustment_set_value (self->adjustments[GTK_ORIENTATION_VERTICAL], 0);
}

/**
 * sht_card_list_set_current:
 * @ticket: (nullable): the ticket that is open beside the list
 */
void
sht_card_list_set_current (ShtCardList *self, const char *ticket)
{
  g_free (self->current);
  self->current = g_strdup (ticket);
  for (guint i = 0; i < self->rows->len; i++)
    sht_ticket_card_set_current (sht_card_row_get_card (g_ptr_array_index (self->rows, i)), ticket);
}

/**
 * sht_card_list_tick:
 *
 * Tells the times left anew.
 */
void
sht_card_list_tick (ShtCardList *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    sht_ticket_card_tick (sht_card_row_get_card (g_ptr_array_index (self->rows, i)));
}

/**
 * sht_card_list_get_n_cards:
 *
 * Returns: how many tickets have a card, on the screen or near it
 */
guint
sht_card_list_get_n_cards (ShtCardList *self)
{
  return self->rows->len;
}
