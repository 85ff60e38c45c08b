/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the ticket page asks before work is done whose service asks for photos. */

#include "tests/ui/ticket-fixture.h"

#include "tablet/ui/common/photo-chooser.h"
#include "tablet/ui/ticket/say-event.h"

static GtkWidget *
find_inside (GtkWidget *widget, GType type, const char *name)
{
  GtkWidget *found = NULL;

  if (g_type_is_a (G_OBJECT_TYPE (widget), type) && (name == NULL || g_str_equal (gtk_widget_get_name (widget), name)))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_inside (child, type, name);
  return found;
}

/* The dialog that is up, %NULL when none is. */
static GtkWidget *
find_dialog (void)
{
  g_autoptr (GListModel) all = g_object_ref (gtk_window_get_toplevels ());

  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr (GtkWidget) one = g_list_model_get_item (all, i);

      if (ADW_IS_MESSAGE_DIALOG (one) && gtk_widget_get_visible (one))
        return one;
    }
  return NULL;
}

static gboolean
is_asked (gpointer unused)
{
  return find_dialog () != NULL;
}

static gboolean
is_not_asked (gpointer unused)
{
  return find_dialog () == NULL;
}

/* A ticket that is being worked on, of a service that asks for photos. */
static char *
work_on (const char *service)
{
  char *id = run (ctl_exe, "--store", store, "report", "--service", service, "--lat", "31.24", "--lon", "34.6", NULL);

  g_free (run (ctl_exe, "--store", store, "status", id, "in_progress", NULL));
  return id;
}

static void
click_main (ShtTicketPage *page)
{
  /* A step is not taken twice by one double tap. */
  g_usleep (400000);
  g_signal_emit_by_name (sht_ticket_page_get_main_button (page), "clicked");
}

static GtkWidget *
asked (const char *heading)
{
  GtkWidget *dialog;

  wait_for (is_asked, NULL, "the question");
  dialog = find_dialog ();
  g_assert_cmpstr (adw_message_dialog_get_heading (ADW_MESSAGE_DIALOG (dialog)), ==, heading);
  return dialog;
}

static void
answer (GtkWidget *dialog, const char *response)
{
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), response);
  gtk_window_destroy (GTK_WINDOW (dialog));
  wait_for (is_not_asked, NULL, "the question to go");
}

static gboolean
is_done (gpointer page)
{
  return sht_ticket_page_get_status (page) == SHT_STATUS_DONE;
}

/* At the end of the words. */
static void
press_return (GtkWidget *entry)
{
  g_assert_true (gtk_widget_grab_focus (entry));
  g_signal_emit_by_name (gtk_editable_get_delegate (GTK_EDITABLE (entry)), "activate");
}

/* Without the photo, only with a reason, which stands in the journey. */
static void
test_done_without (void)
{
  g_autofree char *ticket = work_on ("pavement");
  Shown shown = show_page (sht_ticket_page_new (session));
  ShtTicketPage *page = SHT_TICKET_PAGE (shown.page);
  g_autoptr (JsonObject) view = NULL;
  g_autofree char *detail = NULL;
  gint64 before = count_operations ("ticket.status", 0);
  GtkWidget *dialog, *entry;
  JsonArray *events;

  sht_ticket_page_set_ticket (shown.page, ticket);
  wait_for (has_steps, shown.page, "the journey");
  click_main (page);
  dialog = asked ("An after photo is missing");
  entry = find_inside (dialog, GTK_TYPE_ENTRY, NULL);
  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "do"));
  gtk_editable_set_text (GTK_EDITABLE (entry), "  ");
  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "do"));
  press_return (entry);
  g_assert_true (find_dialog () == dialog);
  answer (dialog, "cancel");
  /* the same from the menu of steps */
  gtk_widget_activate_action (shown.page, "ticket.step", "s", "done");
  dialog = asked ("An after photo is missing");
  g_assert_cmpint (count_operations ("ticket.status", 0), ==, before);
  entry = find_inside (dialog, GTK_TYPE_ENTRY, NULL);
  gtk_editable_set_text (GTK_EDITABLE (entry), " it was dark ");
  g_assert_true (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "do"));
  press_return (entry);
  wait_for (is_not_asked, NULL, "the question to go");
  wait_for (is_done, page, "the step");
  view = sht_store_ticket_view (sht_session_get_reader (session), ticket, NULL);
  events = sht_json_array (view, "events");
  detail = sht_say_event_detail (json_array_get_object_element (events, json_array_get_length (events) - 1));
  g_assert_nonnull (strstr (detail, "Without an after photo: "));
  g_assert_nonnull (strstr (detail, "\342\201\250it was dark\342\201\251"));
  gtk_window_destroy (GTK_WINDOW (shown.window));
}

/* One photo is added from the question, of the other it is said why there is none; what was said is not asked again. */
static void
test_done_with (void)
{
  g_autofree char *ticket = work_on ("road-hole");
  g_autofree char *picture = make_picture (0x80604000), *other = make_picture (0x40608000);
  const char *paths[] = { picture, NULL };
  Shown shown = show_page (sht_ticket_page_new (session));
  Newest wanted = { shown.page, "photo", "on_device" };
  ShtTicketPage *page = SHT_TICKET_PAGE (shown.page);
  GtkWidget *dialog;

  sht_ticket_page_set_ticket (shown.page, ticket);
  wait_for (has_steps, shown.page, "the journey");
  click_main (page);
  dialog = asked ("Photos are missing");
  gtk_editable_set_text (GTK_EDITABLE (find_inside (dialog, GTK_TYPE_ENTRY, NULL)), "we came too late");
  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "do"));
  g_signal_emit_by_name (find_inside (dialog, GTK_TYPE_BUTTON, "after"), "clicked");
  wait_for (is_not_asked, NULL, "the question to go");
  g_signal_emit_by_name (find_inside (shown.page, SHT_TYPE_PHOTO_CHOOSER, NULL), "chosen", paths);
  /* While it is being taken in there is nothing to ask, and it is not done without it. */
  g_assert_cmpuint (sht_ticket_imports_running (page, ticket, "after"), ==, 1);
  gtk_widget_activate_action (shown.page, "ticket.step", "s", "done");
  g_assert_null (find_dialog ());
  wait_for (newest_is, &wanted, "the photo in the journey");
  g_assert_cmpint (sht_ticket_page_get_status (page), ==, SHT_STATUS_IN_PROGRESS);
  gtk_widget_activate_action (shown.page, "ticket.step", "s", "done");
  dialog = asked ("A before photo is missing");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (find_inside (dialog, GTK_TYPE_ENTRY, NULL))), ==, "we came too late");
  answer (dialog, "cancel");
  /* with both it is done at once */
  sht_ticket_page_attach (page, other, "before");
  while (sht_ticket_imports_running (page, ticket, "before") > 0)
    g_main_context_iteration (NULL, TRUE);
  gtk_widget_activate_action (shown.page, "ticket.step", "s", "done");
  wait_for (is_done, page, "the step");
  g_assert_null (find_dialog ());
  gtk_window_destroy (GTK_WINDOW (shown.window));
}

int
main (int argc, char **argv)
{
  if (!start (argc, argv))
    return 0;
  g_test_add_func ("/ticket/done-without-a-photo", test_done_without);
  g_test_add_func ("/ticket/done-with-its-photos", test_done_with);
  return run_tests ();
}
