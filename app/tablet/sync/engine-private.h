/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/map.h"
#include "tablet/sync/engine.h"

G_BEGIN_DECLS

/**
 * ShtLaneState:
 * @busy: whether a request is under way
 * @failures: attempts that failed in a row
 * @retry_at: monotonic ms before which nothing is sent; 0 when nothing holds it back
 */
typedef struct
{
  gboolean busy;
  guint failures;
  gint64 retry_at;
  gint64 sent_mono; /* when the request under way was sent, by which the clocks are compared */
} ShtLaneState;

/**
 * ShtUploadState:
 * @upload: (owned) (nullable): the bytes under way
 * @offset: how much the hub has, -1 when that is not known
 * @sending: how many bytes the request under way carries
 * @sent_at: when it left
 * @chunk: how many bytes the next one carries, by what the link was seen to carry
 * @mismatches: how often the hub found other bytes than announced
 * @unknown: the reason to pull that there was since the hub said that it knows no such photo; 0 while it has not
 * @bare: the next creation carries no bytes: one with bytes went wrong, or its answer was lost
 */
typedef struct
{
  ShtUpload *upload;
  gint64 offset;
  gsize sending;
  gint64 sent_at;
  gsize chunk;
  guint mismatches;
  guint unknown;
  gboolean bare;
} ShtUploadState;

struct _ShtEngine
{
  ShtStore *store; /* (unowned) */
  ShtLaneState lanes[SHT_N_LANES];
  ShtUploadState uploads[2]; /* thumbnails, photos */
  ShtVoiceWanted *downloading; /* (owned) (nullable): the voice note under way */
  char *odd;             /* (owned) (nullable): the voice note for which another number of bytes came */
  guint odd_times;       /* how often, with news from the hub in between */
  guint odd_wanted;      /* the reason to pull that there was since */
  ShtMapDownload *map;   /* (owned) (nullable): the map under way */
  gboolean look_for_map; /* whether it is still the one that is wanted has to be looked at */
  gint64 map_part;       /* bytes to be asked for next, by what the link was seen to carry */
  gboolean maps_rest;    /* none can be had for now: nobody waits for one meanwhile */
  gint64 telling; /* the newest position under way: see sht_store_next_positions() */
  gboolean sealed; /* by the hub: it is told what was not sent, and no more */
  gboolean live;
  gboolean link_up;
  gboolean with_bytes;   /* the hub takes an upload's first bytes with its creation, as it last said */
  gboolean sparing; /* full photos wait */
  gboolean pulled_all;   /* nothing more was to be pulled when last asked */
  gboolean waiting_pull; /* the pull under way waits for a change */
  guint push_limit;      /* operations in one push; less after one that the hub could not read */
  GPtrArray *pushing;    /* (owned) (nullable): the operations under way */
  GBytes *page;          /* (owned) (nullable): a page that came and is still to be stored */
  char *page_cursor;     /* (owned) (nullable): the cursor at its end, from which the next is asked for */
  gint64 confirmed_head; /* the hub's head when it last confirmed something */
  gboolean drop[SHT_N_LANES]; /* the answer under way belongs to what is no more: a page that was not stored, a
                               * history of the hub that was lost */
  guint turns;           /* how often the hub made us begin anew since it last took or gave something */
  gboolean uploaded;     /* photos were sent since it was last asked what has changed at the hub */
  gboolean unsettled;    /* photos were sent of which it is not known by which number the hub has them */
  char *incarnation;     /* (owned) (nullable): under which the operations under way are numbered */
  gint64 received_mono;  /* when the page that waits came; 0 when it tells nothing of the clocks */
  guint sent_files;      /* uploads that have ended */
  guint pull_files;      /* what that was when the pull under way was sent */
  guint page_files;      /* and for the page that waits */
  guint wanted;          /* raised whenever there is a reason to pull again */
  guint pull_wanted;     /* what that was when the pull under way was sent */
  guint page_wanted;     /* and for the page that waits */
  guint told;            /* and for the last one that was stored */
  gint64 pull_head;      /* the confirmed head when the pull under way was sent */
  gint64 page_head;      /* what that was for the page that waits */
  gint64 pull_generation; /* the store's when the pull under way was sent */
  gint64 page_generation; /* and when that of the page that waits was */
  gint64 mono_ms;        /* the monotonic clock, when last told */
  gint64 contact_noted;  /* monotonic ms when the last contact was noted in the store; 0 never */
  ShtTouch touch;
  char *problem; /* (owned) (nullable) */
  ShtEngineCounts counts;
  gint64 broken_until; /* the store failed: nothing goes on before, 0 while it works */
};

void sht_engine_want_pull (ShtEngine *engine);
void sht_engine_failed (ShtEngine *engine, ShtLane lane, ShtAnswer *answer, gint64 mono_ms);
void sht_engine_succeeded (ShtEngine *engine, ShtLane lane);
void sht_engine_set_problem (ShtEngine *engine, ShtTouch touch, const char *problem);
void sht_engine_break (ShtEngine *engine, GError *error);

char *sht_engine_problem_of (ShtAnswer *answer) G_GNUC_WARN_UNUSED_RESULT;
void sht_engine_begin_anew (ShtEngine *engine, ShtLane lane, ShtAnswer *answer, const char *why, gint64 mono_ms);
void sht_engine_history_changed (ShtEngine *engine);
void sht_engine_start_resync (ShtEngine *engine);
void sht_engine_compare_clocks (ShtEngine *engine, ShtLane lane, gint64 hub_now, gint64 received_mono, gint64 mono_ms);
ShtRequest *sht_engine_next_push (ShtEngine *engine) G_GNUC_WARN_UNUSED_RESULT;
void sht_engine_push_answer (ShtEngine *engine, ShtAnswer *answer, gint64 mono_ms);

ShtRequest *sht_engine_next_upload (ShtEngine *engine, ShtLane lane, gint64 mono_ms);
void sht_engine_upload_answer (ShtEngine *engine, ShtLane lane, ShtAnswer *answer, gint64 mono_ms);
void sht_engine_uploaded_some (ShtEngine *engine);
gboolean sht_engine_wants_voice (ShtEngine *engine);
ShtRequest *sht_engine_next_download (ShtEngine *engine) G_GNUC_WARN_UNUSED_RESULT;
void sht_engine_download_answer (ShtEngine *engine, ShtAnswer *answer, gint64 mono_ms);
gboolean sht_engine_wants_map (ShtEngine *engine);
void sht_engine_maps_may_have_changed (ShtEngine *engine, gboolean news);
ShtRequest *sht_engine_next_map_part (ShtEngine *engine) G_GNUC_WARN_UNUSED_RESULT;
void sht_engine_map_answer (ShtEngine *engine, ShtAnswer *answer, gint64 mono_ms);
gboolean sht_engine_take_seal (ShtEngine *engine, ShtAnswer *answer);
ShtRequest *sht_engine_next_unsent (ShtEngine *engine) G_GNUC_WARN_UNUSED_RESULT;
void sht_engine_unsent_answer (ShtEngine *engine, ShtAnswer *answer, gint64 mono_ms);
ShtRequest *sht_engine_next_positions (ShtEngine *engine) G_GNUC_WARN_UNUSED_RESULT;
void sht_engine_positions_answer (ShtEngine *engine, ShtAnswer *answer, gint64 mono_ms);
void sht_engine_upload_reset (ShtUploadState *state);

G_END_DECLS
