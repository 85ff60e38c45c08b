/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/whereabouts.h"

G_BEGIN_DECLS

char *sht_where_words_within (const ShtPosition *position) G_GNUC_WARN_UNUSED_RESULT;
char *sht_where_words_own (ShtWhereabouts *whereabouts) G_GNUC_WARN_UNUSED_RESULT;
char *sht_where_words_sharing (ShtWhereabouts *whereabouts) G_GNUC_WARN_UNUSED_RESULT;
char *sht_where_words_crew (const ShtCrewPosition *crew) G_GNUC_WARN_UNUSED_RESULT;
char *sht_where_words_crew_short (const ShtCrewPosition *crew) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
