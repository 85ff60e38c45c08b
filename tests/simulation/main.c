/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/simulation/world.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LEAST_FAULTS 30

typedef struct
{
  guint64 seeds;
  guint64 operations;
  guint64 requests;
  guint64 attention;
  guint64 exempt;
  guint64 faults[SIM_N_FAULTS];
  guint64 digest; /* of all, whatever their order */
  guint64 failed; /* a seed that failed */
  guint failures;
  char failure[400];
} Totals;

static gint64 opt_seeds = 1, opt_seed = 1, opt_acts = 205, opt_jobs = 1;
static char **opt_without;
static gboolean opt_harsh, opt_trace, opt_no_shrink;

static const GOptionEntry entries[] = {
  { "seeds", 0, 0, G_OPTION_ARG_INT64, &opt_seeds, "How many schedules", "N" },
  { "seed", 0, 0, G_OPTION_ARG_INT64, &opt_seed, "The first one's seed", "S" },
  { "jobs", 0, 0, G_OPTION_ARG_INT64, &opt_jobs, "Processes side by side", "N" },
  { "acts", 0, 0, G_OPTION_ARG_INT64, &opt_acts, "Operations in a schedule", "N" },
  { "without", 0, 0, G_OPTION_ARG_STRING_ARRAY, &opt_without, "Leave out a kind of fault", "FAULT" },
  { "harsh", 0, 0, G_OPTION_ARG_NONE, &opt_harsh, "What is rare happens often: restored databases, new logins, second thoughts", NULL },
  { "trace", 0, 0, G_OPTION_ARG_NONE, &opt_trace, "Tell all that happens", NULL },
  { "no-shrink", 0, 0, G_OPTION_ARG_NONE, &opt_no_shrink, "Do not look for a smaller schedule that fails", NULL },
  { NULL },
};

static void
run_one (SimWorld *world, guint64 seed, guint *attention, guint *exempt)
{
  sim_town_reset (world, seed);
  while (world->failure == NULL && (world->done->len < world->acts || world->now < world->end))
    sim_world_run (world, world->now + 1000);
  if (world->failure == NULL)
    sim_town_heal (world);
  if (world->failure == NULL && sim_stick_bring_left (world) && world->failure == NULL)
    sim_town_heal (world);
  if (world->failure == NULL)
    sim_oracle_ask (world, attention, exempt);
}

static guint
faults_of (SimWorld *world)
{
  guint n = 0;

  for (guint i = 0; i < SIM_N_FAULTS; i++)
    n += world->faults[i];
  return n;
}

/* Leaves out one kind of fault after the other, then operations, as long as it still fails. */
static void
shrink (SimWorld *world, guint64 seed)
{
  guint attention = 0, exempt = 0;
  g_autoptr (GString) without = g_string_new (NULL);

  for (guint i = 0; i < SIM_N_FAULTS; i++)
    {
      guint64 before = world->without;

      world->without |= G_GUINT64_CONSTANT (1) << i;
      run_one (world, seed, &attention, &exempt);
      if (world->failure == NULL)
        world->without = before;
    }
  for (guint less = world->acts / 2; less > 0; less /= 2)
    {
      world->acts -= MIN (less, world->acts - 1);
      run_one (world, seed, &attention, &exempt);
      if (world->failure == NULL)
        world->acts += less;
    }
  run_one (world, seed, &attention, &exempt);
  for (guint i = 0; i < SIM_N_FAULTS; i++)
    if ((world->without >> i & 1) != 0)
      g_string_append_printf (without, " --without %s", sim_fault_name (i));
  g_print ("smaller: tests/simulation/run%s --seed %" G_GUINT64_FORMAT " --acts %u%s --trace\n  %s\n",
           world->harsh ? " --harsh" : "", seed, world->acts, without->str, world->failure != NULL ? world->failure : "(does not fail alone)");
}

static void
run_some (const char *folder, guint64 first, guint64 n, guint64 without, Totals *totals)
{
  SimWorld *world = sim_town_new (folder);

  world->tell = opt_trace;
  world->harsh = opt_harsh;
  for (guint64 i = 0; i < n; i++)
    {
      guint attention = 0, exempt = 0;

      world->without = without;
      world->acts = (guint) opt_acts;
      run_one (world, first + i, &attention, &exempt);
      totals->seeds++;
      totals->operations += world->done->len;
      totals->requests += world->requests;
      totals->attention += attention;
      totals->exempt += exempt;
      totals->digest += world->digest;
      for (guint f = 0; f < SIM_N_FAULTS; f++)
        totals->faults[f] += world->faults[f];
      if (world->failure == NULL && without == 0 && opt_acts >= 200 && faults_of (world) < LEAST_FAULTS)
        sim_world_fail (world, "only %u faults happened", faults_of (world));
      if (world->failure == NULL)
        continue;
      if (totals->failures++ > 0)
        continue;
      totals->failed = first + i;
      g_strlcpy (totals->failure, world->failure, sizeof totals->failure);
      g_print ("seed %" G_GUINT64_FORMAT " fails: %s\nreplay: tests/simulation/run%s --seed %" G_GUINT64_FORMAT " --trace\n",
               first + i, world->failure, world->harsh ? " --harsh" : "", first + i);
      if (!opt_no_shrink && !opt_trace)
        shrink (world, first + i);
    }
  sim_town_free (world);
}

static guint64
read_without (void)
{
  guint64 without = 0;

  for (guint i = 0; opt_without != NULL && opt_without[i] != NULL; i++)
    {
      guint f = 0;

      while (f < SIM_N_FAULTS && !g_str_equal (sim_fault_name (f), opt_without[i]))
        f++;
      if (f == SIM_N_FAULTS)
        {
          g_printerr ("there is no fault %s\n", opt_without[i]);
          exit (2);
        }
      without |= G_GUINT64_CONSTANT (1) << f;
    }
  return without;
}

static void
add_totals (Totals *all, const Totals *one)
{
  all->seeds += one->seeds;
  all->operations += one->operations;
  all->requests += one->requests;
  all->attention += one->attention;
  all->exempt += one->exempt;
  all->digest += one->digest;
  all->failures += one->failures;
  for (guint f = 0; f < SIM_N_FAULTS; f++)
    all->faults[f] += one->faults[f];
}

static void
remove_folder (const char *folder)
{
  const char *argv[] = { "rm", "-rf", folder, NULL };

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
}

/* Each job is a process with a share of the seeds. */
static gboolean
run_jobs (guint64 without, Totals *all)
{
  g_autofree int *pipes = g_new (int, (gsize) opt_jobs);
  gboolean fine = TRUE;

  fflush (stdout);
  for (guint j = 0; j < (guint) opt_jobs; j++)
    {
      guint64 from = (guint64) (opt_seeds * j / opt_jobs), to = (guint64) (opt_seeds * (j + 1) / opt_jobs);
      int ends[2];

      g_assert_cmpint (pipe (ends), ==, 0);
      pipes[j] = ends[0];
      if (fork () == 0)
        {
          g_autofree char *folder = g_strdup_printf ("%s/shetach-simulation-XXXXXX",
                                                     g_file_test ("/dev/shm", G_FILE_TEST_IS_DIR) ? "/dev/shm" : g_get_tmp_dir ());
          Totals totals = { 0 };

          g_assert_nonnull (g_mkdtemp (folder));
          run_some (folder, (guint64) opt_seed + from, to - from, without, &totals);
          remove_folder (folder);
          g_assert_cmpint (write (ends[1], &totals, sizeof totals), ==, sizeof totals);
          fflush (stdout);
          exit (0);
        }
      close (ends[1]);
    }
  for (guint j = 0; j < (guint) opt_jobs; j++)
    {
      Totals one;

      if (read (pipes[j], &one, sizeof one) != sizeof one)
        fine = FALSE;
      else
        add_totals (all, &one);
      close (pipes[j]);
    }
  while (wait (NULL) > 0 || errno == EINTR)
    ;
  return fine;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("- hub and tablets on virtual time, with all that can fail");
  g_autoptr (GError) error = NULL;
  Totals all = { 0 };
  guint64 without;
  gint64 began = g_get_monotonic_time ();
  gboolean fine;
  double minutes;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || opt_seeds < 1 || opt_jobs < 1 || opt_acts < 1)
    {
      g_printerr ("%s\n", error != NULL ? error->message : "numbers are from 1");
      return 2;
    }
  sim_memory_settle ();
  without = read_without ();
  opt_jobs = MIN (opt_jobs, opt_seeds);
  fine = run_jobs (without, &all);
  minutes = (double) (g_get_monotonic_time () - began) / 60e6;
  g_print ("seeds %" G_GUINT64_FORMAT ", operations %" G_GUINT64_FORMAT ", requests %" G_GUINT64_FORMAT
           ", needs attention %" G_GUINT64_FORMAT ", exempt %" G_GUINT64_FORMAT "\nfaults:",
           all.seeds, all.operations, all.requests, all.attention, all.exempt);
  for (guint f = 0; f < SIM_N_FAULTS; f++)
    {
      g_print (" %s %" G_GUINT64_FORMAT, sim_fault_name (f), all.faults[f]);
      /* In a run that is long enough, a fault that never happened proves nothing. */
      if (all.seeds >= 100 && all.faults[f] == 0 && (without >> f & 1) == 0)
        {
          g_print (" (never)");
          fine = FALSE;
        }
    }
  g_print ("\ndigest %016" G_GINT64_MODIFIER "x, %.0f schedules a minute, %u failed\n", all.digest,
           (double) all.seeds / minutes, all.failures);
  return fine && all.failures == 0 ? 0 : 1;
}
