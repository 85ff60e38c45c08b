/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pictures of the help and its window; the whole runs right-to-left too. */
#include "tablet/ui/help/help-figure.h"
#include "tablet/ui/help/help-steps.h"
#include "tablet/ui/help/help-window.h"

#define USUAL_DPI (96 * 1024)
#define WIDE 900
/* What is rounded to whole pixels. */
#define CLOSE 1.01

typedef struct
{
  graphene_rect_t sign, words, arrow;
  gboolean has_words, has_arrow;
  const char *icon; /* (nullable) */
} Placed;

static gboolean
is_rtl (void)
{
  return gtk_widget_get_default_direction () == GTK_TEXT_DIR_RTL;
}

static void
set_letters (int percent)
{
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", USUAL_DPI * percent / 100, NULL);
}

/* Returns: (transfer full): a topic's picture, laid out */
static GtkWidget *
new_figure (ShtHelpTopic topic, int width)
{
  GtkWidget *figure = g_object_ref_sink (sht_help_figure_new (topic));
  int least, height;

  gtk_widget_measure (figure, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  width = MAX (width, least);
  gtk_widget_measure (figure, GTK_ORIENTATION_VERTICAL, width, &height, NULL, NULL, NULL);
  gtk_widget_size_allocate (figure, &(GtkAllocation){ 0, 0, width, height }, -1);
  return figure;
}

/* From where a line begins, so that both directions are alike. */
static graphene_rect_t
place_of (GtkWidget *child, GtkWidget *line)
{
  graphene_rect_t place;

  g_assert_true (gtk_widget_compute_bounds (child, line, &place));
  if (is_rtl ())
    place.origin.x = (float) gtk_widget_get_width (line) - place.origin.x - place.size.width;
  return place;
}

static int
look_at (GtkWidget *line, Placed placed[SHT_HELP_MAX_STEPS])
{
  int n = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (line); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_has_css_class (child, "help-arrow"))
      {
        placed[n - 1].arrow = place_of (child, line);
        placed[n - 1].has_arrow = TRUE;
      }
    else if (GTK_IS_LABEL (child) && !gtk_widget_has_css_class (child, "chip"))
      {
        placed[n - 1].words = place_of (child, line);
        placed[n - 1].has_words = TRUE;
      }
    else
      placed[n++] = (Placed){ .sign = place_of (child, line),
                              .icon = GTK_IS_IMAGE (child) ? gtk_image_get_icon_name (GTK_IMAGE (child)) : NULL };
  return n;
}

static double
middle (const graphene_rect_t *place, GtkOrientation side)
{
  return side == GTK_ORIENTATION_HORIZONTAL ? place->origin.x + place->size.width / 2
                                            : place->origin.y + place->size.height / 2;
}

static double
begins (const graphene_rect_t *place, GtkOrientation side)
{
  return side == GTK_ORIENTATION_HORIZONTAL ? place->origin.x : place->origin.y;
}

static double
ends (const graphene_rect_t *place, GtkOrientation side)
{
  return begins (place, side) + (side == GTK_ORIENTATION_HORIZONTAL ? place->size.width : place->size.height);
}

/* One step behind another along @along, all in line across it.
 * Returns: along what they stand */
static GtkOrientation
check_line (GtkWidget *line)
{
  Placed placed[SHT_HELP_MAX_STEPS];
  int n = look_at (line, placed);
  gboolean in_row = n > 1 && begins (&placed[1].sign, GTK_ORIENTATION_HORIZONTAL)
                               >= ends (&placed[0].sign, GTK_ORIENTATION_HORIZONTAL);
  GtkOrientation along = in_row ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL;
  GtkOrientation across = in_row ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL;
  double top = G_MAXDOUBLE, bottom = 0;

  g_assert_cmpint (n, >, 1);
  for (int i = 0; i < n; i++)
    {
      const Placed *one = &placed[i];

      g_assert_cmpfloat_with_epsilon (middle (&one->sign, across), middle (&placed[0].sign, across), CLOSE);
      if (i > 0)
        g_assert_cmpfloat (begins (&one->sign, along), >=, ends (&placed[i - 1].sign, along));
      if (one->has_words && in_row)
        {
          g_assert_cmpfloat_with_epsilon (one->words.origin.y, placed[0].words.origin.y, CLOSE);
          g_assert_cmpfloat_with_epsilon (middle (&one->words, along), middle (&one->sign, along), CLOSE);
          g_assert_cmpfloat (one->words.origin.y, >=, ends (&one->sign, GTK_ORIENTATION_VERTICAL));
          if (i > 0)
            g_assert_cmpfloat (one->words.origin.x, >=, ends (&placed[i - 1].words, GTK_ORIENTATION_HORIZONTAL));
        }
      else if (one->has_words)
        {
          g_assert_cmpfloat_with_epsilon (middle (&one->words, along), middle (&one->sign, along), CLOSE);
          g_assert_cmpfloat (one->words.origin.x, >=, ends (&one->sign, GTK_ORIENTATION_HORIZONTAL));
          g_assert_cmpfloat (ends (&one->words, GTK_ORIENTATION_HORIZONTAL), <=, gtk_widget_get_width (line) + CLOSE);
        }
      if (one->has_arrow)
        {
          g_assert_cmpint (i + 1, <, n);
          g_assert_cmpfloat_with_epsilon (middle (&one->arrow, across), middle (&one->sign, across), CLOSE);
          g_assert_cmpfloat (begins (&one->arrow, along), >=, ends (&one->sign, along));
          g_assert_cmpfloat (ends (&one->arrow, along), <=, begins (&placed[i + 1].sign, along));
        }
      g_assert_cmpfloat (begins (&one->sign, GTK_ORIENTATION_HORIZONTAL), >=, 0);
      g_assert_cmpfloat (ends (&one->sign, GTK_ORIENTATION_HORIZONTAL), <=, gtk_widget_get_width (line) + CLOSE);
      top = MIN (top, MIN (one->sign.origin.y, one->has_words ? one->words.origin.y : G_MAXDOUBLE));
      bottom = MAX (bottom, MAX (ends (&one->sign, GTK_ORIENTATION_VERTICAL),
                                 one->has_words ? ends (&one->words, GTK_ORIENTATION_VERTICAL) : 0));
    }
  /* No line above or below that nothing stands in. */
  g_assert_cmpfloat_with_epsilon (top, 0, CLOSE);
  g_assert_cmpfloat_with_epsilon (bottom, gtk_widget_get_height (line), CLOSE);
  return along;
}

static void
test_in_line (gconstpointer percent)
{
  set_letters (GPOINTER_TO_INT (percent));
  for (ShtHelpTopic topic = 0; topic < SHT_N_HELP_TOPICS; topic++)
    for (int width = 1; width <= 3 * WIDE; width += 37)
      {
        g_autoptr (GtkWidget) figure = new_figure (topic, width);

        for (GtkWidget *line = gtk_widget_get_first_child (figure); line != NULL; line = gtk_widget_get_next_sibling (line))
          {
            GtkOrientation along = check_line (line);

            if (width == 1)
              g_assert_cmpint (along, ==, GTK_ORIENTATION_VERTICAL);
            if (width > WIDE * GPOINTER_TO_INT (percent) / 100)
              g_assert_cmpint (along, ==, GTK_ORIENTATION_HORIZONTAL);
          }
      }
  set_letters (100);
}

/* Of the signs that are icons. */
static double
size_of_signs (ShtHelpTopic topic)
{
  g_autoptr (GtkWidget) figure = new_figure (topic, 3 * WIDE);
  Placed placed[SHT_HELP_MAX_STEPS];
  int n = look_at (gtk_widget_get_first_child (figure), placed);

  for (int i = 0; i < n; i++)
    {
      g_assert_nonnull (placed[i].icon);
      g_assert_cmpfloat_with_epsilon (placed[i].sign.size.height, placed[0].sign.size.height, CLOSE);
      g_assert_cmpfloat_with_epsilon (placed[i].sign.size.width, placed[0].sign.size.width, CLOSE);
    }
  return placed[0].sign.size.height;
}

static void
test_sizes (void)
{
  static const ShtHelpTopic with_marks[] = { SHT_HELP_NO_SIGNAL, SHT_HELP_REPORT, SHT_HELP_MARKS, SHT_HELP_ATTENTION };

  for (guint i = 0; i < G_N_ELEMENTS (with_marks); i++)
    {
      double size = size_of_signs (with_marks[i]);

      set_letters (200);
      g_assert_cmpfloat_with_epsilon (size_of_signs (with_marks[i]), 2 * size, 2 * CLOSE);
      set_letters (100);
    }
}

static void
collect_bars (GtkWidget *widget, GPtrArray *bars)
{
  if (ADW_IS_HEADER_BAR (widget))
    g_ptr_array_add (bars, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    collect_bars (child, bars);
}

static gboolean
on_deadline (gpointer passed)
{
  *(gboolean *) passed = TRUE;
  return G_SOURCE_REMOVE;
}

static void
wait_for_size (GtkWidget *widget)
{
  gboolean passed = FALSE;
  guint deadline = g_timeout_add_seconds (120, on_deadline, &passed);

  while (gtk_widget_get_height (widget) <= 1 && !passed)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (passed);
  g_source_remove (deadline);
}

/* Over a tablet held upright. */
static void
test_window (void)
{
  GtkWidget *below = adw_window_new (), *window;
  g_autoptr (GPtrArray) bars = g_ptr_array_new ();
  int width, height;

  gtk_window_set_default_size (GTK_WINDOW (below), 800, 1280);
  gtk_window_present (GTK_WINDOW (below));
  wait_for_size (below);
  window = sht_help_window_new (GTK_WINDOW (below), SHT_HELP_MARKS);
  collect_bars (window, bars);
  g_assert_cmpuint (bars->len, ==, 2);
  gtk_window_get_default_size (GTK_WINDOW (window), &width, &height);
  g_assert_cmpint (width, <=, gtk_widget_get_width (below));
  g_assert_cmpint (height, >, 800);
  g_assert_cmpint (height, <=, gtk_widget_get_height (below));
  gtk_window_present (GTK_WINDOW (window));
  wait_for_size (bars->pdata[0]);
  wait_for_size (bars->pdata[1]);
  g_assert_cmpint (gtk_widget_get_height (bars->pdata[0]), ==, gtk_widget_get_height (bars->pdata[1]));
  gtk_window_destroy (GTK_WINDOW (window));
  gtk_window_destroy (GTK_WINDOW (below));
}

/* With letters twice as large one side is enough, and no page is wider than the tablet. */
static void
test_large (void)
{
  GtkWidget *below = adw_window_new ();

  set_letters (200);
  gtk_window_set_default_size (GTK_WINDOW (below), 800, 1280);
  gtk_window_present (GTK_WINDOW (below));
  wait_for_size (below);
  for (ShtHelpTopic topic = 0; topic < SHT_N_HELP_TOPICS; topic++)
    {
      GtkWidget *window = sht_help_window_new (GTK_WINDOW (below), topic);
      GtkWidget *leaflet = adw_window_get_content (ADW_WINDOW (window));
      int least;

      gtk_window_present (GTK_WINDOW (window));
      wait_for_size (leaflet);
      g_assert_true (adw_leaflet_get_folded (ADW_LEAFLET (leaflet)));
      gtk_widget_measure (leaflet, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
      g_assert_cmpint (least, <=, gtk_widget_get_width (below));
      gtk_window_destroy (GTK_WINDOW (window));
    }
  gtk_window_destroy (GTK_WINDOW (below));
  set_letters (100);
}

/* Who raises something calls forwards, as one reads. */
static void
test_mirrored (void)
{
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gdk_display_get_default ());
  g_autoptr (GtkIconPaintable) icon =
    gtk_icon_theme_lookup_icon (theme, "sht-raise-symbolic", NULL, 32, 1, gtk_widget_get_default_direction (), 0);
  g_autoptr (GFile) file = gtk_icon_paintable_get_file (icon);
  g_autofree char *name = g_file_get_basename (file);

  g_assert_cmpstr (name, ==, is_rtl () ? "sht-raise-symbolic-rtl.svg" : "sht-raise-symbolic.svg");
}

/* test-help ltr|rtl */
int
main (int argc, char **argv)
{
  g_autoptr (GtkCssProvider) style = gtk_css_provider_new ();

  g_setenv ("LANGUAGE", "en", TRUE);
  sht_words_init ("/nonexistent");
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display\n");
      return 0;
    }
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  if (argc > 1 && g_str_equal (argv[1], "rtl"))
    gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()),
                                    "/org/shetach/Shetach/icons");
  gtk_css_provider_load_from_resource (style, "/org/shetach/Shetach/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (style),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  g_test_add_data_func ("/ui/help/in-line/100", GINT_TO_POINTER (100), test_in_line);
  g_test_add_data_func ("/ui/help/in-line/200", GINT_TO_POINTER (200), test_in_line);
  g_test_add_func ("/ui/help/sizes", test_sizes);
  g_test_add_func ("/ui/help/window", test_window);
  g_test_add_func ("/ui/help/large", test_large);
  g_test_add_func ("/ui/help/mirrored", test_mirrored);
  return g_test_run ();
}
