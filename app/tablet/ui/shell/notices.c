/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/shell/notices.h"

#include "core/json.h"
#include "tablet/store/clock.h"
#include "tablet/store/notice.h"
#include "tablet/ui/common/names.h"
#include "tablet/ui/common/sla-ring.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/shell/quiet.h"

#include <glib/gi18n.h>
#include <string.h>

#define LOOK_S 60
/* More than so many pieces of news at once are told as one. */
#define MOST_APART 3
/* What tells of several things has one name each: a later one takes its place. */
#define ALL_DUE "due-soon"
#define ALL_NEWS "news"

/**
 * ShtNotices:
 *
 * Tells, outside of the window too, what the crew wants to hear of: new tickets, messages, answers, and what falls due soon;
 * each once, and not what it looks at anyway. Nothing that a person wrote is in it, nor where it is or whose: it may stand on
 * a locked screen.
 */
struct _ShtNotices
{
  GApplication *application; /* (unowned) */
  ShtSession *session;       /* (owned) */
  ShtSettings *settings;     /* (owned) */
  GCancellable *gone;        /* (owned): cancelled when nobody is told any more */
  GHashTable *shown;         /* (owned) (element-type utf8 utf8): what the desktop shows: a kind and a UUID → the notice's id */
  gulong changed_handler;
  gulong opened_handler;
  guint timer;
  gboolean noting; /* what was told just now is being noted */
};

typedef struct
{
  GPtrArray *due;  /* (owned) (nullable) (element-type JsonObject) */
  GPtrArray *news; /* (owned) (nullable) (element-type ShtNotice) */
  ShtNotices *notices;
  GCancellable *gone; /* (owned) */
} Told;

static void
told_free (gpointer data)
{
  Told *told = data;

  g_clear_pointer (&told->due, g_ptr_array_unref);
  g_clear_pointer (&told->news, g_ptr_array_unref);
  g_object_unref (told->gone);
  g_free (told);
}

/* --- what the desktop shows --- */

static char *
name_of (const char *kind, const char *subject)
{
  return g_strdup_printf ("%s-%s", kind, subject);
}

static void
send (ShtNotices *self, const char *id, GNotification *notice)
{
  g_autofree char *sounds = sht_settings_get (self->settings, SHT_SETTING_SOUNDS);

  g_application_send_notification (self->application, id, notice);
  if (g_strcmp0 (sounds, "off") != 0)
    gdk_display_beep (gdk_display_get_default ());
}

/* One that tells of several things stays until the last of them was looked at. */
static void
withdraw (ShtNotices *self, const char *name)
{
  g_autofree char *id = g_strdup (g_hash_table_lookup (self->shown, name));
  GHashTableIter iter;
  gpointer other;

  if (id == NULL)
    return;
  g_hash_table_remove (self->shown, name);
  g_hash_table_iter_init (&iter, self->shown);
  while (g_hash_table_iter_next (&iter, NULL, &other))
    if (g_str_equal (other, id))
      return;
  g_application_withdraw_notification (self->application, id);
}

/* --- what is told --- */

static GNotification *
new_notice (const char *title, const char *body, GNotificationPriority priority)
{
  GNotification *notice = g_notification_new (title);

  if (body != NULL)
    g_notification_set_body (notice, body);
  g_notification_set_priority (notice, priority);
  return notice;
}

static void
tell_due (ShtNotices *self, ShtStore *reader, GPtrArray *due)
{
  JsonObject *first = g_ptr_array_index (due, 0);
  const char *service = sht_names_get (reader, "service", sht_json_string (first, "service"));
  const char *number = sht_json_string (first, "number");
  g_autofree char *left = sht_words_left (sht_json_int (first, "due_at", 0), sht_store_hub_now (reader));
  g_autofree char *title = due->len == 1 ? g_strdup_printf (_("Due soon: %s"), service)
                                         : g_strdup_printf (ngettext ("%d ticket is due soon", "%d tickets are due soon", due->len),
                                                            (int) due->len);
  const char *what = due->len == 1 ? number : service;
  g_autofree char *body = what != NULL ? g_strdup_printf ("%s · %s", what, left) : g_strdup (left);
  g_autoptr (GNotification) notice = new_notice (title, body, G_NOTIFICATION_PRIORITY_HIGH);
  g_autofree char *alone = name_of ("due", sht_json_string (first, "id"));
  const char *id = due->len == 1 ? alone : ALL_DUE;

  if (due->len == 1)
    g_notification_set_default_action_and_target (notice, "app.show-ticket", "s", sht_json_string (first, "id"));
  else
    g_notification_set_default_action_and_target (notice, "app.show-page", "s", "work");
  for (guint i = 0; i < due->len; i++)
    g_hash_table_insert (self->shown, name_of ("due", sht_json_string (g_ptr_array_index (due, i), "id")), g_strdup (id));
  send (self, id, notice);
}

static GNotification *
new_ticket_notice (ShtStore *reader, const ShtNotice *news)
{
  const char *service = sht_names_get (reader, "service", news->service);
  g_autofree char *title = news->kind == SHT_NOTICE_ASSIGNED ? g_strdup_printf (_("New ticket: %s"), service)
                                                             : g_strdup (_("Message from the supervisor"));
  g_autofree char *body = news->number != NULL && news->kind == SHT_NOTICE_MESSAGE
                            ? g_strdup_printf ("%s · %s", news->number, service)
                            : g_strdup (news->number);
  GNotification *notice = new_notice (title, body, G_NOTIFICATION_PRIORITY_NORMAL);

  g_notification_set_default_action_and_target (notice, "app.show-ticket", "s", news->subject);
  /* The ticket's page opens with it, where the step is seen and can be taken back. */
  if (news->kind == SHT_NOTICE_ASSIGNED && news->is_new)
    g_notification_add_button_with_target (notice, _("On my way"), "app.on-my-way", "s", news->subject);
  return notice;
}

static void
tell_one (ShtNotices *self, ShtStore *reader, const ShtNotice *news)
{
  g_autofree char *id = name_of (ALL_NEWS, news->subject);
  g_autoptr (GNotification) notice = NULL;

  if (news->kind == SHT_NOTICE_ANSWER)
    {
      notice = new_notice (_("Answer to an obstacle"), NULL, G_NOTIFICATION_PRIORITY_NORMAL);
      g_notification_set_default_action_and_target (notice, "app.show-page", "s", "forum");
    }
  else
    notice = new_ticket_notice (reader, news);
  g_hash_table_insert (self->shown, g_strdup (id), g_strdup (id));
  send (self, id, notice);
}

static char *
count_words (GPtrArray *news)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  guint n[SHT_N_NOTICE_KINDS] = { 0 };

  for (guint i = 0; i < news->len; i++)
    n[((const ShtNotice *) g_ptr_array_index (news, i))->kind]++;
  if (n[SHT_NOTICE_ASSIGNED] > 0)
    g_ptr_array_add (words, g_strdup_printf (ngettext ("%u new ticket", "%u new tickets", n[SHT_NOTICE_ASSIGNED]), n[SHT_NOTICE_ASSIGNED]));
  if (n[SHT_NOTICE_MESSAGE] > 0)
    g_ptr_array_add (words, g_strdup_printf (ngettext ("%u message from the supervisor", "%u messages from the supervisor",
                                                       n[SHT_NOTICE_MESSAGE]),
                                             n[SHT_NOTICE_MESSAGE]));
  if (n[SHT_NOTICE_ANSWER] > 0)
    g_ptr_array_add (words, g_strdup_printf (ngettext ("%u answer to an obstacle", "%u answers to obstacles", n[SHT_NOTICE_ANSWER]),
                                             n[SHT_NOTICE_ANSWER]));
  g_ptr_array_add (words, NULL);
  return g_strjoinv (" · ", (char **) words->pdata);
}

static void
tell_together (ShtNotices *self, GPtrArray *news)
{
  g_autofree char *counted = count_words (news);
  g_autoptr (GNotification) notice = new_notice (_("News for your crew"), counted, G_NOTIFICATION_PRIORITY_NORMAL);

  g_notification_set_default_action_and_target (notice, "app.show-page", "s", "work");
  for (guint i = 0; i < news->len; i++)
    g_hash_table_insert (self->shown, name_of (ALL_NEWS, ((const ShtNotice *) g_ptr_array_index (news, i))->subject), g_strdup (ALL_NEWS));
  send (self, ALL_NEWS, notice);
}

/* After a long absence there is one for all of it, as there is one card in the window. */
static void
tell_news (ShtNotices *self, ShtStore *reader, GPtrArray *news)
{
  gboolean together = news->len > MOST_APART;

  for (guint i = 0; i < news->len; i++)
    together |= news->len > 1 && ((const ShtNotice *) g_ptr_array_index (news, i))->away;
  if (together)
    tell_together (self, news);
  else
    for (guint i = 0; i < news->len; i++)
      tell_one (self, reader, g_ptr_array_index (news, i));
}

/* --- once --- */

static gboolean
note_told (ShtStore *store, gpointer data, GError **error)
{
  Told *told = data;

  return (told->due == NULL || sht_store_told_due (store, told->due, error))
         && (told->news == NULL || sht_store_notices_told (store, told->news, error));
}

static void
on_noted (GObject *source, GAsyncResult *result, gpointer data)
{
  Told *told = data;
  g_autoptr (GError) error = NULL;

  if (!sht_session_do_finish (SHT_SESSION (source), result, &error))
    g_message ("notices: %s", error->message);
  else if (!g_cancellable_is_cancelled (told->gone))
    told->notices->noting = FALSE;
  told_free (told);
}

/* --- what was looked at --- */

static gboolean
forget (ShtStore *store, gpointer subject, GError **error)
{
  return sht_store_notices_seen (store, subject, error);
}

static void
saw (ShtNotices *self, const char *subject)
{
  g_autofree char *due = name_of ("due", subject);
  g_autofree char *news = name_of (ALL_NEWS, subject);

  withdraw (self, due);
  withdraw (self, news);
  sht_session_do_quietly (self->session, forget, g_strdup (subject), g_free);
}

static void
on_opened (ShtNotices *self)
{
  g_autofree char *ticket = sht_settings_get (self->settings, SHT_SETTING_TICKET);

  if (ticket != NULL)
    saw (self, ticket);
}

/* The ticket that somebody has before him, if any. */
static char *
looked_at (ShtNotices *self)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self->application));

  return window != NULL && gtk_window_is_active (window) ? sht_settings_get (self->settings, SHT_SETTING_TICKET) : NULL;
}

static gboolean
is_over (ShtNotices *self, const char *name, GPtrArray *told)
{
  const char *subject = strchr (name, '-') + 1;
  gint64 open = 0;

  for (guint i = 0; i < told->len; i++)
    if (g_str_equal (((const ShtNotice *) g_ptr_array_index (told, i))->subject, subject))
      return FALSE;
  return !g_str_has_prefix (name, "due-")
         || (sht_db_get_int (sht_session_get_reader (self->session)->db, &open, NULL, "SELECT open FROM ticket WHERE id = ?1", "s", subject)
             && open == 0);
}

/* What was looked at elsewhere, done, or taken away. */
static void
withdraw_what_is_over (ShtNotices *self)
{
  g_autoptr (GPtrArray) told = g_hash_table_size (self->shown) > 0
                                 ? sht_store_notices (sht_session_get_reader (self->session), TRUE, NULL)
                                 : NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer name;

  if (told == NULL)
    return;
  g_hash_table_iter_init (&iter, self->shown);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (is_over (self, name, told))
      g_ptr_array_add (names, g_strdup (name));
  for (guint i = 0; i < names->len; i++)
    withdraw (self, g_ptr_array_index (names, i));
}

static void
leave_out_seen (ShtNotices *self, GPtrArray *news)
{
  g_autofree char *ticket = looked_at (self);

  for (guint i = news->len; i > 0 && ticket != NULL; i--)
    if (g_str_equal (((const ShtNotice *) g_ptr_array_index (news, i - 1))->subject, ticket))
      {
        saw (self, ticket);
        g_ptr_array_remove_index (news, i - 1);
      }
}

/* In quiet hours only what is urgent is told of what falls due: it will not wait until the morning. */
static void
leave_out_calm (GPtrArray *due)
{
  for (guint i = due->len; i > 0; i--)
    if (g_strcmp0 (sht_json_string (g_ptr_array_index (due, i - 1), "priority"), "urgent") != 0)
      g_ptr_array_remove_index (due, i - 1);
}

static void
look (ShtNotices *self)
{
  ShtStore *reader = sht_session_get_reader (self->session);
  g_autoptr (GPtrArray) due = NULL;
  g_autoptr (GPtrArray) news = NULL;
  Told *told;

  if (self->noting)
    return;
  withdraw_what_is_over (self);
  due = sht_store_due_soon (reader, SHT_SLA_SOON_MS, NULL);
  news = sht_store_notices (reader, FALSE, NULL);
  /* To know the working hours takes a frame's time whenever the store has been written, so only who has something to tell asks. */
  if (((due != NULL && due->len > 0) || (news != NULL && news->len > 0)) && sht_quiet_now (self->settings, reader))
    {
      g_clear_pointer (&news, g_ptr_array_unref);
      if (due != NULL)
        leave_out_calm (due);
    }
  if (news != NULL)
    leave_out_seen (self, news);
  if (due != NULL && due->len > 0)
    tell_due (self, reader, due);
  else
    g_clear_pointer (&due, g_ptr_array_unref);
  if (news != NULL && news->len > 0)
    tell_news (self, reader, news);
  else
    g_clear_pointer (&news, g_ptr_array_unref);
  if (due == NULL && news == NULL)
    return;
  self->noting = TRUE;
  told = g_new0 (Told, 1);
  told->due = g_steal_pointer (&due);
  told->news = g_steal_pointer (&news);
  told->notices = self;
  told->gone = g_object_ref (self->gone);
  sht_session_do_async (self->session, note_told, told, NULL, on_noted, told);
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
sht_notices_new (GApplication *application, ShtSession *session, ShtSettings *settings)
{
  ShtNotices *self = g_new0 (ShtNotices, 1);

  self->application = application;
  self->session = g_object_ref (session);
  self->settings = g_object_ref (settings);
  self->gone = g_cancellable_new ();
  self->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->changed_handler = g_signal_connect_swapped (session, "changed", G_CALLBACK (look), self);
  self->opened_handler = g_signal_connect_swapped (settings, "changed::" SHT_SETTING_TICKET, G_CALLBACK (on_opened), self);
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
  g_signal_handler_disconnect (self->settings, self->opened_handler);
  g_hash_table_unref (self->shown);
  g_object_unref (self->session);
  g_object_unref (self->settings);
  g_free (self);
}
