/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtVoicePage:
 *
 * The microphone in front of the page that asks for a voice note, see #ShtCover: one large button to record and to stop,
 * how long and how loud, and then what was said, to be heard, kept or discarded. It stops when nobody sees it; what was
 * recorded stays in its file until it is kept or discarded.
 *
 * ::keep: what is in the file is wanted
 * ::discard: it is not
 */
#define SHT_TYPE_VOICE_PAGE (sht_voice_page_get_type ())
G_DECLARE_FINAL_TYPE (ShtVoicePage, sht_voice_page, SHT, VOICE_PAGE, AdwBin)

ShtVoicePage *sht_voice_page_open (GtkWidget *page, const char *path);

G_END_DECLS
