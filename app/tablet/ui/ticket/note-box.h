/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtNoteBox:
 *
 * Where a note is written. What is half written on a ticket is there again when one comes back to it, also after the program
 * has ended.
 *
 * ::send (text): the button was tapped; clear with sht_note_box_sent() once it is safe
 */
#define SHT_TYPE_NOTE_BOX (sht_note_box_get_type ())
G_DECLARE_FINAL_TYPE (ShtNoteBox, sht_note_box, SHT, NOTE_BOX, GtkBox)

GtkWidget *sht_note_box_new (ShtSession *session);
void sht_note_box_set_ticket (ShtNoteBox *self, const char *ticket);
void sht_note_box_sent (ShtNoteBox *self, const char *ticket, const char *text);
void sht_note_box_write (ShtNoteBox *self, const char *text);
char *sht_note_box_get_text (ShtNoteBox *self) G_GNUC_WARN_UNUSED_RESULT;
void sht_note_box_grab (ShtNoteBox *self);

G_END_DECLS
