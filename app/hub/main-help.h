/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What `shetach-hub --help` says of the commands. */
extern const char sht_main_help[];
