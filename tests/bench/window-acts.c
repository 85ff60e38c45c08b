/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the program's own window does in its frames, measured in its own process:
 *
 *   bench-window-acts open STORE SIZE         milliseconds from a tap on a card until the ticket is painted, and of the
 *                                             main thread's CPU
 *   bench-window-acts pages STORE SIZE        likewise from a tap on the rail until the page is painted, each page for the first
 *                                             time, and later
 *   bench-window-acts scroll STORE SIZE       CPU milliseconds of the main thread in each frame of scrolling
 *   bench-window-acts import STORE SIZE FILE  the same while a ticket takes in the pictures that FILE names, line by
 *                                             line, with all that is done between two frames
 *   bench-window-acts gallery STORE SIZE      the same while all photos of a ticket are scrolled through; then KiB of
 *                                             memory in use
 *
 * Prints lines of a word and figures. */
#include "tablet/ui/common/words.h"
#include "tablet/ui/shell/application.h"
#include "tablet/ui/ticket/photo-cells.h"
#include "tablet/ui/ticket/ticket-page.h"
#include "tablet/ui/work/card-list.h"
#include "tablet/ui/work/work-page.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define OPENINGS 40
#define TURNS 5
#define FRAMES 300
/* A card with the room to its neighbour, about; what matters is that many rows come anew. */
#define ROW_HEIGHT 110
/* Jumps, each followed by as many frames at rest: the list view may spread what it does. */
#define JUMPS 60
#define REST 5
/* No frame takes that long: something hangs. */
#define LIMIT_S 60

typedef struct
{
  GtkWidget *window;
  GtkWidget *view;
  gboolean with_between; /* what is done between two frames counts as the second one's */
  guint frames; /* painted until now */

  /* this frame, and the end of the one before; CPU nanoseconds */
  gint64 before;
  gint64 start;
  gint64 laid_out;
  gint64 painted;
  gint64 snapshot;

  GArray *own;   /* (owned): of gint64, without what the renderer took */
  GArray *whole; /* (owned): of gint64 */
} Bench;

static Bench bench;
static void (*window_snapshot) (GtkWidget *widget, GtkSnapshot *snapshot);

static gint64
cpu_ns (void)
{
  struct timespec t;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
  return (gint64) t.tv_sec * G_GINT64_CONSTANT (1000000000) + t.tv_nsec;
}

/* --- the phases of a frame --- */

static void
on_before_paint (GdkFrameClock *clock)
{
  bench.start = bench.laid_out = bench.painted = cpu_ns ();
  bench.snapshot = 0;
}

static void
on_laid_out (GdkFrameClock *clock)
{
  bench.laid_out = bench.painted = cpu_ns ();
}

static void
on_painted (GdkFrameClock *clock)
{
  bench.painted = cpu_ns ();
}

static void
on_after_paint (GdkFrameClock *clock)
{
  gint64 whole = cpu_ns () - bench.start;
  gint64 renderer = bench.painted - bench.laid_out - bench.snapshot;
  gint64 own = whole - renderer;

  if (bench.with_between)
    {
      own += bench.start - bench.before;
      whole += bench.start - bench.before;
    }
  bench.before = cpu_ns ();
  bench.frames++;
  g_array_append_val (bench.whole, whole);
  g_array_append_val (bench.own, own);
}

/* To paint is to ask the widgets, which is ours, and to draw what they said, which is the renderer's. */
static void
snapshot (GtkWidget *widget, GtkSnapshot *into)
{
  gint64 start = cpu_ns ();

  window_snapshot (widget, into);
  bench.snapshot += cpu_ns () - start;
}

/* --- finding things --- */

static GtkWidget *
find (GtkWidget *widget, GType type)
{
  GtkWidget *found = g_type_is_a (G_OBJECT_TYPE (widget), type) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); found == NULL && child != NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find (child, type);
  return found;
}

static guint
n_rows (void)
{
  GtkWidget *page = gtk_widget_get_ancestor (bench.view, SHT_TYPE_WORK_PAGE);

  return g_list_model_get_n_items (G_LIST_MODEL (sht_work_page_get_list (SHT_WORK_PAGE (page))));
}

static gboolean
on_limit (gpointer unused)
{
  g_error ("no answer within %d s", LIMIT_S);
  return G_SOURCE_REMOVE;
}

static void
wait_for_frames (guint n)
{
  guint limit = g_timeout_add_seconds (LIMIT_S, on_limit, NULL);
  guint until = bench.frames + n;

  while (bench.frames < until)
    {
      gtk_widget_queue_draw (bench.view);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (limit);
}

/* --- opening a ticket --- */

static const char *
shown_ticket (void)
{
  GtkWidget *page = find (bench.window, SHT_TYPE_TICKET_PAGE);

  if (page == NULL || sht_ticket_page_get_doc (SHT_TICKET_PAGE (page)) == NULL
      || !gtk_widget_get_mapped (sht_ticket_page_get_main_button (SHT_TICKET_PAGE (page))))
    return NULL;
  return sht_ticket_page_get_ticket (SHT_TICKET_PAGE (page));
}

/* Returns: milliseconds; in @cpu those of the main thread's CPU */
static double
open_one (guint position, double *cpu)
{
  guint limit = g_timeout_add_seconds (LIMIT_S, on_limit, NULL);
  g_autofree char *before = g_strdup (shown_ticket ());
  gint64 start = g_get_monotonic_time (), start_cpu = cpu_ns ();
  guint frames;

  g_signal_emit_by_name (bench.view, "activate", position);
  do
    {
      frames = bench.frames;
      while (bench.frames == frames)
        g_main_context_iteration (NULL, TRUE);
    }
  while (shown_ticket () == NULL || g_strcmp0 (shown_ticket (), before) == 0);
  g_source_remove (limit);
  *cpu = (double) (cpu_ns () - start_cpu) / 1e6;
  return (double) (g_get_monotonic_time () - start) / 1000;
}

static void
open_tickets (void)
{
  double wall, cpu;

  wall = open_one (0, &cpu);
  g_print ("first %.2f %.2f\n", wall, cpu);
  for (guint i = 1; i <= OPENINGS; i++)
    {
      wait_for_frames (2);
      wall = open_one ((guint) ((guint64) n_rows () * i / (OPENINGS + 1)), &cpu);
      g_print ("next %.2f %.2f\n", wall, cpu);
    }
}

/* What a page reads on a thread, such as figures, comes in later frames. */
static void
turn_to (const char *word, const char *page)
{
  gint64 start = g_get_monotonic_time (), start_cpu = cpu_ns ();
  guint frames = bench.frames;

  gtk_widget_activate_action (bench.window, "win.show-page", "s", page);
  while (bench.frames == frames)
    g_main_context_iteration (NULL, TRUE);
  g_print ("%s %s %.2f %.2f\n", word, page, (double) (g_get_monotonic_time () - start) / 1000,
           (double) (cpu_ns () - start_cpu) / 1e6);
  bench.view = bench.window;
  wait_for_frames (60);
}

static void
turn_pages (void)
{
  static const char *const pages[] = { "map", "report", "forum", "figures", "sync", "work" };

  for (guint round = 0; round <= TURNS; round++)
    for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
      turn_to (round == 0 && !g_str_equal (pages[i], "work") ? "first" : "next", pages[i]);
}

/* --- scrolling --- */

static double rows_a_frame;

static gboolean
on_tick (GtkWidget *view, GdkFrameClock *clock, gpointer unused)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view));

  double most = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment);
  double to = gtk_adjustment_get_value (adjustment) + rows_a_frame * ROW_HEIGHT;

  /* From one end to the other and back. */
  if (to < 0 || to > most)
    rows_a_frame = -rows_a_frame;
  gtk_adjustment_set_value (adjustment, to);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_jump (GtkWidget *view, GdkFrameClock *clock, gpointer data)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view));
  double where = *(double *) data;

  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment) * where);
  return G_SOURCE_REMOVE;
}

static void
print_frames (const char *word)
{
  for (guint i = 0; i < bench.own->len; i++)
    g_print ("%s %.3f %.3f\n", word, (double) g_array_index (bench.own, gint64, i) / 1e6,
             (double) g_array_index (bench.whole, gint64, i) / 1e6);
}

static void
forget_frames (void)
{
  g_array_set_size (bench.own, 0);
  g_array_set_size (bench.whole, 0);
}

static void
scroll (const char *word, double rows)
{
  guint tick;

  rows_a_frame = rows;
  tick = gtk_widget_add_tick_callback (bench.view, on_tick, NULL, NULL);
  wait_for_frames (2);
  forget_frames ();
  wait_for_frames (FRAMES);
  print_frames (word);
  gtk_widget_remove_tick_callback (bench.view, tick);
}

static void
jump (void)
{
  for (guint i = 0; i < JUMPS; i++)
    {
      /* Far from each other, and never twice the same windows of rows. */
      double where = (i % 2 == 0 ? 0.5 : 0.0) + 0.5 * (i + 1) / (JUMPS + 2);

      gtk_widget_add_tick_callback (bench.view, on_jump, &where, NULL);
      forget_frames ();
      wait_for_frames (REST);
      print_frames ("jump");
    }
}

static void
scroll_all (void)
{
  scroll ("slow", 0.3);
  scroll ("fast", 7);
  jump ();
}

/* --- photos --- */

static ShtTicketPage *
wait_for_ticket (void)
{
  guint limit = g_timeout_add_seconds (LIMIT_S, on_limit, NULL);

  while (shown_ticket () == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (limit);
  wait_for_frames (100);
  return SHT_TICKET_PAGE (find (bench.window, SHT_TYPE_TICKET_PAGE));
}

static void
take_in (const char *names)
{
  ShtTicketPage *page = wait_for_ticket ();
  g_autofree char *text = NULL;
  g_auto (GStrv) paths = NULL;

  if (!g_file_get_contents (names, &text, NULL, NULL))
    g_error ("%s cannot be read", names);
  paths = g_strsplit (g_strchomp (text), "\n", -1);
  bench.view = GTK_WIDGET (page);
  bench.with_between = TRUE;
  wait_for_frames (2);
  forget_frames ();
  for (guint i = 0; paths[i] != NULL; i++)
    sht_ticket_page_attach (page, paths[i], "before");
  while (sht_ticket_imports_running (page, shown_ticket (), "before") > 0)
    wait_for_frames (1);
  /* The pictures of their tiles come after. */
  wait_for_frames (60);
  print_frames ("import");
}

static void
print_memory (void)
{
  g_autofree char *status = NULL;
  const char *rss;

  g_file_get_contents ("/proc/self/status", &status, NULL, NULL);
  rss = status != NULL ? strstr (status, "VmRSS:") : NULL;
  g_print ("memory %" G_GINT64_FORMAT "\n", rss != NULL ? g_ascii_strtoll (rss + strlen ("VmRSS:"), NULL, 10) : 0);
}

static void
look_through (void)
{
  ShtTicketPage *page = wait_for_ticket ();

  gtk_widget_activate_action (GTK_WIDGET (page), "ticket.all-photos", "s", "before");
  bench.view = find (bench.window, SHT_TYPE_PHOTO_CELLS);
  g_assert_nonnull (bench.view);
  wait_for_frames (60);
  scroll_all ();
  wait_for_frames (60);
  print_memory ();
}

/* --- --- */

static void
measure (GApplication *application, char **argv)
{
  GdkFrameClock *clock;

  bench.window = GTK_WIDGET (gtk_application_get_active_window (GTK_APPLICATION (application)));
  bench.view = find (bench.window, SHT_TYPE_CARD_LIST);
  g_assert_nonnull (bench.view);
  bench.own = g_array_new (FALSE, FALSE, sizeof (gint64));
  bench.whole = g_array_new (FALSE, FALSE, sizeof (gint64));
  window_snapshot = GTK_WIDGET_GET_CLASS (bench.window)->snapshot;
  GTK_WIDGET_GET_CLASS (bench.window)->snapshot = snapshot;
  clock = gtk_widget_get_frame_clock (bench.window);
  g_signal_connect (clock, "before-paint", G_CALLBACK (on_before_paint), NULL);
  g_signal_connect_after (clock, "layout", G_CALLBACK (on_laid_out), NULL);
  g_signal_connect_after (clock, "paint", G_CALLBACK (on_painted), NULL);
  g_signal_connect_after (clock, "after-paint", G_CALLBACK (on_after_paint), NULL);
  wait_for_frames (100);
  if (g_str_equal (argv[1], "scroll"))
    scroll_all ();
  else if (g_str_equal (argv[1], "import"))
    take_in (argv[4]);
  else if (g_str_equal (argv[1], "gallery"))
    look_through ();
  else if (g_str_equal (argv[1], "pages"))
    turn_pages ();
  else
    open_tickets ();
  g_array_unref (bench.own);
  g_array_unref (bench.whole);
}

static gboolean
on_idle (gpointer data)
{
  GApplication *application = g_application_get_default ();

  measure (application, data);
  g_application_quit (application);
  return G_SOURCE_REMOVE;
}

static void
on_activated (GApplication *application, char **argv)
{
  g_idle_add_full (G_PRIORITY_LOW, on_idle, argv, NULL);
}

int
main (int argc, char **argv)
{
  static const char *const acts[] = { "open", "pages", "scroll", "import", "gallery", NULL };
  g_autoptr (ShtApplication) application = NULL;
  char *options[] = { argv[0], (char *) "--store", NULL, (char *) "--size", NULL, NULL };

  if (argc < 4 || !g_strv_contains (acts, argv[1]) || (argc == 5) != g_str_equal (argv[1], "import"))
    return 2;
  options[2] = argv[2];
  options[4] = argv[3];
  sht_words_init (SHT_BUILD_ROOT "/po");
  application = sht_application_new ();
  g_signal_connect_after (application, "activate", G_CALLBACK (on_activated), argv);
  return g_application_run (G_APPLICATION (application), G_N_ELEMENTS (options) - 1, options);
}
