/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/session/whereabouts.h"

#define KEY "sht-whereabouts"
/* How often it is looked at what goes by the clock: a shift that begins or ends, a tablet that stays where it is. */
#define LOOK_S 15
/* So long after nobody looks any more the receiver is switched off, unless the position is shared. */
#define UNSEEN_S 120
/* A receiver that has just been switched on takes some time: meanwhile it is not told that the position is unknown. */
#define SEEK_US (60 * G_USEC_PER_SEC)

struct _ShtWhereabouts
{
  GObject parent_instance;

  ShtSession *session; /* (unowned): which owns this */
  ShtLocator *locator; /* (owned) */
  gboolean wanted;
  gboolean seen;
  guint unseen_timer;
  guint look_timer;
  gint64 run_since;    /* monotonic microseconds; 0 while nobody asks */
  gboolean has_noted;
  ShtPosition noted;   /* what was last given to the store */
  ShtSharing sharing;
  gint64 ends;
};

G_DEFINE_FINAL_TYPE (ShtWhereabouts, sht_whereabouts, G_TYPE_OBJECT)

static guint changed_signal;

static gboolean
note (ShtStore *store, gpointer data, GError **error)
{
  return sht_store_note_position (store, data, error);
}

static void
note_here (ShtWhereabouts *self, const ShtPosition *position)
{
  self->noted = *position;
  self->has_noted = TRUE;
  sht_session_do_quietly (self->session, note, g_memdup2 (position, sizeof *position), g_free);
}

/* Without a position it is told that there is none, but for the moments in which it is sought. */
static void
note_now (ShtWhereabouts *self)
{
  ShtLocatorState state = sht_locator_get_state (self->locator);
  ShtPosition position;

  if (self->sharing < SHT_SHARING_ON)
    return;
  if (self->sharing == SHT_SHARING_ON && state == SHT_LOCATOR_FOUND
      && sht_locator_get_position (self->locator, &position))
    note_here (self, &position);
  else if (self->sharing == SHT_SHARING_PAUSED || state != SHT_LOCATOR_SEEKING
           || g_get_monotonic_time () - self->run_since > SEEK_US)
    sht_session_do_quietly (self->session, note, NULL, NULL);
}

static void
run_or_rest (ShtWhereabouts *self)
{
  gboolean run = self->wanted && (self->seen || self->unseen_timer != 0 || self->sharing == SHT_SHARING_ON);

  if (!run)
    {
      self->run_since = 0;
      sht_locator_stop (self->locator);
      return;
    }
  if (self->run_since == 0)
    self->run_since = g_get_monotonic_time ();
  sht_locator_start (self->locator);
}

static void
look_at_sharing (ShtWhereabouts *self)
{
  ShtStore *reader = sht_session_get_reader (self->session);
  ShtSharing before = self->sharing;
  gint64 ended = self->ends;

  self->ends = 0;
  self->sharing = sht_session_is_enrolled (self->session) ? sht_store_sharing (reader, &self->ends) : SHT_SHARING_NONE;
  if (self->sharing == before && self->ends == ended)
    return;
  run_or_rest (self);
  note_now (self);
  g_signal_emit (self, changed_signal, 0);
}

static gboolean
on_look (gpointer data)
{
  ShtWhereabouts *self = data;

  look_at_sharing (self);
  note_now (self);
  return G_SOURCE_CONTINUE;
}

static void
on_located (ShtWhereabouts *self)
{
  ShtPosition position;

  if (sht_locator_get_state (self->locator) == SHT_LOCATOR_FOUND && sht_locator_get_position (self->locator, &position)
      && sht_position_is_news (self->has_noted ? &self->noted : NULL, &position, SHT_POSITION_MOVE_MS))
    note_here (self, &position);
  g_signal_emit (self, changed_signal, 0);
}

static gboolean
forget (ShtStore *store, gpointer unused, GError **error)
{
  return sht_store_forget_position (store, error);
}

/**
 * sht_whereabouts_set_wanted:
 * @wanted: whether this tablet may know where it is, by its people's choice
 *
 * When it may not, what it knew goes.
 */
void
sht_whereabouts_set_wanted (ShtWhereabouts *self, gboolean wanted)
{
  if (self->wanted == wanted)
    return;
  self->wanted = wanted;
  run_or_rest (self);
  if (!wanted)
    {
      g_clear_object (&self->locator);
      self->locator = sht_locator_new ();
      g_signal_connect_object (self->locator, "changed", G_CALLBACK (on_located), self, G_CONNECT_SWAPPED);
      self->has_noted = FALSE;
      sht_session_do_quietly (self->session, forget, NULL, NULL);
    }
  note_now (self);
  g_signal_emit (self, changed_signal, 0);
}

gboolean
sht_whereabouts_get_wanted (ShtWhereabouts *self)
{
  return self->wanted;
}

static gboolean
on_unseen (gpointer data)
{
  ShtWhereabouts *self = data;

  self->unseen_timer = 0;
  run_or_rest (self);
  return G_SOURCE_REMOVE;
}

/**
 * sht_whereabouts_set_seen:
 * @seen: whether a window shows
 */
void
sht_whereabouts_set_seen (ShtWhereabouts *self, gboolean seen)
{
  if (self->seen == seen)
    return;
  self->seen = seen;
  g_clear_handle_id (&self->unseen_timer, g_source_remove);
  if (!seen)
    self->unseen_timer = g_timeout_add_seconds (UNSEEN_S, on_unseen, self);
  run_or_rest (self);
}

ShtLocatorState
sht_whereabouts_get_state (ShtWhereabouts *self)
{
  return sht_locator_get_state (self->locator);
}

/**
 * sht_whereabouts_get_position:
 * @position: (out): where the tablet was when it last knew, its time by the tablet's clock
 * @age_ms: (out): how long ago that was, milliseconds
 *
 * Returns: whether it ever knew; always %FALSE when it is not wanted
 */
gboolean
sht_whereabouts_get_position (ShtWhereabouts *self, ShtPosition *position, gint64 *age_ms)
{
  ShtStore *reader = sht_session_get_reader (self->session);

  if (!self->wanted
      || (!sht_locator_get_position (self->locator, position) && !sht_store_last_position (reader, position)))
    return FALSE;
  *age_ms = MAX (0, sht_store_now (reader) - position->at);
  return TRUE;
}

/**
 * sht_whereabouts_is_here:
 * @position: (out): where
 *
 * Returns: whether it is known where the tablet is now
 */
gboolean
sht_whereabouts_is_here (ShtWhereabouts *self, ShtPosition *position)
{
  gint64 age_ms;

  return sht_whereabouts_get_position (self, position, &age_ms) && age_ms <= SHT_WHEREABOUTS_FRESH_MS;
}

/**
 * sht_whereabouts_get_sharing:
 * @ends: (out) (optional): when the shift ends, by the hub's clock, milliseconds since 1970 UTC; 0 when it is off
 */
ShtSharing
sht_whereabouts_get_sharing (ShtWhereabouts *self, gint64 *ends)
{
  if (ends != NULL)
    *ends = self->ends;
  return self->sharing;
}

static gboolean
pause_sharing (ShtStore *store, gpointer data, GError **error)
{
  return sht_store_pause_sharing (store, GPOINTER_TO_INT (data), error);
}

static void
on_paused (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ShtWhereabouts) self = data;
  g_autoptr (GError) error = NULL;

  if (!sht_session_do_finish (SHT_SESSION (source), result, &error))
    g_warning ("position: %s", error->message);
  look_at_sharing (self);
}

/**
 * sht_whereabouts_pause:
 * @paused: whether the crew does not want to share where it is, until it says otherwise
 */
void
sht_whereabouts_pause (ShtWhereabouts *self, gboolean paused)
{
  sht_session_do_async (self->session, pause_sharing, GINT_TO_POINTER (paused), NULL, on_paused, g_object_ref (self));
}

static void
sht_whereabouts_dispose (GObject *object)
{
  ShtWhereabouts *self = SHT_WHEREABOUTS (object);

  g_clear_handle_id (&self->look_timer, g_source_remove);
  g_clear_handle_id (&self->unseen_timer, g_source_remove);
  /* The session goes at this very moment, and must not be asked for anything. */
  if (self->locator != NULL)
    g_signal_handlers_disconnect_by_data (self->locator, self);
  g_clear_object (&self->locator);
  G_OBJECT_CLASS (sht_whereabouts_parent_class)->dispose (object);
}

static void
sht_whereabouts_class_init (ShtWhereaboutsClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_whereabouts_dispose;
  changed_signal = g_signal_new ("changed", SHT_TYPE_WHEREABOUTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
sht_whereabouts_init (ShtWhereabouts *self)
{
  self->locator = sht_locator_new ();
  g_signal_connect_object (self->locator, "changed", G_CALLBACK (on_located), self, G_CONNECT_SWAPPED);
}

/**
 * sht_whereabouts_of:
 *
 * Returns: (transfer none): the session's
 */
ShtWhereabouts *
sht_whereabouts_of (ShtSession *session)
{
  ShtWhereabouts *self = g_object_get_data (G_OBJECT (session), KEY);

  if (self == NULL)
    {
      self = g_object_new (SHT_TYPE_WHEREABOUTS, NULL);
      self->session = session;
      g_object_set_data_full (G_OBJECT (session), KEY, self, g_object_unref);
      look_at_sharing (self);
      self->look_timer = g_timeout_add_seconds (LOOK_S, on_look, self);
    }
  return self;
}
