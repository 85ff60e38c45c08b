/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/names.h"

#include "core/json.h"
#include "core/status.h"
#include "tablet/ui/common/words.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>

/* "type/id" → what the hub said of it; a window shows one store. Main thread only. */
static GHashTable *known;

/* A JSON document or, for what this tablet does not know, an empty one. */
static JsonObject *
look_up (ShtStore *store, const char *type, const char *id)
{
  g_autofree char *key = g_strconcat (type, "/", id, NULL);
  g_autofree char *doc = NULL;
  JsonObject *entity;

  if (known == NULL)
    known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) json_object_unref);
  entity = g_hash_table_lookup (known, key);
  if (entity != NULL)
    return entity;
  doc = sht_db_get_text (store->db, NULL, "SELECT doc FROM entity WHERE type = ?1 AND id = ?2", "ss", type, id);
  entity = doc != NULL ? sht_json_parse_object (doc, -1, NULL) : NULL;
  if (entity == NULL)
    entity = json_object_new ();
  g_hash_table_insert (known, g_steal_pointer (&key), entity);
  return entity;
}

/**
 * sht_names_get:
 * @type: department, crew, person, service or layer
 * @id: (nullable): its code
 *
 * Returns: (transfer none): its name in the window's language, or the code where the hub told none; good
 *   until sht_names_forget()
 */
const char *
sht_names_get (ShtStore *store, const char *type, const char *id)
{
  JsonObject *entity, *names;
  const char *name;

  if (id == NULL)
    return "";
  entity = look_up (store, type, id);
  names = sht_json_object (entity, "names");
  name = names != NULL ? sht_json_string (names, sht_words_language ()) : NULL;
  if (name == NULL)
    name = sht_json_string (entity, "name");
  /* The caller's code outlives this call in no case that matters, but the table's copy surely does. */
  return name != NULL ? name : g_intern_string (id);
}

/**
 * sht_names_who:
 * @by: (nullable): a person's name, or where none is known a crew's code or a role, as the store tells it
 *
 * Returns: (transfer none): whom to name; good until sht_names_forget()
 */
const char *
sht_names_who (ShtStore *store, const char *by)
{
  ShtRole role;

  if (by == NULL)
    return _("Somebody else");
  if (!sht_role_parse (by, &role))
    return sht_names_get (store, "crew", by);
  return role == SHT_ROLE_CREW ? _("Another crew") : _("The supervisor");
}

/**
 * sht_names_service_icon:
 * @service: (nullable): a service's code
 *
 * Returns: (transfer none): name of a symbolic icon that exists
 */
const char *
sht_names_service_icon (ShtStore *store, const char *service)
{
  const char *icon = service != NULL ? sht_json_string (look_up (store, "service", service), "icon") : NULL;

  return sht_icon_or (icon, "mark-location-symbolic");
}

/**
 * sht_names_forget:
 *
 * Forgets what was read: the store has changed.
 */
void
sht_names_forget (void)
{
  if (known != NULL)
    g_hash_table_remove_all (known);
}

/**
 * sht_icon_or:
 * @name: (nullable): the icon wanted
 * @otherwise: one of GNOME's own
 *
 * Returns: (transfer none): @name where there is such an icon
 */
const char *
sht_icon_or (const char *name, const char *otherwise)
{
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gdk_display_get_default ());

  return name != NULL && gtk_icon_theme_has_icon (theme, name) ? name : otherwise;
}
