/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/digest.h"
#include "core/figures.h"
#include "core/id.h"
#include "core/merge.h"
#include "platform/db.h"
#include "platform/hash-folder.h"
#include "tablet/store/seal.h"

G_BEGIN_DECLS

#define SHT_STORE_DATABASE_FILE "store.db"
/* Under which name a begun report is kept: photo/draft.c. */
#define SHT_STORE_REPORT_DRAFT "report_draft"
/* And who was said to be there: here.c. */
#define SHT_STORE_HERE "crew_here"
/* One of its own for each ticket, whose UUID follows, and one for none. */
#define SHT_STORE_OBSTACLE_DRAFT "obstacle_draft "

#define SHT_STORE_ERROR (sht_store_error_quark ())
GQuark sht_store_error_quark (void);

/**
 * ShtStoreError:
 * @SHT_STORE_ERROR_NOT_FOUND: there is no such thing on this tablet
 * @SHT_STORE_ERROR_AMBIGUOUS: several things begin like that
 * @SHT_STORE_ERROR_REFUSED: not allowed or not possible; the message says why
 * @SHT_STORE_ERROR_MALFORMED: the hub's answer cannot be understood; nothing of it was taken
 * @SHT_STORE_ERROR_STALE: the page was made before work that the hub has confirmed since: pull again
 * @SHT_STORE_ERROR_OTHER_HISTORY: the hub was restored from a backup; nothing of the answer was taken, and all is
 *   pulled and sent anew
 * @SHT_STORE_ERROR_NOT_ENROLLED: this tablet has not been enrolled yet
 * @SHT_STORE_ERROR_NO_ROOM: the disk is so full that a photo is not taken in any more
 */
typedef enum
{
  SHT_STORE_ERROR_NOT_FOUND,
  SHT_STORE_ERROR_AMBIGUOUS,
  SHT_STORE_ERROR_REFUSED,
  SHT_STORE_ERROR_MALFORMED,
  SHT_STORE_ERROR_STALE,
  SHT_STORE_ERROR_OTHER_HISTORY,
  SHT_STORE_ERROR_NOT_ENROLLED,
  SHT_STORE_ERROR_NO_ROOM
} ShtStoreError;

/**
 * ShtRoom:
 * @SHT_ROOM_ENOUGH: nothing to tell
 * @SHT_ROOM_SHORT: it is time to make room
 * @SHT_ROOM_NO_PHOTOS: photos are not taken in any more
 * @SHT_ROOM_RESERVE: what is left is for statuses and notes; nothing new is pulled either
 *
 * How much room there is on the tablet's disk, from the most to the least.
 */
typedef enum
{
  SHT_ROOM_ENOUGH,
  SHT_ROOM_SHORT,
  SHT_ROOM_NO_PHOTOS,
  SHT_ROOM_RESERVE
} ShtRoom;

/**
 * ShtOpState:
 * @SHT_OP_LOCAL: on this tablet
 * @SHT_OP_SENT: attempted, outcome not known
 * @SHT_OP_CONFIRMED: taken in by the hub
 * @SHT_OP_ATTENTION: the hub could not take it as it is; kept, for a person to decide
 * @SHT_OP_PUT_AWAY: the hub refused it, and a person has seen that; kept, and no longer in the way
 */
typedef enum
{
  SHT_OP_LOCAL,
  SHT_OP_SENT,
  SHT_OP_CONFIRMED,
  SHT_OP_ATTENTION,
  SHT_OP_PUT_AWAY
} ShtOpState;

/**
 * ShtStoreWorld:
 * @now_ms: the tablet's wall clock, milliseconds since 1970 UTC
 * @boot_ms: CLOCK_BOOTTIME, milliseconds
 * @random: random bytes
 * @data: passed to all
 * @boot_id: (nullable): which boot this is
 * @vfs: (nullable): name of SQLite's VFS
 * @identify: (nullable): tells a file on this machine from each copy of it, as text; %NULL when the store keeps
 *   nothing beside its database by which it would know that it was copied, and the hub alone notices
 * @seals: whether what is known of residents is sealed, by a key that lies outside the database
 */
typedef struct
{
  gint64 (*now_ms) (gpointer data);
  gint64 (*boot_ms) (gpointer data);
  ShtRandomFunc random;
  gpointer data;
  const char *boot_id;
  const char *vfs;
  char *(*identify) (gpointer data, const char *path);
  gboolean seals;
} ShtStoreWorld;

/**
 * ShtDevice:
 *
 * Who this tablet is, as the hub told it at enrolment. All strings are owned; only crew, department and
 * person may be %NULL once enrolled.
 */
typedef struct
{
  char *url;
  char *id;
  char *token;
  ShtRole role;
  char *crew;
  char *department;
  char *person;
} ShtDevice;

/**
 * ShtStore:
 * @db: (owned): the database
 * @folder: (owned): where it lies, with the photos
 * @device: who this tablet is; `id` is %NULL before enrolment
 * @counted: whether it is noted that this handle has begun to send
 * @counting: the count that was committed, and is still to be noted beside the database; 0 for none
 * @seal: (owned) (nullable): the key for what is known of residents
 * @contact: when the hub was last heard, ms by the tablet's clock, to be noted with what is written next; 0: noted
 *
 * A tablet's store over one database handle, used by one thread at a time; several may stand over one
 * folder, also in several processes.
 */
typedef struct
{
  ShtDb *db;
  char *folder;
  ShtStoreWorld world;
  ShtDevice device;
  ShtSeal *seal;
  gboolean counted;
  gint64 counting;
  gint64 contact;
  GHashTable *scope_bits; /* (owned): name → bit in ticket.scopes */
  ShtTown *town;          /* (owned) (nullable): see sht_store_get_town() */
  gint64 town_version;
} ShtStore;

const ShtStoreWorld *sht_store_world (void);
void sht_room_keep (const char *folder);
ShtRoom sht_store_room (ShtStore *store, gint64 *left);
gboolean sht_store_has_room_for_photo (ShtStore *store, GError **error);
gboolean sht_store_begin_step (ShtStore *store, GError **error);
ShtStore *sht_store_open (const char *folder, const ShtStoreWorld *world, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_store_is_in (const char *folder);
void sht_store_close (ShtStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtStore, sht_store_close)
gint64 sht_store_now (ShtStore *store);
char *sht_store_new_id (ShtStore *store) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_store_set_device (ShtStore *store, const char *url, JsonObject *answer, GError **error);
gboolean sht_store_end_login (ShtStore *store, GError **error);
gboolean sht_store_reload_device (ShtStore *store, GError **error);
gboolean sht_store_login_is_new (ShtStore *store);
gboolean sht_store_is_enrolled (ShtStore *store, GError **error);
gint64 sht_store_get_number (ShtStore *store, const char *key, gint64 otherwise);
gboolean sht_store_set_number (ShtStore *store, const char *key, gint64 value, GError **error);
gboolean sht_store_note_contact (ShtStore *store, GError **error);
gboolean sht_store_commit_heard (ShtStore *store, GError **error);
char *sht_store_get_text (ShtStore *store, const char *key) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_store_set_text (ShtStore *store, const char *key, const char *value, GError **error);

/* row.c: how what the hub said is written */
gboolean sht_store_put_line (ShtStore *store, const char *type, const char *id, const char *line, gsize length, guint64 scope_bit, gint64 generation, GError **error);
gboolean sht_store_show_ticket (ShtStore *store, const char *id, const char *doc, GError **error);

/* figures.c: how the tickets here are doing, counted from a fact beside each */
gboolean sht_store_add_fact (ShtStore *store, gint64 row, const ShtJsonSlice *members, GError **error);
gboolean sht_store_renew_fact (ShtStore *store, gint64 row, const ShtJsonSlice *members, GError **error);
gboolean sht_store_remove_fact (ShtStore *store, gint64 row, GError **error);
ShtFigures *sht_store_figures (ShtStore *store, const char *from, const char *to, const char *by, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* purge.c: what no scope holds any more */
gboolean sht_store_purge_ticket (ShtStore *store, const char *id, GError **error);
gboolean sht_store_purge_children (ShtStore *store, const char *parent, GError **error);
gboolean sht_store_clean_later (ShtStore *store, GError **error);
gboolean sht_store_clean_some (ShtStore *store, gboolean *done, GError **error);

/* rebase.c: base + outbox = what is seen */
gboolean sht_store_keep_base (ShtStore *store, const char *type, const char *id, const char *doc, GError **error);
gboolean sht_store_set_base (ShtStore *store, const char *type, const char *id, const char *doc, gsize length, GError **error);
gboolean sht_store_rebase (ShtStore *store, const char *type, const char *id, GError **error);
char *sht_store_get_doc (ShtStore *store, const char *type, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *sht_store_event_doc (ShtStore *store, const char *parent, const char *id) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *sht_store_get (ShtStore *store, const char *type, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
ShtOutcome *sht_store_merge (ShtStore *store, const ShtOperation *operation, JsonObject *current, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* sealing.c: what is known of residents */
gboolean sht_store_begin_sealing (ShtStore *store, GError **error);
const char *sht_store_close_doc (ShtStore *store, const char *doc, gsize *length, char **own, GError **error);
const char *sht_store_open_doc (ShtStore *store, const char *doc, gsize *length, char **own);
JsonObject *sht_store_parse_column (ShtStore *store, ShtStmt *stmt, int column) G_GNUC_WARN_UNUSED_RESULT;
char *sht_store_read_doc (ShtStore *store, char *doc) G_GNUC_WARN_UNUSED_RESULT;

gboolean sht_store_take_seal (ShtStore *store, GError **error);
gboolean sht_store_is_sealed_off (ShtStore *store);
char *sht_store_unsent (ShtStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* town.c: calendars */
gboolean sht_store_get_town (ShtStore *store, const ShtTown **town, GError **error);
void sht_store_forget_town (ShtStore *store);

/* page.c: a pull's page */
typedef struct
{
  guint rows;
  guint left;
  gboolean more;
  gint64 now;  /* the hub's clock, ms */
  gint64 head;
} ShtPage;
gint64 sht_store_generation (ShtStore *store);
gboolean sht_store_take_page (ShtStore *store, const char *body, gsize length, gint64 generation, gint64 not_before, ShtPage *page,
                              GError **error);

/* journal.c: confirmed, and not yet backed up */
gboolean sht_store_pull_anew (ShtStore *store, GError **error);
gboolean sht_store_start_resync (ShtStore *store, GError **error);
gboolean sht_store_settle_uploads (ShtStore *store, gint64 head, gint64 now, GError **error);

/* incarnation.c: which life of this store it is */
gboolean sht_store_check_incarnation (ShtStore *store, GError **error);

/* That a store is not the one that it was: it lies elsewhere or on another machine; an older one was put back in its
 * place; the hub has heard another under its numbers. */
#define SHT_COPY_MOVED "moved"
#define SHT_COPY_OLDER "older"
#define SHT_COPY_HEARD "heard"
char *sht_store_get_copy (ShtStore *store) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_store_copy_seen (ShtStore *store, GError **error);
gboolean sht_store_new_incarnation (ShtStore *store, GError **error);
gboolean sht_store_count_sending (ShtStore *store, gint64 *count, GError **error);
gboolean sht_store_counted_sending (ShtStore *store, gint64 count, GError **error);

/* keys.c: by whom this tablet's rescue files are signed, and for whom they are sealed */
char *sht_store_signing_secret (ShtStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_store_knows_hub_key (ShtStore *store);
gboolean sht_store_take_hub_key (ShtStore *store, JsonObject *answer, GError **error);

/* rescue.c: all that waits, in one file */

/**
 * ShtRescue:
 * @operations: how many operations went in
 * @photos: how many photos
 * @voices: how many voice notes
 * @bytes: how large the file is
 * @undecided: what needs a person's decision, or waits for one: it is not in the file
 * @damaged: photos and voice notes whose bytes are missing or damaged on this tablet
 */
typedef struct
{
  guint operations;
  guint photos;
  guint voices;
  gint64 bytes;
  guint undecided;
  guint damaged;
} ShtRescue;
/* Called now and then, from the thread that writes. */
typedef void (*ShtRescueFunc) (gpointer data, gint64 done_bytes, gint64 all_bytes);
gboolean sht_store_rescue (ShtStore *store, const char *file, ShtRescueFunc progress, gpointer data, GCancellable *cancellable, ShtRescue *rescue, GError **error);

/* away.c: while you were away */
JsonObject *sht_store_away (ShtStore *store, guint titles, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_store_away_seen (ShtStore *store, GError **error);

/* due.c: what falls due soon, told once */
GPtrArray *sht_store_due_soon (ShtStore *store, gint64 within_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_store_told_due (ShtStore *store, GPtrArray *due, GError **error);

/* here.c: who of the crew is there on this shift */
GPtrArray *sht_store_crew_people (ShtStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
GStrv sht_store_here (ShtStore *store) G_GNUC_WARN_UNUSED_RESULT;
GStrv sht_store_here_by (ShtStore *store, const char *text) G_GNUC_WARN_UNUSED_RESULT;
GStrv sht_store_here_before (ShtStore *store) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_store_here_is_asked (ShtStore *store);
gboolean sht_store_set_here (ShtStore *store, const char *const *people, GError **error);

/* obstacle.c: what stands in the way */
gboolean sht_store_put_obstacle (ShtStore *store, const char *id, const char *doc, gsize length, guint64 scope_bit, gint64 generation, GError **error);
gboolean sht_store_purge_obstacle (ShtStore *store, const char *id, GError **error);
JsonArray *sht_store_obstacles (ShtStore *store, gint64 limit, gint64 *count, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_store_count_obstacle_news (ShtStore *store, gint64 *count, GError **error);
gboolean sht_store_obstacle_seen (ShtStore *store, const char *id, GError **error);
JsonObject *sht_store_obstacle_view (ShtStore *store, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* results.c: a push's answer */
gboolean sht_store_take_results (ShtStore *store, const char *body, gsize length, guint *confirmed, guint *attention, gint64 *head, gint64 *now, GError **error);
gboolean sht_store_set_aside (ShtStore *store, const char *op, const char *reason, GError **error);

/* outbox.c */
typedef struct
{
  char *op;
  gint64 n; /* its row */
  gint64 device_seq;
  char *bytes;
  gboolean is_first; /* it was not attempted before */
  gboolean is_marked; /* that it goes under this very number is written down already */
} ShtOutgoing;
GPtrArray *sht_store_next_push (ShtStore *store, guint max_operations, gsize max_bytes, char **incarnation, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_store_export (ShtStore *store, gint64 at, char **incarnation, GPtrArray **batch, GError **error);
gboolean sht_store_unexport (ShtStore *store, gint64 at, GError **error);
gboolean sht_store_not_sent (ShtStore *store, GPtrArray *batch, GError **error);
gboolean sht_store_count_pending (ShtStore *store, gint64 *operations, gint64 *photos, gint64 *attention, GError **error);
gboolean sht_store_count_sendable (ShtStore *store, gint64 *operations, gint64 *photos, GError **error);
const char *sht_store_bytes_kind (const char *kind);
JsonArray *sht_store_outbox (ShtStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* act.c: what a person does */
ShtOperation *sht_store_new_operation (ShtStore *store, ShtKind kind, const char *entity) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_store_act_inside (ShtStore *store, ShtOperation *operation, GError **error);
gboolean sht_store_act (ShtStore *store, ShtOperation *operation, GError **error);
gboolean sht_store_set_status (ShtStore *store, const char *ticket, ShtStatus status, const char *reason, const char *waiting_for, GError **error);

/* note.c: what is said of a ticket in words */
gboolean sht_store_note (ShtStore *store, const char *ticket, const char *text, GError **error);
char *sht_store_read_note (ShtStore *store, const char *ticket) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_store_draft_note (ShtStore *store, const char *ticket, const char *text, GError **error);
gboolean sht_store_keep_note_inside (ShtStore *store, const char *ticket, GError **error);

/* form.c: what a service asks of who does the work */
JsonObject *sht_store_read_form (ShtStore *store, const char *ticket) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_store_forget_form (ShtStore *store, const char *ticket, GError **error);
gboolean sht_store_draft_form (ShtStore *store, const char *ticket, JsonObject *draft, JsonObject *shown, GError **error);
gboolean sht_store_keep_form_inside (ShtStore *store, const char *ticket, GError **error);
gboolean sht_store_keep_form (ShtStore *store, const char *ticket, GError **error);
gboolean sht_store_keep_filled (ShtStore *store, const char *ticket, JsonObject *draft, JsonObject *shown, GError **error);
gboolean sht_store_keep_forms (ShtStore *store, GError **error);
gboolean sht_store_set_answers (ShtStore *store, const char *ticket, JsonObject *answers, GError **error);

/* attention.c: what waits for a person's word */
JsonArray *sht_store_attention (ShtStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
JsonArray *sht_store_contributions (ShtStore *store, const char *ticket, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* decide.c: the word */
gboolean sht_store_resolve (ShtStore *store, const char *id, const char *field, gboolean keep_mine, GError **error);

/* undo.c */
gboolean sht_store_withdraw (ShtStore *store, const char *op, GError **error);
gboolean sht_store_take_back_decision (ShtStore *store, const char *id, const char *field, GError **error);
gboolean sht_store_undo_inside (ShtStore *store, const char *op, gboolean *withdrawn, GError **error);
gboolean sht_store_undo (ShtStore *store, const char *op, gboolean *withdrawn, GError **error);
char *sht_store_last_step (ShtStore *store, const char *ticket, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* blob.c: the bytes of photos and voice notes */
typedef struct
{
  char *sha256;
  gint64 size;
  gboolean is_thumb;
  gboolean is_voice;
  char *url;    /* (nullable): where an upload has begun */
  char *photo;
} ShtUpload;
void sht_upload_free (ShtUpload *upload);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtUpload, sht_upload_free)
char *sht_store_blob_path (ShtStore *store, const char *sha256) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_store_keep_blob (ShtStore *store, GBytes *bytes, char **sha256, GError **error);
gboolean sht_store_attach_inside (ShtStore *store, const char *ticket, JsonObject *photo, const char *depends_on, gboolean *already, GError **error);
gboolean sht_store_attach (ShtStore *store, const char *ticket, JsonObject *photo, const char *depends_on, gboolean *already, GError **error);
gboolean sht_store_attach_voice (ShtStore *store, const char *ticket, JsonObject *voice, gboolean *already, GError **error);
gboolean sht_store_attach_voice_inside (ShtStore *store, const char *ticket, JsonObject *voice, gboolean *already, GError **error);
ShtUpload *sht_store_next_upload (ShtStore *store, gboolean thumbs, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_store_note_upload (ShtStore *store, const ShtUpload *upload, const char *url, GError **error);
gboolean sht_store_upload_done (ShtStore *store, const ShtUpload *upload, GError **error);
gboolean sht_store_upload_refused (ShtStore *store, const ShtUpload *upload, const char *reason, GError **error);

/* voice.c: voice notes, one's own and others' */

/**
 * ShtVoiceWanted:
 * @id: the voice note's
 * @sha256: of its bytes
 * @size: how many they are
 * @rev: of what the hub had told of it
 * @history: (nullable): and of which history that was
 *
 * A voice note that the hub has and this tablet has not.
 */
typedef struct
{
  char *id;
  char *sha256;
  gint64 size;
  gint64 rev;
  char *history;
} ShtVoiceWanted;
void sht_voice_wanted_free (ShtVoiceWanted *wanted);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtVoiceWanted, sht_voice_wanted_free)
gboolean sht_store_add_voice (ShtStore *store, const char *ticket, GBytes *recording, gboolean *already, GError **error);
gboolean sht_store_add_voice_inside (ShtStore *store, const char *ticket, GBytes *recording, gboolean *already, GError **error);
ShtVoiceWanted *sht_store_next_voice (ShtStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_store_take_voice (ShtStore *store, const ShtVoiceWanted *wanted, GBytes *bytes, GError **error);
gboolean sht_store_give_voice_up (ShtStore *store, const ShtVoiceWanted *wanted, GError **error);
GBytes *sht_store_read_voice (ShtStore *store, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* voice-draft.c: what was recorded and neither kept nor discarded */
char *sht_voice_draft_path (ShtStore *store, const char *ticket, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gint64 sht_voice_draft_find (ShtStore *store, const char *ticket);
gboolean sht_voice_draft_leave_inside (ShtStore *store, const char *ticket, gboolean *waits, GError **error);
gboolean sht_voice_draft_keep (ShtStore *store, const char *ticket, gboolean *already, GError **error);
void sht_voice_draft_discard (ShtStore *store, const char *ticket);
gboolean sht_voice_draft_bring_back (ShtStore *store, const char *ticket);
void sht_voice_draft_clean (ShtStore *store, gboolean discarded);

/* verify.c: photos' bytes, once more */
/* @name is a hash, of an orphan its path in the folder of photos; @photo the one that it is of, where that is known. */
typedef void (*ShtPhotoFaultFunc) (gpointer data, ShtHashFault fault, const char *name, const char *photo);
gboolean sht_store_verify_photos (ShtStore *store, ShtPhotoFaultFunc told, gpointer data, guint *files, GError **error);

/* query.c */
typedef struct
{
  const char *status;  /* (nullable) */
  const char *search;  /* (nullable) */
  const char *layer;   /* (nullable): of places alone */
  gboolean near;
  gint64 lat_e7;
  gint64 lon_e7;
  gint64 limit;        /* 0 for all */
} ShtListQuery;
typedef gboolean (*ShtDocFunc) (gpointer data, const char *doc);
char *sht_store_find_ticket (ShtStore *store, const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_store_list (ShtStore *store, const ShtListQuery *query, ShtDocFunc each, gpointer data, GError **error);
gboolean sht_store_list_places (ShtStore *store, const ShtListQuery *query, ShtDocFunc each, gpointer data, GError **error);
gboolean sht_store_count_reported (ShtStore *store, gint64 *n, GError **error);
gboolean sht_store_list_reported (ShtStore *store, gint64 limit, ShtDocFunc each, gpointer data, GError **error);
gboolean sht_store_missing_photos (ShtStore *store, JsonObject *ticket, guint missing[SHT_N_PHOTO_ROLES], GError **error);
gboolean sht_store_add_photos (ShtStore *store, const char *parent, JsonArray *photos, GError **error);
gboolean sht_store_add_events (ShtStore *store, const char *parent, JsonArray *events, GError **error);
/* Owned; @state as in a view of the photo. */
typedef struct
{
  char *id;
  const char *state;
} ShtPhotoMark;
void sht_photo_mark_free (ShtPhotoMark *mark);
GPtrArray *sht_store_ticket_photos (ShtStore *store, const char *ticket, const char *role, GError **error) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *sht_store_photo_view (ShtStore *store, const char *photo, GError **error) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *sht_store_ticket_view (ShtStore *store, const char *ticket, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* near.c: round a place */

/* How far two reports of one thing lie apart at the most: the error of a phone's position between houses. */
#define SHT_NEAR_SAME_M 30.0

/**
 * ShtNear:
 * @id: the ticket's UUID
 * @service: its code
 * @metres: how far away it is
 * @is_others: it is not on this tablet: no more is known of it
 * @number: (nullable): what the office calls it
 * @title: (nullable): in a few words
 * @address: (nullable): where
 *
 * An open ticket round a place.
 */
typedef struct
{
  char *id;
  char *service;
  double metres;
  gboolean is_others;
  char *number;
  char *title;
  char *address;
} ShtNear;
void sht_near_free (ShtNear *near);
GPtrArray *sht_store_near (ShtStore *store, gint64 lat_e7, gint64 lon_e7, double metres, const char *service, const char *but, guint limit, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* index.c: text and position */
gboolean sht_store_index_some (ShtStore *store, guint rows, gboolean *done, GError **error);
gboolean sht_store_index_all (ShtStore *store, GError **error);
gboolean sht_store_reindex (ShtStore *store, gint64 row, GError **error);
gboolean sht_store_reindex_notes (ShtStore *store, const char *ticket, GError **error);
gboolean sht_store_unindex (ShtStore *store, gint64 row, GError **error);

/* digest.c */
/* @doc is valid only during the call. */
typedef void (*ShtStoreDocFunc) (gpointer data, const char *doc, gsize length);
gboolean sht_store_each_doc (ShtStore *store, const char *scope, const char *prefix, ShtStoreDocFunc each, gpointer data, GError **error);
gboolean sht_store_digest (ShtStore *store, const char *scope, const char *prefix, ShtDigestSum *sum, GError **error);
GStrv sht_store_scopes (ShtStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
