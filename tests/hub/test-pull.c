/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/hub/mirror.h"

#define SHA_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define NOTE "{\"text\":\"was here\"}"

static void
random_change (Town *town, ShtHubDevice **devices, guint n_tickets)
{
  static const char *const crews[] = { "r1", "r2", "g1" };
  static const char *const statuses[] = { "assigned", "on_the_way", "in_progress", "done", "new", "waiting" };
  g_autofree char *ticket = ticket_id ((guint) g_test_rand_int_range (1, (gint32) n_tickets + 1));
  ShtHubDevice *device = devices[g_test_rand_int_range (0, 3)];
  g_autofree char *fields = NULL;
  g_autofree char *answer = NULL;

  town->world.now += 1000;
  switch (g_test_rand_int_range (0, 7))
    {
    case 0:
      sht_hub_assign (town->hub, ticket, crews[g_test_rand_int_range (0, 3)], NULL);
      return;
    case 1:
      fields = g_strdup_printf ("{\"seen\":\"%s\",\"want\":\"%s\"}", statuses[g_test_rand_int_range (0, 6)],
                                statuses[g_test_rand_int_range (0, 6)]);
      answer = push_one (town, device, "ticket.status", ticket, fields);
      return;
    case 2:
      {
        g_autofree char *photo = g_strdup_printf ("01890000-0000-7000-a000-%012x", ++town->operations);

        fields = g_strdup_printf ("{\"photo\":{\"id\":\"%s\",\"sha256\":\"" SHA_A "\",\"source_sha256\":\"" SHA_A "\",\"size\":5}}", photo);
        answer = push_one (town, device, "photo.attach", ticket, fields);
        g_free (answer);
        answer = push_one (town, device, "photo.edit", photo, "{\"caption\":\"c\"}");
        return;
      }
    case 3:
      answer = push_one (town, device, "ticket.hand_over", ticket,
                         g_test_rand_bit () ? "{\"department\":\"gardens\"}" : "{\"department\":\"roads\"}");
      return;
    case 4:
      answer = push_one (town, device, "place.report", "01890000-0000-7000-8000-0000000b0001", "{\"what\":\"missing\"}");
      return;
    default:
      answer = push_one (town, device, "ticket.note", ticket, NOTE);
    }
}

/* Pages of every size, also with changes between them, end where one large page ends. */
static void
test_pull_limits (void)
{
  for (guint round = 0; round < 6; round++)
    {
      g_autoptr (Town) town = town_new ();
      g_autoptr (ShtHubDevice) one = town_device (town, "crew", "r1", "roads");
      g_autoptr (ShtHubDevice) two = town_device (town, "crew", "r2", "roads");
      g_autoptr (ShtHubDevice) boss = town_device (town, "supervisor", NULL, "roads");
      ShtHubDevice *devices[] = { one, two, boss };

      for (guint n = 1; n <= 8; n++)
        town_add_ticket (town, n, n % 3 == 0 ? "r2" : n % 3 == 1 ? "r1" : NULL);
      for (guint i = 0; i < 40; i++)
        random_change (town, devices, 8);
      for (guint limit = 1; limit <= 30; limit++)
        for (guint d = 0; d < 3; d++)
          {
            g_autoptr (Mirror) whole = mirror_new ();
            g_autoptr (Mirror) paged = mirror_new ();

            /* changes between the pages of a first fill, then of a second catch-up */
            for (guint p = 0; p < 4 && mirror_page (paged, town, devices[d], limit); p++)
              random_change (town, devices, 8);
            mirror_pull (paged, town, devices[d], limit);
            for (guint i = 0; i < 3; i++)
              random_change (town, devices, 8);
            for (guint p = 0; p < 3 && mirror_page (paged, town, devices[d], limit); p++)
              random_change (town, devices, 8);
            mirror_pull (paged, town, devices[d], limit);
            mirror_pull (whole, town, devices[d], 2000);
            assert_same (whole, paged);
          }
    }
}

/* The case in small: between two pages a ticket moves behind the second, with notes from before it. */
static void
test_pull_touched_between_pages (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) device = town_device (town, "crew", "r1", "roads");
  g_autofree char *first = ticket_id (1);
  g_autofree char *second = ticket_id (2);
  g_autofree char *a = NULL, *b = NULL, *c = NULL;
  g_autoptr (Mirror) paged = mirror_new ();
  g_autoptr (Mirror) whole = mirror_new ();

  town_add_ticket (town, 1, "r1");
  a = push_one (town, device, "ticket.note", first, "{\"text\":\"early\"}");
  town_add_ticket (town, 2, "r1");
  b = push_one (town, device, "ticket.note", first, "{\"text\":\"late\"}");
  mirror_pull (paged, town, device, 1);
  mirror_pull (whole, town, device, 2000);
  g_assert_cmpuint (paged->pages, >, 3);
  assert_same (whole, paged);
  c = push_one (town, device, "ticket.note", second, NOTE);
  mirror_pull (paged, town, device, 1);
  g_assert_true (mirror_has (paged, "event"));
}

/* What comes into a scope behind the page that it is filled up to, and goes again before it is told. */
static void
test_pull_came_and_went_while_filled (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) device = town_device (town, "crew", "r1", "roads");
  g_autofree char *second = ticket_id (2);
  g_autofree char *third = ticket_id (3);
  g_autoptr (Mirror) paged = mirror_new ();
  g_autoptr (Mirror) whole = mirror_new ();

  town_add_ticket (town, 1, "r1");
  town_add_ticket (town, 2, "r2");
  town_add_ticket (town, 3, "r1");
  while (!mirror_has (paged, "crew:r1"))
    g_assert_true (mirror_page (paged, town, device, 1));
  g_assert_true (sht_hub_assign (town->hub, second, "r1", NULL));
  g_assert_true (mirror_page (paged, town, device, 1));
  g_assert_true (sht_hub_assign (town->hub, second, "r2", NULL));
  mirror_pull (paged, town, device, 1);
  mirror_pull (whole, town, device, 2000);
  g_assert_true (mirror_has (paged, third));
  assert_same (whole, paged);
}

static void
test_pull_many_leaves (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) device = town_device (town, "crew", "r1", "roads");
  g_autoptr (Mirror) mirror = mirror_new ();
  g_autofree char *last = ticket_id (40);
  guint pages;

  mirror_pull (mirror, town, device, 2000);
  pages = mirror->pages;
  for (guint n = 1; n <= 39; n++)
    {
      g_autofree char *id = ticket_id (n);

      town_add_ticket (town, n, "r1");
      g_assert_true (sht_hub_assign (town->hub, id, "r2", NULL));
    }
  town_add_ticket (town, 40, "r1");
  mirror_pull (mirror, town, device, 5);
  g_assert_true (mirror_has (mirror, last));
  g_assert_false (mirror_has (mirror, "crew:r1 01890000-0000-7000-8000-000000000001/"));
  g_assert_cmpuint (mirror->pages - pages, >, 3);
}

static void
test_pull_leave_and_enter (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) one = town_device (town, "crew", "r1", "roads");
  g_autoptr (ShtHubDevice) two = town_device (town, "crew", "r2", "roads");
  g_autoptr (Mirror) a = mirror_new ();
  g_autoptr (Mirror) b = mirror_new ();
  g_autofree char *id = ticket_id (1);
  g_autofree char *note = NULL, *late = NULL;

  town_add_ticket (town, 1, "r1");
  note = push_one (town, one, "ticket.note", id, NOTE);
  mirror_pull (a, town, one, 100);
  mirror_pull (b, town, two, 100);
  g_assert_true (mirror_has (a, "crew:r1"));
  g_assert_true (sht_hub_assign (town->hub, id, "r2", NULL));
  mirror_pull (a, town, one, 100);
  mirror_pull (b, town, two, 100);
  g_assert_false (mirror_has (a, "crew:r1"));
  /* whole, with the note from before it came */
  g_assert_true (mirror_has (b, "/event "));
  late = push_one (town, one, "ticket.note", id, NOTE);
  assert_result (late, 0, "merged");
  /* who contributed does not learn how it stands now */
  g_assert_null (strstr (late, "\"t\":\"ticket\""));
  late = (g_free (late), push_one (town, one, "ticket.status", id, "{\"seen\":\"assigned\",\"want\":\"done\"}"));
  assert_result (late, 0, "merged");
  g_assert_true (sht_hub_assign (town->hub, id, "r1", NULL));
  mirror_pull (a, town, one, 1);
  g_assert_true (mirror_has (a, "crew:r1"));
}

static void
assert_pull_error (Town *town, ShtHubDevice *device, const char *cursor, int code)
{
  g_autoptr (GError) error = NULL;
  gboolean empty;
  g_autoptr (GBytes) page = sht_hub_pull (town->hub, device, cursor, 10, &empty, &error);

  if (code < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, SHT_HUB_ERROR, code);
  g_assert_cmpint (page != NULL, ==, code < 0);
}

static void
test_hostile_cursors (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Town) elsewhere = town_new ();
  g_autoptr (ShtHubDevice) device = town_device (town, "crew", "r1", "roads");
  g_autoptr (ShtHubDevice) there = NULL;
  g_autoptr (Mirror) mirror = mirror_new ();
  static const char *const bad[] = {
    "2;reference=1.0", "x", ";", "1;", "1;;", "1;reference", "1;reference=", "1;reference=5", "1;reference=.", "1;reference=a.b",
    "1;reference=99999.ffffffffffffffff", "1;reference=-5.ffffffffffffffff", "1;reference=99999999999999999999.1",
    "1;reference=1.0~9", "1;reference=1.0~0@~", "1;reference=1.0@\xd7\x90", "1;reference=3.1~-1", "1;=1.1", "1;reference=1.1.1.1", "1;reference=1.zz",
  };
  g_autofree char *many = g_strnfill (5000, ';');

  mirror_pull (mirror, town, device, 10);
  assert_pull_error (town, device, mirror->cursor, -1);
  assert_pull_error (town, device, "", -1);
  assert_pull_error (town, device, "1", -1);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_pull_error (town, device, bad[i], SHT_HUB_ERROR_RESYNC);
  assert_pull_error (town, device, many, SHT_HUB_ERROR_RESYNC);
  /* another hub's, though its numbers are there too */
  elsewhere->world.seed = 99;
  there = town_device (elsewhere, "crew", "r1", "roads");
  town_add_ticket (elsewhere, 1, "r1");
  for (guint n = 1; n < 5; n++)
    town_add_ticket (elsewhere, n, "r1");
  mirror_pull (mirror, town, device, 10);
  g_free (mirror->cursor);
  mirror->cursor = NULL;
  mirror_pull (mirror, elsewhere, there, 10);
  for (guint n = 1; n < 5; n++)
    town_add_ticket (town, n, "r1");
  assert_pull_error (town, device, mirror->cursor, SHT_HUB_ERROR_RESYNC);
}

static void
test_rewound_log (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) device = town_device (town, "crew", "r1", "roads");
  g_autoptr (Mirror) mirror = mirror_new ();
  g_autofree char *path = g_build_filename (town->folder, "hub.db", NULL);
  g_autofree char *copy = g_build_filename (town->folder, "copy.db", NULL);
  ShtHubWorld world = { world_now, world_random, town };
  g_autofree char *backup = NULL;
  gsize length;
  g_autoptr (GError) error = NULL;

  town_add_ticket (town, 1, "r1");
  sht_hub_store_close (town->hub->store);
  g_assert_true (g_file_get_contents (path, &backup, &length, NULL));
  town->hub->store = sht_hub_store_open_sqlite (path, NULL, &error);
  town_add_ticket (town, 2, "r1");
  mirror_pull (mirror, town, device, 10);
  sht_hub_store_close (town->hub->store);
  g_assert_true (g_file_set_contents (copy, backup, (gssize) length, NULL));
  town->hub->store = sht_hub_store_open_sqlite (copy, NULL, &error);
  town->hub->world = world;
  assert_pull_error (town, device, mirror->cursor, SHT_HUB_ERROR_RESYNC);
  /* and when it has grown past the cursor again */
  for (guint n = 5; n < 15; n++)
    town_add_ticket (town, n, "r1");
  assert_pull_error (town, device, mirror->cursor, SHT_HUB_ERROR_RESYNC);
}

static void
test_place (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) crew = town_device (town, "crew", "r1", "roads");
  g_autoptr (Mirror) mirror = mirror_new ();
  const char *place = "01890000-0000-7000-8000-0000000b0001";
  g_autofree char *a = push_one (town, crew, "place.report", place, "{\"what\":\"moved\",\"lat_e7\":1,\"lon_e7\":2}");
  g_autofree char *b = push_one (town, crew, "place.set", place, "{\"lat_e7\":1}");
  g_autofree char *c = push_one (town, crew, "place.report", "nowhere", "{\"what\":\"missing\"}");
  GHashTableIter iter;
  gpointer key, line;
  guint reports = 0;

  assert_result (a, 0, "applied");
  assert_result (b, 0, "rejected");
  assert_result (c, 0, "rejected");
  mirror_pull (mirror, town, crew, 3);
  g_hash_table_iter_init (&iter, mirror->lines);
  while (g_hash_table_iter_next (&iter, &key, &line))
    reports += strstr (line, "\"report\":{\"what\":\"moved\"") != NULL;
  g_assert_cmpuint (reports, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pull/limits", test_pull_limits);
  g_test_add_func ("/pull/touched-between-pages", test_pull_touched_between_pages);
  g_test_add_func ("/pull/trap_06-came-and-went-while-filled", test_pull_came_and_went_while_filled);
  g_test_add_func ("/pull/many-leaves", test_pull_many_leaves);
  g_test_add_func ("/pull/trap_06-leave-and-enter", test_pull_leave_and_enter);
  g_test_add_func ("/pull/hostile-cursors", test_hostile_cursors);
  g_test_add_func ("/pull/trap_04-rewound-log", test_rewound_log);
  g_test_add_func ("/pull/place", test_place);
  return g_test_run ();
}
