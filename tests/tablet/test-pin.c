/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json.h"
#include "platform/durable.h"
#include "tablet/lock/pin.h"
#include "tests/tablet/tablet-fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define TOKEN "kDK4/jimaEtRSjPbv+ZHbV7q356aJLJoq5I76Shb2pY="
#define DEVICE "01890000-0000-7000-8000-00000000d001"

/* What a tablet's clocks say; who holds it sets the wall clock as they like. */
typedef struct
{
  gint64 now_ms;
  gint64 boot_ms;
  char *folder;
  ShtStoreWorld world;
} Fixture;

static gint64
fake_now (gpointer data)
{
  return ((Fixture *) data)->now_ms;
}

static gint64
fake_boot (gpointer data)
{
  return ((Fixture *) data)->boot_ms;
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  f->now_ms = G_GINT64_CONSTANT (1700000000000);
  f->boot_ms = 1000000;
  f->folder = g_dir_make_tmp ("shetach-pin-XXXXXX", &error);
  g_assert_no_error (error);
  f->world = (ShtStoreWorld){ .now_ms = fake_now, .boot_ms = fake_boot, .random = sht_kernel_random, .data = f, .boot_id = "first" };
}

static char *
path_of (Fixture *f)
{
  return g_build_filename (f->folder, "lock.json", NULL);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  g_autofree char *path = path_of (f);

  g_unlink (path);
  g_rmdir (f->folder);
  g_free (f->folder);
}

static ShtPin *
new_pin (Fixture *f, const char *digits)
{
  ShtPin *pin = sht_pin_new (f->folder, &f->world);
  g_autoptr (GError) error = NULL;

  sht_pin_set (pin, digits, &error);
  g_assert_no_error (error);
  return pin;
}

static void
test_set_and_try (Fixture *f, gconstpointer unused)
{
  g_autoptr (ShtPin) none = sht_pin_new (f->folder, &f->world);
  g_autoptr (ShtPin) pin = NULL;
  g_autoptr (ShtPin) again = NULL;
  g_autofree char *path = path_of (f), *text = NULL;
  struct stat there;

  g_assert_false (sht_pin_is_set (none));
  pin = new_pin (f, "2580");
  g_assert_true (sht_pin_is_set (pin));
  g_assert_cmpint (stat (path, &there), ==, 0);
  g_assert_cmpint (there.st_mode & 07777, ==, 0600);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_null (strstr (text, "2580"));
  again = sht_pin_new (f->folder, &f->world);
  g_assert_true (sht_pin_is_set (again));
  g_assert_cmpint (sht_pin_try (again, "2581"), ==, SHT_PIN_WRONG);
  g_assert_cmpint (sht_pin_try (again, ""), ==, SHT_PIN_WRONG);
  f->boot_ms += 900000;
  g_assert_cmpint (sht_pin_try (again, "2580"), ==, SHT_PIN_RIGHT);
  g_assert_cmpint (sht_pin_wait_ms (again), ==, 0);
}

/* Each way of shortening the wait that who holds the tablet has. */
static void
test_delay_stands (Fixture *f, gconstpointer unused)
{
  g_autoptr (ShtPin) pin = new_pin (f, "2580");
  g_autoptr (ShtPin) killed = NULL, booted = NULL;

  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (sht_pin_try (pin, "1111"), ==, SHT_PIN_WRONG);
  g_assert_cmpint (sht_pin_wait_ms (pin), ==, 5000);
  g_assert_cmpint (sht_pin_try (pin, "2580"), ==, SHT_PIN_TOO_EARLY);
  f->now_ms -= G_GINT64_CONSTANT (10) * 365 * 86400000;
  g_assert_cmpint (sht_pin_wait_ms (pin), ==, 5000);
  f->now_ms += G_GINT64_CONSTANT (20) * 365 * 86400000;
  g_assert_cmpint (sht_pin_wait_ms (pin), ==, 5000);
  killed = sht_pin_new (f->folder, &f->world);
  g_assert_cmpint (sht_pin_wait_ms (killed), ==, 5000);
  f->world.boot_id = "second";
  f->boot_ms = 0;
  booted = sht_pin_new (f->folder, &f->world);
  g_assert_cmpint (sht_pin_wait_ms (booted), ==, 5000);
  f->boot_ms = 5000;
  g_assert_cmpint (sht_pin_try (booted, "1111"), ==, SHT_PIN_WRONG);
  g_assert_cmpint (sht_pin_wait_ms (booted), ==, 15000);
  f->boot_ms += 15000;
  g_assert_cmpint (sht_pin_try (booted, "2580"), ==, SHT_PIN_RIGHT);
}

static void
test_counted_before_it_is_looked_at (Fixture *f, gconstpointer unused)
{
  g_autoptr (ShtPin) pin = new_pin (f, "2580");
  g_autofree char *path = path_of (f), *text = NULL;
  g_autoptr (JsonObject) json = NULL;

  g_assert_cmpint (sht_pin_try (pin, "1111"), ==, SHT_PIN_WRONG);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  json = sht_json_parse_object (text, -1, NULL);
  g_assert_cmpint (sht_json_int (json, "wrong", 0), ==, 1);
  g_assert_cmpstr (sht_json_string (json, "boot_id"), ==, "first");
  /* A disk that takes nothing more gives no try for nothing either. */
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_assert_cmpint (sht_pin_try (pin, "1112"), ==, SHT_PIN_WRONG);
  g_assert_cmpint (sht_pin_try (pin, "1113"), ==, SHT_PIN_WRONG);
  g_assert_cmpint (sht_pin_try (pin, "1114"), ==, SHT_PIN_TOO_EARLY);
  f->boot_ms += 5000;
  g_assert_cmpint (sht_pin_try (pin, "2580"), ==, SHT_PIN_RIGHT);
  g_assert_cmpint (g_rmdir (path), ==, 0);
}

static char *
answer_to (const char *challenge)
{
  g_autofree char *hash = sht_sha256_of_bytes (TOKEN, strlen (TOKEN));

  return sht_unlock_answer (hash, DEVICE, challenge);
}

static void
test_as_documented (Fixture *f, gconstpointer unused)
{
  g_autofree char *answer = answer_to ("12345674");

  g_assert_cmpstr (answer, ==, "91668004");
}

static void
test_supervisor (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtPin) pin = new_pin (f, "2580"), again = NULL;
  g_autofree char *challenge = sht_pin_challenge (pin, &error);
  g_autofree char *same = NULL, *next = NULL, *answer = NULL, *spaced = NULL;

  g_assert_no_error (error);
  answer = answer_to (challenge);
  spaced = sht_unlock_spaced (answer);
  /* Somebody is on the telephone: what was asked stands over a restart. */
  again = sht_pin_new (f->folder, &f->world);
  same = sht_pin_challenge (again, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (same, ==, challenge);
  g_assert_cmpint (sht_pin_try_answer (again, "12345674", TOKEN, DEVICE), ==, SHT_PIN_WRONG);
  g_assert_cmpint (sht_pin_try_answer (again, answer, "another login", DEVICE), ==, SHT_PIN_WRONG);
  g_assert_cmpint (sht_pin_try_answer (again, challenge, TOKEN, DEVICE), ==, SHT_PIN_WRONG);
  g_assert_cmpint (sht_pin_try_answer (again, answer, TOKEN, DEVICE), ==, SHT_PIN_TOO_EARLY);
  f->boot_ms += 5000;
  g_assert_false (sht_pin_must_change (again));
  g_assert_cmpint (sht_pin_try_answer (again, spaced, TOKEN, DEVICE), ==, SHT_PIN_RIGHT);
  g_assert_true (sht_pin_must_change (again));
  g_assert_true (sht_pin_is_set (again));
  /* It was good once. */
  g_assert_cmpint (sht_pin_try_answer (again, answer, TOKEN, DEVICE), ==, SHT_PIN_WRONG);
  next = sht_pin_challenge (again, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (next, !=, challenge);
  g_assert_cmpint (sht_pin_try_answer (again, answer, TOKEN, DEVICE), ==, SHT_PIN_WRONG);
  sht_pin_set (again, "97531", &error);
  g_assert_no_error (error);
  g_assert_false (sht_pin_must_change (again));
}

/* Two tablets of one crew at a real hub: what it says to one challenge opens the one that asked. */
static void
test_hub_answers (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_new (town, "crew", "r1", "roads"), other = tablet_new (town, "crew", "r1", "roads");
  g_autoptr (ShtPin) pin = new_pin (f, "2580");
  g_autofree char *challenge = sht_pin_challenge (pin, &error);
  g_autoptr (JsonArray) of_crew = sht_hub_unlock (town->hub, NULL, challenge, "r1", NULL, &error);
  g_autoptr (JsonArray) of_one = sht_hub_unlock (town->hub, NULL, challenge, NULL, tablet->store->device.id, &error);
  g_autoptr (JsonArray) misread = NULL, nobody = NULL;
  const char *answer;

  g_assert_no_error (error);
  g_assert_cmpuint (json_array_get_length (of_crew), ==, 2);
  g_assert_cmpuint (json_array_get_length (of_one), ==, 1);
  answer = sht_json_string (json_array_get_object_element (of_one, 0), "answer");
  g_assert_cmpint (sht_pin_try_answer (pin, answer, other->store->device.token, other->store->device.id), ==, SHT_PIN_WRONG);
  g_assert_cmpint (sht_pin_try_answer (pin, answer, tablet->store->device.token, tablet->store->device.id), ==, SHT_PIN_RIGHT);
  misread = sht_hub_unlock (town->hub, NULL, "1234 5675", "r1", NULL, &error);
  g_assert_null (misread);
  g_assert_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_BAD_REQUEST);
  g_clear_error (&error);
  nobody = sht_hub_unlock (town->hub, NULL, challenge, "r2", NULL, &error);
  g_assert_null (nobody);
  g_assert_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_NOT_FOUND);
}

static const ShtHubDevice *
whose (const char *role, const char *department)
{
  static ShtHubDevice device;

  device = (ShtHubDevice){ .id = (char *) "boss", .role = (char *) role, .department = (char *) department };
  return &device;
}

/* A supervisor opens their department's crews, a manager all, a crew none; and who was told is kept. */
static void
test_hub_answers_by_role (Fixture *f, gconstpointer unused)
{
  static const struct
  {
    const char *role, *department;
    int code; /* of the refusal; -1 for an answer */
  } cases[] = {
    { "supervisor", "roads", -1 }, { "supervisor", "gardens", SHT_HUB_ERROR_NOT_FOUND },
    { "manager", NULL, -1 }, { "crew", "roads", SHT_HUB_ERROR_FORBIDDEN },
  };
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_new (town, "crew", "r1", "roads"), office = tablet_new (town, "supervisor", NULL, "roads");
  static const char asked[] = "{\"challenge\":\"1234-5674\",\"crew\":\"r1\"}";
  static const char *const nothing[] = { "", "{}", "[]", "{\"challenge\":1,\"crew\":\"r1\"}", "{\"challenge\":\"12345674\"}" };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      const ShtHubDevice *by = whose (cases[i].role, cases[i].department);
      g_autofree char *text = sht_hub_take_unlock (town->hub, by, asked, strlen (asked), &error);
      g_autoptr (JsonObject) answer = text != NULL ? sht_json_parse_object (text, -1, NULL) : NULL;
      g_autoptr (JsonArray) devices = NULL;

      if (cases[i].code >= 0)
        {
          g_assert_error (error, SHT_HUB_ERROR, cases[i].code);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpuint (json_array_get_length (sht_json_array (answer, "answers")), ==, 1);
      devices = sht_hub_devices_view (town->hub, &error);
      for (guint n = 0; n < json_array_get_length (devices); n++)
        {
          JsonObject *one = sht_json_element (devices, n);
          gboolean is_it = g_strcmp0 (sht_json_string (one, "device"), tablet->store->device.id) == 0;

          g_assert_cmpstr (sht_json_string (one, "answered_by"), ==, is_it ? "boss" : NULL);
          g_assert_cmpint (sht_json_int (one, "answered_at", 0), ==, is_it ? town->world.now : 0);
        }
    }
  for (guint i = 0; i < G_N_ELEMENTS (nothing); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (sht_hub_take_unlock (town->hub, whose ("manager", NULL), nothing[i], strlen (nothing[i]), &error));
      g_assert_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_BAD_REQUEST);
    }
}

static void
test_broken_file (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = path_of (f), *challenge = NULL, *answer = NULL;
  g_autoptr (ShtPin) pin = NULL, again = NULL;

  g_assert_true (g_file_set_contents (path, "{\"pin\":", -1, NULL));
  pin = sht_pin_new (f->folder, &f->world);
  g_assert_true (sht_pin_is_set (pin));
  g_assert_cmpint (sht_pin_try (pin, "0000"), ==, SHT_PIN_WRONG);
  challenge = sht_pin_challenge (pin, &error);
  g_assert_no_error (error);
  again = sht_pin_new (f->folder, &f->world);
  g_assert_true (sht_pin_is_set (again));
  answer = answer_to (challenge);
  g_assert_cmpint (sht_pin_try_answer (again, answer, TOKEN, DEVICE), ==, SHT_PIN_RIGHT);
  sht_pin_set (again, "4444", &error);
  g_assert_no_error (error);
  g_assert_cmpint (sht_pin_try (again, "4444"), ==, SHT_PIN_RIGHT);
  sht_pin_remove (again, &error);
  g_assert_no_error (error);
  g_assert_false (sht_pin_is_set (again));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/pin/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("set-and-try", test_set_and_try);
  ADD ("delay-stands", test_delay_stands);
  ADD ("counted-before-it-is-looked-at", test_counted_before_it_is_looked_at);
  ADD ("as-documented", test_as_documented);
  ADD ("supervisor", test_supervisor);
  ADD ("hub-answers", test_hub_answers);
  ADD ("hub-answers-by-role", test_hub_answers_by_role);
  ADD ("broken-file", test_broken_file);
  return g_test_run ();
}
