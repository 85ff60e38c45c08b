/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/tablet/tablet-fixture.h"

static void
test_first_pull_and_work (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);

  for (guint n = 1; n < 12; n++)
    town_add_ticket (town, n, n % 2 ? "r1" : "r2");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM ticket"), ==, 6);
  assert_agrees (tablet);
  g_assert_true (sht_store_set_status (tablet->store, id, SHT_STATUS_IN_PROGRESS, NULL, NULL, NULL));
  tablet_note (tablet, id, "here");
  assert_status (tablet, id, "in_progress");
  assert_agrees (tablet);
  g_assert_true (tablet_sync (tablet, 0));
  assert_status (tablet, id, "in_progress");
  assert_agrees (tablet);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM base"), ==, 0);
}

/* A leave on one page must not take a report with it that the next page brings. */
static void
test_report_stays_until_its_pull (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_new (town, "crew", "r1", "roads");
  g_autofree char *gone = ticket_id (1);
  g_autofree char *report = NULL;

  town_add_ticket (town, 1, "r1");
  g_assert_true (tablet_sync (tablet, 0));
  g_assert_true (sht_hub_assign (town->hub, gone, "r2", NULL));
  for (guint n = 2; n < 9; n++)
    town_add_ticket (town, n, "r1");
  report = tablet_report (tablet, "pothole");
  sht_engine_poke (tablet->engine);
  for (guint i = 0; i < 30 && !sht_engine_is_settled (tablet->engine); i++)
    {
      g_autoptr (ShtRequest) request = sht_engine_next (tablet->engine, tablet->mono);
      g_autoptr (ShtAnswer) answer = tablet_carry (tablet, request);

      sht_engine_answer (tablet->engine, request->lane, answer, tablet->mono);
      sht_engine_work (tablet->engine, tablet->mono);
      g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM ticket WHERE gen = 0 OR crew IS NULL"), ==, 1);
      /* work goes on on it meanwhile */
      if (request->lane == SHT_LANE_PULL && i < 4)
        tablet_note (tablet, report, "still there");
    }
  assert_agrees (tablet);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM event WHERE doc ->> 'kind' = 'note'"), >=, 2);
}

static void
test_reassigned_while_offline (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) one = NULL, two = NULL;
  g_autofree char *id = ticket_id (1);
  g_autofree char *photo = NULL;

  town_add_ticket (town, 1, "r1");
  one = tablet_new (town, "crew", "r1", "roads");
  two = tablet_new (town, "crew", "r2", "roads");
  g_assert_true (tablet_sync (one, 0));
  g_assert_true (tablet_sync (two, 0));
  tablet_note (one, id, "offline");
  photo = tablet_photo (one, id, 1000, 1);
  g_assert_true (sht_store_set_status (one->store, id, SHT_STATUS_DONE, NULL, NULL, NULL));
  g_assert_true (sht_hub_assign (town->hub, id, "r2", NULL));
  g_assert_true (tablet_sync (one, 0));
  g_assert_true (tablet_sync (two, 0));
  g_assert_cmpint (tablet_count (one, "SELECT count(*) FROM ticket"), ==, 0);
  g_assert_cmpint (tablet_count (one, "SELECT count(*) FROM event WHERE parent NOT IN (SELECT id FROM place)"), ==, 0);
  g_assert_cmpint (tablet_count (one, "SELECT count(*) FROM ticket_words"), ==, 0);
  g_assert_cmpint (tablet_count (one, "SELECT count(*) FROM ticket_spot"), ==, 0);
  g_assert_cmpint (tablet_count (one, "SELECT count(*) FROM op WHERE state = 2"), ==, 3);
  g_assert_cmpint (tablet_count (one, "SELECT count(*) FROM blob WHERE state = 2"), ==, 1);
  assert_status (two, id, "assigned");
  g_assert_cmpint (tablet_count (two, "SELECT count(*) FROM event WHERE doc ->> 'contribution'"), ==, 3);
  g_assert_cmpint (tablet_count (two, "SELECT count(*) FROM photo WHERE doc ->> 'have'"), ==, 1);
  assert_agrees (one);
  assert_agrees (two);
}

/* Purged and given back while a note waits: it is seen again at once. */
static void
test_leave_keeps_outbox (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);
  g_autofree char *photo = NULL;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  tablet_note (tablet, id, "waits");
  photo = tablet_photo (tablet, id, 1000, 1);
  for (guint round = 0; round < 2; round++)
    {
      g_autofree char *cursor = sht_store_get_text (tablet->store, "cursor");
      gboolean more = TRUE;

      g_assert_true (sht_hub_assign (town->hub, id, round == 0 ? "r2" : "r1", NULL));
      while (more)
        {
          gboolean empty;
          g_autoptr (GBytes) body = sht_hub_pull (town->hub, tablet->device, cursor, 100, &empty, NULL);
          g_autoptr (GError) error = NULL;
          ShtPage page;

          sht_store_take_page (tablet->store, g_bytes_get_data (body, NULL), g_bytes_get_size (body), sht_store_generation (tablet->store), 0, &page, &error);
          g_assert_no_error (error);
          more = page.more;
        }
      g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM ticket"), ==, round);
      g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM photo"), ==, round);
      g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM event WHERE doc ->> 'kind' = 'note'"), ==, round);
      g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state < 2"), ==, 2);
      g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM blob WHERE state < 2"), ==, 1);
    }
  g_assert_true (tablet_sync (tablet, 0));
  assert_agrees (tablet);
}

/* What is refused or stands against another's goes back in sight to the hub's, and is kept. */
static void
test_conflict_and_rejection (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) one = NULL, boss = NULL;
  g_autofree char *id = ticket_id (1);
  g_autofree char *mine = NULL, *title = NULL;
  g_autoptr (ShtOperation) a = NULL, b = NULL;
  g_autoptr (JsonArray) outbox = NULL;

  town_add_ticket (town, 1, "r1");
  one = tablet_new (town, "crew", "r1", "roads");
  boss = tablet_new (town, "supervisor", NULL, "roads");
  g_assert_true (tablet_sync (one, 0));
  g_assert_true (tablet_sync (boss, 0));
  a = sht_store_new_operation (boss->store, SHT_KIND_TICKET_SET, id);
  json_object_set_string_member (a->fields, "title", "boss");
  g_assert_true (sht_store_act (boss->store, a, NULL));
  b = sht_store_new_operation (one->store, SHT_KIND_TICKET_SET, id);
  json_object_set_string_member (b->fields, "title", "crew");
  g_assert_true (sht_store_act (one->store, b, NULL));
  mine = sht_db_get_text (one->store->db, NULL, "SELECT title FROM ticket WHERE id = ?1", "s", id);
  g_assert_cmpstr (mine, ==, "crew");
  g_assert_true (tablet_sync (boss, 0));
  g_assert_true (tablet_sync (one, 0));
  title = sht_db_get_text (one->store->db, NULL, "SELECT title FROM ticket WHERE id = ?1", "s", id);
  g_assert_cmpstr (title, ==, "boss");
  g_assert_cmpint (tablet_count (one, "SELECT count(*) FROM op WHERE state = 3"), ==, 1);
  outbox = sht_store_outbox (one->store, NULL);
  g_assert_cmpuint (json_array_get_length (outbox), ==, 1);
  g_assert_cmpstr (sht_json_string (json_array_get_object_element (outbox, 0), "state"), ==, "needs_attention");
  assert_agrees (one);
}

/* Without a way to the hub nothing has been sent; once it may have been, that stays so. */
static void
test_nothing_has_left (void)
{
  static const struct
  {
    gboolean unsent;
    gint64 sent;
  } tries[] = { { TRUE, 0 }, { TRUE, 0 }, { FALSE, 1 }, { TRUE, 1 } };
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  tablet_note (tablet, id, "no signal");
  for (guint i = 0; i < G_N_ELEMENTS (tries); i++)
    {
      g_autoptr (ShtRequest) request = NULL;
      g_autoptr (ShtAnswer) answer = sht_answer_new (0);

      sht_engine_poke (tablet->engine);
      request = sht_engine_next (tablet->engine, tablet->mono);
      g_assert_cmpint (request->lane, ==, SHT_LANE_PUSH);
      g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state = 1"), ==, 1);
      answer->unsent = tries[i].unsent;
      sht_engine_answer (tablet->engine, request->lane, answer, tablet->mono);
      g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state = 1"), ==, tries[i].sent);
    }
  g_assert_true (tablet_sync (tablet, 0));
  assert_agrees (tablet);
}

/* A place on which something waits is named by a resync as well, and stays. */
static void
test_place_waits_through_resync (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_new (town, "crew", "r1", "roads");
  g_autoptr (ShtOperation) op = NULL;
  ShtPage page;
  gboolean empty;

  g_assert_true (tablet_sync (tablet, 0));
  op = sht_store_new_operation (tablet->store, SHT_KIND_PLACE_REPORT, "01890000-0000-7000-8000-0000000b0001");
  json_object_set_string_member (op->fields, "what", "missing");
  g_assert_true (sht_store_act (tablet->store, op, NULL));
  g_assert_true (sht_store_start_resync (tablet->store, NULL));
  {
    g_autoptr (GBytes) body = sht_hub_pull (town->hub, tablet->device, "", 1000, &empty, NULL);

    g_assert_true (sht_store_take_page (tablet->store, g_bytes_get_data (body, NULL), g_bytes_get_size (body), sht_store_generation (tablet->store), 0, &page, NULL));
  }
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM place"), ==, 1);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM place WHERE doc ->> 'report' IS NOT NULL"), ==, 1);
  g_assert_true (tablet_sync (tablet, 0));
  assert_agrees (tablet);
}

/* A rejected report: kept, what depends on it waits, the rest goes on, and the sync ends. */
static void
test_rejected_report (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);
  g_autofree char *report = NULL, *photo = NULL;
  gint64 operations, photos, attention;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  report = tablet_report (tablet, "no-such-service");
  g_assert_true (tablet_sync (tablet, 0));
  tablet_note (tablet, report, "about it");
  photo = tablet_photo (tablet, report, 100, 3);
  tablet_note (tablet, id, "about something else");
  g_assert_true (tablet_sync (tablet, 60000));
  g_assert_true (sht_store_count_pending (tablet->store, &operations, &photos, &attention, NULL));
  g_assert_cmpint (attention, ==, 1);
  g_assert_cmpint (operations, ==, 1);
  g_assert_cmpint (photos, ==, 1);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state = 2"), ==, 1);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM ticket"), ==, 2);
  assert_agrees (tablet);
}

/* Trap 9: the reply is lost after the commit. Nothing is done twice, and nothing flickers back. */
static void
test_lost_reply (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  g_assert_true (sht_store_set_status (tablet->store, id, SHT_STATUS_DONE, NULL, NULL, NULL));
  sht_engine_poke (tablet->engine);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (ShtRequest) request = sht_engine_next (tablet->engine, tablet->mono);
      g_autoptr (ShtAnswer) answer = tablet_carry (tablet, request);
      g_autoptr (ShtAnswer) lost = sht_answer_new (0);

      g_assert_cmpint (request->lane, ==, SHT_LANE_PUSH);
      sht_engine_answer (tablet->engine, SHT_LANE_PUSH, i == 0 ? lost : answer, tablet->mono);
      assert_status (tablet, id, "done");
      sht_engine_poke (tablet->engine);
    }
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state < 2"), ==, 0);
  g_assert_true (tablet_sync (tablet, 0));
  assert_status (tablet, id, "done");
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM event WHERE doc ->> 'kind' = 'status'"), ==, 1);
  assert_agrees (tablet);
}

/* Trap 4: the hub was restored behind what it had confirmed, but not behind the cursor. */
static void
test_hub_went_back (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (1);
  g_autofree char *path = g_build_filename (town->folder, "hub.db", NULL);
  g_autofree char *copy = g_build_filename (town->folder, "copy.db", NULL);
  g_autofree char *backup = NULL;
  gsize length;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  sht_hub_store_close (town->hub->store);
  g_assert_true (g_file_get_contents (path, &backup, &length, NULL));
  g_assert_true (g_file_set_contents (copy, backup, (gssize) length, NULL));
  town->hub->store = sht_hub_store_open_sqlite (path, NULL, NULL);
  tablet_note (tablet, id, "lost at the hub");
  sht_engine_poke (tablet->engine);
  {
    g_autoptr (ShtRequest) push = sht_engine_next (tablet->engine, tablet->mono);
    g_autoptr (ShtAnswer) answer = tablet_carry (tablet, push);

    sht_engine_answer (tablet->engine, SHT_LANE_PUSH, answer, tablet->mono);
  }
  sht_hub_store_close (town->hub->store);
  town->hub->store = sht_hub_store_open_sqlite (copy, NULL, NULL);
  tablet->requests = 0;
  g_assert_true (tablet_sync (tablet, 60000));
  g_assert_cmpuint (tablet->requests, <, 30);
  assert_agrees (tablet);
}

static void
resync_by_pages_of (guint rows)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *kept = ticket_id (1);
  g_autofree char *gone = ticket_id (2);
  g_autofree char *report = NULL, *photo = NULL;

  for (guint n = 1; n < 9; n++)
    town_add_ticket (town, n, "r1");
  tablet = tablet_new (town, "supervisor", "r1", "roads");
  tablet->page_rows = rows;
  g_assert_true (tablet_sync (tablet, 0));
  tablet_note (tablet, kept, "waits");
  report = tablet_report (tablet, "pothole");
  photo = tablet_photo (tablet, report, 10, 1);
  /* one left one scope and stayed in the other, one left both, all behind a cursor that is no longer good */
  g_assert_true (sht_hub_assign (town->hub, gone, "r2", NULL));
  {
    g_autofree char *third = ticket_id (3);
    g_autofree char *said = push_one (town, tablet->device, "ticket.hand_over", third, "{\"department\":\"gardens\"}");

    assert_result (said, 0, "applied");
  }
  g_assert_true (sht_store_set_text (tablet->store, "cursor", "1;reference=3.1", NULL));
  tablet->next_status = 503;
  tablet->next_lane = SHT_LANE_PUSH;
  g_assert_true (tablet_sync (tablet, 60000));
  g_assert_nonnull (strstr (tablet->log->str, "GET 410"));
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM ticket"), ==, 8);
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM op WHERE state = 2"), ==, 3);
  assert_agrees (tablet);
  g_assert_cmpint (sht_store_get_number (tablet->store, "resync", -1), ==, 0);
}

static void
test_resync (void)
{
  resync_by_pages_of (3);
  resync_by_pages_of (2000);
}

static void
random_work (Tablet *tablet, GPtrArray *acted)
{
  g_autofree char *id = ticket_id ((guint) g_test_rand_int_range (1, 7));
  g_autoptr (GError) error = NULL;

  tablet->world.now += g_test_rand_int_range (1, 5000);
  if (sht_store_get_number (tablet->store, "resync", 0) != 0)
    return;
  switch (g_test_rand_int_range (0, 6))
    {
    case 0:
      sht_store_set_status (tablet->store, id, (ShtStatus) g_test_rand_int_range (1, 6), NULL, NULL, &error);
      break;
    case 1:
      {
        g_autoptr (ShtOperation) op = sht_store_new_operation (tablet->store, SHT_KIND_TICKET_SET, id);
        g_autofree char *title = g_strdup_printf ("t%d", g_test_rand_int_range (0, 1000));

        json_object_set_string_member (op->fields, "title", title);
        sht_store_act (tablet->store, op, &error);
        break;
      }
    case 2:
      if (tablet->store->device.role >= SHT_ROLE_SUPERVISOR)
        {
          g_autoptr (ShtOperation) op = sht_store_new_operation (tablet->store, SHT_KIND_TICKET_ASSIGN, id);

          json_object_set_string_member (op->fields, "crew", g_test_rand_bit () ? "r1" : "r2");
          sht_store_act (tablet->store, op, &error);
        }
      break;
    case 3:
      g_free (tablet_report (tablet, "pothole"));
      break;
    default:
      {
        g_autofree char *text = g_strdup_printf ("note %u of %s", acted->len, tablet->device->id);

        if (sht_store_note (tablet->store, id, text, &error))
          g_ptr_array_add (acted, g_steal_pointer (&text));
      }
    }
}

static gboolean
find_text (gpointer data, const char *type, const char *id, gint64 number, const char *doc)
{
  g_autoptr (JsonObject) event = sht_json_parse_object (doc, -1, NULL);
  const char *text = sht_json_string (sht_json_object (event, "data"), "text");

  if (text != NULL && g_str_equal (sht_json_string (event, "kind"), "note"))
    g_hash_table_insert (data, g_strdup (text), GINT_TO_POINTER (GPOINTER_TO_INT (g_hash_table_lookup (data, text)) + 1));
  return TRUE;
}

/* Tablets, partitions, lost requests and replies, restarts: after healing each note is at the hub exactly
 * once, and each base equals the hub. */
static void
test_random (void)
{
  guint notes = 0;

  for (guint round = 0; round < 12; round++)
    {
      g_autoptr (Town) town = town_new ();
      g_autoptr (GPtrArray) acted = g_ptr_array_new_with_free_func (g_free);
      g_autoptr (GHashTable) found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      Tablet *tablets[4];

      for (guint n = 1; n < 7; n++)
        town_add_ticket (town, n, n % 2 ? "r1" : "r2");
      tablets[0] = tablet_new (town, "crew", "r1", "roads");
      tablets[1] = tablet_new (town, "crew", "r1", "roads");
      tablets[2] = tablet_new (town, "crew", "r2", "roads");
      tablets[3] = tablet_new (town, "supervisor", NULL, "roads");
      for (guint i = 0; i < 4; i++)
        g_assert_true (tablet_sync (tablets[i], 0));
      for (guint i = 0; i < 150; i++)
        {
          Tablet *tablet = tablets[g_test_rand_int_range (0, 4)];

          town->world.now += 2000;
          tablet->drop_requests_in = 6;
          tablet->drop_replies_in = 4;
          switch (g_test_rand_int_range (0, 12))
            {
            case 0:
            case 1:
              tablet_sync (tablet, 2000);
              break;
            case 2:
              tablet_close (tablet);
              tablet_open (tablet);
              break;
            case 3:
              if (g_test_rand_int_range (0, 4) == 0)
                g_assert_true (sht_store_start_resync (tablet->store, NULL));
              break;
            default:
              random_work (tablet, acted);
            }
        }
      for (guint pass = 0; pass < 2; pass++)
        for (guint i = 0; i < 4; i++)
          {
            tablets[i]->drop_requests_in = tablets[i]->drop_replies_in = 0;
            g_assert_true (tablet_sync (tablets[i], 600000));
          }
      g_assert_true (town->hub->store->driver->each_of_type (town->hub->store, "event", find_text, found, NULL));
      for (guint i = 0; i < acted->len; i++)
        g_assert_cmpint (GPOINTER_TO_INT (g_hash_table_lookup (found, g_ptr_array_index (acted, i))), ==, 1);
      notes += acted->len;
      for (guint i = 0; i < 4; i++)
        {
          assert_agrees (tablets[i]);
          g_assert_cmpint (tablet_count (tablets[i], "SELECT count(*) FROM base"), ==, 0);
          g_assert_cmpint (tablet_count (tablets[i], "SELECT count(*) FROM op WHERE state < 2"), ==, 0);
          g_assert_cmpint (tablet_count (tablets[i], "SELECT count(*) FROM ticket WHERE scopes = 0"), ==, 0);
          g_assert_cmpint (tablet_count (tablets[i], "SELECT count(*) FROM event WHERE parent NOT IN (SELECT id FROM ticket "
                                                     "UNION SELECT id FROM place)"),
                           ==, 0);
        }
      for (guint i = 0; i < 4; i++)
        tablet_free (tablets[i]);
    }
  /* a schedule that does little proves little */
  g_assert_cmpuint (notes, >, 100);
}

/* Two tablets' work in either order: the same at the hub and on both. */
static void
test_orders (void)
{
  for (guint round = 0; round < 10; round++)
    {
      g_autoptr (Town) town = town_new ();
      g_autoptr (Tablet) a = NULL, b = NULL;
      g_autofree char *id = ticket_id (1);
      g_autofree char *at_a = NULL, *at_b = NULL, *at_hub = NULL;
      g_autoptr (GPtrArray) acted = g_ptr_array_new_with_free_func (g_free);

      for (guint n = 1; n < 7; n++)
        town_add_ticket (town, n, "r1");
      a = tablet_new (town, "crew", "r1", "roads");
      b = tablet_new (town, "crew", "r1", "roads");
      g_assert_true (tablet_sync (a, 0) && tablet_sync (b, 0));
      for (guint i = 0; i < 15; i++)
        {
          random_work (a, acted);
          random_work (b, acted);
        }
      g_assert_true (tablet_sync (round % 2 ? a : b, 60000));
      g_assert_true (tablet_sync (round % 2 ? b : a, 60000));
      g_assert_true (tablet_sync (a, 60000) && tablet_sync (b, 60000));
      at_a = sht_store_get_doc (a->store, "ticket", id, NULL);
      at_b = sht_store_get_doc (b->store, "ticket", id, NULL);
      g_assert_true (town->hub->store->driver->get_entity (town->hub->store, "ticket", id, &at_hub, NULL));
      g_assert_cmpstr (at_a, ==, at_hub);
      g_assert_cmpstr (at_b, ==, at_hub);
      assert_agrees (a);
      assert_agrees (b);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/nothing-has-left", test_nothing_has_left);
  g_test_add_func ("/sync/trap_08-place-waits-through-resync", test_place_waits_through_resync);
  g_test_add_func ("/sync/first-pull-and-work", test_first_pull_and_work);
  g_test_add_func ("/sync/report-stays-until-its-pull", test_report_stays_until_its_pull);
  g_test_add_func ("/sync/trap_23-reassigned-while-offline", test_reassigned_while_offline);
  g_test_add_func ("/sync/trap_06-leave-keeps-outbox", test_leave_keeps_outbox);
  g_test_add_func ("/sync/trap_13-conflict-and-rejection", test_conflict_and_rejection);
  g_test_add_func ("/sync/trap_12-rejected-report", test_rejected_report);
  g_test_add_func ("/sync/trap_09-lost-reply", test_lost_reply);
  g_test_add_func ("/sync/trap_04-hub-went-back", test_hub_went_back);
  g_test_add_func ("/sync/trap_08-resync", test_resync);
  g_test_add_func ("/sync/random", test_random);
  g_test_add_func ("/sync/orders", test_orders);
  return g_test_run ();
}
