/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/backup/backup.h"
#include "tests/hub/hub-fixture.h"

#define NOTE "{\"text\":\"n\"}"

/* Histories of the hub's log, incarnations of a tablet, and the times that it tells. */

static char *
cursor_after (Town *town, ShtHubDevice *device)
{
  gboolean empty;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) page = sht_hub_pull (town->hub, device, "", 2000, &empty, &error);
  g_autofree char *text = NULL;
  g_autoptr (JsonObject) last = NULL;

  g_assert_no_error (error);
  text = g_strndup (g_bytes_get_data (page, NULL), g_bytes_get_size (page) - 1);
  last = sht_json_parse_object (strrchr (text, '\n') + 1, -1, NULL);
  g_assert_nonnull (sht_json_string (last, "history"));
  return g_strdup (sht_json_string (last, "cursor"));
}

static void
assert_resync (Town *town, ShtHubDevice *device, const char *cursor)
{
  gboolean empty;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) page = sht_hub_pull (town->hub, device, cursor, 2000, &empty, &error);

  g_assert_null (page);
  g_assert_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_RESYNC);
}

/* A cursor of the lost history: past the new head, at it with another row, and behind it. */
static void
test_cursors_of_a_lost_history (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) device = town_device (town, "crew", "r1", "roads");
  g_autofree char *id = ticket_id (1);
  g_autofree char *backup = NULL, *cursor = NULL, *fits = NULL;

  town_add_ticket (town, 1, "r1");
  fits = cursor_after (town, device);
  backup = town_backup (town);
  for (guint i = 0; i < 3; i++)
    g_free (push_one (town, device, "ticket.note", id, NOTE));
  cursor = cursor_after (town, device);
  town_restore (town, backup, TRUE);
  /* a tablet's clock and randomness are its own, and so is the restored hub's */
  town->world.seed = 99;
  for (guint i = 0; i < 6; i++)
    {
      gboolean empty;
      g_autoptr (GBytes) page = NULL;

      assert_resync (town, device, cursor);
      page = sht_hub_pull (town->hub, device, fits, 2000, &empty, NULL);
      g_assert_nonnull (page);
      g_free (push_one (town, device, "ticket.note", id, NOTE));
    }
}

static gint64
common_with (Town *town, const char *history)
{
  gint64 through = -1;

  g_assert_true (town->hub->store->driver->common_with (town->hub->store, history, &through, NULL));
  return through;
}

static char *
history_now (Town *town)
{
  ShtHubHistory history;

  g_assert_true (town->hub->store->driver->get_history (town->hub->store, &history, NULL));
  return history.id;
}

static gint64
head_now (Town *town)
{
  gint64 head, nonce;

  g_assert_true (town->hub->store->driver->log_head (town->hub->store, &head, &nonce, NULL));
  return head;
}

/* Restored twice, the second time from an older backup: what the first history shares with this one ends at the
 * earliest fork. */
static void
test_forks (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) device = town_device (town, "crew", "r1", "roads");
  g_autofree char *id = ticket_id (1);
  g_autofree char *early = NULL, *late = NULL, *first = NULL, *second = NULL, *third = NULL;
  gint64 early_head, late_head;

  town_add_ticket (town, 1, "r1");
  early = town_backup (town);
  early_head = head_now (town);
  first = history_now (town);
  g_assert_cmpint (common_with (town, first), ==, G_MAXINT64);
  g_free (push_one (town, device, "ticket.note", id, NOTE));
  late = town_backup (town);
  late_head = head_now (town);
  town_restore (town, late, TRUE);
  second = history_now (town);
  g_assert_cmpstr (first, !=, second);
  g_assert_cmpint (common_with (town, first), ==, late_head);
  g_assert_cmpint (common_with (town, second), ==, G_MAXINT64);
  town_restore (town, early, TRUE);
  third = history_now (town);
  g_assert_cmpstr (second, !=, third);
  g_assert_cmpint (common_with (town, first), ==, early_head);
  g_assert_cmpint (common_with (town, second), ==, 0);
  g_assert_cmpint (common_with (town, "ffff"), ==, 0);
}

typedef struct
{
  const char *op;
  gint64 seq;
  const char *bytes;
} Sent;

static char *
push_as (Town *town, ShtHubDevice *device, const char *more, const Sent *sent, guint n, GError **error)
{
  g_autoptr (GString) body = g_string_new ("{\"ops\":[");
  g_autoptr (GBytes) answer = NULL;

  for (guint i = 0; i < n; i++)
    g_string_append_printf (body, "%s{\"op\":\"%s\",\"seq\":%" G_GINT64_FORMAT "}", i > 0 ? "," : "", sent[i].op, sent[i].seq);
  g_string_append_printf (body, "]%s}\n", more);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (body, "%s\n", sent[i].bytes);
  answer = sht_hub_push (town->hub, device, body->str, body->len, error);
  return answer != NULL ? g_strndup (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer)) : NULL;
}

/* A number that was given before, to something else: nothing of the push is taken in. The same again is the same
 * again, whatever its number; another incarnation or device counts for itself. */
static void
test_trap_05_numbers_given_before (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) device = town_device (town, "crew", "r1", "roads");
  g_autoptr (ShtHubDevice) other = town_device (town, "crew", "r1", "roads");
  g_autofree char *id = ticket_id (1);
  char *ops[5], *lines[5];
  g_autoptr (GError) error = NULL;
  char *answer;
  gint64 head;

  town_add_ticket (town, 1, "r1");
  for (guint i = 0; i < 5; i++)
    {
      ops[i] = next_op_id (town);
      lines[i] = op_bytes_at (ops[i], "ticket.note", id, NOTE, town->world.now);
    }
  answer = push_as (town, device, ",\"incarnation\":\"a1\"", (const Sent[]){ { ops[0], 7, lines[0] } }, 1, &error);
  assert_result (answer, 0, "applied");
  g_free (answer);
  head = head_now (town);
  answer = push_as (town, device, ",\"incarnation\":\"a1\"",
                    (const Sent[]){ { ops[1], 8, lines[1] }, { ops[0], 7, lines[0] }, { ops[2], 7, lines[2] } }, 3, &error);
  g_assert_null (answer);
  g_assert_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_INCARNATION);
  g_clear_error (&error);
  g_assert_cmpint (head_now (town), ==, head);
  answer = push_as (town, device, ",\"incarnation\":\"b2\"",
                    (const Sent[]){ { ops[0], 1, lines[0] }, { ops[1], 2, lines[1] }, { ops[2], 3, lines[2] } }, 3, &error);
  g_assert_no_error (error);
  assert_result (answer, 0, "applied");
  assert_result (answer, 1, "applied");
  assert_result (answer, 2, "applied");
  g_free (answer);
  answer = push_as (town, other, ",\"incarnation\":\"a1\"", (const Sent[]){ { ops[3], 1, lines[3] } }, 1, &error);
  assert_result (answer, 0, "applied");
  g_free (answer);
  answer = push_as (town, device, ",\"incarnation\":\"no; such\"", (const Sent[]){ { ops[4], 9, lines[4] } }, 1, &error);
  g_assert_null (answer);
  g_assert_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_BAD_REQUEST);
  for (guint i = 0; i < 5; i++)
    {
      g_free (ops[i]);
      g_free (lines[i]);
    }
}

/* Clocks that are months off, either way, corrected in the middle, jumping between two steps: of the same boot the
 * time is right all the same. */
static void
test_trap_22_clock_that_jumps (void)
{
  const gint64 month = G_GINT64_CONSTANT (30) * 86400000;
  g_autoptr (Town) town = town_new ();
  g_autoptr (ShtHubDevice) device = town_device (town, "crew", "r1", "roads");
  g_autofree char *id = ticket_id (1);
  gint64 enrolled = town->world.now;
  /* sent an hour after the enrolment, when the tablet had been on for five million ms */
  const gint64 received = enrolled + 3600000, boot_now = 5000000;
  const struct
  {
    gint64 at, boot_ms;
    const char *boot_id;
    gint64 offset, expected;
    const char *certainty;
    gboolean anew;
  } cases[] = {
    { enrolled + 60000, boot_now - 3540000, "b", 0, enrolled + 60000, "sure" },
    /* what it knew of its clock's error does not matter, nor that it was put right meanwhile */
    { enrolled - 3 * month, boot_now - 3480000, "b", 0, enrolled + 120000, "corrected" },
    { enrolled + 3 * month, boot_now - 3420000, "b", 0, enrolled + 180000, "corrected" },
    { enrolled + 5 * month, boot_now - 3360000, "b", -5 * month, enrolled + 240000, "corrected" },
    { enrolled + 300000, boot_now - 3300000, "b", 7 * month, enrolled + 300000, "sure" },
    /* of another boot: the wall clock and the offset */
    { enrolled - month + 360000, 100, "another", month, enrolled + 360000, "corrected" },
    { enrolled - month, 100, "another", 0, enrolled + 360000, "clamped" },
    /* a running clock that runs backwards is none */
    { enrolled + 420000, boot_now + 1, "b", 0, enrolled + 420000, "sure" },
    { enrolled + 480000, -1, "b", 0, enrolled + 480000, "sure" },
    /* before the device's previous step */
    { enrolled - month, boot_now - 3540000, "b", 0, enrolled + 480000, "clamped" },
    /* what was refused and is sent anew was before it, too, though not before the tablet was enrolled; the order of the rest stays */
    { enrolled + 90000, boot_now - 3510000, "b", 0, enrolled + 90000, "sure", TRUE },
    { enrolled - month, 100, "another", 0, enrolled, "clamped", TRUE },
    { enrolled + 90000, boot_now - 3510000, "b", 0, enrolled + 480000, "clamped" },
  };

  town_add_ticket (town, 1, "r1");
  town->world.now = received;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *op = next_op_id (town);
      g_autofree char *line = g_strdup_printf (
        "{\"op\":\"%s\",\"kind\":\"ticket.note\",\"entity\":\"%s\",\"fields\":" NOTE ",\"at\":%" G_GINT64_FORMAT
        ",\"boot_ms\":%" G_GINT64_FORMAT ",\"boot_id\":\"%s\"%s}",
        op, id, cases[i].at, cases[i].boot_ms, cases[i].boot_id,
        cases[i].anew ? ",\"instead_of\":\"018bcfe5-7002-7000-8000-00000000000f\"" : "");
      g_autofree char *more = g_strdup_printf (",\"clock_offset_ms\":%" G_GINT64_FORMAT ",\"boot_id\":\"b\",\"boot_ms\":%" G_GINT64_FORMAT,
                                               cases[i].offset, boot_now);
      g_autoptr (GError) error = NULL;
      g_autofree char *answer = push_as (town, device, more, (const Sent[]){ { op, i, line } }, 1, &error);
      g_autoptr (JsonObject) event = sht_hub_get (town->hub, "event", op, NULL);

      assert_result (answer, 0, "applied");
      g_assert_cmpint (sht_json_int (event, "at", -1), ==, cases[i].expected);
      g_assert_cmpstr (sht_json_string (event, "certainty"), ==, cases[i].certainty);
    }
}

/* A hub that is restored from before a tablet's enrolment takes what was refused and is sent anew to have been done when it was:
 * the tablet's first enrolment alone counts, and that it tells. */
static void
test_sent_anew_to_a_restored_hub (void)
{
  g_autoptr (Town) town = town_new ();
  const gint64 hour = 3600000, first = town->world.now;
  ShtHubCode code = { (char *) "crew", (char *) "r1", (char *) "roads", NULL, first + 20 * hour, NULL };
  static const gint64 done[] = { 2, 1 };
  g_autofree char *id = ticket_id (1), *plain = NULL, *backup = NULL, *body = NULL, *answer = NULL, *header = NULL;
  g_autoptr (JsonObject) enrolled = NULL;
  g_autoptr (ShtHubDevice) device = NULL;
  g_autoptr (GError) error = NULL;

  town_add_ticket (town, 1, "r1");
  plain = sht_hub_make_code (town->hub, &code, NULL);
  backup = town_backup (town);
  town->world.now += 10 * hour;
  town_restore (town, backup, TRUE);
  body = g_strdup_printf ("{\"code\":\"%s\",\"device\":\"01890000-0000-7000-8000-000000000001\",\"since\":%" G_GINT64_FORMAT "}", plain, first);
  answer = sht_hub_enrol (town->hub, body, strlen (body), &error);
  g_assert_no_error (error);
  enrolled = sht_json_parse_object (answer, -1, NULL);
  header = g_strconcat ("Bearer ", sht_json_string (enrolled, "token"), NULL);
  for (guint i = 0; i < G_N_ELEMENTS (done); i++)
    {
      g_autofree char *op = next_op_id (town);
      g_autofree char *line = g_strdup_printf (
        "{\"op\":\"%s\",\"kind\":\"ticket.note\",\"entity\":\"%s\",\"fields\":" NOTE ",\"at\":%" G_GINT64_FORMAT "%s}", op, id,
        first + done[i] * hour, i > 0 ? ",\"instead_of\":\"018bcfe5-7002-7000-8000-00000000000f\"" : "");
      g_autofree char *said = NULL;
      g_autoptr (JsonObject) event = NULL;

      g_clear_pointer (&device, sht_hub_device_free);
      device = sht_hub_authenticate (town->hub, header, &error);
      g_assert_no_error (error);
      said = push_as (town, device, "", (const Sent[]){ { op, i, line } }, 1, &error);
      assert_result (said, 0, "applied");
      event = sht_hub_get (town->hub, "event", op, NULL);
      g_assert_cmpint (sht_json_int (event, "at", 0), ==, first + done[i] * hour);
    }
}

static const ShtHubStoreDriver *real_driver;
static guint snapshots;

static gboolean
snapshot_and_a_removal (ShtHubStore *store, const char *path, GError **error)
{
  gboolean fine = real_driver->snapshot (store, path, error);

  if (snapshots++ == 0)
    g_assert_true (real_driver->remove_blob (store, "00aa", NULL));
  return fine;
}

/* A map's bytes go while a backup is made: nothing is missing in it, and tablets hear how far it goes. What is lost is. */
static void
test_backup_while_bytes_go (void)
{
  g_autoptr (Town) town = town_new ();
  g_autofree char *file = g_build_filename (town->folder, "backup.tar", NULL);
  ShtHubStoreDriver hooked = *town->hub->store->driver;

  real_driver = town->hub->store->driver;
  hooked.snapshot = snapshot_and_a_removal;
  for (guint lost = 0; lost < 2; lost++)
    {
      g_auto (ShtBackupReport) report = { 0 };
      g_auto (ShtHubHistory) history = { 0 };
      g_autoptr (GError) error = NULL;
      gboolean fine;

      g_assert_true (real_driver->put_blob (town->hub->store, "00aa", 5, 1, NULL));
      if (lost > 0)
        g_assert_true (real_driver->put_blob (town->hub->store, "00bb", 5, 1, NULL));
      snapshots = 0;
      town->hub->store->driver = &hooked;
      fine = sht_hub_backup (town->hub, file, &report, &error);
      town->hub->store->driver = real_driver;
      g_assert_no_error (error);
      g_assert_true (fine);
      g_assert_cmpuint (report.missing->len, ==, lost);
      g_assert_cmpuint (snapshots, ==, 2);
      real_driver->get_history (town->hub->store, &history, NULL);
      g_assert_cmpint (history.backed_up, ==, report.head);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/history/cursors", test_cursors_of_a_lost_history);
  g_test_add_func ("/history/forks", test_forks);
  g_test_add_func ("/incarnation/trap_05_numbers_given_before", test_trap_05_numbers_given_before);
  g_test_add_func ("/history/backup-while-bytes-go", test_backup_while_bytes_go);
  g_test_add_func ("/times/trap_22_clock_that_jumps", test_trap_22_clock_that_jumps);
  g_test_add_func ("/times/sent-anew-to-a-restored-hub", test_sent_anew_to_a_restored_hub);
  return g_test_run ();
}
