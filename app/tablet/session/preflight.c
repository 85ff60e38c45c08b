/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/session/preflight.h"

/* Tiles are read for it: on a thread and over a handle of its own. */
static void
look_in_thread (GTask *task, gpointer source, gpointer folder, GCancellable *cancellable)
{
  GError *error = NULL;
  ShtStore *store = sht_store_open (folder, sht_store_world (), &error);
  ShtPreflight *preflight = store != NULL ? sht_store_preflight (store, &error) : NULL;

  g_clear_pointer (&store, sht_store_close);
  if (preflight == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  preflight->battery = sht_battery_read ();
  g_task_return_pointer (task, preflight, (GDestroyNotify) sht_preflight_free);
}

/**
 * sht_session_preflight_async:
 *
 * Looks what can be put right before the shift.
 */
void
sht_session_preflight_async (ShtSession *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  /* Not the session's: it must not end on that thread. */
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  g_task_set_source_tag (task, sht_session_preflight_async);
  g_task_set_task_data (task, g_strdup (sht_session_get_reader (self)->folder), g_free);
  g_task_run_in_thread (task, look_in_thread);
}

/**
 * sht_session_preflight_finish:
 *
 * Returns: (transfer full) (nullable): what was found, or %NULL with an error
 */
ShtPreflight *
sht_session_preflight_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
