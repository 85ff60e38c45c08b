/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the hub answers: a pull's page after a `p`, the answer to a push after anything else. */
#include "tests/fuzz/fuzz.h"

static const char first_page[]
  = "{\"t\":\"scope\",\"scope\":\"crew:r1\"}\n"
    "{\"t\":\"ticket\",\"id\":\"" FUZZ_TICKET "\",\"number\":\"1\",\"status\":\"assigned\",\"title\":\"one\",\"crew\":\"r1\",\"rev\":1}\n"
    "{\"t\":\"cursor\",\"cursor\":\"1;crew:r1=1.a\",\"more\":false,\"rows\":1,\"scopes\":[\"crew:r1\"],\"head\":1,\"now\":1700000000000,"
    "\"history\":\"93c08fdb43ecc469\",\"backed_up_through\":0}\n";

static ShtStore *store;
static SimDisk *disk;
static SimDiskImage *image;

static void
begin (void)
{
  ShtStoreWorld world = { fuzz_now, fuzz_now, fuzz_random, NULL, "boot", SIM_DISK_VFS, NULL };
  g_autofree char *folder = g_dir_make_tmp ("fuzz-XXXXXX", NULL);
  ShtPage page;

  fuzz_be_strict ();
  disk = sim_disk_new (folder);
  store = sht_store_open (folder, &world, NULL);
  g_assert_true (sht_store_take_page (store, first_page, strlen (first_page), sht_store_generation (store), 0, &page, NULL));
  g_assert_true (sht_store_note (store, FUZZ_TICKET, "waits", NULL));
  g_assert_true (sht_db_run (store->db, NULL, "UPDATE op SET op = ?1, state = 1, device_seq = 1", "s", FUZZ_OP));
  image = sim_disk_copy (disk);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *body = size > 0 ? g_memdup2 (data + 1, size - 1) : NULL;
  gint64 head, now;
  guint confirmed = 0, attention = 0;
  ShtPage page;

  if (store == NULL)
    begin ();
  sim_disk_put_back (disk, image);
  g_hash_table_remove_all (store->scope_bits);
  if (size > 1 && data[0] == 'p')
    sht_store_take_page (store, body, size - 1, sht_store_generation (store), 0, &page, NULL);
  else if (size > 1)
    sht_store_take_results (store, body, size - 1, &confirmed, &attention, &head, &now, NULL);
  return 0;
}
