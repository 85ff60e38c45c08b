/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "platform/battery.h"
#include "platform/disk.h"
#include "tablet/store/map.h"

G_BEGIN_DECLS

/* Tickets are looked up on the maps at the zoom of streets, or up to two levels above it. */
#define SHT_PREFLIGHT_ZOOM 16
#define SHT_PREFLIGHT_LEVELS 2
/* With less than this in the battery, and no charger, it does not last a shift. */
#define SHT_PREFLIGHT_BATTERY_PERCENT 60
/* A clock that is further off than this makes times that nobody believes. */
#define SHT_PREFLIGHT_CLOCK_MS (2 * 60 * 1000)

/**
 * ShtPreflight:
 * @tickets: open tickets of this tablet with a position
 * @outside: (element-type utf8): ids of those that no map here shows at street zoom
 * @package: (nullable): the map that the hub offers, is not here and covers the most of them
 * @package_covers: how many of them
 * @enrolled: whether this tablet has a login; one does not run out by itself
 * @room: on the disk
 * @free_bytes: likewise
 * @operations: steps that wait to be sent
 * @photos: photos and voice notes that do
 * @attention: what needs a person's decision
 * @clock_known: whether the hub's clock was ever heard
 * @clock_off_ms: the hub's clock less the tablet's
 * @seal: where the key for what is known of residents lies
 * @disk: whether the disk is encrypted
 * @battery: see #ShtBattery
 *
 * What can be put right before the shift, and not out there.
 */
typedef struct
{
  guint tickets;
  GPtrArray *outside;
  ShtMapPackage *package;
  guint package_covers;
  gboolean enrolled;
  ShtRoom room;
  gint64 free_bytes;
  gint64 operations;
  gint64 photos;
  gint64 attention;
  gboolean clock_known;
  gint64 clock_off_ms;
  ShtSealPlace seal;
  ShtDisk disk;
  ShtBattery battery;
} ShtPreflight;

ShtPreflight *sht_store_preflight (ShtStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sht_preflight_free (ShtPreflight *preflight);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtPreflight, sht_preflight_free)
gboolean sht_preflight_battery_is_fine (const ShtPreflight *preflight);
gboolean sht_preflight_clock_is_fine (const ShtPreflight *preflight);
gboolean sht_preflight_residents_are_safe (const ShtPreflight *preflight);
gboolean sht_preflight_is_fine (const ShtPreflight *preflight);

G_END_DECLS
