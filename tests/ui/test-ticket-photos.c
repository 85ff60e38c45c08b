/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the ticket page asks before work is done whose service asks for photos. */

#include "tests/ui/ticket-fixture.h"

#include "tablet/ui/common/even-rows.h"
#include "tablet/ui/common/photo-chooser.h"
#include "tablet/ui/ticket/photo-cells.h"
#include "tablet/ui/ticket/photo-share.h"
#include "tablet/ui/ticket/photo-tile.h"
#include "tablet/ui/ticket/photo-viewer.h"
#include "tablet/ui/ticket/photo-words.h"
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

/* The window of a kind that is up, %NULL when none is. */
static GtkWidget *
find_window (GType type)
{
  g_autoptr (GListModel) all = g_object_ref (gtk_window_get_toplevels ());

  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr (GtkWidget) one = g_list_model_get_item (all, i);

      if (g_type_is_a (G_OBJECT_TYPE (one), type) && gtk_widget_get_visible (one))
        return one;
    }
  return NULL;
}

static GtkWidget *
find_dialog (void)
{
  return find_window (ADW_TYPE_MESSAGE_DIALOG);
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
has_stepped (gpointer before)
{
  return count_operations ("ticket.status", 0) > *(gint64 *) before;
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
  wait_for (has_stepped, &before, "the step");
  view = sht_store_ticket_view (sht_session_get_reader (session), ticket, NULL);
  events = sht_json_array (view, "events");
  detail = sht_say_event_detail (sht_session_get_reader (session),
                                 json_array_get_object_element (events, json_array_get_length (events) - 1));
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

/* --- all of a ticket's photos --- */

#define MANY 400
/* A screen's, the row that comes into sight and the one that has the focus. */
#define MOST_TILES 40

/* The ticket's one photo, many times over. */
static gboolean
make_many (ShtStore *writer, gpointer ticket, GError **error)
{
  ShtStmt *stmt = sht_db_query (writer->db,
                                "WITH RECURSIVE copy (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < ?2 - 1) "
                                "INSERT INTO photo (id, ticket, sha256, source_sha256, doc) "
                                "SELECT printf ('%s-%04d', id, n), ticket, sha256, source_sha256, "
                                "json_set (doc, '$.id', printf ('%s-%04d', id, n)) FROM photo, copy WHERE ticket = ?1",
                                "si", ticket, (gint64) MANY);

  while (sht_stmt_step (stmt))
    ;
  return sht_stmt_end (stmt, error);
}

static void
on_made (GObject *source, GAsyncResult *result, gpointer made)
{
  g_autoptr (GError) error = NULL;

  sht_session_do_finish (SHT_SESSION (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) made = TRUE;
}

static gboolean
is_true (gpointer value)
{
  return *(gboolean *) value;
}

static GPtrArray *
photos_before (const char *ticket)
{
  GPtrArray *photos = sht_store_ticket_photos (sht_session_get_reader (session), ticket, "before", NULL);

  g_assert_cmpuint (photos->len, ==, MANY);
  return photos;
}

static const char *
id_of (GPtrArray *photos, guint position)
{
  return ((ShtPhotoMark *) g_ptr_array_index (photos, position))->id;
}

typedef struct
{
  GtkWidget *cells;
  const char *photo;
} Wanted;

static GtkWidget *
tile_of (GtkWidget *cells, const char *photo)
{
  for (GtkWidget *tile = gtk_widget_get_first_child (cells); tile != NULL; tile = gtk_widget_get_next_sibling (tile))
    if (g_strcmp0 (sht_photo_tile_get_photo (SHT_PHOTO_TILE (tile)), photo) == 0)
      return tile;
  return NULL;
}

static gboolean
has_tile (gpointer data)
{
  Wanted *wanted = data;

  return tile_of (wanted->cells, wanted->photo) != NULL;
}

static void
wait_for_tile (GtkWidget *cells, const char *photo)
{
  wait_for (has_tile, &(Wanted) { cells, photo }, "the photo's tile");
}

/* As many tiles as the screen has, in the photos' order, each once; gives how many. */
static guint
check_tiles (GtkWidget *cells)
{
  const char *before = "";
  guint n = 0;

  for (GtkWidget *tile = gtk_widget_get_first_child (cells); tile != NULL; tile = gtk_widget_get_next_sibling (tile))
    {
      const char *photo = sht_photo_tile_get_photo (SHT_PHOTO_TILE (tile));

      g_assert_cmpstr (photo, >, before);
      before = photo;
      n++;
    }
  g_assert_cmpuint (n, <=, MOST_TILES);
  return n;
}

static const char *
focused_photo (GtkWidget *cells)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (cells));

  return SHT_IS_PHOTO_TILE (focus) ? sht_photo_tile_get_photo (SHT_PHOTO_TILE (focus)) : NULL;
}

/* How many stand in the first row. */
static guint
count_columns (GtkWidget *cells)
{
  GtkWidget *tile = gtk_widget_get_first_child (cells);
  int first = -1;
  guint n = 0;

  for (; tile != NULL; tile = gtk_widget_get_next_sibling (tile), n++)
    {
      graphene_point_t point;

      g_assert_true (gtk_widget_compute_point (tile, cells, &GRAPHENE_POINT_INIT (0, 0), &point));
      if (first < 0)
        first = (int) point.y;
      if ((int) point.y != first)
        return n;
    }
  return n;
}

static GtkWidget *
open_many (Shown *shown, const char *ticket)
{
  GtkWidget *cells;

  sht_ticket_page_set_ticket (shown->page, ticket);
  wait_for (has_steps, shown->page, "the journey");
  gtk_widget_activate_action (shown->page, "ticket.all-photos", "s", "before");
  cells = find_inside (shown->page, SHT_TYPE_PHOTO_CELLS, NULL);
  g_assert_nonnull (cells);
  return cells;
}

static void
test_many (void)
{
  g_autofree char *ticket = work_on ("pavement");
  g_autofree char *picture = make_picture (0x8899aaff);
  Shown shown = show_page (sht_ticket_page_new (session));
  gboolean ltr = gtk_widget_get_default_direction () == GTK_TEXT_DIR_LTR;
  g_autoptr (GPtrArray) photos = NULL;
  GtkAdjustment *adjustment;
  gboolean made = FALSE;
  GtkWidget *cells;
  guint columns;

  g_free (run (ctl_exe, "--store", store, "photo", ticket, picture, "--role", "before", NULL));
  sht_session_do_async (session, make_many, ticket, NULL, on_made, &made);
  wait_for (is_true, &made, "the photos");
  photos = photos_before (ticket);
  cells = open_many (&shown, ticket);
  wait_for_tile (cells, id_of (photos, 0));
  g_assert_cmpuint (check_tiles (cells), <, MANY);
  columns = count_columns (cells);
  g_assert_cmpuint (columns, >=, 2);
  g_assert_cmpuint (columns, <=, 6);

  /* by keys */
  g_assert_true (gtk_widget_grab_focus (cells));
  g_assert_cmpstr (focused_photo (cells), ==, id_of (photos, 0));
  g_assert_true (gtk_widget_child_focus (cells, ltr ? GTK_DIR_RIGHT : GTK_DIR_LEFT));
  g_assert_cmpstr (focused_photo (cells), ==, id_of (photos, 1));
  g_assert_true (gtk_widget_child_focus (cells, GTK_DIR_DOWN));
  g_assert_cmpstr (focused_photo (cells), ==, id_of (photos, 1 + columns));
  for (guint i = 0; i < 30; i++)
    g_assert_true (gtk_widget_child_focus (cells, GTK_DIR_DOWN));
  g_assert_cmpstr (focused_photo (cells), ==, id_of (photos, 1 + 31 * columns));
  g_assert_false (gtk_widget_child_focus (cells, GTK_DIR_TAB_FORWARD));
  check_tiles (cells);

  /* what has the focus keeps it out of sight too */
  adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (cells));
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
  wait_for_tile (cells, id_of (photos, MANY - 1));
  g_assert_cmpstr (focused_photo (cells), ==, id_of (photos, 1 + 31 * columns));
  g_assert_null (tile_of (cells, id_of (photos, 0)));
  check_tiles (cells);

  /* fewer photos than where it stands */
  g_ptr_array_set_size (photos, 3);
  sht_photo_cells_set_photos (SHT_PHOTO_CELLS (cells), g_steal_pointer (&photos));
  photos = photos_before (ticket);
  wait_for_tile (cells, id_of (photos, 0));
  g_assert_cmpuint (check_tiles (cells), ==, 3);
  gtk_window_destroy (GTK_WINDOW (shown.window));
}

/* --- one photo, looked at --- */

static GtkWidget *
find_button (GtkWidget *widget, const char *label)
{
  GtkWidget *found = NULL;

  if (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_button (child, label);
  return found;
}

static JsonObject *
add_photo (const char *ticket, guint32 colour)
{
  g_autofree char *picture = make_picture (colour);
  g_autoptr (JsonObject) view = NULL;
  JsonArray *photos;

  g_free (run (ctl_exe, "--store", store, "photo", ticket, picture, "--role", "before", NULL));
  view = sht_store_ticket_view (sht_session_get_reader (session), ticket, NULL);
  photos = sht_json_array (view, "photos");
  return json_object_ref (json_array_get_object_element (photos, json_array_get_length (photos) - 1));
}

static GtkWidget *
view_photo (Shown *shown, const char *ticket, JsonObject *photo)
{
  sht_ticket_page_set_ticket (shown->page, ticket);
  wait_for (has_steps, shown->page, "the journey");
  gtk_widget_activate_action (shown->page, "ticket.view-photo", "s", sht_json_string (photo, "id"));
  return find_window (SHT_TYPE_PHOTO_VIEWER);
}

/* A photo that is not decoded yet is neither drawn on nor shared: what is seen is the one before. */
static void
test_next_photo (void)
{
  g_autofree char *ticket = work_on ("pavement");
  g_autoptr (JsonObject) first = add_photo (ticket, 0x10203000);
  g_autoptr (JsonObject) second = add_photo (ticket, 0x30201000);
  Shown shown = show_page (sht_ticket_page_new (session));
  GtkWidget *viewer = view_photo (&shown, ticket, first);
  GtkWidget *draw = find_button (viewer, "Draw");

  wait_for (is_mapped, draw, "the photo");
  gtk_widget_activate_action (viewer, "viewer.next", NULL);
  g_assert_false (gtk_widget_get_mapped (draw));
  wait_for (is_mapped, draw, "the next photo");
  gtk_window_destroy (GTK_WINDOW (viewer));
  gtk_window_destroy (GTK_WINDOW (shown.window));
}

static gboolean
is_damage_told (gpointer page)
{
  return g_str_equal (adw_status_page_get_title (page), "Damaged: take it again");
}

/* It is said that the hub has a photo only where that is so. */
static void
test_lost_photo (void)
{
  g_autofree char *ticket = work_on ("pavement");
  g_autoptr (JsonObject) lost = add_photo (ticket, 0x11223300);
  g_autoptr (JsonObject) damaged = add_photo (ticket, 0x33221100);
  ShtStore *reader = sht_session_get_reader (session);
  g_autofree char *lost_path = sht_store_blob_path (reader, sht_json_string (lost, "sha256"));
  g_autofree char *damaged_path = sht_store_blob_path (reader, sht_json_string (damaged, "sha256"));
  Shown shown = show_page (sht_ticket_page_new (session));
  GtkWidget *viewer;
  AdwStatusPage *page;

  g_assert_cmpint (g_unlink (lost_path), ==, 0);
  g_assert_true (g_file_set_contents (damaged_path, "no picture", -1, NULL));
  viewer = view_photo (&shown, ticket, lost);
  page = ADW_STATUS_PAGE (find_inside (viewer, ADW_TYPE_STATUS_PAGE, NULL));
  g_assert_cmpstr (adw_status_page_get_title (page), ==, "Lost before it was sent: take it again");
  g_assert_cmpstr (adw_status_page_get_description (page), ==, "");
  gtk_widget_activate_action (viewer, "viewer.next", NULL);
  wait_for (is_damage_told, page, "what became of the photo");
  gtk_window_destroy (GTK_WINDOW (viewer));
  gtk_window_destroy (GTK_WINDOW (shown.window));
}

static gboolean
do_nothing (ShtStore *its_store, gpointer unused, GError **error)
{
  return TRUE;
}

/* Who thinks again at once has chosen what was chosen last. */
static void
test_role_and_back (void)
{
  g_autofree char *ticket = work_on ("pavement");
  g_autoptr (JsonObject) photo = add_photo (ticket, 0x44556600);
  GtkWidget *words = g_object_ref_sink (sht_photo_words_new (session));
  gint64 before = count_operations ("photo.edit", 0);
  gboolean done = FALSE;

  sht_photo_words_update (SHT_PHOTO_WORDS (words), photo);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (find_button (words, "After")), TRUE);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (find_button (words, "Before")), TRUE);
  sht_session_do_async (session, do_nothing, NULL, NULL, on_made, &done);
  wait_for (is_true, &done, "the store");
  g_assert_cmpint (count_operations ("photo.edit", 0), ==, before + 2);
  g_object_unref (words);
}

static gboolean
has_width (gpointer widget)
{
  return gtk_widget_get_width (widget) > 0;
}

/* Five buttons of a width: how many stand in each row, where the room is for so many beside each other, and no more are wanted. */
static void
check_rows (int room, int most, const guint *wanted)
{
  GtkWidget *window = adw_window_new ();
  GtkWidget *rows = sht_even_rows_new (10, most);
  guint counted[5] = { 0 };
  int row = -1, y = -1;

  for (guint i = 0; i < 5; i++)
    {
      GtkWidget *button = gtk_button_new ();

      gtk_widget_set_size_request (button, 100, 50);
      sht_even_rows_append (SHT_EVEN_ROWS (rows), button);
    }
  gtk_widget_set_size_request (rows, room * 110 - 10, -1);
  gtk_widget_set_halign (rows, GTK_ALIGN_START);
  adw_window_set_content (ADW_WINDOW (window), rows);
  /* narrower than they would like */
  gtk_window_set_default_size (GTK_WINDOW (window), room * 110 - 10, 400);
  gtk_window_present (GTK_WINDOW (window));
  wait_for (has_width, rows, "the rows to be laid out");
  for (GtkWidget *child = gtk_widget_get_first_child (rows); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      graphene_rect_t place;

      g_assert_true (gtk_widget_compute_bounds (child, rows, &place));
      g_assert_cmpfloat (place.size.width, >=, 100);
      if ((int) place.origin.y != y)
        row++;
      y = (int) place.origin.y;
      counted[row]++;
    }
  g_assert_cmpmem (counted, sizeof counted, wanted, sizeof counted);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_even_rows (void)
{
  check_rows (5, 9, (const guint[]) { 5, 0, 0, 0, 0 });
  check_rows (4, 9, (const guint[]) { 3, 2, 0, 0, 0 });
  check_rows (3, 9, (const guint[]) { 3, 2, 0, 0, 0 });
  check_rows (2, 9, (const guint[]) { 2, 2, 1, 0, 0 });
  check_rows (5, 4, (const guint[]) { 3, 2, 0, 0, 0 });
  check_rows (5, 2, (const guint[]) { 2, 2, 1, 0, 0 });
}

int
main (int argc, char **argv)
{
  if (!start (argc, argv))
    return 0;
  g_test_add_func ("/ticket/done-without-a-photo", test_done_without);
  g_test_add_func ("/ticket/done-with-its-photos", test_done_with);
  g_test_add_func ("/ticket/even-rows", test_even_rows);
  g_test_add_func ("/ticket/many-photos", test_many);
  g_test_add_func ("/ticket/next-photo", test_next_photo);
  g_test_add_func ("/ticket/lost-photo", test_lost_photo);
  g_test_add_func ("/ticket/role-and-back", test_role_and_back);
  g_test_add_func ("/ticket/photo-for-residents", test_ours_only);
  g_test_add_func ("/ticket/photo-on-paper", test_on_paper);
  return run_tests ();
}
