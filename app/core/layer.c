/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/layer.h"

#include "core/json.h"

#include <string.h>

#define COLOUR_LENGTH 7
#define NAME_MAX_CHARS 100

G_DEFINE_QUARK (sht - layer - error - quark, sht_layer_error)

/* What stands on a point of the layer, and the icon of ours that shows it. */
static const struct
{
  const char *symbol;
  const char *icon;
} symbols[] = {
  { "access", "sht-access-symbolic" },
  { "bench", "sht-bench-symbolic" },
  { "bin", "sht-bin-broken-symbolic" },
  { "building", "sht-department-symbolic" },
  { "camera", "sht-camera-symbolic" },
  { "dot", NULL },
  { "irrigation", "sht-irrigation-off-symbolic" },
  { "light", "sht-street-light-symbolic" },
  { "manhole", "sht-manhole-symbolic" },
  { "parking", "sht-parking-symbolic" },
  { "place", "sht-place-symbolic" },
  { "playground", "sht-playground-symbolic" },
  { "sign", "sht-sign-symbolic" },
  { "traffic-light", "sht-traffic-light-symbolic" },
  { "tree", "sht-tree-fallen-symbolic" },
  { "water", "sht-water-leak-symbolic" },
};

typedef enum
{
  TEXT,
  COLOUR,
  NUMBER,
  SYMBOL,
  KIND
} Form;

/* The one table of how a layer is drawn and what it is. */
static const struct
{
  const char *member;
  Form form;
  gint64 least;
  gint64 most;
} members[] = {
  { "name", TEXT, 1, NAME_MAX_CHARS }, { "kind", KIND, 0, 0 },     { "colour", COLOUR, 0, 0 },
  { "width", NUMBER, 1, 12 },          { "symbol", SYMBOL, 0, 0 }, { "min_zoom", NUMBER, 0, 20 },
};

static gboolean
refuse (GError **error, const char *member, const char *what)
{
  g_set_error (error, SHT_LAYER_ERROR, SHT_LAYER_ERROR_VALUE, "%s: %s", member, what);
  return FALSE;
}

static gboolean
is_colour (const char *text)
{
  return strlen (text) == COLOUR_LENGTH && text[0] == '#' &&
         strspn (text + 1, "0123456789abcdefABCDEF") == COLOUR_LENGTH - 1;
}

static gboolean
is_symbol (const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (symbols); i++)
    if (strcmp (symbols[i].symbol, text) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
refuse_symbol (GError **error, const char *member)
{
  g_autoptr (GString) all = g_string_new ("it is one of");

  for (guint i = 0; i < G_N_ELEMENTS (symbols); i++)
    g_string_append_printf (all, "%s %s", i > 0 ? "," : "", symbols[i].symbol);
  return refuse (error, member, all->str);
}

static gboolean
set_number (JsonObject *layer, guint row, const char *text, GError **error)
{
  g_autofree char *range =
    g_strdup_printf ("a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                     members[row].least, members[row].most);
  gint64 number;

  if (!g_ascii_string_to_signed (text, 10, members[row].least, members[row].most, &number, NULL))
    return refuse (error, members[row].member, range);
  json_object_set_int_member (layer, members[row].member, number);
  return TRUE;
}

/**
 * sht_layer_set:
 * @layer: a layer
 * @member: one of `name`, `kind`, `colour`, `width`, `symbol`, `min_zoom`
 * @text: its value as somebody wrote it; empty takes it away, where it need not be there
 *
 * Returns: %FALSE with %SHT_LAYER_ERROR_VALUE, which says what may be there
 */
gboolean
sht_layer_set (JsonObject *layer, const char *member, const char *text, GError **error)
{
  guint row = 0;

  while (row < G_N_ELEMENTS (members) && strcmp (members[row].member, member) != 0)
    row++;
  if (row == G_N_ELEMENTS (members))
    return refuse (error, member, "a layer has no such thing");
  if (*text == '\0' && members[row].form != TEXT)
    {
      json_object_remove_member (layer, member);
      return TRUE;
    }
  switch (members[row].form)
    {
    case NUMBER:
      return set_number (layer, row, text, error);
    case COLOUR:
      if (!is_colour (text))
        return refuse (error, member, "it is as #1f74c4");
      break;
    case SYMBOL:
      if (!is_symbol (text))
        return refuse_symbol (error, member);
      break;
    case KIND:
      if (strcmp (text, SHT_LAYER_DISTRICT) != 0)
        return refuse (error, member, "it is " SHT_LAYER_DISTRICT ", or nothing");
      break;
    default:
      if (!g_utf8_validate (text, -1, NULL) || g_utf8_strlen (text, -1) < members[row].least ||
          g_utf8_strlen (text, -1) > members[row].most)
        return refuse (error, member, "it is 1 to 100 characters");
    }
  json_object_set_string_member (layer, member, text);
  return TRUE;
}

/**
 * sht_layer_colour:
 * @colour: (nullable): as the layer has it
 * @layer: its id, for a colour of its own where it has none
 *
 * Returns: red, green and blue, 0xrrggbb
 */
guint32
sht_layer_colour (const char *colour, const char *layer)
{
  static const guint32 usual[] = { 0x7a5c00, 0x2d6a3a, 0x5a4a8c, 0x8a3f5f, 0x2f5f73 };

  if (colour != NULL && is_colour (colour))
    return (guint32)g_ascii_strtoull (colour + 1, NULL, 16);
  return usual[g_str_hash (layer) % G_N_ELEMENTS (usual)];
}

/**
 * sht_layer_icon:
 * @symbol: (nullable): as the layer has it
 *
 * Returns: (nullable): the name of an icon, %NULL for a plain dot
 */
const char *
sht_layer_icon (const char *symbol)
{
  for (guint i = 0; symbol != NULL && i < G_N_ELEMENTS (symbols); i++)
    if (strcmp (symbols[i].symbol, symbol) == 0)
      return symbols[i].icon;
  return NULL;
}
