/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hub/service/hub.h"
#include "tablet/sync/engine.h"
#include "tests/simulation/disk.h"

G_BEGIN_DECLS

/* A town on virtual time: one hub and its tablets in one process, all of them the shipped code, with a
 * network, disks and clocks that fail by the seed. */

#define SIM_TABLETS 20
#define SIM_CREW_TABLETS 17
#define SIM_CLONES 1
#define SIM_TICKETS 24

/** SimRandom: one stream of numbers that a seed determines */
typedef struct
{
  guint64 state;
} SimRandom;

guint64 sim_random_next (SimRandom *random);
guint sim_random_below (SimRandom *random, guint n);
gint64 sim_random_between (SimRandom *random, gint64 low, gint64 high);
gboolean sim_random_in_1000 (SimRandom *random, guint chance);
void sim_random_bytes (gpointer random, guint8 *bytes, gsize length);

/** SimFault: the ways of failing, each counted */
typedef enum
{
  SIM_FAULT_REQUEST_LOST,
  SIM_FAULT_REPLY_LOST,
  SIM_FAULT_DOUBLED,
  SIM_FAULT_REORDERED,
  SIM_FAULT_TRUNCATED,
  SIM_FAULT_GATEWAY,
  SIM_FAULT_PARTITION,
  SIM_FAULT_TABLET_KILLED,
  SIM_FAULT_TABLET_POWER,
  SIM_FAULT_TABLET_FULL,
  SIM_FAULT_TABLET_RESTORED,
  SIM_FAULT_TABLET_CLONED,
  SIM_FAULT_HUB_KILLED,
  SIM_FAULT_HUB_POWER,
  SIM_FAULT_HUB_FULL,
  SIM_FAULT_HUB_RESTORED,
  SIM_FAULT_LOGIN_ENDED,
  SIM_FAULT_MOVED,
  SIM_FAULT_CLOCK,
  SIM_FAULT_SAVED,
  SIM_FAULT_STICK_CUT,
  SIM_N_FAULTS
} SimFault;

const char *sim_fault_name (SimFault fault);

/** SimTablet: a tablet: its disk, its clock, its link, and the shipped store and engine on them */
typedef struct
{
  struct _SimWorld *world;
  guint index;
  char *folder;
  SimDisk *disk;
  ShtStore *store;   /* (nullable): while it runs */
  ShtEngine *engine; /* (nullable): while it runs */
  SimRandom random;
  const char *role;
  const char *crew;
  const char *department;
  gint64 clock_error; /* ms that its wall clock is ahead */
  gint64 booted;
  guint boots;
  char boot_id[SHT_ID_LENGTH + 1];
  guint process;      /* raised when it dies: what comes for an earlier one is nobody's */
  gboolean exists;
  gboolean was_copied; /* another machine is the same tablet, or it was an older one */
  gboolean link_up;
  gboolean power_lost;
  gint64 wake_at;
  char *answer;       /* (owned): of the enrolment that holds now at the hub */
  SimDiskImage *older;
  gint64 older_at;
  SimDiskImage *start;
  char *start_answer;
} SimTablet;

/** SimHub: the hub and its disk */
typedef struct
{
  struct _SimWorld *world;
  char *folder;
  SimDisk *disk;
  ShtHub *hub; /* (nullable): while it runs */
  SimRandom random;
  guint process;
  gboolean power_lost;
  GHashTable *uploads; /* path → SimUpload */
  guint next_upload;
  GPtrArray *waiting;  /* (element-type SimMessage): pulls that wait for a change */
  gboolean telling;    /* those that wait are about to be told */
  SimDiskImage *backup;
  SimDiskImage *start;
} SimHub;

/** SimDone: something that a tablet has acknowledged to a person */
typedef struct
{
  char op[SHT_ID_LENGTH + 1];
  char entity[SHT_ID_LENGTH + 1];
  char photo[SHT_ID_LENGTH + 1];
  char answer[16]; /* the question that it answered; empty for none, and once it was taken back */
  guint tablet;
  ShtKind kind;
  gint64 at;        /* true time */
  gint64 dated;     /* by which true time it is dated: what is sent anew was done when it was done first */
  gboolean withdrawn; /* taken back before anybody had heard of it */
  gboolean unsure;   /* it was being taken back when the machine stopped */
  gboolean settles; /* says that an obstacle is over */
  gboolean decided; /* a person has seen that it could not be taken */
  gboolean exempt;  /* it existed only in a database that was destroyed */
} SimDone;

typedef struct
{
  gint64 at;
  guint64 order;
  void (*run) (struct _SimWorld *world, guint node, guint process, gpointer data);
  guint node;
  guint process;
  gpointer data;
} SimEvent;

/** SimStick: a file of what waited on a tablet, and how often it will be brought to the office */
typedef struct _SimStick SimStick;

typedef struct _SimWorld
{
  guint64 seed;
  gboolean harsh;         /* what is rare happens often */
  SimRandom random;       /* what happens */
  SimRandom net;          /* what the network does */
  gint64 now;             /* true time, ms since 1970 UTC */
  gint64 end;             /* when the trouble is over */
  gboolean healing;
  guint64 next_order;
  GArray *events;         /* (element-type SimEvent): a heap */
  SimHub hub;
  SimTablet tablets[SIM_TABLETS + SIM_CLONES];
  GArray *done;           /* (element-type SimDone) */
  GPtrArray *sticks;      /* (element-type SimStick) */
  guint acts_left;
  guint office_acts;
  guint acts;             /* how many acts a schedule has */
  guint64 without;        /* a bit for each fault that is left out */
  gboolean tell;          /* the trace goes to standard output */
  guint64 digest;
  guint requests;
  guint faults[SIM_N_FAULTS];
  char *failure;          /* (owned) (nullable): what is wrong */
} SimWorld;

/* world.c: time */
void sim_world_later (SimWorld *world, gint64 delay, void (*run) (SimWorld *, guint, guint, gpointer), guint node,
                      guint process, gpointer data);
void sim_world_run (SimWorld *world, gint64 until);
void sim_world_clear_events (SimWorld *world);
gboolean sim_world_may (SimWorld *world, SimFault fault);
gboolean sim_world_fault (SimWorld *world, SimFault fault);
void sim_world_trace (SimWorld *world, const char *what, guint node, gint64 a, gint64 b);
void sim_world_trace_bytes (SimWorld *world, const char *what, guint node, const void *bytes, gsize length);
void sim_world_fail (SimWorld *world, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* town.c: how it begins */
SimWorld *sim_town_new (const char *folder);
void sim_town_free (SimWorld *world);
void sim_town_reset (SimWorld *world, guint64 seed);
void sim_town_heal (SimWorld *world);

/* hub.c */
typedef struct
{
  guint tablet;
  guint process;         /* of the tablet, when it was sent */
  ShtLane lane;
  char *method;
  char *path;
  char *authorization;
  GPtrArray *headers;
  GBytes *body;
  gboolean reply_counts; /* not the second of a doubled one */
  gint64 deadline;       /* until when a pull waits */
} SimMessage;

void sim_message_free (SimMessage *message);
void sim_hub_open (SimHub *hub);
void sim_hub_stop (SimHub *hub);
void sim_hub_arrive (SimWorld *world, guint node, guint process, gpointer message);
void sim_hub_changed (SimHub *hub);
ShtHubDevice *sim_hub_device_of (SimHub *hub, SimTablet *tablet);
void sim_hub_work (SimHub *hub);
void sim_hub_enrol (SimHub *hub, SimTablet *tablet);
void sim_hub_back_up (SimHub *hub);
void sim_hub_restore (SimHub *hub);
gboolean sim_hub_take_in (SimHub *hub, const char *file, GError **error);

/* network.c */
typedef struct
{
  ShtLane lane;
  ShtAnswer *answer;
} SimReply;

void sim_reply_free (SimReply *reply);
void sim_network_send (SimTablet *tablet, ShtRequest *request);
void sim_network_arrive (SimWorld *world, guint node, guint process, gpointer reply);
void sim_network_reply (SimWorld *world, SimMessage *message, ShtAnswer *answer);

/* tablet.c */
void sim_tablet_open (SimTablet *tablet);
void sim_tablet_stop (SimTablet *tablet);
void sim_tablet_pump (SimTablet *tablet);
void sim_tablet_link (SimTablet *tablet, gboolean up);
void sim_tablet_act (SimTablet *tablet, guint times);
void sim_tablet_look (SimTablet *tablet);
gboolean sim_tablet_is_settled (SimTablet *tablet);
void sim_tablet_put_back (SimTablet *tablet);
gboolean sim_tablet_log_in (SimTablet *tablet);
void sim_tablet_clone (SimTablet *from, SimTablet *to);

/* stick.c */
void sim_stick_free (SimStick *stick);
void sim_stick_save (SimWorld *world, guint node, guint process, gpointer unused);
gboolean sim_stick_bring_left (SimWorld *world);

/* trouble.c: what goes wrong by itself */
void sim_trouble_plan (SimWorld *world);

/* memory.c */
void sim_memory_settle (void);

/* oracle.c */
void sim_oracle_ask (SimWorld *world, guint *attention, guint *exempt);

/* oracle-tablet.c */
void sim_oracle_compare (SimWorld *world);

G_END_DECLS
