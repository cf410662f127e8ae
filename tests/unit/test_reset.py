"""`lw reset`: the next load reads everything again, nothing that was admitted is taken away, and it is written down."""

from dropped_loads import NAME, drop, land, night, seen

from learning_warehouse import admission
from learning_warehouse.resets import reset, reset_after, resets
from learning_warehouse.sources import find


def test_after_a_reset_every_file_is_read_again_and_readers_still_see_the_old_rows(home, stored):
    night(0, stored, "a")
    night(1, stored, "b")
    told = reset(find(NAME), stored, "Ann", "the vendor repaired its history")
    assert (told.after, told.by) == (2, "Ann")
    assert admission.start_cursor(find(NAME), stored) == admission.StartCursor()
    assert seen(stored) == ["a", "b"]
    assert night(2, stored, "c").records == 3
    assert seen(stored) == ["a", "a", "b", "b", "c"]
    assert admission.start_cursor(find(NAME), stored).seq == 3


def test_a_stream_that_is_new_already_is_not_reset_again(home, stored):
    assert reset(find(NAME), stored, "Ann", "why not") is None
    night(0, stored, "a")
    assert reset(find(NAME), stored, "Ann", "first").number == 1
    assert reset(find(NAME), stored, "Ann", "second") is None
    assert [one.why for one in resets(find(NAME), stored)] == ["first"]


def test_loads_before_a_reset_are_no_measure_for_those_after_it(home, stored):
    night(0, stored, "a")
    reset(find(NAME), stored, "Ann", "x")
    drop("1.csv", "b")
    second = land(1)
    assert reset_after(find(NAME), stored, before=second.seq) == 1
    assert reset_after(find(NAME), stored, before=1) == 0
