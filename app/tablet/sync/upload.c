/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/sync/engine-private.h"

#include "core/json.h"
#include "core/protocol.h"
#include "platform/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* tus 1.0.0: one upload at a time in each lane, resumed where the hub says it stands. */

#define TUS_VERSION "1.0.0"
/* What a server that takes bytes with the creation says among its extensions. */
#define WITH_BYTES "creation-with-upload"
#define MOST_MISMATCHES 3
/* Sentences that the interface has in its own language. */
#define DAMAGED_PHOTO "the photo's file on this tablet is damaged"
#define DAMAGED_VOICE "the voice note's file on this tablet is damaged"
#define PHOTO_NOT_TAKEN "the hub does not take this photo"
#define VOICE_NOT_TAKEN "the hub does not take this voice note"
/* How long a chunk is to be on its way: no status waits longer behind one, and no more goes again when the link breaks. */
#define CHUNK_MS 600
#define FIRST_CHUNK_BYTES (64 * 1024)

void
sht_engine_upload_reset (ShtUploadState *state)
{
  g_clear_pointer (&state->upload, sht_upload_free);
  state->offset = -1;
  state->mismatches = 0;
  state->unknown = 0;
  state->bare = FALSE;
}

static void
set_chunk (ShtUploadState *state, gsize bytes)
{
  state->chunk = CLAMP (bytes / SHT_UPLOAD_CHUNK_LEAST_BYTES * SHT_UPLOAD_CHUNK_LEAST_BYTES,
                        SHT_UPLOAD_CHUNK_LEAST_BYTES, SHT_UPLOAD_CHUNK_MOST_BYTES);
}

/* A whole chunk has arrived; one that was smaller tells of the way there and back, not of the link. */
static void
learn (ShtUploadState *state, gint64 mono_ms)
{
  gint64 took = MAX (1, mono_ms - state->sent_at);

  if (state->sending == state->chunk)
    set_chunk (state, MIN (2 * state->chunk, (gsize)((gint64)state->sending * CHUNK_MS / took)));
}

static ShtUploadState *
state_of (ShtEngine *engine, ShtLane lane)
{
  return &engine->uploads[lane - SHT_LANE_THUMBS];
}

static const char *
damaged (const ShtUploadState *state)
{
  return state->upload->is_voice ? DAMAGED_VOICE : DAMAGED_PHOTO;
}

static const char *
not_taken (const ShtUploadState *state)
{
  return state->upload->is_voice ? VOICE_NOT_TAKEN : PHOTO_NOT_TAKEN;
}

static GBytes *
read_chunk (ShtEngine *engine, ShtUploadState *state, GError **error)
{
  g_autofree char *path = sht_store_blob_path (engine->store, state->upload->sha256);
  gsize length = (gsize) MIN ((gint64) state->chunk, state->upload->size - state->offset);
  g_autofree guint8 *buffer = g_malloc (length);
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gssize n = fd >= 0 ? pread (fd, buffer, length, state->offset) : -1;

  if (fd >= 0)
    close (fd);
  if (n == (gssize) length)
    return g_bytes_new_take (g_steal_pointer (&buffer), length);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, damaged (state));
  return NULL;
}

static ShtRequest *
tus_request (ShtLane lane, const char *method, const char *path)
{
  ShtRequest *request = sht_request_new (lane, method, path);

  sht_request_set_header (request, "Tus-Resumable", TUS_VERSION);
  return request;
}

static ShtRequest *
create_request (ShtLane lane, ShtUpload *upload)
{
  ShtRequest *request = tus_request (lane, "POST", "/v1/files/");
  g_autofree char *length = g_strdup_printf ("%" G_GINT64_FORMAT, upload->size);
  g_autofree char *hash = g_base64_encode ((const guchar *) upload->sha256, strlen (upload->sha256));
  g_autofree char *photo = g_base64_encode ((const guchar *) upload->photo, strlen (upload->photo));
  g_autofree char *metadata = g_strdup_printf ("sha256 %s,photo %s", hash, photo);

  sht_request_set_header (request, "Upload-Length", length);
  sht_request_set_header (request, "Upload-Metadata", metadata);
  return request;
}

static void
add_chunk (ShtRequest *request, GBytes *chunk)
{
  g_autofree char *encoded = NULL;
  g_autofree char *checksum = NULL;
  guint8 digest[SHT_SHA256_BYTES];
  ShtSha256 sum;

  sht_sha256_begin (&sum);
  sht_sha256_add (&sum, g_bytes_get_data (chunk, NULL), g_bytes_get_size (chunk));
  sht_sha256_end (&sum, digest);
  encoded = g_base64_encode (digest, sizeof digest);
  checksum = g_strconcat ("sha256 ", encoded, NULL);
  sht_request_set_header (request, "Upload-Checksum", checksum);
  request->content_type = "application/offset+octet-stream";
  request->body = g_bytes_ref (chunk);
}

static ShtRequest *
patch_request (ShtLane lane, ShtUploadState *state)
{
  ShtRequest *request = tus_request (lane, "PATCH", state->upload->url);
  g_autofree char *offset = g_strdup_printf ("%" G_GINT64_FORMAT, state->offset);

  sht_request_set_header (request, "Upload-Offset", offset);
  return request;
}

static void
set_aside (ShtEngine *engine, ShtUploadState *state, const char *reason)
{
  g_autoptr (GError) error = NULL;

  engine->counts.attention++;
  if (!sht_store_upload_refused (engine->store, state->upload, reason, &error))
    sht_engine_break (engine, g_steal_pointer (&error));
  sht_engine_upload_reset (state);
}

/**
 * sht_engine_next_upload:
 *
 * Returns: (transfer full) (nullable): the lane's next step: create, with a chunk where the hub takes it, ask how far it
 *   got, or send a chunk
 */
ShtRequest *
sht_engine_next_upload (ShtEngine *engine, ShtLane lane, gint64 mono_ms)
{
  ShtUploadState *state = state_of (engine, lane);
  g_autoptr (GBytes) chunk = NULL;
  ShtRequest *request;

  if (state->chunk == 0)
    state->chunk = FIRST_CHUNK_BYTES;
  state->sent_at = mono_ms;
  while (chunk == NULL)
    {
      g_autoptr (GError) error = NULL;

      if (state->upload == NULL)
        {
          state->upload = sht_store_next_upload (engine->store, lane == SHT_LANE_THUMBS, &error);
          state->offset = -1;
          if (error != NULL)
            sht_engine_break (engine, g_steal_pointer (&error));
          if (state->upload == NULL)
            return NULL;
        }
      state->sending = 0;
      if (state->upload->url == NULL && (!engine->with_bytes || state->bare || state->upload->size == 0))
        return create_request (lane, state->upload);
      if (state->upload->url == NULL)
        state->offset = 0;
      if (state->offset < 0)
        return tus_request (lane, "HEAD", state->upload->url);
      chunk = read_chunk (engine, state, &error);
      /* The next photo does not wait for one that cannot be read. */
      if (chunk == NULL)
        set_aside (engine, state, error->message);
      if (engine->broken_until > 0)
        return NULL;
    }
  state->sending = g_bytes_get_size (chunk);
  request = state->upload->url == NULL ? create_request (lane, state->upload) : patch_request (lane, state);
  add_chunk (request, chunk);
  return request;
}

/**
 * sht_engine_get_photo:
 * @sent: (out): bytes of it that the hub has, as far as is known
 * @size: (out): all its bytes
 *
 * Returns: (nullable): the id of the photo whose bytes are under way, valid until the engine goes on
 */
const char *
sht_engine_get_photo (ShtEngine *engine, gint64 *sent, gint64 *size)
{
  ShtUploadState *state = state_of (engine, SHT_LANE_PHOTOS);

  *sent = state->upload != NULL ? MAX (0, state->offset) : 0;
  *size = state->upload != NULL ? state->upload->size : 0;
  return state->upload != NULL ? state->upload->photo : NULL;
}

/* Nobody asks again for the address of what is there as a whole: that need not be written down. */
static void
set_url (ShtEngine *engine, ShtUploadState *state, const char *url, gboolean keep)
{
  g_autoptr (GError) error = NULL;

  g_free (state->upload->url);
  state->upload->url = g_strdup (url);
  state->offset = -1;
  if (keep && !sht_store_note_upload (engine->store, state->upload, url, &error))
    sht_engine_break (engine, g_steal_pointer (&error));
}

/**
 * sht_engine_uploaded_some:
 *
 * The tickets' photos have changed at the hub: it is asked once for many, when a lane comes to its end or is held up.
 */
void
sht_engine_uploaded_some (ShtEngine *engine)
{
  if (!engine->uploaded)
    return;
  engine->uploaded = FALSE;
  sht_engine_want_pull (engine);
}

/* How far the hub says the upload is; at its end it has verified the whole. */
static void
reached (ShtEngine *engine, ShtLane lane, gint64 offset)
{
  ShtUploadState *state = state_of (engine, lane);
  g_autoptr (ShtUpload) next = NULL;
  g_autoptr (GError) error = NULL;

  state->offset = offset >= 0 && offset <= state->upload->size ? offset : -1;
  if (state->offset != state->upload->size)
    return;
  if (!sht_store_upload_done (engine->store, state->upload, &error))
    sht_engine_break (engine, g_steal_pointer (&error));
  if (!state->upload->is_thumb)
    engine->counts.uploaded++;
  engine->unsettled = TRUE;
  engine->sent_files++;
  engine->uploaded = TRUE;
  sht_engine_upload_reset (state);
  next = sht_store_next_upload (engine->store, lane == SHT_LANE_THUMBS, NULL);
  if (next == NULL)
    sht_engine_uploaded_some (engine);
}

static const char *
path_of_location (const char *location)
{
  const char *scheme = location != NULL ? strstr (location, "://") : NULL;
  const char *path = scheme != NULL ? strchr (scheme + 3, '/') : location;

  return path != NULL && path[0] == '/' ? path : NULL;
}

static gboolean
created (ShtEngine *engine, ShtLane lane, ShtAnswer *answer, gint64 mono_ms)
{
  ShtUploadState *state = state_of (engine, lane);
  const char *url = path_of_location (sht_answer_header (answer, "location"));
  const char *extensions = sht_answer_header (answer, "tus-extension");
  gint64 offset = MAX (0, sht_answer_number (answer, "upload-offset"));

  if (url == NULL)
    return FALSE;
  engine->with_bytes = extensions != NULL && strstr (extensions, WITH_BYTES) != NULL;
  if (state->sending > 0 && offset == (gint64) state->sending)
    learn (state, mono_ms);
  set_url (engine, state, url, offset < state->upload->size);
  reached (engine, lane, offset);
  return TRUE;
}

/* An answer without an offset, or after bytes with none that is further, is not the hub's: were it taken
 * for one, the same request would go again at once, and for ever. */
static gboolean
went_on (ShtEngine *engine, ShtLane lane, ShtAnswer *answer, gint64 mono_ms)
{
  ShtUploadState *state = state_of (engine, lane);
  gint64 offset = sht_answer_number (answer, "upload-offset");

  if (offset < 0 || offset > state->upload->size || (state->sending > 0 && offset <= state->offset))
    return FALSE;
  learn (state, mono_ms);
  reached (engine, lane, offset);
  return TRUE;
}

/* The hub found other bytes than were announced: on the way, or on this tablet. */
static void
mismatch (ShtEngine *engine, ShtLane lane, ShtAnswer *answer, gint64 mono_ms)
{
  ShtUploadState *state = state_of (engine, lane);
  g_autofree char *path = sht_store_blob_path (engine->store, state->upload->sha256);
  g_autofree char *hash = sht_sha256_of_file (path, NULL, NULL, NULL);

  state->offset = -1;
  if (g_strcmp0 (hash, state->upload->sha256) != 0 || ++state->mismatches > MOST_MISMATCHES)
    set_aside (engine, state, damaged (state));
  else
    sht_engine_failed (engine, lane, answer, mono_ms);
}

/* The hub knows no such photo. One that was restored knows none either, until it is sent again what it has lost: but that it
 * was restored it tells to whoever pulls, and then the upload begins anew. Who has pulled since it first said so may
 * believe it. */
static gboolean
is_unknown (ShtEngine *engine, ShtUploadState *state)
{
  if (state->unknown > 0)
    return engine->told >= state->unknown;
  sht_engine_want_pull (engine);
  state->unknown = engine->wanted;
  return FALSE;
}

/**
 * sht_engine_upload_answer:
 *
 * Takes the answer to a step of an upload. After anything unexpected the hub is asked how far it got.
 */
void
sht_engine_upload_answer (ShtEngine *engine, ShtLane lane, ShtAnswer *answer, gint64 mono_ms)
{
  ShtUploadState *state = state_of (engine, lane);
  gboolean creating = state->upload->url == NULL;
  gboolean asking = !creating && state->sending == 0;

  /* After one that went wrong a creation asks where it stands, and its bytes might be thrown away. */
  state->bare = creating;
  switch (answer->status)
    {
    case 200:
    case 201:
    case 204:
      if (creating ? !created (engine, lane, answer, mono_ms) : !went_on (engine, lane, answer, mono_ms))
        break;
      /* How far it got is no progress: a hub without room tells it between any two chunks that it does not take. */
      if (asking && state->upload != NULL)
        engine->lanes[lane].retry_at = 0;
      else
        sht_engine_succeeded (engine, lane);
      return;
    case 460:
      mismatch (engine, lane, answer, mono_ms);
      return;
    case 404:
    case 410:
      if (creating && sht_answer_is_the_hubs (answer) && is_unknown (engine, state))
        {
          set_aside (engine, state, not_taken (state));
          return;
        }
      if (creating)
        break;
      set_url (engine, state, NULL, TRUE);
      state->bare = TRUE;
      return;
    case 415:
      /* A HEAD has no body that would tell whose word it is. */
      if (creating || (!asking && !sht_answer_is_the_hubs (answer)))
        break;
      set_aside (engine, state, not_taken (state));
      return;
    case 400:
    case 413:
      /* Only the hub's own word: some gateway on the way may answer so to everything. */
      if (!creating || !sht_answer_is_the_hubs (answer))
        break;
      set_aside (engine, state, not_taken (state));
      return;
    default:
      break;
    }
  state->offset = -1;
  if (state->sending > 0)
    set_chunk (state, state->chunk / 2);
  sht_engine_uploaded_some (engine);
  sht_engine_failed (engine, lane, answer, mono_ms);
}
