import { expect, it } from "@jest/globals";
import { chunksOf, defined } from "../../contract/collections";

it("members that are undefined are left out, and no others", () => {
  const members = { none: undefined, empty: "", zero: 0, no: false, nothing: null, list: [] };
  expect(Object.keys(defined(members))).toEqual(["empty", "zero", "no", "nothing", "list"]);
});

it("a list is cut into parts in its order", () => {
  expect(chunksOf([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(chunksOf([], 2)).toEqual([]);
});
