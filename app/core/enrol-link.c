/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/enrol-link.h"

#include <string.h>

#define SCHEME "shetach"
#define PATH "enrol"
/* Ten letters and digits, with dashes or spaces for the eye. */
#define CODE_LETTERS 10
#define CODE_MAX_BYTES 32

/**
 * sht_enrol_link_is_address:
 *
 * Returns: whether that is the plain address of a hub: http or https and a host, without a login, a question or a
 *   fragment in it
 */
gboolean
sht_enrol_link_is_address (const char *hub)
{
  g_autoptr (GUri) uri = NULL;
  const char *scheme;

  if (hub == NULL || strlen (hub) > SHT_ENROL_LINK_MAX_BYTES || !g_str_is_ascii (hub))
    return FALSE;
  uri = g_uri_parse (hub, G_URI_FLAGS_HAS_PASSWORD, NULL);
  if (uri == NULL)
    return FALSE;
  scheme = g_uri_get_scheme (uri);
  return (g_str_equal (scheme, "https") || g_str_equal (scheme, "http")) && g_uri_get_host (uri) != NULL
         && g_uri_get_host (uri)[0] != '\0' && g_uri_get_userinfo (uri) == NULL && g_uri_get_query (uri) == NULL
         && g_uri_get_fragment (uri) == NULL;
}

static gboolean
is_code (const char *code)
{
  guint letters = 0;

  if (code == NULL || strlen (code) > CODE_MAX_BYTES)
    return FALSE;
  for (const char *p = code; *p != '\0'; p++)
    if (g_ascii_isalnum (*p))
      letters++;
    else if (*p != '-' && *p != ' ')
      return FALSE;
  return letters == CODE_LETTERS;
}

/**
 * sht_enrol_link_make:
 * @hub: the hub's address, as tablets reach it
 * @code: a one-time code
 *
 * Returns: (transfer full): the URI that a code to be scanned holds
 */
char *
sht_enrol_link_make (const char *hub, const char *code)
{
  /* Left readable, as what is escaped makes the picture denser: neither of these parts a query. */
  g_autofree char *address = g_uri_escape_string (hub, ":/", FALSE);
  g_autofree char *plain = g_uri_escape_string (code, NULL, FALSE);

  return g_strconcat (SCHEME ":" PATH "?hub=", address, "&code=", plain, NULL);
}

/**
 * sht_enrol_link_parse:
 * @text: whatever was scanned
 * @length: how many bytes, or -1 for a string
 * @hub: (out) (transfer full): the hub's address
 * @code: (out) (transfer full): the one-time code
 *
 * Returns: %FALSE for anything but an enrolment with an address and a code that can be ones; nothing is told then
 */
gboolean
sht_enrol_link_parse (const char *text, gssize length, char **hub, char **code)
{
  g_autofree char *whole = NULL;
  g_autoptr (GUri) uri = NULL;
  g_autoptr (GHashTable) said = NULL;
  const char *address, *plain;

  if (length < 0)
    length = (gssize) strlen (text);
  if (length > SHT_ENROL_LINK_MAX_BYTES || memchr (text, '\0', (gsize) length) != NULL)
    return FALSE;
  whole = g_strndup (text, (gsize) length);
  if (!g_str_is_ascii (whole))
    return FALSE;
  uri = g_uri_parse (whole, G_URI_FLAGS_ENCODED_QUERY, NULL);
  if (uri == NULL || !g_str_equal (g_uri_get_scheme (uri), SCHEME) || g_uri_get_host (uri) != NULL
      || !g_str_equal (g_uri_get_path (uri), PATH) || g_uri_get_query (uri) == NULL)
    return FALSE;
  said = g_uri_parse_params (g_uri_get_query (uri), -1, "&", G_URI_PARAMS_NONE, NULL);
  if (said == NULL)
    return FALSE;
  address = g_hash_table_lookup (said, "hub");
  plain = g_hash_table_lookup (said, "code");
  if (!sht_enrol_link_is_address (address) || !is_code (plain))
    return FALSE;
  *hub = g_strdup (address);
  *code = g_strdup (plain);
  return TRUE;
}
