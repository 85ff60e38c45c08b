/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <math.h>

#define EARTH_CIRCUMFERENCE 40075016.686 /* metres, of the Mercator sphere */

/* More than this is not a street or a house but a mistake, and would only be slow. */
#define MAX_POINTS 20000
#define MAX_TEXT 200

static const char *const kind_names[SHT_MAP_N_KINDS] = {
  "field",      "orchard", "fallow",   "greenhouse", "residential", "industrial",
  "commercial", "nature",  "stream",   "park",       "school",      "plaza",
  "sports",     "water",   "cemetery", "wood",       "building",    "highway",
  "main",       "street",  "lane",     "track",      "path",        "rail",
};

static void
feature_free (gpointer data)
{
  ShtMapFeature *f = data;

  g_free (f->points);
  g_free (f->text);
  g_free (f->district);
  g_free (f);
}

void
sht_map_plan_free (ShtMapPlan *self)
{
  g_ptr_array_unref (self->features);
  g_hash_table_unref (self->districts);
  g_free (self->name);
  g_free (self);
}

/**
 * sht_map_project:
 * @lon: degrees east
 * @lat: degrees north, within 85
 *
 * Returns: the place on the Mercator square
 */
ShtMapPoint
sht_map_project (double lon, double lat)
{
  double sine = sin (lat * G_PI / 180.0);

  return (ShtMapPoint){ (lon + 180.0) / 360.0, 0.5 - atanh (sine) / (2.0 * G_PI) };
}

/**
 * sht_map_metre:
 *
 * Returns: one metre on the ground in the middle of the town, as a part of the Mercator square
 */
double
sht_map_metre (const ShtMapPlan *self)
{
  double lat = (self->south + self->north) / 2.0;

  return 1.0 / (EARTH_CIRCUMFERENCE * cos (lat * G_PI / 180.0));
}

gboolean
sht_map_box_meets (const ShtMapBox *a, const ShtMapBox *b)
{
  return a->x0 < b->x1 && b->x0 < a->x1 && a->y0 < b->y1 && b->y0 < a->y1;
}

static const char *
string_member (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (node);
}

static JsonArray *
array_member (JsonObject *object, const char *name)
{
  JsonNode *node = object == NULL ? NULL : json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static JsonObject *
object_member (JsonObject *object, const char *name)
{
  JsonNode *node = object == NULL ? NULL : json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static JsonObject *
object_element (JsonArray *array, guint i)
{
  JsonNode *node = json_array_get_element (array, i);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static gboolean
number_of (JsonNode *node, double *value)
{
  GType type =
    node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_NONE;

  if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE)
    return FALSE;
  *value = json_node_get_double (node);
  return TRUE;
}

static gboolean
read_kind (JsonObject *properties, ShtMapKind *kind)
{
  const char *layer = string_member (properties, "layer");
  const char *name =
    g_strcmp0 (layer, "building") == 0 ? layer : string_member (properties, "class");

  for (guint i = 0; i < SHT_MAP_N_KINDS; i++)
    if (g_strcmp0 (kind_names[i], name) == 0)
      {
        *kind = i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
read_points (ShtMapFeature *f, JsonArray *line)
{
  guint n = json_array_get_length (line);

  if (n < 2 || n > MAX_POINTS)
    return FALSE;
  f->points = g_new (ShtMapPoint, n);
  f->n_points = n;
  f->box = (ShtMapBox){ 1, 1, 0, 0 };
  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (line, i);
      JsonArray *pair = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
      double lon, lat;

      if (pair == NULL || json_array_get_length (pair) < 2 ||
          !number_of (json_array_get_element (pair, 0), &lon) ||
          !number_of (json_array_get_element (pair, 1), &lat) || fabs (lon) > 180 ||
          fabs (lat) > 85)
        return FALSE;
      f->points[i] = sht_map_project (lon, lat);
      f->box.x0 = MIN (f->box.x0, f->points[i].x);
      f->box.y0 = MIN (f->box.y0, f->points[i].y);
      f->box.x1 = MAX (f->box.x1, f->points[i].x);
      f->box.y1 = MAX (f->box.y1, f->points[i].y);
    }
  return TRUE;
}

static gboolean
read_geometry (ShtMapFeature *f, JsonObject *geometry)
{
  const char *type = geometry == NULL ? NULL : string_member (geometry, "type");
  JsonArray *coordinates = array_member (geometry, "coordinates");
  gboolean area = f->kind <= SHT_MAP_BUILDING;

  if (coordinates == NULL || g_strcmp0 (type, area ? "Polygon" : "LineString") != 0)
    return FALSE;
  if (area)
    {
      JsonNode *ring;

      /* The plan has no holes: one there would be drawn over, which is not what was meant. */
      if (json_array_get_length (coordinates) != 1)
        return FALSE;
      ring = json_array_get_element (coordinates, 0);
      if (!JSON_NODE_HOLDS_ARRAY (ring))
        return FALSE;
      coordinates = json_node_get_array (ring);
    }
  return read_points (f, coordinates);
}

static ShtMapFeature *
read_feature (JsonObject *object)
{
  JsonObject *properties = object_member (object, "properties");
  ShtMapFeature *f;
  const char *text;
  double number;

  if (properties == NULL)
    return NULL;
  f = g_new0 (ShtMapFeature, 1);
  if (!read_kind (properties, &f->kind) || !read_geometry (f, object_member (object, "geometry")))
    {
      feature_free (f);
      return NULL;
    }
  f->roundabout = g_strcmp0 (string_member (properties, "junction"), "roundabout") == 0;
  f->district = g_strdup (string_member (properties, "district"));
  text = string_member (properties, "name");
  f->landmark = f->kind == SHT_MAP_BUILDING && text != NULL;
  if (f->kind == SHT_MAP_BUILDING)
    f->text = number_of (json_object_get_member (properties, "number"), &number) && number > 0 &&
                  number < 100000
                ? g_strdup_printf ("%.0f", number)
                : NULL;
  else if (text != NULL && g_utf8_strlen (text, -1) <= MAX_TEXT)
    f->text = g_strdup (text);
  return f;
}

static JsonObject *
load_object (JsonParser *parser, const char *file, GError **error)
{
  JsonNode *root;

  if (!json_parser_load_from_file (parser, file, error))
    {
      g_prefix_error (error, "%s: ", file);
      return NULL;
    }
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: not a JSON object", file);
      return NULL;
    }
  return json_node_get_object (root);
}

static gboolean
load_features (ShtMapPlan *self, const char *file, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  JsonObject *root = load_object (parser, file, error);
  JsonArray *features;

  if (root == NULL)
    return FALSE;
  features = array_member (root, "features");
  for (guint i = 0; features != NULL && i < json_array_get_length (features); i++)
    {
      JsonObject *object = object_element (features, i);
      ShtMapFeature *f = object == NULL ? NULL : read_feature (object);

      if (f == NULL)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       "%s: feature %u has a class or a geometry that the map does not know", file,
                       i);
          return FALSE;
        }
      g_ptr_array_add (self->features, f);
    }
  if (self->features->len == 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: no features", file);
      return FALSE;
    }
  return TRUE;
}

static gboolean
bound (JsonObject *bounds, const char *name, double limit, double *degrees)
{
  double e7;

  if (bounds == NULL || !number_of (json_object_get_member (bounds, name), &e7))
    return FALSE;
  *degrees = e7 / 1e7;
  return fabs (*degrees) <= limit;
}

static gboolean
load_town (ShtMapPlan *self, const char *file, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  JsonObject *root = load_object (parser, file, error);
  JsonObject *bounds;
  JsonArray *districts;

  if (root == NULL)
    return FALSE;
  bounds = object_member (root, "bounds");
  if (!bound (bounds, "west_e7", 180, &self->west) ||
      !bound (bounds, "east_e7", 180, &self->east) ||
      !bound (bounds, "south_e7", 85, &self->south) ||
      !bound (bounds, "north_e7", 85, &self->north) || self->west >= self->east ||
      self->south >= self->north)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: no usable bounds", file);
      return FALSE;
    }
  self->name = g_strdup (string_member (root, "name"));
  districts = array_member (root, "districts");
  for (guint i = 0; districts != NULL && i < json_array_get_length (districts); i++)
    {
      JsonObject *d = object_element (districts, i);

      if (d != NULL && string_member (d, "id") != NULL && string_member (d, "name") != NULL)
        g_hash_table_insert (self->districts, g_strdup (string_member (d, "id")),
                             g_strdup (string_member (d, "name")));
    }
  return TRUE;
}

/**
 * sht_map_plan_load:
 * @town_file: the town's bounds and the names of its districts
 * @plan_file: the town's plan as GeoJSON
 *
 * Returns: (transfer full) (nullable): the plan, or %NULL with %G_IO_ERROR_INVALID_DATA, or an
 * error of #GFileError or #JsonParserError
 */
ShtMapPlan *
sht_map_plan_load (const char *town_file, const char *plan_file, GError **error)
{
  g_autoptr (ShtMapPlan) self = g_new0 (ShtMapPlan, 1);
  ShtMapPoint north_west, south_east;

  self->features = g_ptr_array_new_with_free_func (feature_free);
  self->districts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (!load_town (self, town_file, error) || !load_features (self, plan_file, error))
    return NULL;
  north_west = sht_map_project (self->west, self->north);
  south_east = sht_map_project (self->east, self->south);
  self->box = (ShtMapBox){ north_west.x, north_west.y, south_east.x, south_east.y };
  return g_steal_pointer (&self);
}
