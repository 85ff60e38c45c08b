# SPDX-License-Identifier: GPL-3.0-or-later
"""The same as in test_figures.py for a large town."""
from figures_town import day, whole_town
from harness import main, test


@test
def the_figures_of_a_hundred_thousand_tickets_are_those_of_their_journeys(folder):
    whole_town(folder, 100000, [(), ("--from", day(40)), ("--from", day(9), "--to", day(9))])


main()
