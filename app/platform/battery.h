/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ShtBattery:
 * @present: whether there is a battery that the machine runs on
 * @charging: whether it charges, or is full
 * @percent: how full it is, 0 to 100
 */
typedef struct
{
  gboolean present;
  gboolean charging;
  int percent;
} ShtBattery;

void sht_battery_read_async (GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
ShtBattery sht_battery_read_finish (GAsyncResult *result);
ShtBattery sht_battery_read (void);

G_END_DECLS
