/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/clock.h"
#include "tests/tablet/tablet-fixture.h"

/* What a tablet knows of the hub's clock, whoever sets its own. */

#define HOUR G_GINT64_CONSTANT (3600000)
#define YEAR (365 * 24 * HOUR)

static Tablet *
tablet_that_has_heard (Town *town, gint64 ahead)
{
  Tablet *tablet = tablet_new (town, "crew", "r1", "roads");

  tablet->world.now += ahead;
  g_assert_true (tablet_sync (tablet, 0));
  return tablet;
}

static void
pass (Town *town, Tablet *tablet, gint64 ms)
{
  town->world.now += ms;
  tablet->world.now += ms;
}

static void
set_clock (Tablet *tablet, gint64 by)
{
  tablet->world.now += by;
  tablet->world.set_by += by;
}

/* As well as that can be heard. */
static void
assert_knows (Tablet *tablet, gint64 hub_now)
{
  g_assert_cmpint (ABS (sht_store_hub_now (tablet->store) - hub_now), <=, 100);
}

static void
test_trap_22_a_clock_that_is_wrong (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_that_has_heard (town, -3 * HOUR);

  pass (town, tablet, 5 * HOUR);
  assert_knows (tablet, town->world.now);
}

/* Nobody is there to be asked: the clock that only runs knows. */
static void
test_trap_22_a_clock_that_is_set_later (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_that_has_heard (town, 0);

  set_clock (tablet, YEAR);
  pass (town, tablet, HOUR);
  assert_knows (tablet, town->world.now);
  set_clock (tablet, -2 * YEAR);
  assert_knows (tablet, town->world.now);
  tablet_close (tablet);
  tablet_open (tablet);
  assert_knows (tablet, town->world.now);
}

/* After a boot nothing runs on: what was last heard is all there is, also of a clock that was set before. */
static void
test_another_boot (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_that_has_heard (town, 0);

  set_clock (tablet, HOUR);
  g_assert_true (tablet_sync (tablet, 60000));
  tablet->store->world.boot_id = "boot-2";
  tablet->world.set_by = 0;
  pass (town, tablet, HOUR);
  assert_knows (tablet, town->world.now);
  set_clock (tablet, HOUR);
  assert_knows (tablet, town->world.now + HOUR);
  g_assert_true (tablet_sync (tablet, 60000));
  assert_knows (tablet, town->world.now);
}

/* An answer that was long on its way tells less than what is known. */
static void
test_a_slow_answer (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = tablet_that_has_heard (town, 0);
  g_autoptr (GError) error = NULL;

  g_assert_true (sht_store_hear_clock (tablet->store, town->world.now + 9000, 10000, &error));
  assert_knows (tablet, town->world.now);
  g_assert_true (sht_store_hear_clock (tablet->store, town->world.now + 9000, 100, &error));
  assert_knows (tablet, town->world.now + 9000);
}

/* What falls due does so by the hub's clock. */
static void
test_trap_22_what_falls_due (void)
{
  g_autoptr (Town) town = town_new ();
  g_autoptr (Tablet) tablet = NULL;
  g_autoptr (GPtrArray) due = NULL;
  g_autoptr (GError) error = NULL;

  town_add_ticket (town, 1, "r1");
  tablet = tablet_that_has_heard (town, -3 * HOUR);
  g_assert_true (sht_db_run (tablet->store->db, &error, "UPDATE ticket SET due_at = ?1", "i", town->world.now + HOUR));
  due = sht_store_due_soon (tablet->store, 2 * HOUR, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (due->len, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hub-clock/trap-22/wrong", test_trap_22_a_clock_that_is_wrong);
  g_test_add_func ("/hub-clock/trap-22/set-later", test_trap_22_a_clock_that_is_set_later);
  g_test_add_func ("/hub-clock/another-boot", test_another_boot);
  g_test_add_func ("/hub-clock/a-slow-answer", test_a_slow_answer);
  g_test_add_func ("/hub-clock/trap-22/what-falls-due", test_trap_22_what_falls_due);
  return g_test_run ();
}
