/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands in a code that somebody holds before the camera, and digits that somebody heard. */
#include "core/enrol-link.h"
#include "core/lock.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *digits = sht_unlock_normalise (text);
  g_autofree char *hub = NULL, *code = NULL;

  if (digits != NULL)
    g_assert_cmpuint (strlen (digits), ==, SHT_UNLOCK_DIGITS);
  /* What is believed can be said again in the plain way, and is believed then too. */
  if (sht_enrol_link_parse ((const char *) data, (gssize) size, &hub, &code))
    {
      g_autofree char *link = sht_enrol_link_make (hub, code);
      g_autofree char *hub_again = NULL, *code_again = NULL;

      g_assert_true (sht_enrol_link_is_address (hub));
      if (strlen (link) <= SHT_ENROL_LINK_MAX_BYTES)
        {
          g_assert_true (sht_enrol_link_parse (link, -1, &hub_again, &code_again));
          g_assert_cmpstr (hub_again, ==, hub);
          g_assert_cmpstr (code_again, ==, code);
        }
    }
  return 0;
}
