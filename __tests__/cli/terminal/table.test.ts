import { describe, expect, it } from "@jest/globals";
import { dropEmptyColumns, renderRows, renderTable } from "../../../cli/terminal/table";
import { type Cell, unpainted } from "../../../cli/terminal/tone";

const name = (text: string): Cell => ({ text, paint: unpainted, mayBeCut: true });
const ROWS: readonly Cell[][] = [
  ["done", "i-1", name("a-server-with-a-long-name"), "stopped"],
  ["failed", "i-2", name("db"), "running"],
];

describe("a table", () => {
  it("lines its columns up", () => {
    expect(renderTable(ROWS, { width: 80 })).toEqual([
      "  done    i-1  a-server-with-a-long-name  stopped",
      "  failed  i-2  db                         running",
    ]);
  });

  it("cuts what may be cut, by as much as it takes", () => {
    expect(renderTable(ROWS, { width: 40 })).toEqual([
      "  done    i-1  a-server-with-a…  stopped",
      "  failed  i-2  db                running",
    ]);
    for (const width of [48, 40, 35]) {
      const longest = Math.max(...renderTable(ROWS, { width }).map((line) => line.length));
      expect({ width, longest }).toEqual({ width, longest: width });
    }
  });

  it("puts columns on a line of their own before it cuts to less than eight", () => {
    expect(renderRows(ROWS, { width: 30 })).toEqual([
      ["  done    i-1  a-serve…", "          stopped"],
      ["  failed  i-2  db", "          running"],
    ]);
  });

  it("wraps what is longer than a line of its own", () => {
    const rows = [
      ["i-1", "web", "held until the end of the year by someone", "short"],
      ["i-2", "db", "x".repeat(30), ""],
    ];
    expect(renderRows(rows, { width: 30 })).toEqual([
      ["  i-1  web", "       held until the end of", "       the year by someone", "       short"],
      ["  i-2  db", `       ${"x".repeat(23)}`, `       ${"x".repeat(7)}`],
    ]);
  });

  it("cuts wide characters at whole ones", () => {
    expect(renderTable([[name("서울서버서울서버")]], { width: 10, indent: 0 })).toEqual(["서울서버…"]);
  });

  it("goes without columns that nothing fills but a heading", () => {
    const rows = [
      ["Instance", "Name", "State"],
      ["i-1", "", "stopped"],
      ["i-2", "", ""],
    ];
    expect(dropEmptyColumns(rows, 1)).toEqual([
      ["Instance", "State"],
      ["i-1", "stopped"],
      ["i-2", ""],
    ]);
    expect(dropEmptyColumns([["", "a"]])).toEqual([["a"]]);
  });
});
