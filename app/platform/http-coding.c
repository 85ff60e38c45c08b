/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/http-private.h"

#define COMPRESS_MIN 1024
#define COMPRESS_LEVEL 1

static gboolean
contains (GSList *list, const char *coding)
{
  return g_slist_find_custom (list, coding, (GCompareFunc)g_ascii_strcasecmp) != NULL;
}

/**
 * sht_http_coding_accepted:
 * @request: the request's headers
 * @coding: a content coding
 * @any_will_do: whether a client that takes any coding, without naming this one, means it as well
 */
gboolean
sht_http_coding_accepted (SoupMessageHeaders *request, const char *coding, gboolean any_will_do)
{
  const char *header = soup_message_headers_get_list (request, "Accept-Encoding");
  GSList *unacceptable = NULL, *list;
  gboolean accepted;

  /* A range is one of the plain bytes. */
  if (header == NULL || soup_message_headers_get_one (request, "Range") != NULL)
    return FALSE;
  list = soup_header_parse_quality_list (header, &unacceptable);
  accepted = contains (list, coding) ||
             (any_will_do && contains (list, "*") && !contains (unacceptable, coding));
  soup_header_free_list (list);
  soup_header_free_list (unacceptable);
  return accepted;
}

static GBytes *
compress (GBytes *body)
{
  g_autoptr (GZlibCompressor) gzip =
    g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, COMPRESS_LEVEL);
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) out = g_converter_output_stream_new (memory, G_CONVERTER (gzip));

  if (!g_output_stream_write_all (out, g_bytes_get_data (body, NULL), g_bytes_get_size (body), NULL,
                                  NULL, NULL) ||
      !g_output_stream_close (out, NULL, NULL))
    return NULL;
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

static gboolean
is_compressible (const char *type)
{
  return type != NULL &&
         (g_str_has_prefix (type, "application/json") ||
          g_str_has_prefix (type, "application/x-ndjson") || g_str_has_prefix (type, "text/"));
}

/**
 * sht_http_coding_encode:
 * @request: the request's headers
 * @answer: the answer's headers, which are told how it is encoded; what has a coding already stays
 * @type: (nullable): the body's type
 * @body: (nullable): the body
 *
 * Returns: (transfer full): what goes out
 */
GBytes *
sht_http_coding_encode (SoupMessageHeaders *request, SoupMessageHeaders *answer, const char *type, GBytes *body)
{
  g_autoptr (GBytes) small = NULL;

  if (body == NULL)
    return g_bytes_new (NULL, 0);
  if (!is_compressible (type))
    return g_bytes_ref (body);
  soup_message_headers_append (answer, "Vary", "Accept-Encoding");
  if (soup_message_headers_get_one (answer, "Content-Encoding") != NULL ||
      g_bytes_get_size (body) <= COMPRESS_MIN || !sht_http_coding_accepted (request, "gzip", TRUE))
    return g_bytes_ref (body);
  small = compress (body);
  if (small == NULL)
    return g_bytes_ref (body);
  soup_message_headers_replace (answer, "Content-Encoding", "gzip");
  return g_steal_pointer (&small);
}
