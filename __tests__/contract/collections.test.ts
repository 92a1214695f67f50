import { expect, it } from "@jest/globals";
import { chunksOf, defined } from "../../contract/collections";

it("removes the members that are undefined, and no others", () => {
  const members = { none: undefined, empty: "", zero: 0, no: false, nothing: null, list: [] };
  expect(Object.keys(defined(members))).toEqual(["empty", "zero", "no", "nothing", "list"]);
});

it("splits a list into parts, in order", () => {
  expect(chunksOf([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(chunksOf([], 2)).toEqual([]);
});
