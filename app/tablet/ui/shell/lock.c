/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/shell/lock.h"

#include "tablet/ui/shell/suspend.h"
#include "tablet/ui/shell/window.h"

#include <math.h>
#include <stdlib.h>

#define WATCHED "sht-lock-watched"
/* Shorter than anybody types, longer than a shift. */
#define LEAST_S 1
#define MOST_S (24 * 3600)
/* GTK tells again where a pointer lies whenever what is below it changes: that is nobody's hand. */
#define MOVED_PX 3.0

const guint sht_lock_times[SHT_N_LOCK_TIMES] = { 300, 60, 120, 600, 1800 };

/* What would open another window in front of the locked one. */
static const char *const opening_actions[] = { "preferences", "help", "diagnose", "about", "who-is-here", "open-tablet" };

struct _ShtLock
{
  GObject parent_instance;

  GtkApplication *application; /* (unowned): which owns this */
  ShtSession *session;         /* (owned) */
  ShtSettings *settings;       /* (owned) */
  ShtPin *pin;                 /* (owned) */
  ShtSuspend *suspend;         /* (owned) */
  GPtrArray *hidden;           /* (owned): weak references to windows that were open when it was locked */
  gboolean locked;
  gint64 touched_ms; /* CLOCK_BOOTTIME when somebody did something last */
  double x;
  double y;
  guint timer;
  guint hiding;
  GSimpleActionGroup *actions; /* (owned): lock.touched, of who is at work without touching anything */
};

G_DEFINE_FINAL_TYPE (ShtLock, sht_lock, G_TYPE_OBJECT)

static guint changed_signal;

/* Goes on while the tablet sleeps. */
static gint64
now_ms (void)
{
  const ShtStoreWorld *world = sht_store_world ();

  return world->boot_ms (world->data);
}

ShtPin *
sht_lock_get_pin (ShtLock *self)
{
  return self->pin;
}

ShtSession *
sht_lock_get_session (ShtLock *self)
{
  return self->session;
}

gboolean
sht_lock_is_locked (ShtLock *self)
{
  return self->locked;
}

static void
set_enabled (ShtLock *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->application), name);

  if (action != NULL)
    g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

static void
tell (ShtLock *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (opening_actions); i++)
    set_enabled (self, opening_actions[i], !self->locked);
  set_enabled (self, "lock", !self->locked);
  g_signal_emit (self, changed_signal, 0);
}

/* --- windows before the locked one --- */

static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

/* A window that asks something, or a half-written answer in it, is out of sight and stays as it is. */
static void
hide_others (ShtLock *self)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);
      GWeakRef *weak;

      if (SHT_IS_WINDOW (window) || !gtk_widget_get_visible (window))
        continue;
      weak = g_new (GWeakRef, 1);
      g_weak_ref_init (weak, window);
      g_ptr_array_add (self->hidden, weak);
      gtk_widget_set_visible (window, FALSE);
    }
}

static void
show_others (ShtLock *self)
{
  for (guint i = 0; i < self->hidden->len; i++)
    {
      g_autoptr (GtkWidget) window = g_weak_ref_get (g_ptr_array_index (self->hidden, i));

      if (window != NULL)
        gtk_window_present (GTK_WINDOW (window));
    }
  g_ptr_array_set_size (self->hidden, 0);
}

static gboolean
on_hide (gpointer data)
{
  ShtLock *self = data;

  self->hiding = 0;
  if (self->locked)
    hide_others (self);
  return G_SOURCE_REMOVE;
}

/* --- somebody is there --- */

static gboolean on_timer (gpointer data);

static void
arm (ShtLock *self)
{
  gint64 left;

  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->locked || !sht_pin_is_set (self->pin))
    return;
  left = self->touched_ms + (gint64) sht_lock_get_time (self) * 1000 - now_ms ();
  self->timer = g_timeout_add ((guint) CLAMP (left, 1, MOST_S * 1000), on_timer, self);
}

/* Events come by the hundred: each only says when it was, and one timer looks. */
static gboolean
on_timer (gpointer data)
{
  ShtLock *self = data;

  self->timer = 0;
  if (now_ms () - self->touched_ms >= (gint64) sht_lock_get_time (self) * 1000)
    sht_lock_lock (self);
  else
    arm (self);
  return G_SOURCE_REMOVE;
}

static gboolean
is_a_hand (ShtLock *self, GdkEvent *event)
{
  double x, y;

  switch (gdk_event_get_event_type (event))
    {
    case GDK_MOTION_NOTIFY:
      if (!gdk_event_get_position (event, &x, &y) || (fabs (x - self->x) < MOVED_PX && fabs (y - self->y) < MOVED_PX))
        return FALSE;
      self->x = x;
      self->y = y;
      return TRUE;
    case GDK_BUTTON_PRESS:
    case GDK_BUTTON_RELEASE:
    case GDK_KEY_PRESS:
    case GDK_KEY_RELEASE:
    case GDK_SCROLL:
    case GDK_TOUCH_BEGIN:
    case GDK_TOUCH_UPDATE:
    case GDK_TOUCH_END:
    case GDK_TOUCHPAD_SWIPE:
    case GDK_TOUCHPAD_PINCH:
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
on_event (GtkEventControllerLegacy *controller, GdkEvent *event, gpointer data)
{
  ShtLock *self = data;

  if (is_a_hand (self, event))
    self->touched_ms = now_ms ();
  return GDK_EVENT_PROPAGATE;
}

static void
touch (ShtLock *self)
{
  self->touched_ms = now_ms ();
}

/* A keyboard on the screen is no part of the window: what is typed there comes as text, without a key or a touch. */
static void
on_focus (ShtLock *self, GParamSpec *pspec, GtkWindow *window)
{
  GtkWidget *focus = gtk_window_get_focus (window);
  gpointer typed = GTK_IS_TEXT_VIEW (focus)  ? gtk_text_view_get_buffer (GTK_TEXT_VIEW (focus))
                   : GTK_IS_EDITABLE (focus) ? (gpointer) focus
                                             : NULL;

  if (typed == NULL)
    return;
  g_signal_handlers_disconnect_by_func (typed, touch, self);
  g_signal_connect_object (typed, "changed", G_CALLBACK (touch), self, G_CONNECT_SWAPPED);
}

static void
watch (ShtLock *self, GtkWidget *window)
{
  GtkEventController *events;

  if (g_object_get_data (G_OBJECT (window), WATCHED) != NULL)
    return;
  g_object_set_data (G_OBJECT (window), WATCHED, self);
  events = gtk_event_controller_legacy_new ();
  gtk_event_controller_set_propagation_phase (events, GTK_PHASE_CAPTURE);
  g_signal_connect_object (events, "event", G_CALLBACK (on_event), self, 0);
  gtk_widget_add_controller (window, events);
  g_signal_connect_object (window, "notify::focus-widget", G_CALLBACK (on_focus), self, G_CONNECT_SWAPPED);
  gtk_widget_insert_action_group (window, "lock", G_ACTION_GROUP (self->actions));
}

static void
on_toplevels (ShtLock *self)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      watch (self, window);
    }
  /* One that something began to open before is not shown yet. */
  if (self->locked && self->hiding == 0)
    self->hiding = g_idle_add (on_hide, self);
}

/* --- --- */

/* A tablet that is not connected shows nothing but how to connect it, and its supervisor's code would have no login to
 * follow from. */
static gboolean
guards (ShtLock *self)
{
  return sht_pin_is_set (self->pin) && sht_session_is_enrolled (self->session);
}

static void
on_status (ShtLock *self)
{
  if (self->locked && !guards (self))
    sht_lock_open (self);
}

/**
 * sht_lock_lock:
 *
 * Locks the windows, if there is a PIN to open them with and something to hide.
 */
void
sht_lock_lock (ShtLock *self)
{
  if (self->locked || !guards (self))
    return;
  self->locked = TRUE;
  g_clear_handle_id (&self->timer, g_source_remove);
  hide_others (self);
  tell (self);
}

/**
 * sht_lock_open:
 *
 * Opens them again: whoever asks has seen the right PIN.
 */
void
sht_lock_open (ShtLock *self)
{
  if (!self->locked)
    return;
  self->locked = FALSE;
  self->touched_ms = now_ms ();
  tell (self);
  show_others (self);
  arm (self);
}

/**
 * sht_lock_tell_pin:
 *
 * To be called when a PIN was set or removed.
 */
void
sht_lock_tell_pin (ShtLock *self)
{
  self->touched_ms = now_ms ();
  arm (self);
  tell (self);
}

/**
 * sht_lock_get_time:
 *
 * Returns: after how many seconds without a touch they lock
 */
guint
sht_lock_get_time (ShtLock *self)
{
  g_autofree char *text = sht_settings_get (self->settings, SHT_SETTING_LOCK_AFTER);
  int seconds = text != NULL ? atoi (text) : 0;

  return seconds >= LEAST_S && seconds <= MOST_S ? (guint) seconds : sht_lock_times[0];
}

void
sht_lock_set_time (ShtLock *self, guint seconds)
{
  g_autofree char *text = g_strdup_printf ("%u", seconds);

  sht_settings_set (self->settings, SHT_SETTING_LOCK_AFTER, text);
  arm (self);
}

static void
sht_lock_dispose (GObject *object)
{
  ShtLock *self = SHT_LOCK (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_handle_id (&self->hiding, g_source_remove);
  g_clear_pointer (&self->suspend, sht_suspend_free);
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (sht_lock_parent_class)->dispose (object);
}

static void
sht_lock_finalize (GObject *object)
{
  g_ptr_array_unref (SHT_LOCK (object)->hidden);
  g_object_unref (SHT_LOCK (object)->actions);
  sht_pin_free (SHT_LOCK (object)->pin);
  G_OBJECT_CLASS (sht_lock_parent_class)->finalize (object);
}

static void
sht_lock_class_init (ShtLockClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_lock_dispose;
  G_OBJECT_CLASS (class)->finalize = sht_lock_finalize;
  changed_signal = g_signal_new ("changed", SHT_TYPE_LOCK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
sht_lock_init (ShtLock *self)
{
  GSimpleAction *touched = g_simple_action_new ("touched", NULL);

  self->hidden = g_ptr_array_new_with_free_func (weak_ref_free);
  self->actions = g_simple_action_group_new ();
  g_signal_connect_object (touched, "activate", G_CALLBACK (touch), self, G_CONNECT_SWAPPED);
  g_action_map_add_action (G_ACTION_MAP (self->actions), G_ACTION (touched));
  g_object_unref (touched);
  self->touched_ms = now_ms ();
}

/**
 * sht_lock_new:
 * @folder: the store's
 * @application: started, and outlives it
 *
 * Returns: (transfer full): locked when there is a PIN
 */
ShtLock *
sht_lock_new (const char *folder, GtkApplication *application, ShtSession *session, ShtSettings *settings)
{
  ShtLock *self = g_object_new (SHT_TYPE_LOCK, NULL);

  self->application = application;
  self->session = g_object_ref (session);
  self->settings = g_object_ref (settings);
  self->pin = sht_pin_new (folder, sht_store_world ());
  self->locked = guards (self);
  g_signal_connect_object (session, "status", G_CALLBACK (on_status), self, G_CONNECT_SWAPPED);
  self->suspend = sht_suspend_new ((ShtSuspendFunc) sht_lock_lock, self);
  g_signal_connect_object (gtk_window_get_toplevels (), "items-changed", G_CALLBACK (on_toplevels), self, G_CONNECT_SWAPPED);
  on_toplevels (self);
  tell (self);
  return self;
}
