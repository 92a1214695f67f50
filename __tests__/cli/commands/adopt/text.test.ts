import { describe, expect, it } from "@jest/globals";
import { diffTexts } from "../../../../cli/commands/adopt/text";

describe("a difference of lines", () => {
  it("shows what is added and removed, with the lines around it", () => {
    expect(diffTexts("a\nb\nc\nd\ne\nf\n", "a\nb\nc\nX\ne\nY\nf\n")).toEqual([
      "  b",
      "  c",
      "- d",
      "+ X",
      "  e",
      "+ Y",
      "  f",
    ]);
    expect(diffTexts("", "a\n")).toEqual(["+ a"]);
  });
});
