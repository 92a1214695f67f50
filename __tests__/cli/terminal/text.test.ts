import { describe, expect, it } from "@jest/globals";
import { formatListItem, truncateToColumns, wrapParagraph, wrapWords } from "../../../cli/terminal/text";

describe("text in lines", () => {
  it("breaks between words, at the last that fits", () => {
    expect(wrapWords("one two three", 7)).toEqual(["one two", "three"]);
    expect(wrapWords("one two three", 13)).toEqual(["one two three"]);
  });

  it("gives a word that is too long a line of its own", () => {
    expect(wrapWords("a i-0123456789abcdef0 b", 5)).toEqual(["a", "i-0123456789abcdef0", "b"]);
  });

  it("counts wide characters as two columns", () => {
    expect(wrapWords("서울 서버", 9)).toEqual(["서울 서버"]);
    expect(wrapWords("서울 서버", 8)).toEqual(["서울", "서버"]);
  });

  it("is no line where there is no text", () => {
    expect(wrapWords("", 10)).toEqual([]);
  });
});

describe("a paragraph", () => {
  it("fills its lines up to the columns, whatever stands before them", () => {
    expect(wrapParagraph("one two three four", 10, { indent: 3, hanging: 2 })).toEqual([
      "   one two",
      "  three",
      "  four",
    ]);
    expect(wrapParagraph("one two three four", 10, { hanging: 5 })).toEqual([
      "one two",
      "     three",
      "     four",
    ]);
  });

  it("paints its text only, and spells out what a terminal would act upon", () => {
    const paint = (text: string) => `<${text}>`;
    expect(wrapParagraph("a\u001b b", 9, { indent: 1, paint })).toEqual([" <a\\u001b>", " <b>"]);
  });

  it("hangs from the dash of a list", () => {
    expect(formatListItem("one two three", 11)).toEqual(["  - one two", "    three"]);
  });
});

describe("a text that is cut", () => {
  it("never takes more columns than there are, and keeps emoji of several code points whole", () => {
    expect(truncateToColumns("서울서버서울서버", 9)).toBe("서울서버…");
    expect(truncateToColumns("서울서버서울서버", 10)).toBe("서울서버…");
    expect(truncateToColumns("web 👩‍👩‍👧‍👦 server", 7)).toBe("web 👩‍👩‍👧‍👦…");
    expect(truncateToColumns("web 👩‍👩‍👧‍👦 server", 6)).toBe("web …");
    expect(truncateToColumns("web", 3)).toBe("web");
  });
});
