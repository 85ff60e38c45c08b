/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/position/locator.h"

#include <math.h>

#define GEOCLUE "org.freedesktop.GeoClue2"
#define MANAGER_PATH "/org/freedesktop/GeoClue2/Manager"
#define MANAGER GEOCLUE ".Manager"
#define CLIENT GEOCLUE ".Client"
#define LOCATION GEOCLUE ".Location"
#define PROPERTIES "org.freedesktop.DBus.Properties"
#define DESKTOP_ID "org.shetach.Shetach"
/* GeoClue's word for the best there is. */
#define EXACT 8u
#define ANSWER_MS 25000
/* A service that is not there may be installed or come back; one that denies may be told otherwise by the tablet's owner. */
#define MISSING_RETRY_S 30
#define DENIED_RETRY_S 120

struct _ShtLocator
{
  GObject parent_instance;

  ShtLocatorState state;
  gboolean has_position;
  ShtPosition position;

  GDBusConnection *bus;      /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable): of all that is asked since the last start */
  char *client;              /* (owned) (nullable): its object's path */
  guint watch;
  guint heard;
  guint noticed;
  guint retry;
};

G_DEFINE_FINAL_TYPE (ShtLocator, sht_locator, G_TYPE_OBJECT)

static guint changed_signal;

static void ask (ShtLocator *self);

static void
set_state (ShtLocator *self, ShtLocatorState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_signal_emit (self, changed_signal, 0);
}

/* Nothing that was asked before is heard after. */
static void
let_go (ShtLocator *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->retry, g_source_remove);
  if (self->heard != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->heard);
  if (self->noticed != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->noticed);
  self->heard = self->noticed = 0;
  g_clear_pointer (&self->client, g_free);
}

static gboolean
on_retry (gpointer data)
{
  ShtLocator *self = data;

  self->retry = 0;
  ask (self);
  return G_SOURCE_REMOVE;
}

static void
fail (ShtLocator *self, const GError *error)
{
  gboolean denied = g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_debug ("position: %s", error->message);
  let_go (self);
  self->retry = g_timeout_add_seconds (denied ? DENIED_RETRY_S : MISSING_RETRY_S, on_retry, self);
  set_state (self, denied ? SHT_LOCATOR_DENIED : SHT_LOCATOR_MISSING);
}

/* --- a position --- */

static gboolean
read_double (GVariant *location, const char *name, double least, double most, double *value)
{
  return g_variant_lookup (location, name, "d", value) && isfinite (*value) && *value >= least && *value <= most;
}

/* A time that cannot be is that of now. */
static gint64
read_time (GVariant *location)
{
  gint64 now = g_get_real_time () / 1000;
  guint64 seconds = 0, microseconds = 0;

  if (!g_variant_lookup (location, "Timestamp", "(tt)", &seconds, &microseconds) || seconds == 0
      || seconds > (guint64) now / 1000)
    return now;
  return MIN (now, (gint64) seconds * 1000 + (gint64) MIN (microseconds, 999999) / 1000);
}

static gboolean
read_location (GVariant *location, ShtPosition *position)
{
  double latitude, longitude, accuracy, heading, speed;

  if (!read_double (location, "Latitude", -90, 90, &latitude) || !read_double (location, "Longitude", -180, 180, &longitude)
      || !read_double (location, "Accuracy", 0, G_MAXINT32, &accuracy))
    return FALSE;
  *position = (ShtPosition){
    .at = read_time (location),
    .lat_e7 = llround (latitude * 1e7),
    .lon_e7 = llround (longitude * 1e7),
    .accuracy_m = MIN (llround (ceil (accuracy)), SHT_POSITION_MAX_ACCURACY_M),
    .heading = -1,
    .speed_cm_s = -1,
  };
  if (read_double (location, "Heading", 0, 360, &heading))
    position->heading = llround (heading) % 360;
  if (read_double (location, "Speed", 0, (double) SHT_POSITION_MAX_SPEED_CM_S / 100, &speed))
    position->speed_cm_s = llround (speed * 100);
  return TRUE;
}

static void
on_location (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariant) location = NULL;
  ShtLocator *self = data;
  ShtPosition position;

  /* One that has gone already is followed by another. */
  if (reply == NULL)
    return;
  g_variant_get (reply, "(@a{sv})", &location);
  if (!read_location (location, &position))
    {
      g_debug ("position: GeoClue told of none");
      return;
    }
  self->position = position;
  self->has_position = TRUE;
  self->state = SHT_LOCATOR_FOUND;
  g_signal_emit (self, changed_signal, 0);
}

static void
on_updated (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *signal,
            GVariant *parameters, gpointer data)
{
  ShtLocator *self = data;
  const char *location;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(oo)")))
    return;
  g_variant_get_child (parameters, 1, "&o", &location);
  if (g_str_equal (location, "/"))
    return;
  g_dbus_connection_call (bus, GEOCLUE, location, PROPERTIES, "GetAll", g_variant_new ("(s)", LOCATION),
                          G_VARIANT_TYPE ("(a{sv})"), G_DBUS_CALL_FLAGS_NONE, ANSWER_MS, self->cancellable, on_location, self);
}

/* The tablet's owner may take the leave back, and give it again, at any time. */
static void
on_noticed (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *signal,
            GVariant *parameters, gpointer data)
{
  ShtLocator *self = data;
  g_autoptr (GVariant) changed = NULL;
  gboolean active;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(sa{sv}as)")))
    return;
  g_variant_get_child (parameters, 1, "@a{sv}", &changed);
  if (!g_variant_lookup (changed, "Active", "b", &active))
    return;
  if (!active)
    set_state (self, SHT_LOCATOR_DENIED);
  else if (self->state == SHT_LOCATOR_DENIED)
    set_state (self, SHT_LOCATOR_SEEKING);
}

/* --- asking for it --- */

static void
on_started (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply == NULL)
    fail (data, error);
}

static void
on_set (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply == NULL)
    fail (data, error);
}

static void
set_property (ShtLocator *self, const char *name, GVariant *value)
{
  g_dbus_connection_call (self->bus, GEOCLUE, self->client, PROPERTIES, "Set",
                          g_variant_new ("(ssv)", CLIENT, name, value), NULL, G_DBUS_CALL_FLAGS_NONE, ANSWER_MS,
                          self->cancellable, on_set, self);
}

static void
on_client (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  ShtLocator *self = data;

  if (reply == NULL)
    {
      fail (self, error);
      return;
    }
  g_variant_get (reply, "(o)", &self->client);
  self->heard = g_dbus_connection_signal_subscribe (self->bus, GEOCLUE, CLIENT, "LocationUpdated", self->client, NULL,
                                                    G_DBUS_SIGNAL_FLAGS_NONE, on_updated, self, NULL);
  self->noticed = g_dbus_connection_signal_subscribe (self->bus, GEOCLUE, PROPERTIES, "PropertiesChanged", self->client,
                                                      CLIENT, G_DBUS_SIGNAL_FLAGS_NONE, on_noticed, self, NULL);
  /* Calls of one connection are taken in order. */
  set_property (self, "DesktopId", g_variant_new_string (DESKTOP_ID));
  set_property (self, "RequestedAccuracyLevel", g_variant_new_uint32 (EXACT));
  g_dbus_connection_call (self->bus, GEOCLUE, self->client, CLIENT, "Start", NULL, NULL, G_DBUS_CALL_FLAGS_NONE, ANSWER_MS,
                          self->cancellable, on_started, self);
}

static void
on_appeared (GDBusConnection *bus, const char *name, const char *owner, gpointer data)
{
  ShtLocator *self = data;

  if (self->state == SHT_LOCATOR_MISSING)
    ask (self);
}

/* It ends by itself when nobody asks, and like any program when something is wrong with it. */
static void
on_vanished (GDBusConnection *bus, const char *name, gpointer data)
{
  ShtLocator *self = data;
  g_autoptr (GError) error = NULL;

  if (self->client == NULL)
    return;
  error = g_error_new_literal (G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER, "GeoClue has gone");
  fail (self, error);
}

static void
on_bus (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);
  ShtLocator *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = data;
  if (bus == NULL)
    {
      fail (self, error);
      return;
    }
  /* A system without its bus is no reason to end. */
  g_dbus_connection_set_exit_on_close (bus, FALSE);
  self->bus = g_steal_pointer (&bus);
  self->watch = g_bus_watch_name_on_connection (self->bus, GEOCLUE, G_BUS_NAME_WATCHER_FLAGS_NONE, on_appeared, on_vanished,
                                                self, NULL);
  ask (self);
}

static void
ask (ShtLocator *self)
{
  let_go (self);
  self->cancellable = g_cancellable_new ();
  self->state = SHT_LOCATOR_SEEKING;
  if (self->bus == NULL)
    g_bus_get (G_BUS_TYPE_SYSTEM, self->cancellable, on_bus, self);
  else
    g_dbus_connection_call (self->bus, GEOCLUE, MANAGER_PATH, MANAGER, "GetClient", NULL, G_VARIANT_TYPE ("(o)"),
                            G_DBUS_CALL_FLAGS_NONE, ANSWER_MS, self->cancellable, on_client, self);
}

/**
 * sht_locator_start:
 *
 * Begins to ask where the tablet is; it goes on, whatever happens, until sht_locator_stop().
 */
void
sht_locator_start (ShtLocator *self)
{
  if (self->state != SHT_LOCATOR_OFF)
    return;
  ask (self);
  g_signal_emit (self, changed_signal, 0);
}

/**
 * sht_locator_stop:
 *
 * Asks no more, so that the receiver can be switched off. The last position is remembered.
 */
void
sht_locator_stop (ShtLocator *self)
{
  if (self->client != NULL)
    g_dbus_connection_call (self->bus, GEOCLUE, self->client, CLIENT, "Stop", NULL, NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START,
                            ANSWER_MS, NULL, NULL, NULL);
  let_go (self);
  set_state (self, SHT_LOCATOR_OFF);
}

ShtLocatorState
sht_locator_get_state (ShtLocator *self)
{
  return self->state;
}

/**
 * sht_locator_get_position:
 * @position: (out): the last one, its time by the tablet's clock
 *
 * Returns: whether one has come since the program was started
 */
gboolean
sht_locator_get_position (ShtLocator *self, ShtPosition *position)
{
  *position = self->position;
  return self->has_position;
}

static void
sht_locator_dispose (GObject *object)
{
  ShtLocator *self = SHT_LOCATOR (object);

  sht_locator_stop (self);
  g_clear_handle_id (&self->watch, g_bus_unwatch_name);
  g_clear_object (&self->bus);
  G_OBJECT_CLASS (sht_locator_parent_class)->dispose (object);
}

static void
sht_locator_class_init (ShtLocatorClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_locator_dispose;
  changed_signal = g_signal_new ("changed", SHT_TYPE_LOCATOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
sht_locator_init (ShtLocator *self)
{
}

ShtLocator *
sht_locator_new (void)
{
  return g_object_new (SHT_TYPE_LOCATOR, NULL);
}
