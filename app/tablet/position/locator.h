/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/position.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ShtLocatorState:
 * @SHT_LOCATOR_OFF: nobody has asked
 * @SHT_LOCATOR_SEEKING: asked, and no position has come yet
 * @SHT_LOCATOR_FOUND: a position has come; how old it is says its time
 * @SHT_LOCATOR_DENIED: this program may not know where the tablet is
 * @SHT_LOCATOR_MISSING: this tablet has no service that knows
 */
typedef enum
{
  SHT_LOCATOR_OFF,
  SHT_LOCATOR_SEEKING,
  SHT_LOCATOR_FOUND,
  SHT_LOCATOR_DENIED,
  SHT_LOCATOR_MISSING
} ShtLocatorState;

/**
 * ShtLocator:
 *
 * Where the tablet is, as GeoClue tells it. For the main thread.
 *
 * ::changed (locator): there is a new position, or another state
 */
#define SHT_TYPE_LOCATOR (sht_locator_get_type ())
G_DECLARE_FINAL_TYPE (ShtLocator, sht_locator, SHT, LOCATOR, GObject)

ShtLocator *sht_locator_new (void) G_GNUC_WARN_UNUSED_RESULT;
void sht_locator_start (ShtLocator *self);
void sht_locator_stop (ShtLocator *self);
ShtLocatorState sht_locator_get_state (ShtLocator *self);
gboolean sht_locator_get_position (ShtLocator *self, ShtPosition *position);

G_END_DECLS
