/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ShtVoiceDecoder:
 *
 * libopus over one voice note; inside the confined program only. To make one loads what it needs, so that no file is
 * opened once it runs.
 */
typedef struct _ShtVoiceDecoder ShtVoiceDecoder;

ShtVoiceDecoder *sht_voice_decoder_new (void) G_GNUC_WARN_UNUSED_RESULT;
GArray *sht_voice_decoder_run (ShtVoiceDecoder *decoder, const guint8 *data, gsize length) G_GNUC_WARN_UNUSED_RESULT;
void sht_voice_decoder_free (ShtVoiceDecoder *decoder);

G_END_DECLS
