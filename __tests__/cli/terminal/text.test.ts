import { describe, expect, it } from "@jest/globals";
import {
  formatListItem,
  toPrintable,
  toPrintableJson,
  toPrintableOutput,
  truncateToColumns,
  wrapParagraph,
  wrapWords,
} from "../../../cli/terminal/text";

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

describe("printable text", () => {
  it.each([
    { what: "control characters", text: "a\u001b[31mb\u0007\u007f", shown: "a\\u001b[31mb\\u0007\\u007f" },
    { what: "those of C1", text: "a\u009b31m\u0085", shown: "a\\u009b31m\\u0085" },
    { what: "directions", text: "\u202eabc\u2069\u061c", shown: "\\u202eabc\\u2069\\u061c" },
    { what: "line separators", text: "a\u2028b\u2029\nc", shown: "a\\u2028b\\u2029\\u000ac" },
    {
      what: "what is not seen",
      text: "a\u200b\u200d\u2060\u00ad\u3164\ufeff",
      shown: "a\\u200b\\u200d\\u2060\\u00ad\\u3164\\ufeff",
    },
    { what: "tags and lone surrogates", text: "a\u{e0041}\ud800", shown: "a\\u{e0041}\\ud800" },
    { what: "joiners and styles without emoji", text: "a\u200db\ufe0f", shown: "a\\u200db\\ufe0f" },
  ])("has $what escaped", ({ text, shown }) => {
    expect(toPrintable(text)).toBe(shown);
  });

  it.each(["서울 서버", "各国語", "👩‍👩‍👧‍👦", "👩🏽‍💻", "❤️‍🔥", "☎️ 1️⃣", "é", "e\u0301", "नमस्ते"])(
    "keeps %s",
    (text) => {
      expect(toPrintable(text)).toBe(text);
    },
  );

  it("is the same document where it is JSON", () => {
    const value = { "a\u202e": "b\u009b\u{e0041}\u0000", list: ["서버 👩‍💻"] };
    const json = toPrintableJson(JSON.stringify(value, undefined, 2));
    expect(JSON.parse(json)).toEqual(value);
    expect(json).toContain('"b\\u009b\\udb40\\udc41\\u0000"');
  });

  it("is what an output takes, with this program's own colours on a terminal only", () => {
    const text = "\u001b[31mred\u001b[39m\tx\n\u001b]0;title\u0007\u001b[5A";
    expect(toPrintableOutput(text, true)).toBe(
      "\u001b[31mred\u001b[39m\tx\n\\u001b]0;title\\u0007\\u001b[5A",
    );
    expect(toPrintableOutput(text, false)).toBe(
      "\\u001b[31mred\\u001b[39m\tx\n\\u001b]0;title\\u0007\\u001b[5A",
    );
  });
});
