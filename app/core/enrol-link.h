/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a code that is scanned holds: address and one-time code of an enrolment, as one URI. */
#define SHT_ENROL_LINK_MAX_BYTES 512

char *sht_enrol_link_make (const char *hub, const char *code) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_enrol_link_parse (const char *text, gssize length, char **hub, char **code);
gboolean sht_enrol_link_is_address (const char *hub);

G_END_DECLS
