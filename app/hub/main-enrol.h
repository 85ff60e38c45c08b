/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub/service/hub.h"

G_BEGIN_DECLS

/**
 * ShtMainEnrol:
 * @address: (owned) (nullable): of this hub, as tablets reach it
 * @qr: whether a code to be scanned is printed
 * @qr_file: (owned) (nullable): a picture with it, to be written
 * @tablet: (owned) (nullable): of unlock: a tablet's id, or its end
 *
 * What enrol and unlock are told besides for whom.
 */
typedef struct
{
  char *address;
  gboolean qr;
  char *qr_file;
  char *tablet;
} ShtMainEnrol;

GOptionGroup *sht_main_enrol_group (ShtMainEnrol *said);
void sht_main_enrol_clear (ShtMainEnrol *said);
const char *sht_main_enrol_fault (const ShtMainEnrol *said);
gboolean sht_main_check_crew (ShtHub *hub, const char *crew, char **department, GError **error);
gboolean sht_main_enrol (ShtHub *hub, const char *crew, const char *supervisor, const char *person, const ShtMainEnrol *said, GError **error);

G_END_DECLS
