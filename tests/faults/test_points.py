# SPDX-License-Identifier: GPL-3.0-or-later
"""A half shift in which one call of a program goes wrong, at many calls, each in a run of its own."""
import sys

import points  # first: it knows where the harness lies
from points import ERRORS, KILLS, errors_of, kills_of, the_walk

import harness
from harness import expect, test

most = points.main(sys.argv)


def kill(who):
    walk = the_walk()
    reached = walk.run(who, walk.choose(who, KILLS, kills_of, most))
    expect(most < 200 or reached >= 200, "points:", reached)


def spoil(who):
    walk = the_walk()
    walk.run(who, walk.choose(who, ERRORS, errors_of, most))


@test
def the_tablets_programs_killed(folder):
    kill("crew")


@test
def the_hub_killed(folder):
    kill("hub")


@test
def the_tablets_disk_fails(folder):
    spoil("crew")


@test
def the_hubs_disk_fails(folder):
    spoil("hub")


harness.main()
