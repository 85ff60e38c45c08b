/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is filled in and written on the ticket and report pages, when the store is slow, full, or has it already. */

#include "tests/ui/ticket-fixture.h"

#include "tablet/ui/common/cover.h"
#include "tablet/ui/common/form-question.h"
#include "tablet/ui/common/obstacle-form.h"
#include "tablet/ui/report/report-page.h"
#include "tablet/ui/ticket/form-card.h"
#include "tablet/ui/ticket/note-box.h"

#define SERVICE "playground"
#define QUESTION "fall_height_cm"
#define HOLD_US (G_USEC_PER_SEC * 3 / 10)

/* --- what is asked of the store --- */

static gboolean
is_true (gpointer flag)
{
  return *(gboolean *) flag;
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer done)
{
  g_autoptr (GError) error = NULL;

  sht_session_do_finish (SHT_SESSION (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) done = TRUE;
}

/* Whatever was asked of the store before this is done by then, and was told. */
static void
do_now (ShtSessionFunc func, gpointer data)
{
  gboolean done = FALSE;

  sht_session_do_async (session, func, data, NULL, on_done, &done);
  wait_for (is_true, &done, "the store");
}

static gboolean
run_sql (ShtStore *its_store, gpointer sql, GError **error)
{
  return sht_db_exec (its_store->db, sql, error);
}

static gboolean
do_nothing (ShtStore *its_store, gpointer data, GError **error)
{
  return TRUE;
}

static gboolean
hold (ShtStore *its_store, gpointer data, GError **error)
{
  g_usleep (HOLD_US);
  return TRUE;
}

/* --- what is looked at --- */

static GtkWidget *
find_inside (GtkWidget *widget, GType type)
{
  GtkWidget *found = g_type_is_a (G_OBJECT_TYPE (widget), type) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_inside (child, type);
  return found;
}

static GtkWidget *
find_question (GtkWidget *widget)
{
  GtkWidget *found = NULL;

  if (SHT_IS_FORM_QUESTION (widget))
    return g_str_equal (sht_form_question_get_code (SHT_FORM_QUESTION (widget)), QUESTION) ? widget : NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_question (child);
  return found;
}

typedef struct
{
  char *ticket;
  GtkWidget *card;
  GtkWidget *entry;
  guint problems;
} Form;

static void
on_problem (Form *form, GError *error)
{
  g_test_message ("%s", error->message);
  form->problems++;
}

/* As the page does whenever the store has changed. */
static void
look_again (Form *form)
{
  g_autoptr (JsonObject) doc = sht_store_get (sht_session_get_reader (session), "ticket", form->ticket, NULL);

  json_object_set_string_member (doc, "service", SERVICE);
  sht_form_card_update (SHT_FORM_CARD (form->card), form->ticket, doc);
}

static void
find_entry (Form *form)
{
  sht_form_card_go_to (SHT_FORM_CARD (form->card), QUESTION);
  form->entry = find_inside (find_question (form->card), GTK_TYPE_ENTRY);
}

static void
form_open (Form *form)
{
  form->ticket = ticket_with ("assigned");
  form->problems = 0;
  form->card = g_object_ref_sink (sht_form_card_new (session));
  g_signal_connect_swapped (form->card, "problem", G_CALLBACK (on_problem), form);
  look_again (form);
  find_entry (form);
}

static void
form_close (Form *form)
{
  g_object_unref (form->card);
  g_free (form->ticket);
}

static void
write_answer (Form *form, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (form->entry), text);
}

static void
assert_written (Form *form, const char *text)
{
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (form->entry)), ==, text);
}

static void
assert_stands (Form *form, double number)
{
  g_autoptr (JsonObject) doc = sht_store_get (sht_session_get_reader (session), "ticket", form->ticket, NULL);
  JsonObject *answers = sht_json_object (doc, "answers");

  g_assert_true (sht_json_has (answers, QUESTION));
  g_assert_cmpfloat (json_object_get_double_member (answers, QUESTION), ==, number);
}

static gboolean
is_missing (Form *form)
{
  g_autoptr (GPtrArray) missing = sht_form_card_missing (SHT_FORM_CARD (form->card));

  for (guint i = 0; i < missing->len; i++)
    if (g_str_equal (sht_json_string (g_ptr_array_index (missing, i), "code"), QUESTION))
      return TRUE;
  return FALSE;
}

/* --- tests --- */

#define FILL                                                                                                           \
  "CREATE TEMP TRIGGER is_full BEFORE INSERT ON meta WHEN new.key LIKE 'form_%' BEGIN SELECT raise (FAIL, 'full'); END"
#define MAKE_ROOM "DROP TRIGGER is_full"

/* The tablet was full when the answers were given: what is kept is what the person sees, or it is told. */
static void
test_not_written (void)
{
  Form form;

  form_open (&form);
  do_now (run_sql, (gpointer) FILL);
  write_answer (&form, "120");
  sht_form_card_keep (SHT_FORM_CARD (form.card));
  do_now (do_nothing, NULL);
  look_again (&form);
  assert_written (&form, "120");
  g_assert_cmpuint (form.problems, ==, 1);
  do_now (run_sql, (gpointer) MAKE_ROOM);
  sht_form_card_keep (SHT_FORM_CARD (form.card));
  do_now (do_nothing, NULL);
  look_again (&form);
  assert_stands (&form, 120);
  g_assert_cmpuint (form.problems, ==, 1);
  form_close (&form);
}

static gboolean
is_saved (gpointer page)
{
  return sht_report_page_get_saved (page) != NULL;
}

static gboolean
is_uncovered (gpointer page)
{
  return sht_cover_get_front (SHT_COVER (gtk_widget_get_ancestor (page, SHT_TYPE_COVER))) == NULL;
}

/* What would be written while it is being saved could be neither in the report nor left for the next one. */
static void
test_report_is_saving (void)
{
  Shown shown = show_page (sht_report_page_new (session));
  GtkWidget *words = find_inside (shown.page, ADW_TYPE_ENTRY_ROW);

  do_now (do_nothing, NULL);
  gtk_widget_activate_action (shown.page, "report.kind", "s", "road-hole");
  g_assert_true (gtk_widget_is_sensitive (words));
  sht_session_do_async (session, hold, NULL, NULL, NULL, NULL);
  gtk_widget_activate_action (shown.page, "report.save", NULL);
  g_assert_false (gtk_widget_is_sensitive (words));
  wait_for (is_saved, shown.page, "the report to be saved");
  g_assert_true (gtk_widget_is_sensitive (words));
  gtk_window_destroy (GTK_WINDOW (shown.window));
}

#define FILL_OPS "CREATE TEMP TRIGGER is_full BEFORE INSERT ON op BEGIN SELECT raise (FAIL, 'full'); END"

static gboolean
is_open (gpointer form)
{
  return gtk_widget_is_sensitive (form);
}

static void
test_obstacle_is_saving (void)
{
  Shown shown = show_page (sht_cover_new (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0)));
  GtkWidget *page = gtk_widget_get_first_child (gtk_widget_get_first_child (shown.page));
  GtkWidget *form, *view;

  sht_obstacle_form_open (page, session, NULL);
  form = find_inside (shown.page, SHT_TYPE_OBSTACLE_FORM);
  view = find_inside (form, GTK_TYPE_TEXT_VIEW);
  do_now (do_nothing, NULL);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), "no way in", -1);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (find_inside (form, GTK_TYPE_TOGGLE_BUTTON)), TRUE);
  do_now (run_sql, (gpointer) FILL_OPS);
  gtk_widget_activate_action (form, "obstacle-form.raise", NULL);
  g_assert_false (gtk_widget_is_sensitive (view));
  /* It could not be kept: one goes on writing. */
  wait_for (is_open, view, "the form");
  do_now (run_sql, (gpointer) MAKE_ROOM);
  gtk_widget_activate_action (form, "obstacle-form.raise", NULL);
  wait_for (is_uncovered, page, "the form to go");
  g_assert_cmpint (count_operations ("obstacle.raise", 0), ==, 1);
  gtk_window_destroy (GTK_WINDOW (shown.window));
}

/* What is written and is no number takes back nothing: it stays to be put right. */
static void
test_no_number (void)
{
  Form form;
  gint64 before;

  form_open (&form);
  write_answer (&form, "12");
  g_assert_false (is_missing (&form));
  sht_form_card_keep (SHT_FORM_CARD (form.card));
  do_now (do_nothing, NULL);
  look_again (&form);
  assert_stands (&form, 12);
  before = count_operations ("ticket.set", 0);
  write_answer (&form, "15");
  write_answer (&form, "15 c");
  write_answer (&form, "15 cm");
  g_assert_true (is_missing (&form));
  sht_form_card_keep (SHT_FORM_CARD (form.card));
  do_now (do_nothing, NULL);
  look_again (&form);
  assert_stands (&form, 12);
  assert_written (&form, "15 cm");
  g_assert_cmpint (count_operations ("ticket.set", 0), ==, before);
  write_answer (&form, "15");
  g_assert_false (is_missing (&form));
  sht_form_card_keep (SHT_FORM_CARD (form.card));
  do_now (do_nothing, NULL);
  assert_stands (&form, 15);
  write_answer (&form, "15 cm");
  do_now (do_nothing, NULL);
  sht_form_card_update (SHT_FORM_CARD (form.card), NULL, NULL);
  look_again (&form);
  find_entry (&form);
  assert_written (&form, "15");
  form_close (&form);
}

static void
count_sent (ShtNoteBox *box, const char *text, guint *sent)
{
  ++*sent;
}

/* Two taps are one note. */
static void
test_sent_once (void)
{
  GtkWidget *box = g_object_ref_sink (sht_note_box_new (session));
  GtkWidget *button = gtk_widget_get_last_child (box);
  guint sent = 0;

  g_signal_connect (box, "send", G_CALLBACK (count_sent), &sent);
  sht_note_box_set_ticket (SHT_NOTE_BOX (box), "c");
  sht_note_box_write (SHT_NOTE_BOX (box), "by the gate");
  g_signal_emit_by_name (button, "clicked");
  g_signal_emit_by_name (button, "clicked");
  g_assert_cmpuint (sent, ==, 1);
  g_assert_false (gtk_widget_get_sensitive (button));
  /* It was refused: it can be sent again. */
  do_now (do_nothing, NULL);
  wait_for (is_open, button, "the button");
  g_signal_emit_by_name (button, "clicked");
  g_assert_cmpuint (sent, ==, 2);
  do_now (do_nothing, NULL);
  g_object_unref (box);
}

static gboolean
leave (ShtStore *its_store, gpointer ticket, GError **error)
{
  return sht_store_draft_note (its_store, ticket, "", error) && sht_store_forget_form (its_store, ticket, error);
}

/* A ticket that left took its words along, and was back before anybody had looked. */
static void
test_left_unseen (void)
{
  GtkWidget *box = g_object_ref_sink (sht_note_box_new (session));
  g_autofree char *stands = NULL, *unwritten = NULL, *back = NULL;
  Form form;

  form_open (&form);
  stands = g_strdup (gtk_editable_get_text (GTK_EDITABLE (form.entry)));
  sht_note_box_set_ticket (SHT_NOTE_BOX (box), form.ticket);
  sht_note_box_write (SHT_NOTE_BOX (box), "by the gate");
  write_answer (&form, "77");
  /* What the store does not have yet stays. */
  sht_note_box_set_ticket (SHT_NOTE_BOX (box), form.ticket);
  unwritten = sht_note_box_get_text (SHT_NOTE_BOX (box));
  g_assert_cmpstr (unwritten, ==, "by the gate");
  look_again (&form);
  assert_written (&form, "77");
  do_now (leave, form.ticket);
  sht_note_box_set_ticket (SHT_NOTE_BOX (box), form.ticket);
  back = sht_note_box_get_text (SHT_NOTE_BOX (box));
  g_assert_cmpstr (back, ==, "");
  look_again (&form);
  assert_written (&form, stands);
  form_close (&form);
  g_object_unref (box);
}

int
main (int argc, char **argv)
{
  if (!start (argc, argv))
    return 0;
  g_test_add_func ("/form/not-written", test_not_written);
  g_test_add_func ("/report/is-saving", test_report_is_saving);
  g_test_add_func ("/obstacle/is-saving", test_obstacle_is_saving);
  g_test_add_func ("/form/no-number", test_no_number);
  g_test_add_func ("/note/sent-once", test_sent_once);
  g_test_add_func ("/form/left-unseen", test_left_unseen);
  return run_tests ();
}
