/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/service/hub.h"

#define HISTORY_BYTES 8

static char *
new_history_id (ShtHub *hub)
{
  guint8 bytes[HISTORY_BYTES];
  GString *id = g_string_new (NULL);

  hub->world.random (hub->world.data, bytes, sizeof bytes);
  for (guint i = 0; i < sizeof bytes; i++)
    g_string_append_printf (id, "%02x", bytes[i]);
  return g_string_free (id, FALSE);
}

static gboolean
begin_history (ShtHub *hub, gboolean only_if_none, GError **error)
{
  g_auto (ShtHubHistory) now = { 0 };
  g_autofree char *id = NULL;
  gint64 head = 0, nonce;

  if (!hub->store->driver->get_history (hub->store, &now, error))
    return FALSE;
  if (now.id != NULL && only_if_none)
    return TRUE;
  /* A log that never had a history has no backup that knows one. */
  if (now.id != NULL && !hub->store->driver->log_head (hub->store, &head, &nonce, error))
    return FALSE;
  id = new_history_id (hub);
  return hub->store->driver->add_history (hub->store, id, head, error);
}

static gboolean
in_transaction (ShtHub *hub, gboolean only_if_none, GError **error)
{
  if (!hub->store->driver->begin (hub->store, TRUE, error))
    return FALSE;
  if (!begin_history (hub, only_if_none, error))
    {
      hub->store->driver->rollback (hub->store);
      return FALSE;
    }
  hub->has_history = hub->store->driver->commit (hub->store, error);
  return hub->has_history;
}

/**
 * sht_hub_ensure_history:
 *
 * Gives a new log its history's id. To be called outside a transaction.
 */
gboolean
sht_hub_ensure_history (ShtHub *hub, GError **error)
{
  g_auto (ShtHubHistory) now = { 0 };

  if (hub->has_history)
    return TRUE;
  if (!hub->store->driver->get_history (hub->store, &now, error))
    return FALSE;
  hub->has_history = now.id != NULL;
  return hub->has_history || in_transaction (hub, TRUE, error);
}

/**
 * sht_hub_start_history:
 *
 * Lets the log go on in a new history, and notes where it parts from the one before. To be called on a
 * database that came out of a backup, before anybody is served from it: tablets that know more than it
 * does see by the history's id that the log has gone back.
 */
gboolean
sht_hub_start_history (ShtHub *hub, GError **error)
{
  return in_transaction (hub, FALSE, error);
}

/**
 * sht_hub_append_history:
 * @line: a line of JSON that is being written, inside its object
 *
 * Appends which history the log is in, up to which number a backup holds it, and how long tablets keep the rest,
 * inside the caller's transaction.
 */
gboolean
sht_hub_append_history (ShtHub *hub, GString *line, GError **error)
{
  g_auto (ShtHubHistory) now = { 0 };

  if (!hub->store->driver->get_history (hub->store, &now, error))
    return FALSE;
  g_string_append_printf (line, ",\"history\":\"%s\",\"backed_up_through\":%" G_GINT64_FORMAT,
                          now.id != NULL ? now.id : "", now.backed_up);
  if (now.keep_days > 0)
    g_string_append_printf (line, ",\"keep_days\":%" G_GINT64_FORMAT, now.keep_days);
  return TRUE;
}
