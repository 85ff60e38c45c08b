/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"

G_BEGIN_DECLS

char *sht_link_words (ShtSession *session) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
