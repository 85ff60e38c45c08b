/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/photo-canvas.h"

#define MAX_ZOOM 8.0
/* What a double tap enlarges to. */
#define TAP_ZOOM 3.0
#define WHEEL_STEP 1.25
/* A shorter way of a finger, in pixels, is no stroke. */
#define SWIPE 60.0

struct _ShtPhotoCanvas
{
  GtkWidget parent_instance;

  GdkTexture *texture; /* (owned) (nullable) */
  double zoom;         /* 1: as large as there is room */
  double x, y;         /* how far its middle is from the widget's, in pixels */
  double start_zoom;   /* when two fingers came down */
  double start_x, start_y;
  GtkGesture *drag; /* the widget's */
};

G_DEFINE_FINAL_TYPE (ShtPhotoCanvas, sht_photo_canvas, GTK_TYPE_WIDGET)

enum
{
  ZOOMED,
  SWIPED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/**
 * sht_photo_fit:
 * @rect: (out): where a texture stands in the middle of a room of @width by @height pixels, all of it seen
 */
void
sht_photo_fit (GdkTexture *texture, int width, int height, graphene_rect_t *rect)
{
  double w = gdk_texture_get_width (texture), h = gdk_texture_get_height (texture);
  double scale = MIN (width / w, height / h);

  graphene_rect_init (rect, (float) ((width - w * scale) / 2), (float) ((height - h * scale) / 2), (float) (w * scale),
                      (float) (h * scale));
}

/* The picture's edge does not come further in than to the widget's. */
static void
move_to (ShtPhotoCanvas *self, double x, double y)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));
  graphene_rect_t fit;
  double most_x, most_y;

  if (self->texture == NULL)
    return;
  sht_photo_fit (self->texture, width, height, &fit);
  most_x = MAX (0, ((double) fit.size.width * self->zoom - width) / 2);
  most_y = MAX (0, ((double) fit.size.height * self->zoom - height) / 2);
  self->x = CLAMP (x, -most_x, most_x);
  self->y = CLAMP (y, -most_y, most_y);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* What is seen at a point of the widget stays there. */
static void
zoom_at (ShtPhotoCanvas *self, double zoom, double at_x, double at_y)
{
  double from_x = at_x - gtk_widget_get_width (GTK_WIDGET (self)) / 2.0;
  double from_y = at_y - gtk_widget_get_height (GTK_WIDGET (self)) / 2.0;
  double before = self->zoom;

  zoom = CLAMP (zoom, 1.0, MAX_ZOOM);
  self->zoom = zoom;
  move_to (self, from_x - (from_x - self->x) * zoom / before, from_y - (from_y - self->y) * zoom / before);
  if (zoom > before || zoom < before)
    g_signal_emit (self, signals[ZOOMED], 0);
}

static void
on_pinch_begin (GtkGesture *pinch, GdkEventSequence *sequence, ShtPhotoCanvas *self)
{
  self->start_zoom = self->zoom;
  gtk_gesture_set_state (self->drag, GTK_EVENT_SEQUENCE_DENIED);
  gtk_gesture_set_state (pinch, GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
on_pinch (GtkGestureZoom *pinch, double scale, ShtPhotoCanvas *self)
{
  double x, y;

  if (gtk_gesture_get_bounding_box_center (GTK_GESTURE (pinch), &x, &y))
    zoom_at (self, self->start_zoom * scale, x, y);
}

static void
on_tap (GtkGestureClick *click, int n_press, double x, double y, ShtPhotoCanvas *self)
{
  if (n_press == 2)
    zoom_at (self, self->zoom > 1 ? 1 : TAP_ZOOM, x, y);
}

static gboolean
on_wheel (GtkEventControllerScroll *wheel, double dx, double dy, ShtPhotoCanvas *self)
{
  GtkEventController *controller = GTK_EVENT_CONTROLLER (wheel);
  double x = 0, y = 0;

  if ((gtk_event_controller_get_current_event_state (controller) & GDK_CONTROL_MASK) == 0)
    return FALSE;
  gdk_event_get_position (gtk_event_controller_get_current_event (controller), &x, &y);
  gtk_widget_translate_coordinates (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self))), GTK_WIDGET (self), x, y, &x,
                                    &y);
  zoom_at (self, dy < 0 ? self->zoom * WHEEL_STEP : self->zoom / WHEEL_STEP, x, y);
  return TRUE;
}

static void
on_drag_begin (GtkGestureDrag *drag, double x, double y, ShtPhotoCanvas *self)
{
  self->start_x = self->x;
  self->start_y = self->y;
}

static void
on_drag (GtkGestureDrag *drag, double dx, double dy, ShtPhotoCanvas *self)
{
  if (self->zoom > 1)
    move_to (self, self->start_x + dx, self->start_y + dy);
}

static void
on_drag_end (GtkGestureDrag *drag, double dx, double dy, ShtPhotoCanvas *self)
{
  if (self->zoom > 1 || ABS (dx) < SWIPE || ABS (dx) < 2 * ABS (dy))
    return;
  g_signal_emit (self, signals[SWIPED], 0, dx > 0 ? 1 : -1);
}

static void
sht_photo_canvas_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ShtPhotoCanvas *self = SHT_PHOTO_CANVAS (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  graphene_rect_t fit;
  float zoom = (float) self->zoom;

  if (self->texture == NULL)
    return;
  sht_photo_fit (self->texture, width, height, &fit);
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  gtk_snapshot_append_texture (snapshot, self->texture,
                               &GRAPHENE_RECT_INIT ((float) (width / 2.0 + self->x) - fit.size.width * zoom / 2,
                                                    (float) (height / 2.0 + self->y) - fit.size.height * zoom / 2,
                                                    fit.size.width * zoom, fit.size.height * zoom));
  gtk_snapshot_pop (snapshot);
}

static void
sht_photo_canvas_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  ShtPhotoCanvas *self = SHT_PHOTO_CANVAS (widget);

  move_to (self, self->x, self->y);
}

static void
sht_photo_canvas_dispose (GObject *object)
{
  g_clear_object (&SHT_PHOTO_CANVAS (object)->texture);
  G_OBJECT_CLASS (sht_photo_canvas_parent_class)->dispose (object);
}

static void
sht_photo_canvas_class_init (ShtPhotoCanvasClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sht_photo_canvas_dispose;
  widget_class->snapshot = sht_photo_canvas_snapshot;
  widget_class->size_allocate = sht_photo_canvas_size_allocate;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  signals[ZOOMED] = g_signal_new ("zoomed", SHT_TYPE_PHOTO_CANVAS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                  0);
  signals[SWIPED] = g_signal_new ("swiped", SHT_TYPE_PHOTO_CANVAS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                  1, G_TYPE_INT);
}

static void
sht_photo_canvas_init (ShtPhotoCanvas *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkGesture *pinch = gtk_gesture_zoom_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *wheel = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);

  self->zoom = 1;
  self->drag = gtk_gesture_drag_new ();
  g_signal_connect (pinch, "begin", G_CALLBACK (on_pinch_begin), self);
  g_signal_connect (pinch, "scale-changed", G_CALLBACK (on_pinch), self);
  g_signal_connect (click, "pressed", G_CALLBACK (on_tap), self);
  g_signal_connect (wheel, "scroll", G_CALLBACK (on_wheel), self);
  g_signal_connect (self->drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (self->drag, "drag-update", G_CALLBACK (on_drag), self);
  g_signal_connect (self->drag, "drag-end", G_CALLBACK (on_drag_end), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (pinch));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (self->drag));
  gtk_widget_add_controller (widget, wheel);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
sht_photo_canvas_new (void)
{
  return g_object_new (SHT_TYPE_PHOTO_CANVAS, NULL);
}

/**
 * sht_photo_canvas_set_texture:
 * @texture: (nullable): another picture, which is seen whole
 */
void
sht_photo_canvas_set_texture (ShtPhotoCanvas *self, GdkTexture *texture)
{
  if (!g_set_object (&self->texture, texture))
    return;
  zoom_at (self, 1, 0, 0);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * sht_photo_canvas_get_texture:
 *
 * Returns: (transfer none) (nullable): the picture that is shown
 */
GdkTexture *
sht_photo_canvas_get_texture (ShtPhotoCanvas *self)
{
  return self->texture;
}

/**
 * sht_photo_canvas_get_zoom:
 *
 * Returns: 1 when the whole picture is seen, up to 8
 */
double
sht_photo_canvas_get_zoom (ShtPhotoCanvas *self)
{
  return self->zoom;
}

/**
 * sht_photo_canvas_zoom_by:
 * @factor: above 1 to enlarge it about its middle
 */
void
sht_photo_canvas_zoom_by (ShtPhotoCanvas *self, double factor)
{
  zoom_at (self, self->zoom * factor, gtk_widget_get_width (GTK_WIDGET (self)) / 2.0,
           gtk_widget_get_height (GTK_WIDGET (self)) / 2.0);
}

/**
 * sht_photo_canvas_pan:
 * @across: pixels by which the picture goes to the right
 * @down: pixels by which it goes down
 *
 * Returns: %FALSE when the whole picture is seen, and there is nothing to move
 */
gboolean
sht_photo_canvas_pan (ShtPhotoCanvas *self, double across, double down)
{
  if (self->zoom <= 1)
    return FALSE;
  move_to (self, self->x + across, self->y + down);
  return TRUE;
}
