/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ctl/ctl.h"

#include "core/json.h"

/* More than this is a list, and nobody's news. */
#define AWAY_TITLES 5

static int
print_array (JsonArray *rows)
{
  g_autoptr (JsonNode) node = json_node_init_array (json_node_alloc (), rows);

  sht_ctl_print (node);
  return 0;
}

static void
print_side (JsonObject *row, const char *which)
{
  JsonObject *side = sht_json_object (row, which);
  const char *by = sht_json_string (side, "by");
  const char *at = sht_json_string (side, "at");
  g_autofree char *value = NULL;

  if (side == NULL)
    return;
  value = json_to_string (json_object_get_member (side, "value"), FALSE);
  g_print ("  %s %-7s %s  %s  %s\n", g_strcmp0 (sht_json_string (row, "stands"), which) == 0 ? "*" : " ", which,
           value, by != NULL ? by : "", at != NULL ? at : "");
}

static void
print_row (JsonObject *row)
{
  static const char *const members[] = { "id", "result", "kind", "field", "number", "title", "reason" };
  g_autoptr (GString) line = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    if (sht_json_string (row, members[i]) != NULL)
      g_string_append_printf (line, "%s%s", line->len > 0 ? "  " : "", sht_json_string (row, members[i]));
  g_print ("%s\n", line->str);
  print_side (row, "mine");
  print_side (row, "theirs");
}

int
sht_ctl_conflicts (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonArray) rows = NULL;

  if (argc != 2)
    return sht_ctl_usage ("conflicts takes no words but its options");
  rows = sht_store_attention (store, &error);
  if (rows == NULL)
    return sht_ctl_fail (g_steal_pointer (&error));
  if (options->json)
    return print_array (rows);
  for (guint i = 0; i < json_array_get_length (rows); i++)
    print_row (json_array_get_object_element (rows, i));
  return 0;
}

int
sht_ctl_resolve (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;
  gboolean mine = g_strcmp0 (options->keep, "mine") == 0;

  if (argc != 3 || (!mine && g_strcmp0 (options->keep, "theirs") != 0))
    return sht_ctl_usage ("resolve ID [--field FIELD] --keep mine|theirs");
  if (!sht_store_resolve (store, argv[2], options->field, mine, &error))
    return sht_ctl_fail (g_steal_pointer (&error));
  return 0;
}

int
sht_ctl_undo (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *ticket = NULL;
  g_autofree char *op = NULL;
  gboolean withdrawn;

  if (argc > 3)
    return sht_ctl_usage ("undo [ID]");
  if (argc == 3)
    {
      ticket = sht_store_find_ticket (store, argv[2], &error);
      if (ticket == NULL)
        return sht_ctl_fail (g_steal_pointer (&error));
    }
  op = sht_store_last_step (store, ticket, &error);
  if (op == NULL || !sht_store_undo (store, op, &withdrawn, &error))
    return sht_ctl_fail (g_steal_pointer (&error));
  g_print ("%s %s\n", withdrawn ? "withdrawn" : "compensated", op);
  return 0;
}

static void
print_part (JsonObject *away, const char *what)
{
  JsonObject *part = sht_json_object (away, what);
  JsonArray *tickets = sht_json_array (part, "tickets");

  if (sht_json_int (part, "count", 0) == 0)
    return;
  g_print ("%s: %" G_GINT64_FORMAT "\n", what, sht_json_int (part, "count", 0));
  for (guint i = 0; i < json_array_get_length (tickets); i++)
    {
      JsonObject *one = json_array_get_object_element (tickets, i);
      const char *number = sht_json_string (one, "number");
      const char *title = sht_json_string (one, "title");
      const char *by = sht_json_string (one, "by");

      g_print ("  %s  %s  %s\n", number != NULL ? number : sht_json_string (one, "ticket"), title != NULL ? title : "",
               by != NULL ? by : "");
    }
}

int
sht_ctl_away (ShtStore *store, int argc, char **argv, ShtCtlOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) away = NULL;
  g_autoptr (JsonNode) node = NULL;

  if (argc != 2)
    return sht_ctl_usage ("away takes no words but its options");
  away = sht_store_away (store, AWAY_TITLES, &error);
  if (away == NULL)
    return sht_ctl_fail (g_steal_pointer (&error));
  if (options->json)
    {
      node = json_node_init_object (json_node_alloc (), away);
      sht_ctl_print (node);
    }
  else if (sht_json_has (away, "since"))
    {
      g_print ("%s – %s\n", sht_json_string (away, "since"), sht_json_string (away, "until"));
      print_part (away, "added");
      print_part (away, "taken");
      print_part (away, "changed");
    }
  if (options->seen && !sht_store_away_seen (store, &error))
    return sht_ctl_fail (g_steal_pointer (&error));
  return 0;
}
