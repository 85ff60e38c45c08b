/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/sla.h"
#include "core/status.h"
#include "tablet/ui/common/words.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtCardPart:
 *
 * What a card draws, each with a style of its own. Marks and statuses are added to the first of theirs.
 */
typedef enum
{
  SHT_CARD_TITLE,
  SHT_CARD_WHERE,
  SHT_CARD_LEFT, /* the time left, while it does not press */
  SHT_CARD_LEFT_SOON,
  SHT_CARD_LEFT_LATE,
  SHT_CARD_URGENT,
  SHT_CARD_COUNT,
  SHT_CARD_MARK,
  SHT_CARD_STATUS = SHT_CARD_MARK + SHT_MARK_ATTENTION + 1,
  SHT_N_CARD_PARTS = SHT_CARD_STATUS + SHT_N_STATUSES
} ShtCardPart;

/* Between the lines of a card, pixels; where the last one begins there is more. */
#define SHT_CARD_LINE_GAP 4
#define SHT_CARD_FOOT_GAP 8

/**
 * ShtCardLook:
 *
 * How all cards of a list look. Cards of labels have the window laid out anew whenever one shows another ticket, so cards draw
 * themselves; what the style sheets say of each part is asked of this one, which has them as widgets and is never seen.
 */
#define SHT_TYPE_CARD_LOOK (sht_card_look_get_type ())
G_DECLARE_FINAL_TYPE (ShtCardLook, sht_card_look, SHT, CARD_LOOK, GtkWidget)

GtkWidget *sht_card_look_new (void) G_GNUC_WARN_UNUSED_RESULT;
PangoLayout *sht_card_look_text (ShtCardLook *self, ShtCardPart part, const char *text) G_GNUC_WARN_UNUSED_RESULT;
PangoLayout *sht_card_look_word (ShtCardLook *self, ShtCardPart part, const char *word);
int sht_card_look_width (ShtCardLook *self, ShtCardPart part, PangoLayout *words);
void sht_card_look_lines (ShtCardLook *self, int *title, int *where, int *foot);
int sht_card_look_content_height (ShtCardLook *self);
void sht_card_look_draw (ShtCardLook *self, GtkSnapshot *snapshot, ShtCardPart part, PangoLayout *words, const graphene_rect_t *place);
void sht_card_look_draw_icon (ShtCardLook *self, GtkSnapshot *snapshot, const char *icon, ShtCardPart part, const graphene_rect_t *place);
void sht_card_look_draw_ring (ShtCardLook *self, GtkSnapshot *snapshot, ShtSla sla, double left, const char *icon, const graphene_rect_t *place);

G_END_DECLS
