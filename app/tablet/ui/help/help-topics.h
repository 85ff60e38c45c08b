/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/ui/common/words.h"

G_BEGIN_DECLS

/**
 * ShtHelpTopic:
 *
 * The pages of help, in the order in which they are listed.
 */
typedef enum
{
  SHT_HELP_SHIFT,
  SHT_HELP_TICKET,
  SHT_HELP_NO_SIGNAL,
  SHT_HELP_PHOTOS,
  SHT_HELP_MAP,
  SHT_HELP_REPORT,
  SHT_HELP_OBSTACLES,
  SHT_HELP_MARKS,
  SHT_HELP_ATTENTION,
  SHT_HELP_FIGURES,
  SHT_N_HELP_TOPICS
} ShtHelpTopic;

#define SHT_HELP_MAX_ITEMS 5

/**
 * ShtHelpItem:
 * @icon: (nullable): its sign, a name of an icon; %NULL for the mark
 * @mark: its sign where it has no icon
 * @title: (nullable): in English; %NULL for the mark's own word
 * @words: in English
 */
typedef struct
{
  const char *icon;
  ShtMark mark;
  const char *title;
  const char *words;
} ShtHelpItem;

/**
 * ShtHelpPage:
 * @icon: name of an icon
 * @title: in English
 * @lead: in English, one sentence
 * @items: the last are all %NULL
 */
typedef struct
{
  const char *icon;
  const char *title;
  const char *lead;
  ShtHelpItem items[SHT_HELP_MAX_ITEMS];
} ShtHelpPage;

const ShtHelpPage *sht_help_page (ShtHelpTopic topic);
ShtHelpTopic sht_help_topic_of_page (const char *page);
gboolean sht_help_page_has (ShtHelpTopic topic, const char *folded);

G_END_DECLS
