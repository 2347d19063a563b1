"""jjj locate on a table too large to hold: what it remembers of the rows it has written."""

import geo.cli.locate as command


def _run(tmp_path, monkeypatch, report):
    text = "\n".join(["lon,lat", *("116.412345,39.912345" for _ in range(40)), "0,0"])
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    monkeypatch.setattr(command, "_WHOLE_ROWS", 10)
    kept = []
    add = command._Run.pieces

    def pieces(self, *words):
        told = add(self, *words)
        kept.append(sum(map(len, self.rows)))
        return told

    monkeypatch.setattr(command._Run, "pieces", pieces)
    words = {"report": str(tmp_path / "r.csv")} if report else {}
    command.locate(str(tmp_path / "t.csv"), output=str(tmp_path / "o.parquet"), **words)
    return kept


def test_rows_are_forgotten_when_nobody_asked_for_a_report(tmp_path, monkeypatch):
    assert _run(tmp_path, monkeypatch, report=False) == [0]


def test_rows_with_something_to_say_are_kept_for_a_report(tmp_path, monkeypatch):
    assert _run(tmp_path, monkeypatch, report=True) == [1]
