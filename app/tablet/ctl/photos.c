/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ctl/ctl.h"

#include "core/json.h"

static const char *const fault_names[] = { "missing", "changed", "orphaned" };

/* By the kind of fault, what was found. */
static void
on_fault (gpointer data, ShtHashFault fault, const char *name, const char *photo)
{
  JsonObject *one = json_object_new ();
  /* Whatever lies there need not be named in UTF-8. */
  g_autofree char *shown = g_utf8_make_valid (name, -1);

  json_object_set_string_member (one, fault == SHT_HASH_ORPHANED ? "file" : "sha256", shown);
  sht_json_set_string (one, "photo", photo);
  json_array_add_object_element (sht_json_array (data, fault_names[fault]), one);
}

static void
tell (JsonObject *told, guint files, guint faults)
{
  for (guint i = 0; i < G_N_ELEMENTS (fault_names); i++)
    {
      JsonArray *some = sht_json_array (told, fault_names[i]);

      for (guint j = 0; j < json_array_get_length (some); j++)
        {
          JsonObject *one = json_array_get_object_element (some, j);
          const char *photo = sht_json_string (one, "photo");

          g_print ("%s: %s%s%s\n", fault_names[i], sht_json_string (one, sht_json_has (one, "file") ? "file" : "sha256"),
                   photo != NULL ? "  photo " : "", photo != NULL ? photo : "");
        }
    }
  g_print ("%u files re-hashed, %u faults\n", files, faults);
}

int
sht_ctl_photos (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  g_autoptr (JsonObject) told = json_object_new ();
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;
  guint files = 0, faults = 0;

  if (argc != 2 || !options->verify)
    return sht_ctl_usage ("photos --verify");
  for (guint i = 0; i < G_N_ELEMENTS (fault_names); i++)
    json_object_set_array_member (told, fault_names[i], json_array_new ());
  if (!sht_store_verify_photos (store, on_fault, told, &files, &error))
    return sht_ctl_fail (g_steal_pointer (&error));
  for (guint i = 0; i < G_N_ELEMENTS (fault_names); i++)
    faults += json_array_get_length (sht_json_array (told, fault_names[i]));
  json_object_set_int_member (told, "files", files);
  if (options->json)
    {
      node = json_node_init_object (json_node_alloc (), told);
      sht_ctl_print (node);
    }
  else
    tell (told, files, faults);
  return faults > 0 ? 1 : 0;
}
