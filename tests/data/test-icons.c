/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every icon that the town names, and one for each status, is in the program's resources, drawn in
 * a way that GTK can recolour. */
#include "core/status.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define ICONS "/org/shetach/Shetach/icons/scalable/actions/"

static GBytes *
icon_lookup (const char *name)
{
  g_autofree char *path = g_strconcat (ICONS, name, ".svg", NULL);

  return g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
}

static void
test_services (void)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *file = g_build_filename (g_getenv ("SHETACH_SAMPLE"), "town.json", NULL);
  JsonArray *services;

  json_parser_load_from_file (parser, file, &error);
  g_assert_no_error (error);
  services =
    json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "services");
  g_assert_cmpuint (json_array_get_length (services), >, 0);
  for (guint i = 0; i < json_array_get_length (services); i++)
    {
      const char *name =
        json_object_get_string_member (json_array_get_object_element (services, i), "icon");
      g_autoptr (GBytes) icon = icon_lookup (name);

      if (icon == NULL)
        g_error ("no icon %s", name);
    }
}

static void
test_statuses (void)
{
  for (guint i = 0; i < SHT_N_STATUSES; i++)
    {
      g_autofree char *name = g_strdup_printf ("sht-status-%s-symbolic", sht_status_name (i));
      g_autoptr (GBytes) icon = icon_lookup (g_strdelimit (name, "_", '-'));

      if (icon == NULL)
        g_error ("no icon %s", name);
    }
}

/* GTK fills every path of a symbolic icon, whatever its `fill` says: a line must be made clear by
 * its fill-opacity. Red in a stroke would be taken for one of GTK's own colours. */
static void
test_recolour (void)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names =
    g_resources_enumerate_children (ICONS, G_RESOURCE_LOOKUP_FLAGS_NONE, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (names), >, 60);
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat (ICONS, names[i], NULL);
      g_autoptr (GBytes) icon = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
      g_autofree char *text = g_strndup (g_bytes_get_data (icon, NULL), g_bytes_get_size (icon));

      g_assert_true (g_str_has_prefix (names[i], "sht-"));
      g_assert_true (g_str_has_suffix (names[i], "-symbolic.svg") || g_str_has_suffix (names[i], "-symbolic-rtl.svg"));
      g_assert_nonnull (strstr (text, "viewBox=\"0 0 16 16\""));
      for (const char *at = strstr (text, "stroke=\""); at != NULL;
           at = strstr (at + 1, "stroke=\""))
        g_assert_true (g_str_has_prefix (at, "stroke=\"#000\""));
      if (strstr (text, "stroke=") != NULL)
        g_assert_nonnull (strstr (text, "fill-opacity=\"0\""));
    }
}

static void
test_style (void)
{
  static const char *const files[] = { "style.css", "style-dark.css", "palette.css",
                                       "palette-dark.css",
                                       "icons/scalable/apps/org.shetach.Shetach.svg" };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_strconcat ("/org/shetach/Shetach/", files[i], NULL);

      g_assert_true (g_resources_get_info (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL, NULL, NULL));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/data/icons/services", test_services);
  g_test_add_func ("/data/icons/statuses", test_statuses);
  g_test_add_func ("/data/icons/recolour", test_recolour);
  g_test_add_func ("/data/style", test_style);
  return g_test_run ();
}
