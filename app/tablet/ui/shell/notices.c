/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/shell/notices.h"

#include "core/json.h"
#include "tablet/ui/common/names.h"
#include "tablet/ui/common/sla-ring.h"
#include "tablet/ui/common/words.h"

#include <glib/gi18n.h>

#define LOOK_S 60
/* One at a time is on the screen; a later one takes its place. */
#define NOTICE "due-soon"

/**
 * ShtNotices:
 *
 * Tells, outside of the window too, what falls due soon: each ticket once. Nothing that a person wrote is in it, for it may
 * stand on a locked screen.
 */
struct _ShtNotices
{
  GApplication *application; /* (unowned) */
  ShtSession *session;       /* (owned) */
  GCancellable *gone;        /* (owned): cancelled when nobody is told any more */
  gulong changed_handler;
  guint timer;
  gboolean noting; /* what was told just now is being noted */
};

static GNotification *
new_notice (ShtStore *reader, GPtrArray *due)
{
  JsonObject *first = g_ptr_array_index (due, 0);
  const char *service = sht_names_get (reader, "service", sht_json_string (first, "service"));
  const char *number = sht_json_string (first, "number");
  g_autofree char *left = sht_words_left (sht_json_int (first, "due_at", 0), sht_store_now (reader));
  g_autofree char *title = due->len == 1 ? g_strdup_printf (_("Due soon: %s"), service)
                                         : g_strdup_printf (ngettext ("%d ticket is due soon", "%d tickets are due soon", due->len),
                                                            (int) due->len);
  g_autofree char *one = number != NULL ? g_strdup_printf ("%s · %s", number, left) : g_strdup (left);
  g_autofree char *body = due->len == 1 ? g_strdup (one) : g_strdup_printf ("%s · %s", service, left);
  GNotification *notice = g_notification_new (title);

  g_notification_set_body (notice, body);
  g_notification_set_priority (notice, G_NOTIFICATION_PRIORITY_HIGH);
  if (due->len == 1)
    g_notification_set_default_action_and_target (notice, "app.show-ticket", "s", sht_json_string (first, "id"));
  else
    g_notification_set_default_action_and_target (notice, "app.show-page", "s", "work");
  return notice;
}

static gboolean
note_told (ShtStore *store, gpointer data, GError **error)
{
  return sht_store_told_due (store, data, error);
}

typedef struct
{
  ShtNotices *notices;
  GCancellable *gone; /* (owned) */
} Noted;

static void
on_noted (GObject *source, GAsyncResult *result, gpointer data)
{
  Noted *noted = data;
  g_autoptr (GError) error = NULL;

  if (!sht_session_do_finish (SHT_SESSION (source), result, &error))
    g_message ("due soon: %s", error->message);
  else if (!g_cancellable_is_cancelled (noted->gone))
    noted->notices->noting = FALSE;
  g_object_unref (noted->gone);
  g_free (noted);
}

static void
look (ShtNotices *self)
{
  ShtStore *reader = sht_session_get_reader (self->session);
  g_autoptr (GPtrArray) due = self->noting ? NULL : sht_store_due_soon (reader, SHT_SLA_SOON_MS, NULL);
  g_autoptr (GNotification) notice = NULL;
  Noted *noted;

  if (due == NULL || due->len == 0)
    return;
  notice = new_notice (reader, due);
  g_application_send_notification (self->application, NOTICE, notice);
  self->noting = TRUE;
  noted = g_new0 (Noted, 1);
  noted->notices = self;
  noted->gone = g_object_ref (self->gone);
  sht_session_do_async (self->session, note_told, g_steal_pointer (&due), (GDestroyNotify) g_ptr_array_unref, on_noted, noted);
}

static gboolean
on_look (gpointer data)
{
  look (data);
  return G_SOURCE_CONTINUE;
}

/**
 * sht_notices_new:
 * @application: registered, and outlives them
 *
 * Returns: (transfer full): who tells, from now on
 */
ShtNotices *
sht_notices_new (GApplication *application, ShtSession *session)
{
  ShtNotices *self = g_new0 (ShtNotices, 1);

  self->application = application;
  self->session = g_object_ref (session);
  self->gone = g_cancellable_new ();
  self->changed_handler = g_signal_connect_swapped (session, "changed", G_CALLBACK (look), self);
  self->timer = g_timeout_add_seconds (LOOK_S, on_look, self);
  look (self);
  return self;
}

void
sht_notices_free (ShtNotices *self)
{
  g_cancellable_cancel (self->gone);
  g_object_unref (self->gone);
  g_source_remove (self->timer);
  g_signal_handler_disconnect (self->session, self->changed_handler);
  g_object_unref (self->session);
  g_free (self);
}
