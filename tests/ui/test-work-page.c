/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/wrap-box.h"
#include "tablet/ui/work/away-card.h"
#include "tablet/ui/work/card-list.h"
#include "tablet/ui/work/card-photos.h"
#include "tablet/ui/work/card-row.h"
#include "tablet/ui/work/work-page.h"

#include <stdlib.h>
#include <string.h>

#define OPENINGS 50
#define TICKETS 300

static gboolean
fill (ShtStore *store, gpointer data, GError **error)
{
  if (!sht_db_begin (store->db, error))
    return FALSE;
  for (guint i = 0; i < TICKETS; i++)
    {
      g_autofree char *id = g_strdup_printf ("01a171e2-0000-7000-8000-%012u", i);
      g_autofree char *line = g_strdup_printf ("{\"t\":\"ticket\",\"id\":\"%s\",\"number\":\"106-%u\","
                                               "\"status\":\"assigned\",\"title\":\"בור\",\"due_at\":%u}",
                                               id, i, 1000 + i);

      if (!sht_store_put_line (store, "ticket", id, line, strlen (line), 1, 1, error))
        return FALSE;
    }
  return sht_db_commit (store->db, error);
}

static gboolean
fill_and_be_away (ShtStore *store, gpointer data, GError **error)
{
  return fill (store, data, error)
         && sht_db_run (store->db, error, "INSERT INTO away (ticket, what, by) SELECT id, 'added', 'Dana' FROM ticket", "");
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  g_assert_true (sht_session_do_finish (SHT_SESSION (source), result, NULL));
  *(gboolean *) data = TRUE;
}

/* Turns of ten milliseconds, on a busy machine. */
#define PATIENCE 12000

static void
turn (guint ms)
{
  gint64 end = g_get_monotonic_time () + ms * 1000;

  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (500);
}

static GtkWidget *
find (GtkWidget *widget, GType type)
{
  GtkWidget *found = g_type_is_a (G_OBJECT_TYPE (widget), type) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); found == NULL && child != NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find (child, type);
  return found;
}

static void
find_cards (GtkWidget *widget, guint *n)
{
  if (g_strcmp0 (gtk_widget_get_css_name (widget), "ticket-card") == 0)
    (*n)++;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    find_cards (child, n);
}

/* A page goes with its list, its cards and all it shows; its search and filter too. */
static void
test_freed (gconstpointer direction)
{
  g_autofree char *folder = g_dir_make_tmp ("shetach-work-XXXXXX", NULL);
  g_autofree char *remove = g_strdup_printf ("rm -rf '%s'", folder);
  ShtSession *session = sht_session_new (folder, NULL);
  gboolean done = FALSE;

  gtk_widget_set_default_direction (GPOINTER_TO_INT (direction));
  sht_session_do_async (session, fill_and_be_away, NULL, NULL, on_done, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < OPENINGS; i++)
    {
      GtkWidget *window = gtk_window_new ();
      GtkWidget *page = sht_work_page_new (session);
      gpointer list = sht_work_page_get_list (SHT_WORK_PAGE (page));
      gpointer weak_page = page;
      gpointer away = find (page, SHT_TYPE_AWAY_CARD);
      guint cards = 0;

      gtk_window_set_default_size (GTK_WINDOW (window), 480, 800);
      gtk_window_set_child (GTK_WINDOW (window), page);
      gtk_window_present (GTK_WINDOW (window));
      g_object_add_weak_pointer (G_OBJECT (page), &weak_page);
      g_object_add_weak_pointer (list, &list);
      g_assert_true (gtk_widget_get_visible (away));
      g_object_add_weak_pointer (away, &away);
      for (guint wait = 0; wait < PATIENCE && cards <= 5; wait++)
        {
          turn (10);
          cards = 0;
          find_cards (page, &cards);
        }
      g_assert_cmpuint (cards, >, 5);
      if (i % 3 == 1)
        sht_work_page_set_search (SHT_WORK_PAGE (page), "בור");
      if (i % 3 == 2)
        sht_work_page_set_filter (SHT_WORK_PAGE (page), SHT_FILTER_LATE);
      gtk_window_destroy (GTK_WINDOW (window));
      for (guint wait = 0; wait < PATIENCE && (weak_page != NULL || list != NULL || away != NULL); wait++)
        turn (10);
      g_assert_null (weak_page);
      g_assert_null (list);
      g_assert_null (away);
    }
  sht_session_close (session);
  g_object_unref (session);
  g_assert_cmpint (system (remove), ==, 0);
}

/* --- the list by itself, over items that are not in the store --- */

#define ITEMS 2000
/* Rows on the screen and around them. */
#define MOST_ROWS 220

typedef struct
{
  char *folder;
  ShtSession *session;
  GListStore *model;
  GtkWidget *window;
  GtkWidget *list;
  int row_height;
} Fixture;

static ShtTicketItem *
new_item (guint number)
{
  ShtTicketItem *item = sht_ticket_item_new ();
  ShtTicketRow row = { .id = g_strdup_printf ("%u", number), .title = g_strdup ("בור"), .service = g_strdup ("pothole"),
                       .status = SHT_STATUS_ASSIGNED, .open = TRUE, .due_at = 1000 };

  sht_ticket_item_take_row (item, &row);
  return item;
}

/* The row that stands at that height, or %NULL. */
static ShtCardRow *
row_at_pixel (Fixture *f, float y, float *top)
{
  for (GtkWidget *child = gtk_widget_get_first_child (f->list); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      graphene_rect_t bounds;

      if (!SHT_IS_CARD_ROW (child) || !gtk_widget_get_mapped (child) || !gtk_widget_compute_bounds (child, f->list, &bounds))
        continue;
      if (top != NULL)
        *top = bounds.origin.y;
      if (y >= bounds.origin.y && y < bounds.origin.y + bounds.size.height)
        return SHT_CARD_ROW (child);
    }
  return NULL;
}

static const char *
id_of (ShtCardRow *row)
{
  ShtTicketItem *item = row != NULL ? sht_ticket_card_get_item (sht_card_row_get_card (row)) : NULL;

  return item != NULL ? sht_ticket_item_get_row (item)->id : NULL;
}

static GtkAdjustment *
adjustment_of (Fixture *f)
{
  return gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (f->list));
}

static void
on_painted (GdkFrameClock *clock, gpointer data)
{
  (*(guint *) data)++;
}

/* Until so many frames were painted from now on. */
static void
paint (Fixture *f, guint n)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (f->list);
  guint frames = 0;
  gulong handler = g_signal_connect (clock, "after-paint", G_CALLBACK (on_painted), &frames);

  while (frames < n)
    {
      gtk_widget_queue_draw (f->list);
      g_main_context_iteration (NULL, TRUE);
    }
  g_signal_handler_disconnect (clock, handler);
}

static void
scroll_to (Fixture *f, double rows)
{
  gtk_adjustment_set_value (adjustment_of (f), rows * f->row_height);
  paint (f, 1);
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  f->folder = g_dir_make_tmp ("shetach-work-XXXXXX", NULL);
  f->session = sht_session_new (f->folder, NULL);
  f->model = g_list_store_new (SHT_TYPE_TICKET_ITEM);
  for (guint i = 0; i < ITEMS; i++)
    {
      g_autoptr (ShtTicketItem) item = new_item (i);

      g_list_store_append (f->model, item);
    }
  f->list = sht_card_list_new (f->session, G_LIST_MODEL (f->model));
  f->window = gtk_window_new ();
  gtk_widget_add_css_class (f->list, "cards");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), f->list);
  gtk_window_set_child (GTK_WINDOW (f->window), scrolled);
  gtk_window_set_default_size (GTK_WINDOW (f->window), 480, 800);
  gtk_window_present (GTK_WINDOW (f->window));
  for (guint wait = 0; wait < PATIENCE && row_at_pixel (f, 10, NULL) == NULL; wait++)
    turn (10);
  g_assert_nonnull (row_at_pixel (f, 10, NULL));
  f->row_height = (int) (gtk_adjustment_get_upper (adjustment_of (f)) / ITEMS);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  g_autofree char *remove = g_strdup_printf ("rm -rf '%s'", f->folder);

  gtk_window_destroy (GTK_WINDOW (f->window));
  g_object_unref (f->model);
  sht_session_close (f->session);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (f->session);
  g_assert_cmpint (system (remove), ==, 0);
  g_free (f->folder);
}

/* Whatever is on the screen shows the ticket of its place, in the very frame in which it came there; and however far it is
 * scrolled, there are no more rows. */
static void
test_go_round (Fixture *f, gconstpointer unused)
{
  static const double places[] = { 0, 3.5, 4, 900.25, 20, ITEMS - 8.0, 1000 };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      scroll_to (f, places[i]);
      for (int y = 5; y < gtk_widget_get_height (f->list); y += f->row_height)
        {
          double at = (gtk_adjustment_get_value (adjustment_of (f)) + y) / f->row_height;
          g_autofree char *id = g_strdup_printf ("%u", (guint) at);
          float top;
          ShtCardRow *row = row_at_pixel (f, (float) y, &top);

          /* what lies between two rows is nobody's */
          if (row != NULL)
            g_assert_cmpstr (id_of (row), ==, id);
          else
            g_assert_cmpfloat (at - (guint) at, >, 0.9);
        }
      paint (f, 40);
      g_assert_cmpuint (sht_card_list_get_n_cards (SHT_CARD_LIST (f->list)), >, 90);
      g_assert_cmpuint (sht_card_list_get_n_cards (SHT_CARD_LIST (f->list)), <=, MOST_ROWS);
    }
}

/* Rows are children in the order of the list, for those who read it by ear. */
static void
test_order (Fixture *f, gconstpointer unused)
{
  guint before = 0, n = 0;

  scroll_to (f, 500);
  scroll_to (f, 480);
  paint (f, 60);
  for (GtkWidget *child = gtk_widget_get_first_child (f->list); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (SHT_IS_CARD_ROW (child))
      {
        guint position = sht_card_row_get_position (SHT_CARD_ROW (child));

        g_assert_true (n == 0 || position > before);
        before = position;
        n++;
      }
  g_assert_cmpuint (n, ==, sht_card_list_get_n_cards (SHT_CARD_LIST (f->list)));
}

static void
assert_stands (Fixture *f, const char *id, float top)
{
  float now = 0;
  ShtCardRow *row;

  paint (f, 1);
  row = row_at_pixel (f, top + 1, &now);
  g_assert_cmpstr (id_of (row), ==, id);
  g_assert_cmpfloat_with_epsilon (now, top, 1);
}

/* What is looked at stays where it is when others come, go, or are told anew. */
static void
test_stays (Fixture *f, gconstpointer unused)
{
  g_autoptr (GPtrArray) around = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *top_id = NULL, *next_id = NULL;
  float top = 0, next_top = 0;

  scroll_to (f, 500.25);
  top_id = g_strdup (id_of (row_at_pixel (f, 10, &top)));
  next_id = g_strdup (id_of (row_at_pixel (f, 10 + (float) f->row_height, &next_top)));
  g_assert_cmpstr (top_id, ==, "500");
  g_assert_cmpstr (next_id, ==, "501");
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (ShtTicketItem) item = new_item (10000 + i);

      g_list_store_insert (f->model, 7, item);
      assert_stands (f, top_id, top);
    }
  g_list_store_remove (f->model, 2);
  assert_stands (f, top_id, top);
  /* 490 … 510 are put back behind two others, all in one */
  for (guint i = 0; i < 2; i++)
    g_ptr_array_add (around, new_item (20000 + i));
  for (guint i = 490; i < 510; i++)
    g_ptr_array_add (around, g_list_model_get_item (G_LIST_MODEL (f->model), i));
  g_list_store_splice (f->model, 490, 20, around->pdata, around->len);
  assert_stands (f, top_id, top);
  /* the one at the top goes: what is below it stays */
  for (guint i = 490; i < 520; i++)
    {
      g_autoptr (ShtTicketItem) item = g_list_model_get_item (G_LIST_MODEL (f->model), i);

      if (g_strcmp0 (sht_ticket_item_get_row (item)->id, top_id) == 0)
        g_list_store_remove (f->model, i--);
    }
  assert_stands (f, next_id, next_top);
  /* all of it goes */
  g_list_store_remove_all (f->model);
  paint (f, 2);
  g_assert_null (row_at_pixel (f, 10, NULL));
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment_of (f)), ==, 0);
}

static ShtCardRow *
focus_of (Fixture *f)
{
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (f->window));

  return SHT_IS_CARD_ROW (focus) ? SHT_CARD_ROW (focus) : NULL;
}

/* The keyboard goes from card to card, and what has the focus keeps it out of sight too, and when its ticket goes. */
static void
test_focus (Fixture *f, gconstpointer unused)
{
  g_assert_true (gtk_widget_grab_focus (f->list));
  g_assert_cmpstr (id_of (focus_of (f)), ==, "0");
  for (guint i = 0; i < 20; i++)
    {
      g_assert_true (gtk_widget_child_focus (f->list, GTK_DIR_DOWN));
      paint (f, 1);
    }
  g_assert_cmpstr (id_of (focus_of (f)), ==, "20");
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (focus_of (f))));
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment_of (f)), >, 10 * f->row_height);
  scroll_to (f, 1500);
  paint (f, 60);
  g_assert_cmpstr (id_of (focus_of (f)), ==, "20");
  g_assert_true (gtk_widget_child_focus (f->list, GTK_DIR_UP));
  paint (f, 1);
  g_assert_cmpstr (id_of (focus_of (f)), ==, "19");
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (focus_of (f))));
  g_list_store_remove (f->model, 19);
  paint (f, 1);
  g_assert_cmpstr (id_of (focus_of (f)), ==, "20");
  /* Tab leaves the list */
  g_assert_false (gtk_widget_child_focus (f->list, GTK_DIR_TAB_FORWARD));
}

/* Three photos of the first ticket, of which a card shows the last two. */
static gboolean
add_photos (ShtStore *store, gpointer data, GError **error)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 320, 240);
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *sha256 = NULL;
  char *jpeg;
  gsize length;

  gdk_pixbuf_fill (pixbuf, 0x336699ff);
  g_assert_true (gdk_pixbuf_save_to_buffer (pixbuf, &jpeg, &length, "jpeg", NULL, NULL));
  bytes = g_bytes_new_take (jpeg, length);
  if (!fill (store, NULL, error) || !sht_store_keep_blob (store, bytes, &sha256, error))
    return FALSE;
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *doc = g_strdup_printf ("{\"thumb_sha256\":\"%s\"}", sha256);
      g_autofree char *id = g_strdup_printf ("photo-%u", i);

      if (!sht_db_run (store->db, error,
                       "INSERT INTO photo (id, ticket, sha256, doc) SELECT ?1, id, 'elsewhere', ?2 FROM ticket "
                       "ORDER BY open DESC, due_at, row LIMIT 1",
                       "ss", id, doc))
        return FALSE;
    }
  return TRUE;
}

static guint
count_pictures (GtkWidget *widget)
{
  guint n = SHT_IS_CARD_PHOTOS (widget) ? sht_card_photos_count_shown (SHT_CARD_PHOTOS (widget)) : 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    n += count_pictures (child);
  return n;
}

static void
test_photos (void)
{
  g_autofree char *folder = g_dir_make_tmp ("shetach-work-XXXXXX", NULL);
  g_autofree char *remove = g_strdup_printf ("rm -rf '%s'", folder);
  ShtSession *session = sht_session_new (folder, NULL);
  GtkWidget *window = gtk_window_new (), *page;
  gboolean done = FALSE;

  sht_session_do_async (session, add_photos, NULL, NULL, on_done, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  page = sht_work_page_new (session);
  gtk_window_set_default_size (GTK_WINDOW (window), 480, 800);
  gtk_window_set_child (GTK_WINDOW (window), page);
  gtk_window_present (GTK_WINDOW (window));
  for (guint wait = 0; wait < PATIENCE && count_pictures (page) < SHT_CARD_PHOTOS_MOST; wait++)
    turn (10);
  g_assert_cmpuint (count_pictures (page), ==, SHT_CARD_PHOTOS_MOST);
  gtk_window_destroy (GTK_WINDOW (window));
  sht_session_close (session);
  g_object_unref (session);
  g_assert_cmpint (system (remove), ==, 0);
}

/* No chip is cut by the edge or by another, however narrow the page is; and they have their numbers, though there is no ticket. */
static void
test_chips (gconstpointer direction)
{
  g_autofree char *folder = g_dir_make_tmp ("shetach-work-XXXXXX", NULL);
  g_autofree char *remove = g_strdup_printf ("rm -rf '%s'", folder);
  ShtSession *session = sht_session_new (folder, NULL);
  GtkWidget *window = gtk_window_new (), *page, *chips;
  graphene_rect_t before = GRAPHENE_RECT_INIT (0, 0, 0, 0);
  guint n = 0, rows = 1;

  gtk_widget_set_default_direction (GPOINTER_TO_INT (direction));
  page = sht_work_page_new (session);
  gtk_window_set_default_size (GTK_WINDOW (window), 300, 600);
  gtk_window_set_child (GTK_WINDOW (window), page);
  gtk_window_present (GTK_WINDOW (window));
  for (guint wait = 0;
       wait < PATIENCE && sht_ticket_list_get_count (sht_work_page_get_list (SHT_WORK_PAGE (page)), SHT_FILTER_DONE) < 0; wait++)
    turn (10);
  g_assert_cmpint (sht_ticket_list_get_count (sht_work_page_get_list (SHT_WORK_PAGE (page)), SHT_FILTER_DONE), ==, 0);
  turn (200);
  chips = find (page, SHT_TYPE_WRAP_BOX);
  for (GtkWidget *chip = gtk_widget_get_first_child (chips); chip != NULL; chip = gtk_widget_get_next_sibling (chip))
    {
      graphene_rect_t bounds;

      if (!gtk_widget_get_visible (chip))
        continue;
      g_assert_true (gtk_widget_compute_bounds (chip, window, &bounds));
      g_assert_cmpfloat (bounds.origin.x, >=, 0);
      g_assert_cmpfloat (bounds.origin.x + bounds.size.width, <=, (float) gtk_widget_get_width (window));
      g_assert_false (n > 0 && graphene_rect_intersection (&bounds, &before, NULL));
      rows += n > 0 && bounds.origin.y > before.origin.y;
      before = bounds;
      n++;
    }
  g_assert_cmpuint (n, >=, 4);
  g_assert_cmpuint (rows, >, 1);
  gtk_window_destroy (GTK_WINDOW (window));
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
  sht_session_close (session);
  g_object_unref (session);
  g_assert_cmpint (system (remove), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display\n");
      return 0;
    }
  adw_init ();
  g_test_add_data_func ("/work-page/freed/ltr", GINT_TO_POINTER (GTK_TEXT_DIR_LTR), test_freed);
  g_test_add_data_func ("/work-page/freed/rtl", GINT_TO_POINTER (GTK_TEXT_DIR_RTL), test_freed);
  g_test_add ("/work-page/list/go-round", Fixture, NULL, set_up, test_go_round, tear_down);
  g_test_add ("/work-page/list/order", Fixture, NULL, set_up, test_order, tear_down);
  g_test_add ("/work-page/list/stays", Fixture, NULL, set_up, test_stays, tear_down);
  g_test_add ("/work-page/list/focus", Fixture, NULL, set_up, test_focus, tear_down);
  g_test_add_func ("/work-page/photos", test_photos);
  g_test_add_data_func ("/work-page/chips/ltr", GINT_TO_POINTER (GTK_TEXT_DIR_LTR), test_chips);
  g_test_add_data_func ("/work-page/chips/rtl", GINT_TO_POINTER (GTK_TEXT_DIR_RTL), test_chips);
  return g_test_run ();
}
