/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/notice.h"
#include "tests/tablet/tablet-fixture.h"

/* What others did that a crew is told of outside of the window. */

typedef struct
{
  Town *town;
  Tablet *crew;
  Tablet *boss;
  char *id; /* of a ticket that is nobody's at first */
} Pair;

static void
act (Tablet *tablet, ShtKind kind, const char *entity, const char *member, const char *value)
{
  g_autoptr (ShtOperation) op = sht_store_new_operation (tablet->store, kind, entity);
  g_autoptr (GError) error = NULL;

  json_object_set_string_member (op->fields, member, value);
  if (kind == SHT_KIND_OBSTACLE_RAISE)
    json_object_set_string_member (op->fields, "kind", "access");
  sht_store_act (tablet->store, op, &error);
  g_assert_no_error (error);
}

static void
exchange (Pair *pair)
{
  g_assert_true (tablet_sync (pair->boss, 0));
  g_assert_true (tablet_sync (pair->crew, 0));
  g_assert_true (tablet_sync (pair->boss, 0));
}

static Pair *
pair_new (void)
{
  Pair *pair = g_new0 (Pair, 1);

  pair->town = town_new ();
  pair->id = g_strdup_printf (TICKET_ID, 1u);
  town_add_ticket (pair->town, 1, NULL);
  town_add_ticket (pair->town, 2, "r1");
  pair->crew = tablet_new (pair->town, "crew", "r1", "roads");
  pair->boss = tablet_new (pair->town, "supervisor", NULL, "roads");
  exchange (pair);
  return pair;
}

static void
pair_free (Pair *pair)
{
  tablet_free (pair->crew);
  tablet_free (pair->boss);
  town_free (pair->town);
  g_free (pair->id);
  g_free (pair);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pair, pair_free)

static GPtrArray *
notices (Tablet *tablet, guint n)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *list = sht_store_notices (tablet->store, FALSE, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, n);
  return list;
}

static void
assert_one (Tablet *tablet, ShtNoticeKind kind, const char *subject)
{
  g_autoptr (GPtrArray) list = notices (tablet, 1);
  const ShtNotice *notice = g_ptr_array_index (list, 0);

  g_assert_cmpint (notice->kind, ==, kind);
  g_assert_cmpstr (notice->subject, ==, subject);
}

static void
assert_none (Tablet *tablet)
{
  g_ptr_array_unref (notices (tablet, 0));
}

/* What is there from the beginning is no news; what is given to the crew is, once, across a restart too. */
static void
test_assigned (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (GPtrArray) list = NULL;

  assert_none (pair->crew);
  act (pair->boss, SHT_KIND_TICKET_ASSIGN, pair->id, "crew", "r1");
  exchange (pair);
  tablet_close (pair->crew);
  tablet_open (pair->crew);
  assert_one (pair->crew, SHT_NOTICE_ASSIGNED, pair->id);
  list = notices (pair->crew, 1);
  g_assert_true (((const ShtNotice *) g_ptr_array_index (list, 0))->is_new);
  g_assert_true (sht_store_notices_told (pair->crew->store, list, NULL));
  assert_none (pair->crew);
  tablet_close (pair->crew);
  tablet_open (pair->crew);
  assert_none (pair->crew);
  assert_none (pair->boss);
  /* what is taken away again before it was told is no news, and what comes back is */
  act (pair->boss, SHT_KIND_TICKET_ASSIGN, pair->id, "crew", "r2");
  exchange (pair);
  act (pair->boss, SHT_KIND_TICKET_ASSIGN, pair->id, "crew", "r1");
  exchange (pair);
  assert_one (pair->crew, SHT_NOTICE_ASSIGNED, pair->id);
  act (pair->boss, SHT_KIND_TICKET_ASSIGN, pair->id, "crew", "r2");
  exchange (pair);
  assert_none (pair->crew);
}

/* The crew's own report is told when it is given to it, and not when it comes back confirmed. */
static void
test_own_report (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autofree char *id = tablet_report (pair->crew, "pothole");

  exchange (pair);
  exchange (pair);
  assert_none (pair->crew);
  act (pair->boss, SHT_KIND_TICKET_ASSIGN, id, "crew", "r1");
  exchange (pair);
  assert_one (pair->crew, SHT_NOTICE_ASSIGNED, id);
}

static void
test_message (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autofree char *mine = g_strdup_printf (TICKET_ID, 2u);

  tablet_note (pair->crew, mine, "ours");
  exchange (pair);
  assert_none (pair->crew);
  tablet_note (pair->boss, mine, "theirs");
  exchange (pair);
  assert_one (pair->crew, SHT_NOTICE_MESSAGE, mine);
  g_assert_true (sht_store_notices_seen (pair->crew->store, mine, NULL));
  assert_none (pair->crew);
  /* a new ticket with what was written on it is one piece of news */
  tablet_note (pair->boss, pair->id, "first");
  act (pair->boss, SHT_KIND_TICKET_ASSIGN, pair->id, "crew", "r1");
  exchange (pair);
  assert_one (pair->crew, SHT_NOTICE_ASSIGNED, pair->id);
}

static void
test_answer (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autofree char *id = sht_store_new_id (pair->crew->store);

  act (pair->crew, SHT_KIND_OBSTACLE_RAISE, id, "text", "no key");
  exchange (pair);
  act (pair->crew, SHT_KIND_OBSTACLE_ANSWER, id, "text", "still none");
  exchange (pair);
  assert_none (pair->crew);
  act (pair->boss, SHT_KIND_OBSTACLE_ANSWER, id, "text", "here it is");
  exchange (pair);
  assert_one (pair->crew, SHT_NOTICE_ANSWER, id);
  /* looked at on its page */
  g_assert_true (sht_store_obstacle_seen (pair->crew->store, id, NULL));
  assert_none (pair->crew);
}

/* A comparison of everything is no news, and what came after a long absence says so. */
static void
test_floods (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (GPtrArray) list = NULL;

  act (pair->boss, SHT_KIND_TICKET_ASSIGN, pair->id, "crew", "r1");
  g_assert_true (tablet_sync (pair->boss, 0));
  g_assert_true (sht_store_start_resync (pair->crew->store, NULL));
  g_assert_true (tablet_sync (pair->crew, 0));
  assert_none (pair->crew);
  g_assert_cmpint (tablet_count (pair->crew, "SELECT count(*) FROM ticket WHERE crew = 'r1'"), ==, 2);
  pair->crew->world.now += 5 * 3600 * 1000;
  pair->crew->mono += 5 * 3600 * 1000;
  pair->town->world.now = pair->crew->world.now;
  tablet_note (pair->boss, pair->id, "while you were away");
  exchange (pair);
  list = notices (pair->crew, 1);
  g_assert_true (((const ShtNotice *) g_ptr_array_index (list, 0))->away);
}

/* The answer to a step of its own tells the crew that the ticket is its now, before any page does. */
static void
test_told_by_an_answer (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autofree char *id = tablet_report (pair->crew, "pothole");

  exchange (pair);
  act (pair->boss, SHT_KIND_TICKET_ASSIGN, id, "crew", "r1");
  g_assert_true (tablet_sync (pair->boss, 0));
  tablet_note (pair->crew, id, "mine");
  g_assert_true (tablet_sync (pair->crew, 0));
  assert_one (pair->crew, SHT_NOTICE_ASSIGNED, id);
}

/* What another crew had before the tablet was made its own is no news, and what the one before was told neither. */
static void
test_moved_to_another_crew (void)
{
  g_autoptr (Pair) pair = pair_new ();

  act (pair->boss, SHT_KIND_TICKET_ASSIGN, pair->id, "crew", "r1");
  for (guint n = 3; n < 6; n++)
    town_add_ticket (pair->town, n, "r2");
  exchange (pair);
  assert_one (pair->crew, SHT_NOTICE_ASSIGNED, pair->id);
  tablet_enrol (pair->crew, "crew", "r2", "roads");
  pair->crew->page_rows = 1;
  g_assert_true (tablet_sync (pair->crew, 0));
  g_assert_cmpint (tablet_count (pair->crew, "SELECT count(*) FROM ticket WHERE crew = 'r2'"), ==, 3);
  assert_none (pair->crew);
}

/* What was said of obstacles before a tablet came is no news, on the later pages of its first fill neither. */
static void
test_obstacles_of_a_first_fill (void)
{
  g_autoptr (Pair) pair = pair_new ();
  g_autoptr (Tablet) late = NULL;
  gint64 news = -1;

  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *id = sht_store_new_id (pair->crew->store);

      act (pair->crew, SHT_KIND_OBSTACLE_RAISE, id, "text", "no key");
      exchange (pair);
      act (pair->boss, SHT_KIND_OBSTACLE_ANSWER, id, "text", "here it is");
      exchange (pair);
    }
  late = tablet_new (pair->town, "supervisor", NULL, "roads");
  late->page_rows = 1;
  g_assert_true (tablet_sync (late, 0));
  g_assert_cmpint (tablet_count (late, "SELECT count(*) FROM obstacle"), ==, 4);
  g_assert_true (sht_store_count_obstacle_news (late->store, &news, NULL));
  g_assert_cmpint (news, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/notices/assigned", test_assigned);
  g_test_add_func ("/notices/own-report", test_own_report);
  g_test_add_func ("/notices/message", test_message);
  g_test_add_func ("/notices/answer", test_answer);
  g_test_add_func ("/notices/floods", test_floods);
  g_test_add_func ("/notices/told-by-an-answer", test_told_by_an_answer);
  g_test_add_func ("/notices/moved-to-another-crew", test_moved_to_another_crew);
  g_test_add_func ("/notices/obstacles-of-a-first-fill", test_obstacles_of_a_first_fill);
  return g_test_run ();
}
