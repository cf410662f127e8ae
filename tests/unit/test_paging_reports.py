"""Reports without pages: pieces of time, and aliases that must be those that were agreed."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import msgspec
import pytest

from learning_warehouse.errors import StopStream
from learning_warehouse.paging_reports import ReportContract, growing_chunks

NOW = datetime(2026, 12, 1, 1, tzinfo=UTC)
CONTRACT = ReportContract(
    "Workers",
    always=("ID", "Since"),
    sometimes=("Left",),
    groups={"Jobs": ReportContract("Workers, column Jobs", always=("Title",), sometimes=("Place",))},
)
WHOLE = ReportContract("Everybody", always=("ID",), sometimes=("Left",), is_whole=True)


def rows(*content):
    return [msgspec.json.encode(row) for row in content]


@pytest.mark.parametrize("days", [0.5, 30, 31, 400, 9800])
def test_pieces_of_time_are_half_open_without_gap_and_half_as_long_each_time(days):
    pieces = growing_chunks(NOW - timedelta(days=days), NOW)
    assert (pieces[0][0], pieces[-1][1]) == (NOW - timedelta(days=days), NOW)
    assert all(earlier[1] == later[0] for earlier, later in pairwise(pieces))
    lengths = [end - begin for begin, end in pieces]
    assert lengths[-1] == min(timedelta(days=30), timedelta(days=days))
    assert all(earlier == 2 * later for earlier, later in pairwise(lengths[1:]))


def test_twenty_six_years_are_nine_reports_and_an_empty_window_is_none():
    assert len(growing_chunks(datetime(2000, 1, 1, tzinfo=UTC), NOW)) == 9
    assert growing_chunks(NOW, NOW) == []


def test_agreed_aliases_pass_and_blank_ones_may_be_left_out_of_a_row():
    CONTRACT.check(
        rows({"ID": 1, "Since": "x", "Jobs": [{"Title": "a"}, {"Title": "b", "Place": "c"}]}, {"ID": 2, "Since": "", "Left": "y"})
    )
    CONTRACT.check(rows({"ID": 1, "Since": "x", "Jobs": ""}))
    CONTRACT.check([])
    WHOLE.check(rows({"ID": 1}, {"ID": 2, "Left": ""}))


@pytest.mark.parametrize(
    ("contract", "content", "said"),
    [
        (CONTRACT, [{"ID": 1, "Since": "x"}, {"ID": 2}], "comes without Since[.]"),
        (CONTRACT, [{"ID": 1, "Since": "x", "Until": "y"}], "comes with Until[.]"),
        (CONTRACT, [{"ID": 1, "Begin": "x"}], "comes without Since and with Begin[.]"),
        (CONTRACT, [{"ID": 1, "Since": "x", "Jobs": [{"Title": "a", "Pay": 3}]}], "column Jobs is not .* comes with Pay[.]"),
        (CONTRACT, [{"ID": 1, "Since": "x", "Jobs": [{"Place": "a"}]}], "column Jobs is not .* comes without Title[.]"),
        (WHOLE, [{"ID": 1}, {"ID": 2}], "comes without Left[.]"),
    ],
)
def test_another_set_of_aliases_stops_the_stream_and_says_which(contract, content, said):
    with pytest.raises(StopStream, match=said):
        contract.check(rows(*content))


def test_an_alias_that_is_no_plain_word_is_not_repeated_because_it_may_hold_content():
    with pytest.raises(StopStream) as caught:
        CONTRACT.check(rows({"ID": 1, "Since": "x", "ann.lee@halden.example": "y"}))
    assert "with a name that is no alias" in str(caught.value)
    assert "halden.example" not in str(caught.value)


def test_what_is_no_object_is_left_to_typing():
    CONTRACT.check([b"[1]", b'"text"', b"\xff", *rows({"ID": 1, "Since": "x"})])


def test_the_page_about_connecting_lists_every_report_and_alias():
    from learning_warehouse.settings import REPOSITORY
    from learning_warehouse.sources.hris.workday import HISTORY_REPORT, WORKERS_REPORT

    page = (REPOSITORY / "docs" / "connect-your-own.md").read_text()
    for contract in (WORKERS_REPORT, HISTORY_REPORT):
        (line,) = [line for line in page.splitlines() if line.startswith(f"| `{contract.name}`")]
        names = contract.known.union(*(group.known for group in contract.groups.values()))
        assert {name for name in names if f"`{name}`" not in line} == set()
