/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ctl/ctl.h"

#include "core/json.h"
#include "core/obstacle.h"

/* Raises an obstacle, from a ticket or alone. */
int
sht_ctl_obstacle (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = sht_store_new_id (store);
  g_autofree char *ticket = NULL;
  g_autoptr (JsonObject) department = NULL;
  g_autoptr (ShtOperation) op = sht_store_new_operation (store, SHT_KIND_OBSTACLE_RAISE, id);
  g_autoptr (ShtImage) image = NULL;
  g_auto (ShtPhotoTaken) taken = { 0 };
  ShtObstacleKind kind;

  if (argc != 4)
    return sht_ctl_usage ("obstacle KIND TEXT");
  if (!sht_obstacle_kind_parse (argv[2], &kind))
    return sht_ctl_usage ("an obstacle is one of department, parts, equipment, access, information, safety, other");
  if (!g_utf8_validate (argv[3], -1, NULL))
    return sht_ctl_usage ("the text is not UTF-8");
  if (options->department != NULL)
    department = sht_ctl_find_reference (store, "department", options->department, &error);
  if (error == NULL && options->ticket != NULL)
    ticket = sht_store_find_ticket (store, options->ticket, &error);
  if (error == NULL && options->photo != NULL)
    {
      ShtImageOptions image_options = { 0 };

      image = sht_image_import (options->photo, &image_options, NULL, &error);
    }
  if (error != NULL)
    return sht_ctl_fail (g_steal_pointer (&error));
  json_object_set_string_member (op->fields, "kind", argv[2]);
  json_object_set_string_member (op->fields, "text", argv[3]);
  sht_json_set_string (op->fields, "department", options->department);
  sht_json_set_string (op->fields, "ticket", ticket);
  if (image != NULL ? !sht_photo_report (store, op, image, "other", options->caption, &taken, &error)
                    : !sht_store_act (store, op, &error))
    return sht_ctl_fail (g_steal_pointer (&error));
  g_print ("%s\n", id);
  if (image != NULL)
    sht_ctl_tell_taken (options->photo, &taken);
  return 0;
}

static void
print_line (JsonObject *obstacle)
{
  g_print ("%s  %-7s %-11s %s%s%" G_GINT64_FORMAT " answers%s  %s\n", sht_json_string (obstacle, "id"),
           sht_json_string (obstacle, "status"), sht_json_string (obstacle, "kind"),
           sht_json_has (obstacle, "number") ? sht_json_string (obstacle, "number") : "",
           sht_json_has (obstacle, "number") ? "  " : "", sht_json_int (obstacle, "answers", 0),
           sht_json_bool (obstacle, "news") ? ", news" : "", sht_json_string (obstacle, "text"));
}

static int
show_one (ShtStore *store, const char *id, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) obstacle = sht_store_obstacle_view (store, id, &error);
  g_autoptr (JsonNode) node = NULL;
  JsonArray *events;

  if (obstacle == NULL || (options->seen && !sht_store_obstacle_seen (store, id, &error)))
    return sht_ctl_fail (g_steal_pointer (&error));
  if (options->json)
    {
      node = json_node_init_object (json_node_alloc (), obstacle);
      sht_ctl_print (node);
      return 0;
    }
  print_line (obstacle);
  events = sht_json_array (obstacle, "events");
  for (guint i = 0; i < json_array_get_length (events); i++)
    {
      JsonObject *event = json_array_get_object_element (events, i);
      const char *text = sht_json_string (sht_json_object (event, "data"), "text");

      if (text != NULL)
        g_print ("  %s  %s: %s\n", sht_json_string (event, "at"), sht_json_string (event, "actor"), text);
    }
  return 0;
}

int
sht_ctl_obstacles (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonArray) list = NULL;
  g_autoptr (JsonNode) node = NULL;

  if (argc > 3)
    return sht_ctl_usage ("obstacles [ID]");
  if (argc == 3)
    return show_one (store, argv[2], options);
  list = sht_store_obstacles (store, 0, NULL, &error);
  if (list == NULL)
    return sht_ctl_fail (g_steal_pointer (&error));
  if (options->json)
    {
      node = json_node_init_array (json_node_alloc (), list);
      sht_ctl_print (node);
    }
  for (guint i = 0; !options->json && i < json_array_get_length (list); i++)
    print_line (json_array_get_object_element (list, i));
  return 0;
}

int
sht_ctl_answer (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtOperation) op = NULL;

  if (argc != 4)
    return sht_ctl_usage ("answer ID TEXT [--settles]");
  if (!g_utf8_validate (argv[3], -1, NULL))
    return sht_ctl_usage ("the text is not UTF-8");
  op = sht_store_new_operation (store, SHT_KIND_OBSTACLE_ANSWER, argv[2]);
  json_object_set_string_member (op->fields, "text", argv[3]);
  if (options->settles)
    json_object_set_boolean_member (op->fields, "settles", TRUE);
  if (!sht_store_act (store, op, &error))
    return sht_ctl_fail (g_steal_pointer (&error));
  return 0;
}
