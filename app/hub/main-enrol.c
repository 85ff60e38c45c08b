/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Codes that enrol a tablet, on the command line. */
#include "hub/main-enrol.h"

#include "core/enrol-link.h"
#include "core/json.h"
#include "hub/main-qr.h"

#include <unistd.h>

#define CODE_LIFE_MS (G_GINT64_CONSTANT (24) * 3600 * 1000)

/**
 * sht_main_enrol_group:
 * @said: where the options go; to be cleared by sht_main_enrol_clear()
 *
 * Returns: (transfer full): the options that speak of tablets
 */
GOptionGroup *
sht_main_enrol_group (ShtMainEnrol *said)
{
  const GOptionEntry entries[] = {
    { "address", 0, 0, G_OPTION_ARG_STRING, &said->address, "this hub's address, as tablets reach it", "URL" },
    { "qr", 0, 0, G_OPTION_ARG_NONE, &said->qr, "print a code to be scanned, with address and code", NULL },
    { "qr-file", 0, 0, G_OPTION_ARG_FILENAME, &said->qr_file, "write it as a picture, to be printed", "FILE.png|FILE.svg" },
    { "tablet", 0, 0, G_OPTION_ARG_STRING, &said->tablet, "a tablet's id, or its end", "ID" },
    { NULL }
  };
  GOptionGroup *group = g_option_group_new ("tablets", "Tablets:", "Show the options of tablets", NULL, NULL);

  g_option_group_add_entries (group, entries);
  return group;
}

void
sht_main_enrol_clear (ShtMainEnrol *said)
{
  g_free (said->address);
  g_free (said->qr_file);
  g_free (said->tablet);
}

/**
 * sht_main_enrol_fault:
 *
 * Returns: (nullable): what is wrong with the options, or %NULL
 */
const char *
sht_main_enrol_fault (const ShtMainEnrol *said)
{
  if ((said->qr || said->qr_file != NULL) && said->address == NULL)
    return "a code to be scanned needs --address URL, where tablets reach this hub";
  if (said->address != NULL && !sht_enrol_link_is_address (said->address))
    return "--address takes an address such as https://hub.example.org";
  if (said->qr_file != NULL && !sht_main_qr_fits (said->qr_file))
    return "--qr-file takes a name that ends in .png or .svg";
  return NULL;
}

gboolean
sht_main_check_crew (ShtHub *hub, const char *crew, char **department, GError **error)
{
  g_autoptr (JsonObject) doc = sht_hub_get (hub, "crew", crew, error);

  if (doc != NULL)
    {
      if (department != NULL)
        *department = g_strdup (sht_json_string (doc, "department"));
      return TRUE;
    }
  if (error != NULL && *error == NULL)
    g_set_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_NOT_FOUND, "there is no crew %s", crew);
  return FALSE;
}

static gboolean
is_there (ShtHub *hub, const char *type, const char *id, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (JsonObject) found = sht_hub_get (hub, type, id, &local_error);

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (found == NULL)
    g_set_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_NOT_FOUND, "there is no %s %s", type, id);
  return found != NULL;
}

/**
 * sht_main_enrol:
 * @crew: (nullable): whose tablet
 * @supervisor: (nullable): or the department of whose supervisor; with neither, a manager's
 * @person: (nullable): whose alone
 * @said: without a fault
 *
 * Makes a one-time code and prints it, as it is asked for.
 */
gboolean
sht_main_enrol (ShtHub *hub, const char *crew, const char *supervisor, const char *person, const ShtMainEnrol *said,
                GError **error)
{
  g_autofree char *department = g_strdup (supervisor);
  g_autofree char *plain = NULL, *link = NULL, *picture = NULL;
  ShtHubCode code = { .crew = (char *) crew, .person = (char *) person };

  if ((crew != NULL && !sht_main_check_crew (hub, crew, &department, error))
      || (supervisor != NULL && !is_there (hub, "department", supervisor, error))
      || (person != NULL && !is_there (hub, "person", person, error)))
    return FALSE;
  code.role = (char *) (crew != NULL ? "crew" : supervisor != NULL ? "supervisor" : "manager");
  code.department = department;
  code.expires_at = sht_hub_now (hub) + CODE_LIFE_MS;
  plain = sht_hub_make_code (hub, &code, error);
  if (plain == NULL)
    return FALSE;
  if (said->address != NULL)
    link = sht_enrol_link_make (said->address, plain);
  if (said->qr_file != NULL && !sht_main_qr_write (link, said->qr_file, error))
    return FALSE;
  if (said->qr && (picture = sht_main_qr_to_text (link, isatty (STDOUT_FILENO), error)) == NULL)
    return FALSE;
  g_print ("%s%s\n", picture != NULL ? picture : "", plain);
  return TRUE;
}
