/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/battery.h"

/* UPower sums up whatever batteries there are as one device. */
#define NAME "org.freedesktop.UPower"
#define PATH "/org/freedesktop/UPower/devices/DisplayDevice"
#define DEVICE "org.freedesktop.UPower.Device"
#define PATIENCE_MS 2000

/* Of UPower's states. */
#define CHARGING 1
#define FULL 4
#define PENDING_CHARGE 5

static ShtBattery
take (GVariant *answer)
{
  g_autoptr (GVariant) properties = NULL;
  g_autoptr (GVariantDict) dict = NULL;
  gboolean present = FALSE;
  guint32 state = 0;
  double percentage = 0;

  if (answer == NULL || !g_variant_is_of_type (answer, G_VARIANT_TYPE ("(a{sv})")))
    return (ShtBattery){ 0 };
  properties = g_variant_get_child_value (answer, 0);
  dict = g_variant_dict_new (properties);
  if (!g_variant_dict_lookup (dict, "IsPresent", "b", &present) || !present
      || !g_variant_dict_lookup (dict, "Percentage", "d", &percentage) || !(percentage >= 0 && percentage <= 100))
    return (ShtBattery){ 0 };
  g_variant_dict_lookup (dict, "State", "u", &state);
  return (ShtBattery){ TRUE, state == CHARGING || state == FULL || state == PENDING_CHARGE, (int) percentage };
}

static void
on_properties (GObject *bus, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (bus), result, NULL);
  ShtBattery battery = take (answer);

  g_task_return_pointer (task, g_memdup2 (&battery, sizeof battery), g_free);
}

static void
on_bus (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, NULL);

  /* A machine without a system bus tells of no battery. */
  if (bus == NULL)
    g_task_return_pointer (task, g_new0 (ShtBattery, 1), g_free);
  else
    g_dbus_connection_call (bus, NAME, PATH, "org.freedesktop.DBus.Properties", "GetAll", g_variant_new ("(s)", DEVICE),
                            G_VARIANT_TYPE ("(a{sv})"), G_DBUS_CALL_FLAGS_NONE, PATIENCE_MS, g_task_get_cancellable (task),
                            on_properties, g_object_ref (task));
}

/**
 * sht_battery_read_async:
 *
 * Asks UPower how full the battery is; see sht_battery_read_finish().
 */
void
sht_battery_read_async (GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, data);

  g_task_set_check_cancellable (task, FALSE);
  g_task_set_source_tag (task, sht_battery_read_async);
  g_bus_get (G_BUS_TYPE_SYSTEM, cancellable, on_bus, task);
}

/**
 * sht_battery_read_finish:
 *
 * Returns: the battery, not present where there is none or nobody tells of it
 */
ShtBattery
sht_battery_read_finish (GAsyncResult *result)
{
  g_autofree ShtBattery *battery = g_task_propagate_pointer (G_TASK (result), NULL);

  return battery != NULL ? *battery : (ShtBattery){ 0 };
}

/** sht_battery_read: the same, and waits for it, two seconds at the most */
ShtBattery
sht_battery_read (void)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, NULL);
  g_autoptr (GVariant) answer = NULL;

  if (bus != NULL)
    answer = g_dbus_connection_call_sync (bus, NAME, PATH, "org.freedesktop.DBus.Properties", "GetAll",
                                          g_variant_new ("(s)", DEVICE), G_VARIANT_TYPE ("(a{sv})"),
                                          G_DBUS_CALL_FLAGS_NONE, PATIENCE_MS, NULL, NULL);
  return take (answer);
}
