/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/tablet/tablet-fixture.h"

/* The sync rules that are kept on the tablet, and traps that others have fallen into. */

static gboolean
file_has (const char *path, const char *needle, gsize length)
{
  g_autofree char *bytes = NULL;
  gsize size;

  return g_file_get_contents (path, &bytes, &size, NULL) && memmem (bytes, size, needle, length) != NULL;
}

/* The first file under a folder that holds some bytes; %NULL when none does. */
static char *
find_bytes (const char *folder, const char *needle, gsize length)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  char *found = NULL;

  while (found == NULL && dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        found = find_bytes (path, needle, length);
      else if (file_has (path, needle, length))
        found = g_steal_pointer (&path);
    }
  return found;
}

static void
assert_bytes (Tablet *tablet, const char *needle, gboolean there)
{
  g_autofree char *path = find_bytes (tablet->folder, needle, strlen (needle));

  if ((path != NULL) != there)
    g_error ("“%s” is %s", needle, path != NULL ? path : "nowhere");
}

static void
give_title (Town *town, ShtHubDevice *boss, const char *ticket, const char *title)
{
  g_autofree char *fields = g_strdup_printf ("{\"title\":\"%s\"}", title);
  g_autofree char *said = push_one (town, boss, "ticket.set", ticket, fields);

  assert_result (said, 0, "applied");
}

/* Rule 8: after a ticket has left, nothing of it is found in any file of the store. */
static void
test_revoked_row_stays (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) boss = town_device (town, "supervisor", NULL, "roads");
  g_autoptr (Tablet) tablet = NULL;
  g_autofree char *id = ticket_id (7);
  g_autofree char *photo = NULL;
  g_autofree char *said = NULL;
  g_autofree char *waiting = NULL;

  for (guint n = 1; n < 40; n++)
    town_add_ticket (town, n, "r1");
  give_title (town, boss, id, "kumquat-one");
  said = push_one (town, boss, "ticket.note", id, "{\"text\":\"kumquat-note of some length\"}");
  tablet = tablet_new (town, "crew", "r1", "roads");
  g_assert_true (tablet_sync (tablet, 0));
  g_assert_true (sht_store_index_all (tablet->store, NULL));
  /* it changes, so that older forms of it have been in the file too */
  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *title = g_strdup_printf ("kumquat-%u %*s", i, (int) (i * 6), "x");

      give_title (town, boss, id, title);
      tablet_note (tablet, id, "mango-note");
      g_assert_true (tablet_sync (tablet, 0));
      g_assert_true (sht_store_index_all (tablet->store, NULL));
    }
  photo = tablet_photo (tablet, id, 5000, 'Q');
  g_assert_true (tablet_sync (tablet, 60000));
  waiting = tablet_photo (tablet, id, 5000, 'W');
  assert_bytes (tablet, "kumquat", TRUE);
  assert_bytes (tablet, "QQQQQQQQ", TRUE);
  g_assert_true (sht_hub_assign (town->hub, id, "r2", NULL));
  /* what was confirmed is kept no longer than until the hub has it in a backup */
  g_assert_true (sht_db_exec (tablet->store->db,
                              "UPDATE op SET bytes = '{}' WHERE state = 2; DELETE FROM blob WHERE state = 2", NULL));
  {
    /* the photo that waits has not gone out yet */
    sht_engine_free (tablet->engine);
    tablet->engine = sht_engine_new (tablet->store);
    tablet->next_status = 503;
    tablet->next_lane = SHT_LANE_PUSH;
    tablet_sync (tablet, 0);
  }
  g_assert_cmpint (tablet_count (tablet, "SELECT count(*) FROM ticket"), ==, 38);
  g_assert_true (sht_store_index_all (tablet->store, NULL));
  assert_bytes (tablet, "kumquat", FALSE);
  assert_bytes (tablet, "mango", FALSE);
  assert_bytes (tablet, "QQQQQQQQ", FALSE);
  assert_bytes (tablet, "WWWWWWWW", TRUE);
  g_assert_cmpint (tablet_count (tablet, "SELECT value FROM meta WHERE key = 'unclean'"), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rules/trap_06-revoked-row-stays", test_revoked_row_stays);
  return g_test_run ();
}
