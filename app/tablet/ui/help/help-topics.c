/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/help/help-topics.h"

#include "core/text.h"

#include <glib/gi18n.h>
#include <string.h>

#define SIGN(icon) icon, SHT_MARK_NONE

static const ShtHelpPage pages[SHT_N_HELP_TOPICS] = {
  [SHT_HELP_SHIFT]
  = { "sht-shift-symbolic", N_ ("Start of the shift"), N_ ("Two minutes at the depot save a drive back."),
      { { SIGN ("sht-sync-symbolic"), N_ ("Wait for ●"),
          N_ ("Open the page Sync where there is signal. When it says that it is in touch, everything new is on the tablet.") },
        { SIGN ("sht-shift-symbolic"), N_ ("Before the shift"),
          N_ ("It looks at maps, battery, space, clock and login, and says what to put right before you leave.") },
        { SIGN ("sht-map-symbolic"), N_ ("Maps"), N_ ("Fetch the area you go to. Its streets then show with no signal, too.") },
        { SIGN ("sht-work-symbolic"), N_ ("My work"),
          N_ ("What is most urgent comes first. The ring on a card shows how much time is left.") } } },
  [SHT_HELP_TICKET]
  = { "sht-work-symbolic", N_ ("A ticket from start to done"), N_ ("One large button is always the next step."),
      { { SIGN ("sht-status-on-the-way-symbolic"), N_ ("The large green button"),
          N_ ("It is always the next step: on my way, start, done. A wrong tap is undone at the bottom of the page.") },
        { SIGN ("sht-status-waiting-symbolic"), N_ ("Waiting…"),
          N_ ("For the resident, for parts, for somebody else. Where the service allows it, the clock is stopped meanwhile.") },
        { SIGN ("sht-hand-over-symbolic"), N_ ("Hand over…"),
          N_ ("To the department whose it is, with a few words. The ticket goes there with its whole journey.") },
        { SIGN ("sht-status-done-symbolic"), N_ ("What Done asks for"),
          N_ ("Some work needs photos before and after. If there is none, say why: that is enough.") } } },
  [SHT_HELP_NO_SIGNAL]
  = { "sht-link-down-symbolic", N_ ("With no signal"), N_ ("No signal is quite normal."),
      { { SIGN ("sht-work-symbolic"), N_ ("Go on as always"),
          N_ ("Tickets, the map, photos and reports all work. Nothing waits for the signal.") },
        { SIGN ("sht-mark-on-device-symbolic"), N_ ("Nothing is lost"),
          N_ ("Switched off, an empty battery, a basement: what you tapped stays on the tablet and is sent later.") },
        { SIGN ("sht-rescue-symbolic"), N_ ("Save to USB"),
          N_ ("Without the hub for long? The page “Sync” saves to a stick what waits to be sent, for the office to take in.") },
        { SIGN ("sht-link-down-symbolic"), N_ ("Work offline"),
          N_ ("In the menu: the tablet leaves the hub alone until you say otherwise. That spares the battery.") } } },
  [SHT_HELP_PHOTOS]
  = { "sht-camera-symbolic", N_ ("Photos and voice"), N_ ("They prove the work and spare you writing."),
      { { SIGN ("sht-camera-symbolic"), N_ ("Photos before and after"),
          N_ ("Take one before you begin and one when you have finished: they prove the work.") },
        { SIGN ("document-edit-symbolic"), N_ ("Tap a photo"),
          N_ ("Look closer with two fingers or + and −, write what it shows, draw on it, blur faces, lay before over after, "
              "share it.") },
        { SIGN ("audio-input-microphone-symbolic"), N_ ("Rather speak than write?"),
          N_ ("Voice note records what you say, on the tablet at once, and the others of the crew can hear it.") },
        { SIGN ("sht-sync-symbolic"), N_ ("Large things go last"),
          N_ ("Steps and notes are sent first, then small pictures, then the large ones. A slow photo holds nothing up.") } } },
  [SHT_HELP_MAP]
  = { "sht-map-symbolic", N_ ("Map and route"), N_ ("Where your tickets are, and a good way from one to the next."),
      { { SIGN ("sht-here-symbolic"), N_ ("My position"),
          N_ ("The map follows you. During the shift your supervisor sees where the crew is, and you can pause that.") },
        { SIGN ("sht-route-symbolic"), N_ ("Today's route"),
          N_ ("An order by time and distance. Drag a stop, or tap “Earlier” or “Later”, and it is your order.") },
        { SIGN ("sht-layers-symbolic"), N_ ("What the map shows"),
          N_ ("Street lights, gardens and whatever else the town has on its maps. Tap one that is missing or stands elsewhere, and report it.") },
        { SIGN ("sht-area-symbolic"), N_ ("Maps on this tablet"),
          N_ ("Outside of them, no streets are shown without a signal. Fetch the area before you go there.") } } },
  [SHT_HELP_REPORT]
  = { "sht-report-symbolic", N_ ("Report a hazard"), N_ ("Three taps, with signal or without."),
      { { SIGN ("sht-camera-symbolic"), N_ ("Photo"), N_ ("One picture says more than words. You may leave it out.") },
        { SIGN ("sht-road-hole-symbolic"), N_ ("What is it?"), N_ ("What you report most often comes first.") },
        { SIGN ("sht-place-symbolic"), N_ ("Where is it?"), N_ ("Where you stand, or where you drag the map to.") },
        { SIGN ("sht-status-duplicate-symbolic"), N_ ("Is it this one?"),
          N_ ("The same kind of hazard within 30 metres is shown before you save: one ticket is better than two.") } } },
  [SHT_HELP_OBSTACLES]
  = { "sht-obstacle-symbolic", N_ ("Obstacles"), N_ ("What keeps you from working has to reach those who can change it."),
      { { SIGN ("sht-raise-symbolic"), N_ ("Obstacle…"),
          N_ ("On a ticket, or on the page Obstacles: what it is, in a few words, with whom it lies, and a photo.") },
        { SIGN ("sht-department-symbolic"), N_ ("Both departments see it"),
          N_ ("Yours and the one it lies with. The supervisors of both can settle it.") },
        { SIGN ("sht-forum-symbolic"), N_ ("The answer comes back to you"),
          N_ ("A number on “Obstacles” tells that somebody has answered. “Settled” means that it is over.") } } },
  [SHT_HELP_MARKS]
  = { "sht-mark-confirmed-symbolic", N_ ("What the marks mean"),
      N_ ("Each thing you do carries one. Tap it to see since when."),
      { { NULL, SHT_MARK_LOCAL, NULL, N_ ("It is safe on this tablet. It goes out by itself when there is signal.") },
        { NULL, SHT_MARK_SENT, NULL,
          N_ ("It has gone out, and the hub has not answered yet. It is sent again until it does.") },
        { NULL, SHT_MARK_CONFIRMED, NULL, N_ ("The hub has it. Nothing is left to do.") },
        { NULL, SHT_MARK_ATTENTION, NULL,
          N_ ("Somebody else said something different. What you did is kept; the page Sync shows both.") },
        { SIGN ("sht-clock-symbolic"), N_ ("The ring on a card"),
          N_ ("How much of the time is left. A ring of dashes says that it is late.") } } },
  [SHT_HELP_ATTENTION]
  = { "sht-mark-attention-symbolic", N_ ("When something needs attention"), N_ ("Nothing that you did is thrown away."),
      { { SIGN ("sht-mark-attention-symbolic"), N_ ("Two people said different things"),
          N_ ("The page “Sync” shows both. You choose which one holds; the other stays in the journey.") },
        { SIGN ("sht-hub-symbolic"), N_ ("The hub could not take this as it is"),
          N_ ("It is kept, with the reason. Put it away when you have seen it.") },
        { SIGN ("sht-photo-symbolic"), N_ ("Damaged: take it again"),
          N_ ("A picture that has broken on the tablet says so. Take it once more while you are there.") },
        { SIGN ("sht-shift-symbolic"), N_ ("The tablet is full, its clock is wrong, its login has ended"),
          N_ ("The page Sync says what to do. Work goes on, and nothing is lost.") },
        { SIGN ("sht-rescue-symbolic"), N_ ("Diagnostics file"),
          N_ ("Still not right? Make one from the menu, for whoever looks after the tablets. Nothing personal is in it.") } } },
  [SHT_HELP_FIGURES]
  = { "sht-dashboard-symbolic", N_ ("Figures"), N_ ("Everybody sees the same figures."),
      { { SIGN ("sht-dashboard-symbolic"), N_ ("How we are doing"),
          N_ ("The last seven days of your crew: what came, what was done, what is late.") },
        { SIGN ("sht-sla-ok-symbolic"), N_ ("On time"),
          N_ ("What is open and late counts, too, and not only what was done.") },
        { SIGN ("sht-clock-symbolic"), N_ ("While you wait for others"),
          N_ ("Where the service allows it, the clock is stopped, and nobody is late by it.") },
        { SIGN ("sht-crew-symbolic"), N_ ("The crews"),
          N_ ("Those who improved come first. No figure names a person.") } } },
};

/**
 * sht_help_page:
 *
 * Returns: (transfer none): what a page says
 */
const ShtHelpPage *
sht_help_page (ShtHelpTopic topic)
{
  return &pages[topic];
}

/**
 * sht_help_topic_of_page:
 * @page: (nullable): the name of one of the window's pages
 *
 * Returns: the topic that is most likely wanted there
 */
ShtHelpTopic
sht_help_topic_of_page (const char *page)
{
  static const struct
  {
    const char *page;
    ShtHelpTopic topic;
  } topics[] = { { "map", SHT_HELP_MAP },
                 { "report", SHT_HELP_REPORT },
                 { "forum", SHT_HELP_OBSTACLES },
                 { "figures", SHT_HELP_FIGURES },
                 { "sync", SHT_HELP_NO_SIGNAL } };

  for (guint i = 0; i < G_N_ELEMENTS (topics); i++)
    if (g_strcmp0 (page, topics[i].page) == 0)
      return topics[i].topic;
  return SHT_HELP_SHIFT;
}

static gboolean
has (const char *text, const char *folded)
{
  g_autofree char *here = text != NULL ? sht_text_fold (_(text)) : NULL;

  return here != NULL && strstr (here, folded) != NULL;
}

/**
 * sht_help_page_has:
 * @folded: what is looked for, as sht_text_fold() gives it
 *
 * Returns: whether a page says that, in the language of now
 */
gboolean
sht_help_page_has (ShtHelpTopic topic, const char *folded)
{
  const ShtHelpPage *page = &pages[topic];
  gboolean found = has (page->title, folded) || has (page->lead, folded);

  for (guint i = 0; i < SHT_HELP_MAX_ITEMS && !found && page->items[i].words != NULL; i++)
    found = has (page->items[i].title, folded) || has (page->items[i].words, folded);
  return found;
}
