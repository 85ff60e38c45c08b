/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ctl/ctl.h"

#include "core/json.h"

static void
tell_as_json (const ShtRescue *rescue)
{
  g_autoptr (JsonObject) told = json_object_new ();
  g_autoptr (JsonNode) node = NULL;

  json_object_set_int_member (told, "operations", rescue->operations);
  json_object_set_int_member (told, "photos", rescue->photos);
  json_object_set_int_member (told, "voices", rescue->voices);
  json_object_set_int_member (told, "bytes", rescue->bytes);
  json_object_set_int_member (told, "undecided", rescue->undecided);
  json_object_set_int_member (told, "damaged", rescue->damaged);
  node = json_node_init_object (json_node_alloc (), told);
  sht_ctl_print (node);
}

static void
tell (const char *file, const ShtRescue *rescue)
{
  g_autofree char *size = g_format_size ((guint64) rescue->bytes);

  if (rescue->bytes == 0)
    g_print ("nothing waits that could be saved: no file was made\n");
  else
    g_print ("%s: %u steps, %u photos and %u voice notes, %s; safe there once it is with the hub (shetach-hub rescue)\n", file,
             rescue->operations, rescue->photos, rescue->voices, size);
}

int
sht_ctl_rescue (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;
  ShtRescue rescue;

  if (argc != 3)
    return sht_ctl_usage ("rescue FILE");
  if (!sht_store_rescue (store, argv[2], NULL, NULL, NULL, &rescue, &error))
    return sht_ctl_fail (g_steal_pointer (&error));
  if (options->json)
    tell_as_json (&rescue);
  else
    tell (argv[2], &rescue);
  if (rescue.undecided > 0)
    g_printerr ("shetachctl: %u things wait for a decision and are not in the file (see shetachctl conflicts)\n",
                rescue.undecided);
  if (rescue.damaged > 0)
    g_printerr ("shetachctl: %u photos or voice notes are damaged on this tablet and are not in the file\n", rescue.damaged);
  return 0;
}
