/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/figures.h"
#include "core/id.h"
#include "core/json.h"
#include "core/merge.h"
#include "hub/store/store.h"

G_BEGIN_DECLS

#define SHT_HUB_ERROR (sht_hub_error_quark ())
GQuark sht_hub_error_quark (void);

/**
 * ShtHubError:
 * @SHT_HUB_ERROR_BAD_REQUEST: what was sent cannot be understood; the message says what
 * @SHT_HUB_ERROR_UNAUTHORISED: no token, or one that is not known
 * @SHT_HUB_ERROR_FORBIDDEN: this device may not have that
 * @SHT_HUB_ERROR_NOT_FOUND: there is no such thing
 * @SHT_HUB_ERROR_AMBIGUOUS: several things begin like that
 * @SHT_HUB_ERROR_RESYNC: the cursor does not fit the log: start again, keeping the outbox
 * @SHT_HUB_ERROR_TOO_LARGE: over a limit; the message names it
 * @SHT_HUB_ERROR_INCARNATION: the tablet's numbers were given before: its store is a copy or an older one
 * @SHT_HUB_ERROR_SEALED: the office has sealed this tablet
 * @SHT_HUB_ERROR_UNSUPPORTED: the bytes are not what was announced, no voice note for example
 */
typedef enum
{
  SHT_HUB_ERROR_BAD_REQUEST,
  SHT_HUB_ERROR_UNAUTHORISED,
  SHT_HUB_ERROR_FORBIDDEN,
  SHT_HUB_ERROR_NOT_FOUND,
  SHT_HUB_ERROR_AMBIGUOUS,
  SHT_HUB_ERROR_RESYNC,
  SHT_HUB_ERROR_TOO_LARGE,
  SHT_HUB_ERROR_INCARNATION,
  SHT_HUB_ERROR_SEALED,
  SHT_HUB_ERROR_UNSUPPORTED
} ShtHubError;

/**
 * ShtHubWorld:
 * @now_ms: the hub's wall clock, milliseconds since 1970 UTC
 * @random: random bytes
 * @data: passed to both
 *
 * What the hub takes from outside itself, so that a simulator can give it.
 */
typedef struct
{
  gint64 (*now_ms) (gpointer data);
  ShtRandomFunc random;
  gpointer data;
} ShtHubWorld;

/**
 * ShtHub:
 * @store: (owned): the database
 * @folder: (owned) (nullable): the data folder, where photos are; %NULL in a simulation without files
 * @world: clock and randomness
 * @has_history: whether the log is known to have a history's id
 * @town: (owned) (nullable): see sht_hub_get_town()
 * @town_version: of the database, when it was looked up
 * @tickets: (owned) (nullable): id → one of those that were written last, see sht_hub_take_ticket()
 *
 * The hub's logic over one database handle; used by one thread at a time. Several may stand over one
 * folder, also in several processes.
 */
typedef struct
{
  ShtHubStore *store;
  char *folder;
  ShtHubWorld world;
  gboolean has_history;
  ShtTown *town;
  gint64 town_version;
  GHashTable *tickets;
} ShtHub;

ShtHub *sht_hub_open (const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_hub_is_in (const char *folder);
ShtHub *sht_hub_new (ShtHubStore *store, const ShtHubWorld *world) G_GNUC_WARN_UNUSED_RESULT;
void sht_hub_free (ShtHub *hub);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtHub, sht_hub_free)

gint64 sht_hub_now (ShtHub *hub);
GStrv sht_hub_scopes_of_device (ShtHub *hub, const ShtHubDevice *device, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_hub_device_holds (ShtHub *hub, const ShtHubDevice *device, const char *ticket, gboolean *now, gboolean *ever, GError **error);

/* record.c: how an entity's change is written */
gboolean sht_hub_next_number (ShtHub *hub, const char *type, const char *id, const char *op, const char *device, gint64 *number, GError **error);
/**
 * ShtHubStood:
 * @scopes: (owned) (nullable): which scopes held it; %NULL when it was not there
 * @stub: (owned) (nullable): what the town saw of it
 * @touched: whether nothing but its `updated_at` changes
 *
 * How a ticket stood before a change.
 */
typedef struct
{
  char **scopes;
  char *stub;
  gboolean touched;
} ShtHubStood;
void sht_hub_note_stood (JsonObject *ticket, ShtHubStood *stood);
void sht_hub_stood_clear (ShtHubStood *stood);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShtHubStood, sht_hub_stood_clear)
gboolean sht_hub_put_ticket (ShtHub *hub, JsonObject *ticket, const ShtHubStood *stood, gint64 number, GPtrArray *lines, GError **error);
gboolean sht_hub_add_child (ShtHub *hub, JsonObject *child, gint64 number, GPtrArray *lines, GError **error);
gboolean sht_hub_add_event (ShtHub *hub, const ShtEvent *event, gint64 number, GPtrArray *lines, GError **error);
gboolean sht_hub_put_child (ShtHub *hub, JsonObject *child, gint64 number, GPtrArray *lines, GError **error);
gboolean sht_hub_put_reference (ShtHub *hub, JsonObject *entity, gint64 number, GPtrArray *lines, GError **error);
gboolean sht_hub_remove_reference (ShtHub *hub, const char *type, const char *id, GError **error);
gboolean sht_hub_put_obstacle (ShtHub *hub, JsonObject *obstacle, gint64 number, GPtrArray *lines, GError **error);
gboolean sht_hub_put_position (ShtHub *hub, JsonObject *position, gint64 number, GError **error);
gboolean sht_hub_drop_position (ShtHub *hub, JsonObject *position, gint64 number, GError **error);
gboolean sht_hub_has_children (const char *type);
gboolean sht_hub_touch_parent (ShtHub *hub, const char *parent, gint64 number, GError **error);
JsonObject *sht_hub_get (ShtHub *hub, const char *type, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *sht_hub_get_existing (ShtHub *hub, const char *type, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_hub_is_member (ShtHub *hub, const char *scope, const char *type, const char *id, gboolean *now, gboolean *ever, GError **error);

/* town.c: calendars */
gboolean sht_hub_get_town (ShtHub *hub, const ShtTown **town, GError **error);
void sht_hub_forget_town (ShtHub *hub);

/* levels.c: what the office promises */
gboolean sht_hub_put_references (ShtHub *hub, GPtrArray *entities, GError **error);
gboolean sht_hub_renew_targets (ShtHub *hub, GError **error);
gboolean sht_hub_settle_calendar (ShtHub *hub, const char *calendar, guint *changed, GError **error);

/* figures.c: how the town does */
/** The id of what tablets are told of how departments and crews do */
#define SHT_HUB_LEAGUE "league"
/** It is counted anew this often at the most, and at the beginning of a day */
#define SHT_HUB_LEAGUE_MS (G_GINT64_CONSTANT (15) * 60 * 1000)
gboolean sht_hub_renew_league (ShtHub *hub, gboolean *changed, gint64 *next, GError **error);
ShtFigures *sht_hub_figures (ShtHub *hub, const char *from, const char *to, const char *by, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* history.c: which log this is, and what of it is backed up */
gboolean sht_hub_ensure_history (ShtHub *hub, GError **error);
gboolean sht_hub_start_history (ShtHub *hub, GError **error);
gboolean sht_hub_append_history (ShtHub *hub, GString *line, GError **error);

/* enrol.c */
char *sht_hub_make_code (ShtHub *hub, const ShtHubCode *code, GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *sht_hub_enrol (ShtHub *hub, const char *body, gsize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;
ShtHubDevice *sht_hub_authenticate_sealed (ShtHub *hub, const char *authorization, GError **error) G_GNUC_WARN_UNUSED_RESULT;
ShtHubDevice *sht_hub_authenticate (ShtHub *hub, const char *authorization, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* unlock.c */
JsonArray *sht_hub_unlock (ShtHub *hub, const ShtHubDevice *by, const char *challenge, const char *crew, const char *tablet, GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *sht_hub_take_unlock (ShtHub *hub, const ShtHubDevice *device, const char *body, gsize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* keys.c: what rescue files are sealed to, and signed with */
char *sht_hub_get_secret (ShtHub *hub, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* How long tickets that are over stay on tablets, when the office has set nothing. */
#define SHT_HUB_CLOSED_KEEP_DAYS 30
#define SHT_HUB_CLOSED_MOST_DAYS 3650
gboolean sht_hub_leave_scopes (ShtHub *hub, const char *ticket, GError **error);
gboolean sht_hub_tidy_closed (ShtHub *hub, GError **error);
gboolean sht_hub_keep_closed (ShtHub *hub, gint64 days, GError **error);

JsonArray *sht_hub_devices_view (ShtHub *hub, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_hub_seal_device (ShtHub *hub, const char *device, GError **error);
char *sht_hub_take_unsent (ShtHub *hub, const char *authorization, const char *body, gsize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_hub_exchange_keys (ShtHub *hub, const char *device, const char *key, JsonObject *answer, GError **error);
char *sht_hub_enrol_or_register (ShtHub *hub, const char *authorization, const char *body, gsize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* push.c */
GBytes *sht_hub_push (ShtHub *hub, const ShtHubDevice *device, const char *body, gsize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;

GBytes *sht_hub_push_saved (ShtHub *hub, const ShtHubDevice *device, const char *body, gsize length, gint64 ago_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * ShtHubSender:
 * @offset_ms: the hub's clock less the tablet's, as the tablet knows it
 * @incarnation: (nullable): which life of the tablet's store numbered the operations
 * @boot_id: (nullable): which boot of the tablet it was sent in
 * @boot_ms: CLOCK_BOOTTIME at the sending, milliseconds, or -1
 * @ago_ms: how long ago it was sent, as far as that is known: a file may travel for days
 *
 * What a push tells of the tablet that sends it. Strings are borrowed.
 */
typedef struct
{
  gint64 offset_ms;
  const char *incarnation;
  const char *boot_id;
  gint64 boot_ms;
  gint64 ago_ms;
} ShtHubSender;

/**
 * ShtHubMemory:
 * @services: (owned) (nullable): those that it has read
 * @town: (nullable): whose calendars there are
 * @history: (owned) (nullable): one that a tablet has told
 * @through: up to which number that is the hub's own
 * @actor: (owned) (nullable): a person's id
 * @actor_name: (owned) (nullable): and name
 *
 * What the operations of one writing transaction have come to know, which the next need not look up: nobody else
 * writes meanwhile. It begins empty.
 */
typedef struct
{
  GHashTable *services;
  const ShtTown *town;
  char *history;
  gint64 through;
  char *actor;
  char *actor_name;
} ShtHubMemory;

/* memory.c */
void sht_hub_know_ticket (ShtHub *hub, JsonObject *ticket, const char *doc);
JsonObject *sht_hub_take_ticket (ShtHub *hub, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sht_hub_memory_clear (ShtHubMemory *memory);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShtHubMemory, sht_hub_memory_clear)
JsonObject *sht_hub_memory_service (ShtHub *hub, ShtHubMemory *memory, const char *code, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_hub_memory_town (ShtHub *hub, ShtHubMemory *memory, const ShtTown **town, GError **error);
gboolean sht_hub_memory_common_with (ShtHub *hub, ShtHubMemory *memory, const char *history, gint64 *through, GError **error);
const char *sht_hub_memory_actor_name (ShtHub *hub, ShtHubMemory *memory, const char *id);

/* apply.c */
typedef struct
{
  ShtResult result;
  gint64 number;
  gint64 at;         /* when it happened, as the hub judges it */
  char *json;        /* (owned): the stored result, one line */
  GPtrArray *lines;  /* (owned): entities as they are now, one line each */
} ShtHubApplied;
void sht_hub_applied_clear (ShtHubApplied *applied);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShtHubApplied, sht_hub_applied_clear)
gboolean sht_hub_lines_again (ShtHub *hub, const ShtHubDevice *device, const ShtOperation *operation, const char *result, GPtrArray *lines, GError **error);
gboolean sht_hub_apply (ShtHub *hub, const ShtHubDevice *device, const ShtOperation *operation, const char *hash, gint64 device_seq, const ShtHubSender *sender, ShtHubMemory *memory, ShtHubApplied *applied, GError **error);

/* time.c */
const char *sht_hub_judge_time (const ShtOperation *operation, const ShtHubSender *sender, gint64 not_before, gint64 now, gint64 *at);

/* conflicts.c: what a person decides */
gboolean sht_hub_load_decided (ShtHub *hub, const ShtOperation *operation, JsonObject **decided, GError **error);
gboolean sht_hub_tell_conflicts (ShtHub *hub, ShtOutcome *outcome, JsonArray **facts, GError **error);
gboolean sht_hub_keep_conflicts (ShtHub *hub, const ShtOperation *operation, const ShtOutcome *outcome, const char *result, GError **error);
gboolean sht_hub_is_taken_in (ShtHub *hub, const char *op, gboolean *met, GError **error);

/* pull.c */
GBytes *sht_hub_pull (ShtHub *hub, const ShtHubDevice *device, const char *cursor, guint limit, gboolean *empty, GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *sht_hub_check (ShtHub *hub, const ShtHubDevice *device, const char *scope, const char *prefix, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* positions.c: where crews are, during their shift */
/** So often at the most supervisors are told of a crew that moves: each time is a row of the log */
#define SHT_HUB_POSITION_MS (G_GINT64_CONSTANT (60) * 1000)
#define SHT_HUB_POSITION_KEEP_DAYS 7
#define SHT_HUB_POSITION_MOST_DAYS 3650
char *sht_hub_take_positions (ShtHub *hub, const ShtHubDevice *device, const char *body, gsize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_hub_tidy_positions (ShtHub *hub, GError **error);
gboolean sht_hub_keep_positions (ShtHub *hub, gint64 days, GError **error);
JsonArray *sht_hub_positions_view (ShtHub *hub, const char *crew, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* seed.c */
typedef struct
{
  guint added;
  guint changed;
  guint unchanged;
} ShtHubSeedCount;
typedef struct _ShtHubSeeder ShtHubSeeder;
ShtHubSeeder *sht_hub_seeder_new (ShtHub *hub) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_hub_seeder_add (gpointer seeder, const char *json, GError **error);
gboolean sht_hub_seeder_finish (ShtHubSeeder *seeder, ShtHubSeedCount *count, GError **error);
void sht_hub_seeder_free (ShtHubSeeder *seeder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtHubSeeder, sht_hub_seeder_free)

/* places.c */
typedef struct
{
  guint added;
  guint changed;
  guint unchanged;
  guint removed;
} ShtHubLayerCount;
gboolean sht_hub_take_layer (ShtHub *hub, JsonObject *layer, GPtrArray *places, ShtHubLayerCount *count, GError **error);
gboolean sht_hub_drop_layer (ShtHub *hub, const char *layer, ShtHubLayerCount *count, GError **error);
GHashTable *sht_hub_count_places (ShtHub *hub, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* photos.c */
char *sht_hub_photo_path (ShtHub *hub, const char *sha256) G_GNUC_WARN_UNUSED_RESULT;
char *sht_hub_uploads_folder (ShtHub *hub) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_hub_may_upload (ShtHub *hub, const ShtHubDevice *device, const char *sha256, gint64 size, gboolean *already, GError **error);
gboolean sht_hub_take_photo (ShtHub *hub, const ShtHubDevice *device, const char *sha256, const char *path, GError **error);
GPtrArray *sht_hub_verify_photos (ShtHub *hub, guint *photos, guint *voices, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_hub_fits_bytes (ShtHub *hub, JsonObject *attached, const char *path);
gboolean sht_hub_shares_photo (ShtHub *hub, const ShtHubDevice *device, const char *sha256, gboolean *holds, GError **error);
gboolean sht_hub_may_see_photo (ShtHub *hub, const ShtHubDevice *device, const char *sha256, GError **error);

/* office.c: what the command line asks */
char *sht_hub_find_ticket (ShtHub *hub, const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean sht_hub_assign (ShtHub *hub, const char *ticket, const char *crew, GError **error);
JsonObject *sht_hub_ticket_view (ShtHub *hub, const char *ticket, GError **error) G_GNUC_WARN_UNUSED_RESULT;
JsonArray *sht_hub_crews_view (ShtHub *hub, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
