import { describe, expect, it } from "@jest/globals";
import { placeLabels } from "../../../../../cli/commands/preview/picture/labels";

describe("labels of width 30", () => {
  it("stay where they want to be while they have room", () => {
    expect(placeLabels([0, 30, 90], 30)).toEqual([0, 30, 90]);
  });

  it("are pushed apart around the place they want", () => {
    expect(placeLabels([100, 110], 30)).toEqual([90, 120]);
  });

  it("push on their neighbours", () => {
    const [first = 0, second = 0, third = 0] = placeLabels([100, 130, 150], 30);
    expect(second - first).toBeCloseTo(30, 9);
    expect(third - second).toBeCloseTo(30, 9);
  });

  it("are left out where they would have to go too far", () => {
    expect(placeLabels([100, 101, 102, 300], 30)).toEqual([86, undefined, 116, 300]);
  });

  it("are thinned out evenly where most have no room", () => {
    const places = placeLabels(
      Array.from({ length: 100 }, (_, index) => index * 4),
      30,
    );
    const left = places.filter((place) => place !== undefined);
    expect(left).toEqual([0, 48, 96, 144, 192, 240, 288, 336, 384]);
  });

  it("may be none", () => {
    expect(placeLabels([], 30)).toEqual([]);
  });
});
