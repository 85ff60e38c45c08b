/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/service/hub.h"

#include "core/position.h"
#include "core/protocol.h"

#define DAY_MS (G_GINT64_CONSTANT (24) * 3600 * 1000)
#define KEEP_DAYS "position_keep_days"
/* What one tablet tells within this is one position, so that none can fill the hub. */
#define WITHIN_MS G_GINT64_CONSTANT (10000)
/* A tablet's clock that is further off is no clock: see time.c */
#define MOST_OFFSET_MS SHT_TIME_MAX

static gboolean
load_crew (ShtHub *hub, const char *crew, char **department, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (JsonObject) entity = sht_hub_get (hub, "crew", crew, &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  *department = g_strdup (sht_json_string (entity, "department"));
  return TRUE;
}

static gboolean
take_newest (gpointer data, const ShtHubPosition *told)
{
  *(ShtPosition *) data = told->position;
  return FALSE;
}

static gboolean
put (ShtHub *hub, const char *crew, const char *department, const ShtPosition *newest, GError **error)
{
  g_autoptr (JsonObject) entity = json_object_new ();
  gint64 number;

  json_object_set_string_member (entity, "t", "position");
  json_object_set_string_member (entity, "id", crew);
  json_object_set_string_member (entity, "department", department);
  sht_position_write (newest, entity);
  json_object_set_int_member (entity, "updated_at", sht_hub_now (hub));
  return sht_hub_next_number (hub, "position", crew, NULL, NULL, &number, error)
         && sht_hub_put_position (hub, entity, number, error);
}

static gboolean
drop (ShtHub *hub, JsonObject *entity, GError **error)
{
  gint64 number;

  return sht_hub_next_number (hub, "position", sht_json_string (entity, "id"), NULL, NULL, &number, error)
         && sht_hub_drop_position (hub, entity, number, error);
}

/* A crew that goes on being paused is no news, but to those who supervise it from now on. */
static gboolean
is_news (ShtHub *hub, JsonObject *before, const char *department, const ShtPosition *newest)
{
  ShtPosition told;

  if (before == NULL || !sht_position_read (before, &told) || told.state != newest->state
      || g_strcmp0 (sht_json_string (before, "department"), department) != 0)
    return TRUE;
  return newest->at > told.at && newest->state == SHT_POSITION_HERE
         && sht_hub_now (hub) - sht_json_int (before, "updated_at", 0) >= SHT_HUB_POSITION_MS
         && sht_position_is_news (&told, newest, 0);
}

/* What supervisors are told of a crew: during its shift the newest of that shift, otherwise nothing. */
static gboolean
renew (ShtHub *hub, const char *crew, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (JsonObject) before = sht_hub_get (hub, "position", crew, &local_error);
  g_autofree char *department = NULL;
  const ShtTown *town;
  ShtPosition newest = { .at = G_MININT64 };
  gint64 begins = 0;

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (!load_crew (hub, crew, &department, error) || !sht_hub_get_town (hub, &town, error))
    return FALSE;
  if (!sht_shift_at (town, department, sht_hub_now (hub), &begins, NULL))
    return before == NULL || drop (hub, before, error);
  if (!hub->store->driver->each_position (hub->store, crew, TRUE, take_newest, &newest, error))
    return FALSE;
  if (newest.at < begins)
    return before == NULL || drop (hub, before, error);
  return !is_news (hub, before, department, &newest) || put (hub, crew, department, &newest, error);
}

/* With nought days the newest of each crew stays, for as long as its shift. */
static gboolean
purge (ShtHub *hub, GError **error)
{
  gint64 days = SHT_HUB_POSITION_KEEP_DAYS, now = sht_hub_now (hub);
  const ShtHubStoreDriver *driver = hub->store->driver;

  if (!driver->get_setting (hub->store, KEEP_DAYS, &days, error))
    return FALSE;
  if (days > 0)
    return driver->purge_positions (hub->store, now - days * DAY_MS, FALSE, error);
  return driver->purge_positions (hub->store, now - SHT_POSITION_MAX_AGE_MS, FALSE, error)
         && driver->purge_positions (hub->store, G_MAXINT64, TRUE, error);
}

typedef struct
{
  ShtHub *hub;
  const ShtHubDevice *device;
  const ShtTown *town;
  const char *department;
  gint64 offset_ms;
  guint kept;
  guint off_shift;
  guint refused;
} Taking;

static gboolean
take_one (Taking *taking, JsonObject *object, GError **error)
{
  gint64 now = sht_hub_now (taking->hub);
  ShtHubPosition told = { taking->device->crew, taking->device->id, now, { 0 } };

  if (!sht_position_read (object, &told.position))
    {
      taking->refused++;
      return TRUE;
    }
  told.position.at += taking->offset_ms;
  if (told.position.at < now - SHT_POSITION_MAX_AGE_MS || told.position.at > now + SHT_POSITION_MAX_AHEAD_MS)
    {
      taking->refused++;
      return TRUE;
    }
  told.position.at = MIN (told.position.at, now);
  /* Both sides hold to it: what a tablet sends of its crew's own time leaves no trace here. */
  if (!sht_shift_at (taking->town, taking->department, told.position.at, NULL, NULL))
    {
      taking->off_shift++;
      return TRUE;
    }
  taking->kept++;
  return taking->hub->store->driver->put_position (taking->hub->store, &told, WITHIN_MS, error);
}

static gboolean
take_all (Taking *taking, JsonArray *positions, GError **error)
{
  g_autofree char *department = NULL;

  if (!load_crew (taking->hub, taking->device->crew, &department, error) || !sht_hub_get_town (taking->hub, &taking->town, error))
    return FALSE;
  taking->department = department;
  for (guint i = 0; i < json_array_get_length (positions); i++)
    if (!take_one (taking, sht_json_element (positions, i), error))
      return FALSE;
  return purge (taking->hub, error) && renew (taking->hub, taking->device->crew, error);
}

/**
 * sht_hub_take_positions:
 * @device: whose; it has to be a crew's
 * @body: the request, JSON: `positions`, at most %SHT_POSITIONS_MAX, and `clock_offset_ms`
 *
 * Takes in where a crew was, what of it lies in its shift. Supervisors are told of it by the entity `position` in the
 * department's scope, renewed once a minute at the most.
 *
 * Returns: (transfer full) (nullable): the answer, JSON; %NULL with a #ShtHubError or an error of the database, and then
 *   nothing was taken in
 */
char *
sht_hub_take_positions (ShtHub *hub, const ShtHubDevice *device, const char *body, gsize length, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (JsonObject) object = sht_json_parse_object (body, (gssize) length, &local_error);
  JsonArray *positions = sht_json_array (object, "positions");
  Taking taking = { .hub = hub, .device = device };
  const ShtHubStoreDriver *driver = hub->store->driver;

  if (device->crew == NULL)
    {
      g_set_error_literal (error, SHT_HUB_ERROR, SHT_HUB_ERROR_FORBIDDEN, "only a crew's tablet tells where it is");
      return NULL;
    }
  if (positions == NULL || json_array_get_length (positions) > SHT_POSITIONS_MAX)
    {
      g_set_error (error, SHT_HUB_ERROR, SHT_HUB_ERROR_BAD_REQUEST, "positions are a list of at most %d", SHT_POSITIONS_MAX);
      return NULL;
    }
  taking.offset_ms = CLAMP (sht_json_int (object, "clock_offset_ms", 0), -MOST_OFFSET_MS, MOST_OFFSET_MS);
  if (!driver->begin (hub->store, TRUE, error))
    return NULL;
  if (!take_all (&taking, positions, error))
    {
      driver->rollback (hub->store);
      return NULL;
    }
  if (!driver->commit (hub->store, error))
    return NULL;
  return g_strdup_printf ("{\"kept\":%u,\"off_shift\":%u,\"refused\":%u,\"now\":%" G_GINT64_FORMAT "}\n", taking.kept,
                          taking.off_shift, taking.refused, sht_hub_now (hub));
}

static gboolean
note_crew (gpointer data, const ShtHubPosition *told)
{
  g_hash_table_add (data, g_strdup (told->crew));
  return TRUE;
}

static gboolean
note_entity (gpointer data, const char *type, const char *id, gint64 number, const char *doc)
{
  g_hash_table_add (data, g_strdup (id));
  return TRUE;
}

static gboolean
tidy (ShtHub *hub, GError **error)
{
  g_autoptr (GHashTable) crews = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer crew;

  if (!purge (hub, error) || !hub->store->driver->each_position (hub->store, NULL, TRUE, note_crew, crews, error)
      || !hub->store->driver->each_of_type (hub->store, "position", note_entity, crews, error))
    return FALSE;
  g_hash_table_iter_init (&iter, crews);
  while (g_hash_table_iter_next (&iter, &crew, NULL))
    if (!renew (hub, crew, error))
      return FALSE;
  return TRUE;
}

/**
 * sht_hub_tidy_positions:
 *
 * What is to be done without anybody asking: positions that are kept no longer go, supervisors are told of a movement that
 * came too soon after another, and of nothing any more when a shift has ended.
 */
gboolean
sht_hub_tidy_positions (ShtHub *hub, GError **error)
{
  if (!hub->store->driver->begin (hub->store, TRUE, error))
    return FALSE;
  if (tidy (hub, error))
    return hub->store->driver->commit (hub->store, error);
  hub->store->driver->rollback (hub->store);
  return FALSE;
}

/**
 * sht_hub_keep_positions:
 * @days: how many days positions are kept, 0 to %SHT_HUB_POSITION_MOST_DAYS; 0: the newest of each crew alone
 *
 * Older ones go at once.
 */
gboolean
sht_hub_keep_positions (ShtHub *hub, gint64 days, GError **error)
{
  return hub->store->driver->put_setting (hub->store, KEEP_DAYS, days, error) && sht_hub_tidy_positions (hub, error);
}

static gboolean
view_one (gpointer data, const ShtHubPosition *told)
{
  JsonObject *view = json_object_new ();

  json_object_set_string_member (view, "crew", told->crew);
  json_object_set_string_member (view, "device", told->device);
  sht_position_write (&told->position, view);
  json_object_set_int_member (view, "received_at", told->received_at);
  json_array_add_object_element (data, view);
  return TRUE;
}

/**
 * sht_hub_positions_view:
 * @crew: (nullable): a crew's code; without it the newest of each crew is told
 *
 * Returns: (transfer full) (nullable): what is kept, the newest first; %NULL with an error
 */
JsonArray *
sht_hub_positions_view (ShtHub *hub, const char *crew, GError **error)
{
  g_autoptr (JsonArray) list = json_array_new ();

  return hub->store->driver->each_position (hub->store, crew, crew == NULL, view_one, list, error) ? g_steal_pointer (&list)
                                                                                                   : NULL;
}
