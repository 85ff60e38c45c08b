/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/json.h"
#include "hub/service/hub.h"
#include "tablet/store/store.h"
#include "tests/simulation/disk.h"

#include <stdint.h>
#include <string.h>

/* What the targets share: a clock that stands, the same randomness each time, databases in memory that are put back
 * after each input. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define FUZZ_DEVICE "01890000-0000-7000-8000-00000000d001"
#define FUZZ_TICKET "01890000-0000-7000-8000-000000000001"
#define FUZZ_OP "018bcfe5-6c00-7000-8000-000000000001"

static inline gint64
fuzz_now (gpointer unused)
{
  return 1700000000000;
}

static inline void
fuzz_random (gpointer unused, guint8 *bytes, gsize length)
{
  static guint64 seed = 1;

  for (gsize i = 0; i < length; i++)
    {
      seed = seed * 6364136223846793005u + 1442695040888963407u;
      bytes[i] = (guint8) (seed >> 56);
    }
}

/* What is said of an input is nobody's news. */
static inline GLogWriterOutput
fuzz_drop_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer unused)
{
  return level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL) ? g_log_writer_standard_streams (level, fields, n_fields, NULL)
                                                            : G_LOG_WRITER_HANDLED;
}

/* A critical warning is a fault of ours. */
static inline void
fuzz_be_strict (void)
{
  g_log_set_writer_func (fuzz_drop_log, NULL, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
}

static inline void
fuzz_add (ShtHub *hub, const char *json)
{
  g_autoptr (ShtHubSeeder) seeder = sht_hub_seeder_new (hub);
  ShtHubSeedCount count;

  g_assert_true (sht_hub_seeder_add (seeder, json, NULL));
  g_assert_true (sht_hub_seeder_finish (seeder, &count, NULL));
}

/* A hub with a town of one of each, and a crew's tablet. */
static inline ShtHub *
fuzz_hub (const char *folder)
{
  static const ShtHubWorld world = { fuzz_now, fuzz_random, NULL };
  g_autofree char *path = g_build_filename (folder, "hub.db", NULL);
  ShtHub *hub = sht_hub_new (sht_hub_store_open_sqlite (path, SIM_DISK_VFS, NULL), &world);
  ShtHubDevice device = { (char *) FUZZ_DEVICE, (char *) "crew", (char *) "r1", (char *) "roads", (char *) "p1", 0 };

  hub->folder = g_strdup (folder);
  fuzz_add (hub, "{\"t\":\"department\",\"id\":\"roads\",\"name\":\"Roads\"}");
  fuzz_add (hub, "{\"t\":\"crew\",\"id\":\"r1\",\"name\":\"R1\",\"department\":\"roads\"}");
  fuzz_add (hub, "{\"t\":\"person\",\"id\":\"p1\",\"name\":\"Dana\",\"crew\":\"r1\"}");
  fuzz_add (hub, "{\"t\":\"service\",\"id\":\"pothole\",\"name\":\"Pothole\",\"department\":\"roads\",\"targets\":[{\"milestone\":\"complete\","
                 "\"amount\":2,\"unit\":\"days\"}]}");
  fuzz_add (hub, "{\"t\":\"ticket\",\"id\":\"" FUZZ_TICKET "\",\"number\":\"106-2023-00001\",\"status\":\"assigned\",\"title\":"
                 "\"one\",\"department\":\"roads\",\"service\":\"pothole\",\"crew\":\"r1\",\"lat_e7\":312401000,\"lon_e7\":"
                 "346000000,\"created_at\":1690000000000}");
  g_assert_true (hub->store->driver->put_device (hub->store, &device, "hash", 1, NULL));
  g_assert_true (sht_hub_ensure_history (hub, NULL));
  return hub;
}
