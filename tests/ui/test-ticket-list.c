/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/work/ticket-list.h"

#include <glib/gstdio.h>
#include <string.h>

/* More than this many items must never be held: twelve pages, and one that is being loaded. */
#define MOST_KEPT (49 * 16)
#define DAY_MS (24 * 3600 * G_GINT64_CONSTANT (1000))

typedef struct
{
  char *folder;
  ShtSession *session;
  gint64 now;
} Fixture;

static void
put_ticket (ShtStore *store, guint number, const char *status, gint64 due_at)
{
  g_autofree char *id = g_strdup_printf ("01a171e2-0000-7000-8000-%012u", number);
  g_autofree char *due = due_at != 0 ? g_strdup_printf (",\"due_at\":%" G_GINT64_FORMAT, due_at) : g_strdup ("");
  g_autofree char *line = g_strdup_printf ("{\"t\":\"ticket\",\"id\":\"%s\",\"number\":\"106-%u\",\"status\":\"%s\","
                                           "\"title\":\"בור מספר %u\",\"address\":\"הגליל %u\",\"service\":\"road-hole\","
                                           "\"crew\":\"c%u\",\"created_at\":1%s}",
                                           id, number, status, number, number % 90, number % 3, due);
  g_autoptr (GError) error = NULL;

  sht_store_put_line (store, "ticket", id, line, strlen (line), 1, 1, &error);
  g_assert_no_error (error);
}

typedef struct
{
  guint from, to;
  guint seed;
  gint64 now;
} Fill;

static gboolean
fill (ShtStore *store, gpointer data, GError **error)
{
  static const char *const statuses[] = { "assigned", "new", "waiting", "in_progress", "closed", "done", "closed" };
  Fill *what = data;
  g_autoptr (GRand) random = g_rand_new_with_seed (what->seed);

  if (!sht_db_begin (store->db, error))
    return FALSE;
  for (guint i = what->from; i < what->to; i++)
    put_ticket (store, i, statuses[g_rand_int_range (random, 0, G_N_ELEMENTS (statuses))],
                g_rand_int_range (random, 0, 8) == 0 ? 0
                                                     : what->now + g_rand_int_range (random, -500, 500) * DAY_MS / 100);
  return sht_db_commit (store->db, error);
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  sht_session_do_finish (SHT_SESSION (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) data = TRUE;
}

static void
change (Fixture *f, Fill what)
{
  gboolean done = FALSE;

  what.now = f->now;
  sht_session_do_async (f->session, fill, &what, NULL, on_done, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  f->folder = g_dir_make_tmp ("shetach-list-XXXXXX", NULL);
  f->session = sht_session_new (f->folder, &error);
  g_assert_no_error (error);
  f->now = g_get_real_time () / 1000;
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  g_autofree char *remove = g_strdup_printf ("rm -rf '%s'", f->folder);

  sht_session_close (f->session);
  /* a look that is on its way holds its list, and that the session */
  g_object_add_weak_pointer (G_OBJECT (f->session), (gpointer *) &f->session);
  g_object_unref (f->session);
  while (f->session != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (system (remove), ==, 0);
  g_free (f->folder);
}

/* The order as one query tells it. */
static GPtrArray *
expected (Fixture *f, const char *where)
{
  g_autofree char *sql = g_strdup_printf ("SELECT id FROM ticket WHERE %s ORDER BY open DESC, due_at, row", where);
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  ShtStmt *stmt = sht_db_query_built (sht_session_get_reader (f->session)->db, sql);

  while (sht_stmt_step (stmt))
    g_ptr_array_add (ids, sht_stmt_dup (stmt, 0));
  sht_stmt_end (stmt, NULL);
  return ids;
}

static char *
id_at (ShtTicketList *list, guint position)
{
  g_autoptr (ShtTicketItem) item = g_list_model_get_item (G_LIST_MODEL (list), position);

  return g_strdup (sht_ticket_item_get_row (item)->id);
}

static void
assert_is (Fixture *f, ShtTicketList *list, const char *where)
{
  g_autoptr (GPtrArray) ids = expected (f, where);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, ids->len);
  for (guint i = 0; i < ids->len; i++)
    {
      g_autofree char *id = id_at (list, i);

      g_assert_cmpstr (id, ==, g_ptr_array_index (ids, i));
      g_assert_cmpuint (sht_ticket_list_get_n_kept (list), <=, MOST_KEPT);
    }
}

static void
test_order (Fixture *f, gconstpointer unused)
{
  g_autoptr (ShtTicketList) list = NULL;
  g_autofree char *late = g_strdup_printf ("open = 1 AND due_at < %" G_GINT64_FORMAT, f->now);

  change (f, (Fill){ 0, 3000, 1 });
  list = sht_ticket_list_new (f->session);
  sht_ticket_list_show (list, SHT_FILTER_OPEN, NULL);
  assert_is (f, list, "open = 1");
  sht_ticket_list_show (list, SHT_FILTER_ALL, NULL);
  assert_is (f, list, "1");
  sht_ticket_list_show (list, SHT_FILTER_DONE, NULL);
  assert_is (f, list, "open = 0");
  sht_ticket_list_show (list, SHT_FILTER_WAITING, NULL);
  while (!sht_ticket_list_is_settled (list))
    g_main_context_iteration (NULL, TRUE);
  assert_is (f, list, "status = 'waiting'");
  g_assert_cmpint (sht_ticket_list_get_count (list, SHT_FILTER_WAITING), ==,
                   g_list_model_get_n_items (G_LIST_MODEL (list)));
  g_assert_cmpint (sht_ticket_list_get_count (list, SHT_FILTER_LATE), >, 0);
  /* of one crew, and of another without anything in between */
  for (guint crew = 1; crew < 3; crew++)
    {
      g_autofree char *id = g_strdup_printf ("c%u", crew), *of_crew = g_strdup_printf ("open = 1 AND crew = 'c%u'", crew);

      sht_ticket_list_show_crew (list, id);
      while (!sht_ticket_list_is_settled (list))
        g_main_context_iteration (NULL, TRUE);
      assert_is (f, list, of_crew);
      g_assert_cmpint (sht_ticket_list_get_count (list, SHT_FILTER_CREW), ==, g_list_model_get_n_items (G_LIST_MODEL (list)));
    }
}

static void
mirror (GListModel *model, guint position, guint removed, guint added, gpointer data)
{
  GPtrArray *seen = data;

  g_assert_cmpuint (position + removed, <=, seen->len);
  if (removed > 0)
    g_ptr_array_remove_range (seen, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (seen, position + i, id_at (SHT_TICKET_LIST (model), position + i));
}

/* Whoever follows ::items-changed has what a fresh look has, after any changes. */
static void
test_follow (Fixture *f, gconstpointer filter)
{
  static const char *const where[] = { "open = 1", NULL, "open = 0", "1" };
  g_autoptr (ShtTicketList) list = sht_ticket_list_new (f->session);
  g_autoptr (GPtrArray) seen = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  g_signal_connect (list, "items-changed", G_CALLBACK (mirror), seen);
  sht_ticket_list_show (list, GPOINTER_TO_INT (filter), NULL);
  for (guint round = 0; round < 120; round++)
    {
      guint from = g_rand_int_range (random, 0, 300);
      g_autoptr (GPtrArray) ids = NULL;

      change (f, (Fill){ from, from + g_rand_int_range (random, 1, round < 3 ? 200 : 6), 100 + round });
      sht_ticket_list_refresh (list);
      ids = expected (f, where[GPOINTER_TO_INT (filter)]);
      g_assert_cmpuint (seen->len, ==, ids->len);
      for (guint i = 0; i < ids->len; i++)
        g_assert_cmpstr (g_ptr_array_index (seen, i), ==, g_ptr_array_index (ids, i));
      /* all pages are kept, as if all of it were seen */
      for (guint i = 0; i < ids->len; i += 16)
        g_free (id_at (list, i));
    }
}

static void
count_splice (GListModel *model, guint position, guint removed, guint added, gpointer data)
{
  guint *most = data;

  *most = MAX (*most, removed + added);
}

/* What happens far from what is seen costs no long splice, and what is seen stays the same object. */
static void
test_far (Fixture *f, gconstpointer unused)
{
  g_autoptr (ShtTicketList) list = sht_ticket_list_new (f->session);
  g_autoptr (ShtTicketItem) before = NULL, after = NULL;
  guint most = 0;
  guint n;

  change (f, (Fill){ 0, 4000, 3 });
  sht_ticket_list_show (list, SHT_FILTER_ALL, NULL);
  before = g_list_model_get_item (G_LIST_MODEL (list), 1500);
  g_signal_connect (list, "items-changed", G_CALLBACK (count_splice), &most);
  change (f, (Fill){ 4000, 4020, 4 });
  n = g_list_model_get_n_items (G_LIST_MODEL (list));
  for (guint i = 1440; i < 1560; i++)
    {
      after = g_list_model_get_item (G_LIST_MODEL (list), i);
      if (after == before)
        break;
      g_clear_object (&after);
    }
  sht_ticket_list_refresh (list);
  n = g_list_model_get_n_items (G_LIST_MODEL (list));
  g_assert_cmpuint (n, ==, 4020);
  g_assert_true (after == before);
  g_assert_cmpuint (most, <, 400);
}

static void
test_search (Fixture *f, gconstpointer unused)
{
  g_autoptr (ShtTicketList) list = sht_ticket_list_new (f->session);
  gint64 end = g_get_monotonic_time () + 120 * G_TIME_SPAN_SECOND;

  change (f, (Fill){ 0, 200, 5 });
  sht_store_index_all (sht_session_get_reader (f->session), NULL);
  /* 17 and 170 to 179 by number, 107 and 197 by their street */
  sht_ticket_list_show (list, SHT_FILTER_OPEN, "106-17 בור");
  while (!sht_ticket_list_is_settled (list) && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 13);
  sht_ticket_list_show (list, SHT_FILTER_OPEN, "אין כזה");
  while (!sht_ticket_list_is_settled (list) && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/ticket-list/order", Fixture, NULL, set_up, test_order, tear_down);
  g_test_add ("/ticket-list/follow/open", Fixture, GINT_TO_POINTER (SHT_FILTER_OPEN), set_up, test_follow, tear_down);
  g_test_add ("/ticket-list/follow/done", Fixture, GINT_TO_POINTER (SHT_FILTER_DONE), set_up, test_follow, tear_down);
  g_test_add ("/ticket-list/follow/all", Fixture, GINT_TO_POINTER (SHT_FILTER_ALL), set_up, test_follow, tear_down);
  g_test_add ("/ticket-list/far", Fixture, NULL, set_up, test_far, tear_down);
  g_test_add ("/ticket-list/search", Fixture, NULL, set_up, test_search, tear_down);
  return g_test_run ();
}
