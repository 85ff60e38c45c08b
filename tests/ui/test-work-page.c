/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/work/away-card.h"
#include "tablet/ui/work/card-photos.h"
#include "tablet/ui/work/ticket-card.h"
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

typedef struct
{
  guint seen;
  guint seen_asleep;
  guint heights; /* how many are not as high as the first */
  guint asleep;
  guint late; /* the smallest due_at of what is seen */
  int height;
} Cards;

static void
look_at (GtkWidget *widget, Cards *cards)
{
  if (SHT_IS_TICKET_CARD (widget) && sht_ticket_card_get_item (SHT_TICKET_CARD (widget)) != NULL)
    {
      ShtTicketCard *card = SHT_TICKET_CARD (widget);
      int height;

      if (gtk_widget_get_mapped (widget))
        {
          const ShtTicketRow *row = sht_ticket_item_get_row (sht_ticket_card_get_item (card));

          cards->late = cards->seen == 0 ? (guint) row->due_at : MIN (cards->late, (guint) row->due_at);
          cards->seen++;
          cards->seen_asleep += sht_ticket_card_is_asleep (card);
        }
      cards->asleep += sht_ticket_card_is_asleep (card);
      gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, -1, &height, NULL, NULL, NULL);
      if (cards->height == 0)
        cards->height = height;
      cards->heights += cards->height != height;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    look_at (child, cards);
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

/* Cards that are not seen hold nothing but their room; those that come into sight say what they have to in
 * that same frame. */
static void
test_sleep (void)
{
  g_autofree char *folder = g_dir_make_tmp ("shetach-work-XXXXXX", NULL);
  g_autofree char *remove = g_strdup_printf ("rm -rf '%s'", folder);
  ShtSession *session = sht_session_new (folder, NULL);
  GtkWidget *window = gtk_window_new (), *page, *view;
  gboolean done = FALSE;
  Cards cards = { 0 };

  sht_session_do_async (session, fill, NULL, NULL, on_done, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  page = sht_work_page_new (session);
  gtk_window_set_default_size (GTK_WINDOW (window), 480, 800);
  gtk_window_set_child (GTK_WINDOW (window), page);
  gtk_window_present (GTK_WINDOW (window));
  for (guint wait = 0; wait < PATIENCE && cards.asleep < 100; wait++)
    {
      turn (10);
      cards = (Cards){ 0 };
      look_at (page, &cards);
    }
  g_assert_cmpuint (cards.asleep, >=, 100);
  g_assert_cmpuint (cards.seen, >, 3);
  g_assert_cmpuint (cards.seen_asleep, ==, 0);
  g_assert_cmpuint (cards.heights, ==, 0);
  g_assert_cmpuint (cards.late, ==, 1000);
  view = find (page, GTK_TYPE_LIST_VIEW);
  gtk_adjustment_set_value (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view)), 250 * cards.height);
  for (guint wait = 0; wait < PATIENCE && cards.late < 1100; wait++)
    {
      turn (10);
      cards = (Cards){ 0 };
      look_at (page, &cards);
    }
  g_assert_cmpuint (cards.late, >=, 1100);
  g_assert_cmpuint (cards.seen, >, 3);
  g_assert_cmpuint (cards.seen_asleep, ==, 0);
  g_assert_cmpuint (cards.asleep, >=, 100);
  gtk_window_destroy (GTK_WINDOW (window));
  sht_session_close (session);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (session);
  g_assert_cmpint (system (remove), ==, 0);
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
  g_test_add_func ("/work-page/sleep", test_sleep);
  g_test_add_func ("/work-page/photos", test_photos);
  return g_test_run ();
}
