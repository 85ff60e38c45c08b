/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/sync/engine-private.h"

#include "core/json.h"
#include "core/protocol.h"
#include "tablet/store/clock.h"
#include "tablet/sync/retry.h"

#include <string.h>

/* With no link, an ended login, or a hub that speaks another version, a try now and then still finds out that it is back. */
#define NO_LINK_RETRY_MS 30000
#define LOGIN_RETRY_MS 60000
#define WAIT_SLACK_S 20
/* A full disk may have room again without anybody telling. */
#define BROKEN_RETRY_MS 10000
#define FULL_RETRY_MS 2000
/* People are told of the last contact by the minute. */
#define CONTACT_NOTE_MS 5000

/**
 * sht_engine_new:
 * @store: the tablet's store; it must outlive the engine
 *
 * Makes the engine that talks to the hub: a state machine without a loop, clock or network of its own.
 * Ask it by sht_engine_next() what to send until it gives %NULL, tell it each outcome by
 * sht_engine_answer(), and ask again at sht_engine_wake_at().
 *
 * Returns: (transfer full): the engine
 */
ShtEngine *
sht_engine_new (ShtStore *store)
{
  ShtEngine *engine = g_new0 (ShtEngine, 1);

  engine->store = store;
  engine->link_up = TRUE;
  engine->unsettled = TRUE;
  engine->confirmed_head = sht_store_get_number (store, "confirmed_head", 0);
  engine->push_limit = SHT_PUSH_MAX_OPERATIONS;
  engine->sealed = sht_store_is_sealed_off (store);
  for (guint i = 0; i < G_N_ELEMENTS (engine->uploads); i++)
    engine->uploads[i].offset = -1;
  return engine;
}

void
sht_engine_free (ShtEngine *engine)
{
  for (guint i = 0; i < G_N_ELEMENTS (engine->uploads); i++)
    sht_engine_upload_reset (&engine->uploads[i]);
  g_clear_pointer (&engine->downloading, sht_voice_wanted_free);
  g_free (engine->odd);
  g_clear_pointer (&engine->map, sht_map_download_free);
  g_clear_pointer (&engine->pushing, g_ptr_array_unref);
  g_clear_pointer (&engine->page, g_bytes_unref);
  g_free (engine->page_cursor);
  g_free (engine->incarnation);
  g_free (engine->problem);
  g_free (engine);
}

/* There is something new to be pulled. A pull that is on its way may have been answered before. */
void
sht_engine_want_pull (ShtEngine *engine)
{
  engine->pulled_all = FALSE;
  engine->wanted++;
}

/**
 * sht_engine_set_live:
 * @live: whether to wait at the hub for changes when all else is done
 */
void
sht_engine_set_live (ShtEngine *engine, gboolean live)
{
  engine->live = live;
}

/**
 * sht_engine_set_link:
 * @up: whether the machine has a network
 *
 * A link that has come back is tried at once.
 */
void
sht_engine_set_link (ShtEngine *engine, gboolean up)
{
  if (up && !engine->link_up)
    for (guint i = 0; i < SHT_N_LANES; i++)
      {
        engine->lanes[i].retry_at = 0;
        engine->lanes[i].failures = 0;
      }
  engine->link_up = up;
}

/**
 * sht_engine_set_sparing:
 * @sparing: whether the link costs money, or the battery runs low
 *
 * Full photos, voice notes of others and newer maps wait meanwhile; a map that was asked for by hand, statuses, notes and thumbnails go.
 */
void
sht_engine_set_sparing (ShtEngine *engine, gboolean sparing)
{
  engine->sparing = sparing;
  engine->look_for_map = TRUE;
  if (sparing)
    sht_engine_uploaded_some (engine);
}

/**
 * sht_engine_poke:
 *
 * Something was done on the tablet, or the person wants to try now.
 */
void
sht_engine_poke (ShtEngine *engine)
{
  sht_engine_want_pull (engine);
  engine->broken_until = 0;
  engine->look_for_map = TRUE;
  engine->maps_rest = FALSE;
  for (guint i = 0; i < SHT_N_LANES; i++)
    {
      engine->lanes[i].retry_at = 0;
      engine->lanes[i].failures = 0;
    }
}

void
sht_engine_set_problem (ShtEngine *engine, ShtTouch touch, const char *problem)
{
  engine->touch = touch;
  g_free (engine->problem);
  engine->problem = g_strdup (problem);
}

/* The tablet's own store failed, a full disk for example. Nothing is lost: what was not written was not
 * confirmed either. A poke, or some time, tries again. */
void
sht_engine_break (ShtEngine *engine, GError *error)
{
  ShtTouch touch = g_error_matches (error, SHT_DB_ERROR, SHT_DB_ERROR_FULL) ? SHT_TOUCH_FULL : SHT_TOUCH_BROKEN;

  engine->broken_until = engine->mono_ms + BROKEN_RETRY_MS;
  sht_engine_set_problem (engine, touch, error != NULL ? error->message : "the store failed");
  g_clear_error (&error);
}

void
sht_engine_succeeded (ShtEngine *engine, ShtLane lane)
{
  engine->lanes[lane].failures = 0;
  engine->lanes[lane].retry_at = 0;
  sht_engine_set_problem (engine, SHT_TOUCH_GOOD, NULL);
}

/**
 * sht_engine_problem_of:
 *
 * Returns: (transfer full): why a request did not do what it should, in plain English
 */
char *
sht_engine_problem_of (ShtAnswer *answer)
{
  gsize length = 0;
  const char *text = answer->body != NULL ? g_bytes_get_data (answer->body, &length) : NULL;
  g_autoptr (JsonObject) json = text != NULL ? sht_json_parse_object (text, (gssize) length, NULL) : NULL;
  const char *message = sht_json_string (json, "message");

  if (answer->status == 0)
    return g_strdup (answer->problem != NULL ? answer->problem : "no answer");
  return message != NULL ? g_strdup (message) : g_strdup_printf ("the hub answered %u", answer->status);
}

/* The hub understands none of this program's requests: one or the other needs an update, and none of them is to blame. */
static gboolean
is_another_version (ShtAnswer *answer)
{
  g_autofree char *code = answer->status == 400 ? sht_answer_error_code (answer) : NULL;

  return g_strcmp0 (code, SHT_ERROR_PROTOCOL) == 0;
}

/* A HEAD has no body to say it in; and some gateway on the way may shut everything out. */
static gboolean
is_login_ended (ShtAnswer *answer)
{
  return (answer->status == 401 || answer->status == 403)
         && (answer->body == NULL || g_bytes_get_size (answer->body) == 0 || sht_answer_is_the_hubs (answer));
}

/**
 * sht_engine_failed:
 *
 * A request did not do what it should: when to try again, and what to tell.
 */
void
sht_engine_failed (ShtEngine *engine, ShtLane lane, ShtAnswer *answer, gint64 mono_ms)
{
  ShtLaneState *state = &engine->lanes[lane];
  g_autofree char *problem = sht_engine_problem_of (answer);
  gint64 delay;
  ShtTouch touch = answer->status == 0 ? SHT_TOUCH_NONE : SHT_TOUCH_MISFIT;

  state->failures++;
  delay = sht_retry_delay_ms (state->failures, engine->store->world.random, engine->store->world.data);
  delay = MAX (delay, sht_retry_after_ms (sht_answer_header (answer, "retry-after"), sht_store_now (engine->store)));
  if (!engine->link_up)
    delay = NO_LINK_RETRY_MS;
  if (is_login_ended (answer))
    {
      touch = SHT_TOUCH_LOGIN_ENDED;
      delay = LOGIN_RETRY_MS;
    }
  else if (answer->status == 401 || answer->status == 403)
    touch = SHT_TOUCH_NONE;
  else if (is_another_version (answer))
    delay = LOGIN_RETRY_MS;
  else if (sht_retry_is_transient (answer->status))
    touch = answer->status >= 500 ? SHT_TOUCH_HUB_TROUBLE : SHT_TOUCH_NONE;
  state->retry_at = mono_ms + delay;
  sht_engine_set_problem (engine, touch, problem);
}

static ShtRequest *
next_pull (ShtEngine *engine)
{
  g_autofree char *cursor = NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *path = NULL;
  ShtRequest *request;

  if (engine->pulled_all && !engine->live && engine->page == NULL)
    return NULL;
  /* While a page waits to be stored only the one behind it is fetched, where there is one. */
  if (engine->page != NULL && engine->page_cursor == NULL)
    return NULL;
  /* What is done here goes first, so that what comes back already holds it. */
  if (!engine->pulled_all && engine->lanes[SHT_LANE_PUSH].busy)
    return NULL;
  /* The last of the room is for what is done here. */
  if (sht_store_room (engine->store, NULL) == SHT_ROOM_RESERVE)
    {
      engine->lanes[SHT_LANE_PULL].retry_at = engine->mono_ms + FULL_RETRY_MS;
      sht_engine_set_problem (engine, SHT_TOUCH_FULL, "this tablet is full: what is new at the hub waits until there is room");
      return NULL;
    }
  engine->pull_generation = sht_store_generation (engine->store);
  cursor = engine->page != NULL ? g_steal_pointer (&engine->page_cursor)
                                : sht_store_get_text (engine->store, "cursor");
  escaped = g_uri_escape_string (cursor != NULL ? cursor : "", NULL, FALSE);
  engine->waiting_pull = engine->pulled_all && engine->page == NULL;
  engine->pull_head = engine->confirmed_head;
  engine->pull_wanted = engine->wanted;
  engine->pull_files = engine->sent_files;
  path = g_strdup_printf ("/v1/sync/pull?cursor=%s&limit=%d%s", escaped, SHT_PULL_MAX_ROWS,
                          engine->waiting_pull ? "&wait=" G_STRINGIFY (SHT_PULL_MAX_WAIT_S) : "");
  request = sht_request_new (SHT_LANE_PULL, "GET", path);
  if (engine->waiting_pull)
    request->timeout_s = SHT_PULL_MAX_WAIT_S + WAIT_SLACK_S;
  return request;
}

/**
 * sht_engine_next:
 * @mono_ms: a monotonic clock, ms
 *
 * Returns: (transfer full) (nullable): the next request to be sent, to be answered by
 *   sht_engine_answer() in any case; %NULL when there is none for now
 */
ShtRequest *
sht_engine_next (ShtEngine *engine, gint64 mono_ms)
{
  engine->mono_ms = mono_ms;
  if (engine->store->device.token == NULL || engine->broken_until > mono_ms)
    return NULL;
  engine->broken_until = 0;
  for (guint lane = 0; lane < SHT_N_LANES; lane++)
    {
      ShtRequest *request = NULL;

      if (engine->lanes[lane].busy || engine->lanes[lane].retry_at > mono_ms || (engine->sealed && lane != SHT_LANE_PUSH))
        continue;
      /* It is due: were it left standing, a lane with nothing to send would wake its owner for ever. */
      engine->lanes[lane].retry_at = 0;
      if (engine->sealed)
        request = sht_engine_next_unsent (engine);
      else if (lane == SHT_LANE_PUSH)
        request = sht_engine_next_push (engine);
      else if (lane == SHT_LANE_PULL)
        request = next_pull (engine);
      else if (lane == SHT_LANE_VOICES)
        request = sht_engine_next_download (engine);
      else if (lane == SHT_LANE_MAPS)
        request = sht_engine_next_map_part (engine);
      else if (lane == SHT_LANE_POSITIONS)
        request = sht_engine_next_positions (engine);
      else if (lane == SHT_LANE_THUMBS || !engine->sparing)
        request = sht_engine_next_upload (engine, lane, mono_ms);
      if (request == NULL)
        continue;
      engine->lanes[lane].busy = TRUE;
      engine->lanes[lane].sent_mono = mono_ms;
      if (request->body != NULL)
        engine->counts.bytes_up += g_bytes_get_size (request->body);
      return request;
    }
  return NULL;
}

/* The middle of the round trip is the best guess at when the hub looked at its clock. */
void
sht_engine_compare_clocks (ShtEngine *engine, ShtLane lane, gint64 hub_now, gint64 received_mono, gint64 mono_ms)
{
  gint64 half_way = (received_mono - engine->lanes[lane].sent_mono) / 2;

  if (hub_now > 0 && hub_now <= SHT_TIME_MAX)
    sht_store_hear_clock (engine->store, hub_now + half_way + mono_ms - received_mono, half_way, NULL);
}

/* The hub cannot read the push as a whole: smaller ones find the operation that is to blame, which is set
 * aside so that the rest goes on. */
static void
forget_page (ShtEngine *engine)
{
  g_clear_pointer (&engine->page, g_bytes_unref);
  g_clear_pointer (&engine->page_cursor, g_free);
}

/* The store begins anew: what was asked before is answered for a history that may be lost. */
void
sht_engine_history_changed (ShtEngine *engine)
{
  engine->confirmed_head = 0;
  engine->unsettled = TRUE;
  forget_page (engine);
  sht_engine_want_pull (engine);
  for (guint lane = 0; lane < SHT_N_LANES; lane++)
    engine->drop[lane] = engine->lanes[lane].busy;
  for (guint i = 0; i < G_N_ELEMENTS (engine->uploads); i++)
    sht_engine_upload_reset (&engine->uploads[i]);
}

void
sht_engine_start_resync (ShtEngine *engine)
{
  g_autoptr (GError) error = NULL;

  sht_engine_history_changed (engine);
  if (!sht_store_start_resync (engine->store, &error))
    sht_engine_break (engine, g_steal_pointer (&error));
}

/* Once is at once; a hub that says so again and again is given time. */
void
sht_engine_begin_anew (ShtEngine *engine, ShtLane lane, ShtAnswer *answer, const char *why, gint64 mono_ms)
{
  if (engine->turns++ == 0)
    return;
  sht_engine_failed (engine, lane, answer, mono_ms);
  sht_engine_set_problem (engine, SHT_TOUCH_MISFIT, why);
}

/* The cursor in a page's last line when more follows: the page behind it can be on its way while this one
 * is stored. Only a wish: what is stored decides where the next pull really starts. */
static char *
cursor_behind (const char *body, gsize length)
{
  static const char more[] = "\"more\":true";
  const char *last = length > 1 ? memrchr (body, '\n', length - 1) : NULL;
  g_autoptr (JsonObject) json = NULL;

  if (last == NULL)
    return NULL;
  /* Most pages are the last of their pull. */
  if (memmem (last + 1, (gsize) (body + length - 1 - last), more, strlen (more)) == NULL)
    return NULL;
  json = sht_json_parse_object (last + 1, body + length - 1 - last, NULL);
  return sht_json_bool (json, "more") ? g_strdup (sht_json_string (json, "cursor")) : NULL;
}

/* The page is older than what the hub has confirmed. When it was asked for before that, the next one will
 * do; when after, the hub itself has gone back. */
static void
page_was_stale (ShtEngine *engine, ShtAnswer *answer, gint64 head, gint64 mono_ms)
{
  if (head >= engine->page_head)
    return;
  sht_engine_start_resync (engine);
  sht_engine_failed (engine, SHT_LANE_PULL, answer, mono_ms);
  sht_engine_set_problem (engine, SHT_TOUCH_MISFIT, "the hub has forgotten what it had confirmed");
}

static void
page_failed (ShtEngine *engine, GError *error, gint64 head, gint64 mono_ms)
{
  g_autoptr (ShtAnswer) none = sht_answer_new (0);

  engine->drop[SHT_LANE_PULL] = engine->lanes[SHT_LANE_PULL].busy;
  if (g_error_matches (error, SHT_STORE_ERROR, SHT_STORE_ERROR_OTHER_HISTORY))
    {
      sht_engine_history_changed (engine);
      sht_engine_begin_anew (engine, SHT_LANE_PULL, none, error->message, mono_ms);
      return;
    }
  if (g_error_matches (error, SHT_STORE_ERROR, SHT_STORE_ERROR_STALE))
    {
      page_was_stale (engine, none, head, mono_ms);
      return;
    }
  sht_engine_failed (engine, SHT_LANE_PULL, none, mono_ms);
  sht_engine_set_problem (engine, SHT_TOUCH_MISFIT, error->message);
  if (error->domain == SHT_DB_ERROR)
    sht_engine_break (engine, g_error_copy (error));
}

/* Returns: whether it is stored, so that the page behind it fits. */
static gboolean
store_page (ShtEngine *engine, gint64 mono_ms)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = g_steal_pointer (&engine->page);
  gsize length;
  const char *data;
  ShtPage page;

  g_clear_pointer (&engine->page_cursor, g_free);
  data = g_bytes_get_data (body, &length);
  if (!sht_store_take_page (engine->store, data, length, engine->page_generation, engine->confirmed_head, &page, &error))
    {
      page_failed (engine, error, page.head, mono_ms);
      return FALSE;
    }
  engine->counts.pulled += page.rows;
  engine->told = engine->page_wanted;
  engine->pulled_all = !page.more && engine->page_wanted == engine->wanted;
  sht_engine_maps_may_have_changed (engine, page.rows > 0);
  if (engine->pulled_all)
    {
      engine->turns = 0;
      sht_store_drop_gone_maps (engine->store, NULL);
    }
  /* Asked for after the last upload had ended: its head is past it. */
  if (engine->unsettled && engine->page_files == engine->sent_files)
    engine->unsettled = !sht_store_settle_uploads (engine->store, page.head, page.now, NULL);
  if (engine->received_mono > 0)
    sht_engine_compare_clocks (engine, SHT_LANE_PULL, page.now, engine->received_mono, mono_ms);
  sht_engine_succeeded (engine, SHT_LANE_PULL);
  return TRUE;
}

static void
pull_answered (ShtEngine *engine, ShtAnswer *answer, gint64 mono_ms)
{
  g_autoptr (GError) error = NULL;

  /* Only the hub's own word: some gateway on the way may answer so to everything. */
  if (answer->status == 410 && sht_answer_is_the_hubs (answer))
    {
      sht_engine_start_resync (engine);
      sht_engine_begin_anew (engine, SHT_LANE_PULL, answer, "the hub asks to begin anew again and again", mono_ms);
      return;
    }
  if (answer->status != 200 || answer->body == NULL)
    {
      sht_engine_failed (engine, SHT_LANE_PULL, answer, mono_ms);
      return;
    }
  /* One page waits at the most; when it cannot be stored, this one behind it does not fit either. */
  if (engine->page != NULL && (!store_page (engine, mono_ms) || engine->pulled_all))
    return;
  engine->page = g_bytes_ref (answer->body);
  engine->page_cursor = cursor_behind (g_bytes_get_data (engine->page, NULL), g_bytes_get_size (engine->page));
  engine->page_head = engine->pull_head;
  engine->page_generation = engine->pull_generation;
  engine->page_wanted = engine->pull_wanted;
  engine->page_files = engine->pull_files;
  engine->received_mono = !engine->waiting_pull && engine->page_cursor == NULL ? mono_ms : 0;
}

/**
 * sht_engine_work:
 * @mono_ms: the monotonic clock, ms
 *
 * Stores what has come, if something has. To be called when sht_engine_next() gives nothing more, after
 * its requests are on their way: so the hub prepares the next page while this one is stored.
 *
 * Returns: whether there was something to do
 */
gboolean
sht_engine_work (ShtEngine *engine, gint64 mono_ms)
{
  if (engine->page == NULL)
    return FALSE;
  store_page (engine, mono_ms);
  return TRUE;
}

/* Each time would be a sync of the disk for each answer that brings nothing else. */
static void
note_contact (ShtEngine *engine, gint64 mono_ms)
{
  if (engine->contact_noted > 0 && mono_ms - engine->contact_noted < CONTACT_NOTE_MS)
    return;
  engine->store->contact = sht_store_now (engine->store);
  engine->contact_noted = mono_ms;
}

static void
take_answer (ShtEngine *engine, ShtLane lane, ShtAnswer *answer, gint64 mono_ms)
{
  if (lane == SHT_LANE_PUSH)
    sht_engine_push_answer (engine, answer, mono_ms);
  else if (lane == SHT_LANE_PULL)
    pull_answered (engine, answer, mono_ms);
  else if (lane == SHT_LANE_VOICES)
    sht_engine_download_answer (engine, answer, mono_ms);
  else if (lane == SHT_LANE_MAPS)
    sht_engine_map_answer (engine, answer, mono_ms);
  else if (lane == SHT_LANE_POSITIONS)
    sht_engine_positions_answer (engine, answer, mono_ms);
  else
    sht_engine_upload_answer (engine, lane, answer, mono_ms);
}

/**
 * sht_engine_answer:
 * @lane: whose request it was
 * @answer: what came of it
 * @mono_ms: the monotonic clock, ms
 */
void
sht_engine_answer (ShtEngine *engine, ShtLane lane, ShtAnswer *answer, gint64 mono_ms)
{
  engine->mono_ms = mono_ms;
  engine->lanes[lane].busy = FALSE;
  if (answer->body != NULL)
    engine->counts.bytes_down += g_bytes_get_size (answer->body);
  if (answer->status > 0 && answer->status != 401 && answer->status < 500)
    note_contact (engine, mono_ms);
  if (engine->drop[lane])
    engine->drop[lane] = FALSE;
  else if (is_another_version (answer))
    sht_engine_failed (engine, lane, answer, mono_ms);
  else if (engine->sealed && lane == SHT_LANE_PUSH && engine->pushing == NULL)
    sht_engine_unsent_answer (engine, answer, mono_ms);
  else if (!sht_engine_take_seal (engine, answer))
    take_answer (engine, lane, answer, mono_ms);
  if (lane == SHT_LANE_PUSH)
    g_clear_pointer (&engine->pushing, g_ptr_array_unref);
  /* A page that waits will be stored in a moment. */
  if (engine->page == NULL)
    sht_store_note_contact (engine->store, NULL);
}

/**
 * sht_engine_call_off:
 * @lane: whose request it was
 *
 * Instead of sht_engine_answer(), for a request that was ended by its owner before anything of it had left this
 * machine: no failure, and what it carried does not count as sent.
 */
void
sht_engine_call_off (ShtEngine *engine, ShtLane lane)
{
  g_autoptr (GError) error = NULL;

  engine->lanes[lane].busy = FALSE;
  engine->drop[lane] = FALSE;
  /* What a sealed tablet says carries no operations. */
  if (lane != SHT_LANE_PUSH || engine->pushing == NULL)
    return;
  if (!sht_store_not_sent (engine->store, engine->pushing, &error))
    sht_engine_break (engine, g_steal_pointer (&error));
  g_clear_pointer (&engine->pushing, g_ptr_array_unref);
}

/**
 * sht_engine_wake_at:
 *
 * Returns: monotonic ms at which sht_engine_next() may have something new; %G_MAXINT64 when only an
 *   answer, a poke or the link can bring it
 */
gint64
sht_engine_wake_at (ShtEngine *engine)
{
  gint64 at = G_MAXINT64;

  if (engine->store->device.token == NULL)
    return at;
  for (guint i = 0; i < SHT_N_LANES; i++)
    if (!engine->lanes[i].busy && engine->lanes[i].retry_at > 0)
      at = MIN (at, engine->lanes[i].retry_at);
  /* Nothing is sent before then, whatever the lanes say. */
  return engine->broken_until > 0 ? engine->broken_until : at;
}

static gboolean
has_thumb (ShtEngine *engine)
{
  g_autoptr (ShtUpload) upload = sht_store_next_upload (engine->store, TRUE, NULL);

  return upload != NULL;
}

/**
 * sht_engine_is_settled:
 *
 * Returns: whether all is sent that can be, all is pulled, and nothing is under way but waiting for
 *   changes. What a person has to decide, and what depends on that, does not count, nor do photos that are spared and voice
 *   notes and maps that have to wait for room.
 */
gboolean
sht_engine_is_settled (ShtEngine *engine)
{
  gint64 operations = 0;
  gint64 photos = 0;

  if (!engine->pulled_all || engine->page != NULL || engine->lanes[SHT_LANE_PUSH].busy || engine->lanes[SHT_LANE_THUMBS].busy
      || engine->lanes[SHT_LANE_PHOTOS].busy || engine->lanes[SHT_LANE_VOICES].busy
      || engine->lanes[SHT_LANE_MAPS].busy)
    return FALSE;
  if (!sht_store_count_sendable (engine->store, &operations, &photos, NULL) || operations > 0)
    return FALSE;
  return (photos == 0 || (engine->sparing && !has_thumb (engine))) && !sht_engine_wants_voice (engine)
         && !sht_engine_wants_map (engine);
}

ShtTouch
sht_engine_get_touch (ShtEngine *engine)
{
  return engine->touch;
}

/**
 * sht_engine_get_problem:
 *
 * Returns: (transfer none) (nullable): in plain English, why the last try failed
 */
const char *
sht_engine_get_problem (ShtEngine *engine)
{
  return engine->problem;
}

const ShtEngineCounts *
sht_engine_get_counts (ShtEngine *engine)
{
  return &engine->counts;
}
