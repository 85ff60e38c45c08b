/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/clock.h"

/* The hub's clock less this tablet's, as it was last heard: all that is known after a boot. */
#define OFFSET "clock_offset_ms"
/* The hub's clock less CLOCK_BOOTTIME, which nobody sets, and the boot for which that holds. */
#define BOOT_OFFSET "clock_boot_offset_ms"
#define BOOT "clock_boot"
/* Less is not worth writing. */
#define TOLERANCE_MS 1000

static gint64
boot_ms (ShtStore *store)
{
  return store->world.boot_ms (store->world.data);
}

static gboolean
is_of_this_boot (ShtStore *store)
{
  g_autofree char *boot = store->world.boot_id != NULL ? sht_store_get_text (store, BOOT) : NULL;

  return boot != NULL && g_str_equal (boot, store->world.boot_id);
}

/**
 * sht_store_clock_offset:
 *
 * Returns: the hub's clock less this tablet's, ms, as far as is known: when it was heard in this boot, also after
 *   somebody has set this tablet's clock since
 */
gint64
sht_store_clock_offset (ShtStore *store)
{
  if (is_of_this_boot (store))
    return sht_store_get_number (store, BOOT_OFFSET, 0) + boot_ms (store) - sht_store_now (store);
  return sht_store_get_number (store, OFFSET, 0);
}

/** sht_store_hub_now: Returns: what the hub's clock says, milliseconds since 1970 UTC, as far as this tablet knows */
gint64
sht_store_hub_now (ShtStore *store)
{
  return sht_store_now (store) + sht_store_clock_offset (store);
}

static gboolean
keep (ShtStore *store, gint64 offset, gint64 boot_offset, GError **error)
{
  return sht_store_set_number (store, OFFSET, offset, error)
         && (store->world.boot_id == NULL
             || (sht_store_set_number (store, BOOT_OFFSET, boot_offset, error)
                 && sht_store_set_text (store, BOOT, store->world.boot_id, error)));
}

/**
 * sht_store_hear_clock:
 * @hub_now: what the hub's clock says now by what was heard, milliseconds since 1970 UTC
 * @unsure_ms: by how much that may be wrong: it was on its way
 *
 * What is known already stands as long as nothing contradicts it.
 */
gboolean
sht_store_hear_clock (ShtStore *store, gint64 hub_now, gint64 unsure_ms, GError **error)
{
  gint64 known = sht_store_clock_offset (store), offset = hub_now - sht_store_now (store);
  gboolean holds = ABS (offset - known) <= unsure_ms + TOLERANCE_MS;

  if (holds)
    offset = known;
  if (holds && (store->world.boot_id == NULL || is_of_this_boot (store))
      && ABS (offset - sht_store_get_number (store, OFFSET, 0)) <= TOLERANCE_MS)
    return TRUE;
  return keep (store, offset, sht_store_now (store) + offset - boot_ms (store), error);
}
