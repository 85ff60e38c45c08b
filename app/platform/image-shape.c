/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is drawn on a picture, on its way to the program that draws it: a line of JSON, then the texts' masks.
 * Both ends check it by the same rules. */

#include "platform/image-shape.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* Of the picture's longest side. */
#define STROKES_PER_SIDE 170
#define MIN_STROKE 3.0
/* Cells of a blurred box: of the picture's longest side, and of the box's shorter one. */
#define CELLS_PER_SIDE 40
#define CELLS_PER_BOX 4
#define MIN_CELL 8

static const char *const kind_names[] = {
  [SHT_SHAPE_ARROW] = "arrow",
  [SHT_SHAPE_CIRCLE] = "circle",
  [SHT_SHAPE_TEXT] = "text",
  [SHT_SHAPE_BLUR] = "blur",
};
G_STATIC_ASSERT (G_N_ELEMENTS (kind_names) == SHT_N_SHAPE_KINDS);

/**
 * sht_shape_kind_name:
 *
 * Returns: (transfer none): a word of a-z
 */
const char *
sht_shape_kind_name (ShtShapeKind kind)
{
  return kind_names[kind];
}

/**
 * sht_shape_stroke:
 *
 * Returns: how wide lines are on a picture of that size, in pixels
 */
double
sht_shape_stroke (int width, int height)
{
  return MAX (MIN_STROKE, MAX (width, height) / (double) STROKES_PER_SIDE);
}

/**
 * sht_shape_blur_cell:
 *
 * Returns: the side of the cells, each of one colour, that a blurred box of that size becomes on a picture of that
 *   size, in pixels
 */
int
sht_shape_blur_cell (int width, int height, int box_width, int box_height)
{
  return MAX (MAX (MAX (width, height) / CELLS_PER_SIDE, MIN (box_width, box_height) / CELLS_PER_BOX), MIN_CELL);
}

ShtShape *
sht_shape_new (ShtShapeKind kind, double x0, double y0, double x1, double y1)
{
  ShtShape *shape = g_new0 (ShtShape, 1);

  *shape = (ShtShape){ .kind = kind, .x0 = x0, .y0 = y0, .x1 = x1, .y1 = y1 };
  return shape;
}

/**
 * sht_shape_set_mask:
 * @mask: @width times @height bytes, 255 where there is ink
 */
void
sht_shape_set_mask (ShtShape *shape, GBytes *mask, int width, int height)
{
  g_bytes_ref (mask);
  g_clear_pointer (&shape->mask, g_bytes_unref);
  shape->mask = mask;
  shape->mask_width = width;
  shape->mask_height = height;
}

ShtShape *
sht_shape_copy (const ShtShape *shape)
{
  ShtShape *copy = g_memdup2 (shape, sizeof *shape);

  if (copy->mask != NULL)
    g_bytes_ref (copy->mask);
  return copy;
}

void
sht_shape_free (ShtShape *shape)
{
  g_clear_pointer (&shape->mask, g_bytes_unref);
  g_free (shape);
}

/**
 * sht_shapes_new:
 *
 * Returns: (transfer full) (element-type ShtShape): an empty list that owns what is put into it
 */
GPtrArray *
sht_shapes_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) sht_shape_free);
}

static gboolean
is_share (double value)
{
  return value >= 0 && value <= 1;
}

static gboolean
is_good (const ShtShape *shape)
{
  if ((guint) shape->kind >= SHT_N_SHAPE_KINDS || !is_share (shape->x0) || !is_share (shape->y0) || !is_share (shape->x1)
      || !is_share (shape->y1))
    return FALSE;
  if (shape->kind != SHT_SHAPE_TEXT)
    return shape->mask == NULL;
  return shape->mask != NULL && shape->mask_width >= 1 && shape->mask_width <= SHT_SHAPE_MAX_MASK_SIDE
         && shape->mask_height >= 1 && shape->mask_height <= SHT_SHAPE_MAX_MASK_SIDE
         && g_bytes_get_size (shape->mask) == (gsize) shape->mask_width * (gsize) shape->mask_height;
}

static void
add_shape (JsonBuilder *builder, const ShtShape *shape)
{
  const double at[] = { shape->x0, shape->y0, shape->x1, shape->y1 };

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "kind");
  json_builder_add_string_value (builder, kind_names[shape->kind]);
  json_builder_set_member_name (builder, "at");
  json_builder_begin_array (builder);
  for (guint i = 0; i < G_N_ELEMENTS (at); i++)
    json_builder_add_double_value (builder, at[i]);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "mask");
  json_builder_begin_array (builder);
  json_builder_add_int_value (builder, shape->mask_width);
  json_builder_add_int_value (builder, shape->mask_height);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

/**
 * sht_shapes_pack:
 * @shapes: (element-type ShtShape): in the order in which they are drawn
 *
 * Returns: (transfer full) (nullable): the bytes that sht_shapes_unpack() takes, or %NULL when there is none
 *   or a shape, or their number or size, is out of range
 */
GBytes *
sht_shapes_pack (GPtrArray *shapes)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GByteArray) packed = g_byte_array_new ();
  g_autofree char *line = NULL;
  gsize length;

  if (shapes->len == 0 || shapes->len > SHT_SHAPES_MAX)
    return NULL;
  json_builder_begin_array (builder);
  for (guint i = 0; i < shapes->len; i++)
    {
      if (!is_good (g_ptr_array_index (shapes, i)))
        return NULL;
      add_shape (builder, g_ptr_array_index (shapes, i));
    }
  json_builder_end_array (builder);
  root = json_builder_get_root (builder);
  json_generator_set_root (generator, root);
  line = json_generator_to_data (generator, &length);
  g_byte_array_append (packed, (const guint8 *) line, (guint) length);
  g_byte_array_append (packed, (const guint8 *) "\n", 1);
  for (guint i = 0; i < shapes->len; i++)
    {
      const ShtShape *shape = g_ptr_array_index (shapes, i);

      if (shape->mask != NULL)
        g_byte_array_append (packed, g_bytes_get_data (shape->mask, NULL), (guint) g_bytes_get_size (shape->mask));
    }
  return packed->len <= SHT_SHAPES_MAX_BYTES ? g_byte_array_free_to_bytes (g_steal_pointer (&packed)) : NULL;
}

static JsonArray *
get_array (JsonObject *object, const char *member, guint length)
{
  JsonNode *node = json_object_get_member (object, member);
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (array == NULL || json_array_get_length (array) != length)
    return NULL;
  for (guint i = 0; i < length; i++)
    if (!JSON_NODE_HOLDS_VALUE (json_array_get_element (array, i)))
      return NULL;
  return array;
}

static ShtShapeKind
parse_kind (JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "kind");
  const char *word = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
  guint kind = 0;

  while (kind < SHT_N_SHAPE_KINDS && g_strcmp0 (word, kind_names[kind]) != 0)
    kind++;
  return (ShtShapeKind) kind;
}

/* One shape; its mask is taken from the bytes at @offset, which moves on. */
static ShtShape *
unpack_shape (JsonNode *node, GBytes *packed, gsize *offset)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonArray *at = object != NULL ? get_array (object, "at", 4) : NULL;
  JsonArray *mask = object != NULL ? get_array (object, "mask", 2) : NULL;
  g_autoptr (ShtShape) shape = NULL;
  gint64 width, height;

  if (at == NULL || mask == NULL)
    return NULL;
  shape = sht_shape_new (parse_kind (object), json_array_get_double_element (at, 0),
                         json_array_get_double_element (at, 1), json_array_get_double_element (at, 2),
                         json_array_get_double_element (at, 3));
  width = json_array_get_int_element (mask, 0);
  height = json_array_get_int_element (mask, 1);
  if (shape->kind == SHT_SHAPE_TEXT)
    {
      g_autoptr (GBytes) bytes = NULL;

      if (width < 1 || width > SHT_SHAPE_MAX_MASK_SIDE || height < 1 || height > SHT_SHAPE_MAX_MASK_SIDE
          || (gsize) (width * height) > g_bytes_get_size (packed) - *offset)
        return NULL;
      bytes = g_bytes_new_from_bytes (packed, *offset, (gsize) (width * height));
      *offset += (gsize) (width * height);
      sht_shape_set_mask (shape, bytes, (int) width, (int) height);
    }
  return is_good (shape) ? g_steal_pointer (&shape) : NULL;
}

/**
 * sht_shapes_unpack:
 *
 * Returns: (transfer full) (element-type ShtShape) (nullable): the shapes, or %NULL unless all of it is as
 *   sht_shapes_pack() writes it
 */
GPtrArray *
sht_shapes_unpack (GBytes *packed)
{
  gsize length;
  const char *data = g_bytes_get_data (packed, &length);
  const char *end = length > 0 && length <= SHT_SHAPES_MAX_BYTES ? memchr (data, '\n', length) : NULL;
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GPtrArray) shapes = sht_shapes_new ();
  JsonNode *root;
  JsonArray *list;
  gsize offset;

  if (end == NULL || !json_parser_load_from_data (parser, data, end - data, NULL))
    return NULL;
  root = json_parser_get_root (parser);
  list = root != NULL && JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;
  if (list == NULL || json_array_get_length (list) == 0 || json_array_get_length (list) > SHT_SHAPES_MAX)
    return NULL;
  offset = (gsize) (end + 1 - data);
  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      ShtShape *shape = unpack_shape (json_array_get_element (list, i), packed, &offset);

      if (shape == NULL)
        return NULL;
      g_ptr_array_add (shapes, shape);
    }
  return offset == length ? g_steal_pointer (&shapes) : NULL;
}
