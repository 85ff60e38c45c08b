/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the ticket page asks before work is done whose service asks for photos. */

#include "tests/ui/ticket-fixture.h"

#include "tablet/ui/common/photo-chooser.h"
#include "tablet/ui/ticket/photo-share.h"
#include "tablet/ui/ticket/say-event.h"

#include <glib/gstdio.h>
#include <unistd.h>

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

static JsonArray *
photos_of (const char *text)
{
  g_autoptr (JsonNode) node = json_from_string (text, NULL);

  return json_array_ref (json_node_get_array (node));
}

/* What residents may not see: a photo and a drawing of it, where another drawing of it has blurred something. */
static void
test_ours_only (void)
{
  static const gboolean ours[] = { TRUE, TRUE, FALSE, FALSE, FALSE };
  g_autoptr (JsonArray) photos = photos_of ("[{\"id\":\"a\"},{\"id\":\"b\",\"of\":\"a\",\"layer\":[\"arrow\"]},"
                                            "{\"id\":\"c\",\"of\":\"b\",\"layer\":[\"arrow\",\"blur\"]},{\"id\":\"d\"},"
                                            "{\"id\":\"e\",\"of\":\"e\",\"layer\":[\"text\"]}]");

  for (guint i = 0; i < G_N_ELEMENTS (ours); i++)
    g_assert_cmpint (sht_photo_share_is_ours_only (photos, json_array_get_object_element (photos, i)), ==, ours[i]);
}

static void
test_on_paper (void)
{
  g_autoptr (GBytes) pixels = g_bytes_new_take (g_malloc0 (64 * 48 * 4), 64 * 48 * 4);
  g_autoptr (GdkTexture) texture = gdk_memory_texture_new (64, 48, GDK_MEMORY_R8G8B8A8_PREMULTIPLIED, pixels, 64 * 4);
  g_autoptr (GtkPrintOperation) operation = sht_photo_share_new_print (texture, "106-1\nלפני · היום\nSHA-256 00");
  g_autofree char *path = g_strdup_printf ("%s/paper-%d.pdf", g_get_tmp_dir (), (int)getpid ());
  g_autofree char *paper = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  gtk_print_operation_set_export_filename (operation, path);
  g_assert_cmpint (gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_EXPORT, NULL, &error), ==,
                   GTK_PRINT_OPERATION_RESULT_APPLY);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &paper, &length, NULL));
  g_assert_true (g_str_has_prefix (paper, "%PDF-"));
  g_assert_nonnull (memmem (paper, length, "/Count 1", 8));
  g_assert_nonnull (memmem (paper, length, "/Subtype /Image", 15));
  g_assert_nonnull (memmem (paper, length, "/Type /Font", 11));
  g_assert_cmpint (g_unlink (path), ==, 0);
}

int
main (int argc, char **argv)
{
  if (!start (argc, argv))
    return 0;
  g_test_add_func ("/ticket/done-without-a-photo", test_done_without);
  g_test_add_func ("/ticket/done-with-its-photos", test_done_with);
  g_test_add_func ("/ticket/photo-for-residents", test_ours_only);
  g_test_add_func ("/ticket/photo-on-paper", test_on_paper);
  return run_tests ();
}
