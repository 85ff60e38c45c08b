/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/session/session-private.h"

/* What the engine last told, for the main thread. */

static gint64
get_locked (ShtSession *self, const gint64 *value)
{
  gint64 copy;

  g_mutex_lock (&self->mutex);
  copy = *value;
  g_mutex_unlock (&self->mutex);
  return copy;
}

ShtTouch
sht_session_get_touch (ShtSession *self)
{
  ShtTouch touch;

  g_mutex_lock (&self->mutex);
  touch = self->touch;
  g_mutex_unlock (&self->mutex);
  return self->offline ? SHT_TOUCH_NONE : touch;
}

gint64
sht_session_get_pending_operations (ShtSession *self)
{
  return get_locked (self, &self->operations);
}

gint64
sht_session_get_pending_photos (ShtSession *self)
{
  return get_locked (self, &self->photos);
}

gint64
sht_session_get_attention (ShtSession *self)
{
  return get_locked (self, &self->attention);
}

ShtSending *
sht_session_get_sending (ShtSession *self)
{
  return self->sending;
}

/**
 * sht_session_get_last_contact:
 *
 * Returns: milliseconds since 1970 UTC, 0 for never
 */
gint64
sht_session_get_last_contact (ShtSession *self)
{
  return get_locked (self, &self->last_contact);
}
