/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/session/sending.h"

struct _ShtSending
{
  GMutex mutex;
  char *photo; /* (owned) (nullable): whose bytes are under way */
  gint64 sent;
  gint64 size;
  gint64 done; /* since nothing waited */
  gint64 left;
};

/**
 * sht_sending_new:
 *
 * Returns: (transfer full): nothing waits yet
 */
ShtSending *
sht_sending_new (void)
{
  ShtSending *self = g_new0 (ShtSending, 1);

  g_mutex_init (&self->mutex);
  return self;
}

void
sht_sending_free (ShtSending *self)
{
  if (self == NULL)
    return;
  g_mutex_clear (&self->mutex);
  g_free (self->photo);
  g_free (self);
}

/**
 * sht_sending_look:
 * @engine: (nullable): what sends; %NULL while nothing does
 *
 * Looks how far it is. What is added meanwhile makes the whole larger; when all is gone the count begins anew.
 */
void
sht_sending_look (ShtSending *self, ShtStore *store, ShtEngine *engine)
{
  const char *photo = NULL;
  gint64 sent = 0, size = 0, left = 0;

  if (!sht_db_get_int (store->db, &left, NULL, "SELECT total (b.size) FROM blob AS b JOIN op AS o ON o.op = b.op WHERE b.state < 2 AND NOT b.is_thumb "
                       "AND o.state < 3", ""))
    return;
  if (engine != NULL)
    photo = sht_engine_get_photo (engine, &sent, &size);
  left = MAX (0, left - sent);
  g_mutex_lock (&self->mutex);
  g_free (self->photo);
  self->photo = g_strdup (photo);
  self->sent = sent;
  self->size = size;
  self->done += MAX (0, self->left - left);
  self->left = left;
  if (left == 0)
    self->done = 0;
  g_mutex_unlock (&self->mutex);
}

/**
 * sht_sending_get_photo:
 * @photo: a photo's id
 * @fraction: (out): how much of it the hub has, 0 to 1
 *
 * Returns: whether its bytes are the ones under way
 */
gboolean
sht_sending_get_photo (ShtSending *self, const char *photo, double *fraction)
{
  gboolean is_it;

  g_mutex_lock (&self->mutex);
  is_it = photo != NULL && self->size > 0 && g_strcmp0 (self->photo, photo) == 0;
  *fraction = is_it ? (double)self->sent / (double)self->size : 0;
  g_mutex_unlock (&self->mutex);
  return is_it;
}

/**
 * sht_sending_get_all:
 * @done: (out): bytes of full photos sent since nothing waited
 * @all: (out): those and what is left, in bytes
 *
 * Returns: whether some are on their way: something waits, and some of it has gone or goes
 */
gboolean
sht_sending_get_all (ShtSending *self, gint64 *done, gint64 *all)
{
  gboolean on_the_way;

  g_mutex_lock (&self->mutex);
  *done = self->done;
  *all = self->done + self->left;
  on_the_way = self->left > 0 && (self->done > 0 || self->photo != NULL);
  g_mutex_unlock (&self->mutex);
  return on_the_way;
}
