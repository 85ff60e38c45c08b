/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/shell/suspend.h"

#include <gio/gunixfdlist.h>
#include <unistd.h>

#define LOGIND "org.freedesktop.login1"
#define LOGIND_PATH "/org/freedesktop/login1"
#define LOGIND_MANAGER "org.freedesktop.login1.Manager"
/* A few frames: the tablet wakes with the picture that it fell asleep with. logind itself waits five seconds. */
#define PAINTED_MS 250

struct _ShtSuspend
{
  ShtSuspendFunc func;
  gpointer data;
  GCancellable *gone;   /* (owned) */
  GDBusConnection *bus; /* (owned) (nullable): once it answers */
  guint signal;
  guint painting;
  int inhibitor; /* -1 when none is held */
};

static void
let_go (ShtSuspend *self)
{
  if (self->inhibitor >= 0)
    close (self->inhibitor);
  self->inhibitor = -1;
}

static void
on_inhibited (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer
    = g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (source), &fds, result, &error);
  ShtSuspend *self = data;
  gint32 index;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (answer == NULL || fds == NULL)
    {
      g_debug ("logind: %s", error != NULL ? error->message : "no descriptor");
      return;
    }
  g_variant_get (answer, "(h)", &index);
  let_go (self);
  self->inhibitor = g_unix_fd_list_get (fds, index, NULL);
}

static void
hold_up (ShtSuspend *self)
{
  g_dbus_connection_call_with_unix_fd_list (
    self->bus, LOGIND, LOGIND_PATH, LOGIND_MANAGER, "Inhibit",
    g_variant_new ("(ssss)", "sleep", "Shetach", "The window is locked before the tablet sleeps", "delay"),
    G_VARIANT_TYPE ("(h)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, self->gone, on_inhibited, self);
}

static gboolean
on_painted (gpointer data)
{
  ShtSuspend *self = data;

  self->painting = 0;
  let_go (self);
  return G_SOURCE_REMOVE;
}

static void
on_prepare (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *name,
            GVariant *parameters, gpointer data)
{
  ShtSuspend *self = data;
  gboolean begins;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    return;
  g_variant_get (parameters, "(b)", &begins);
  g_clear_handle_id (&self->painting, g_source_remove);
  if (begins)
    {
      self->func (self->data);
      self->painting = g_timeout_add (PAINTED_MS, on_painted, self);
    }
  else
    hold_up (self);
}

static void
on_bus (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *bus = g_bus_get_finish (result, &error);
  ShtSuspend *self = data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (bus == NULL)
    {
      g_debug ("logind: %s", error->message);
      return;
    }
  self->bus = bus;
  g_dbus_connection_set_exit_on_close (bus, FALSE);
  self->signal = g_dbus_connection_signal_subscribe (bus, LOGIND, LOGIND_MANAGER, "PrepareForSleep", LOGIND_PATH, NULL,
                                                     G_DBUS_SIGNAL_FLAGS_NONE, on_prepare, self, NULL);
  hold_up (self);
}

/**
 * sht_suspend_new:
 * @func: called before the tablet sleeps
 *
 * Where there is no logind nothing is ever called.
 *
 * Returns: (transfer full): who listens, from now on
 */
ShtSuspend *
sht_suspend_new (ShtSuspendFunc func, gpointer data)
{
  ShtSuspend *self = g_new0 (ShtSuspend, 1);

  self->func = func;
  self->data = data;
  self->inhibitor = -1;
  self->gone = g_cancellable_new ();
  g_bus_get (G_BUS_TYPE_SYSTEM, self->gone, on_bus, self);
  return self;
}

void
sht_suspend_free (ShtSuspend *self)
{
  g_cancellable_cancel (self->gone);
  g_object_unref (self->gone);
  g_clear_handle_id (&self->painting, g_source_remove);
  if (self->bus != NULL)
    g_dbus_connection_signal_unsubscribe (self->bus, self->signal);
  g_clear_object (&self->bus);
  let_go (self);
  g_free (self);
}
