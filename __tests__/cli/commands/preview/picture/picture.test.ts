import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { DOMParser, type Document, type Element } from "@xmldom/xmldom";
import { computePreview } from "../../../../../cli/commands/preview/model";
import { DARK, LIGHT } from "../../../../../cli/commands/preview/picture/markup";
import { renderPage } from "../../../../../cli/commands/preview/picture/page";
import { renderPicture } from "../../../../../cli/commands/preview/picture/svg";
import { addLocalDays, parseInstant } from "../../../../../cli/terminal/time";
import { type Config, readConfig } from "../../../../../config";
import { preview } from "../preview-of";

/** Throws where the text is not well-formed XML. U+FFFD is well-formed, and stands there on purpose. */
function parse(text: string): Document {
  const onError = (level: string, message: string) => {
    if (!message.startsWith("Unicode replacement character")) throw new Error(`${level}: ${message}`);
  };
  return new DOMParser({ onError }).parseFromString(text, "image/svg+xml");
}

function elements(document: Document, name: string, className?: string): Element[] {
  return [...document.getElementsByTagName(name)].filter(
    (element) =>
      className === undefined || (element.getAttribute("class") ?? "").split(" ").includes(className),
  );
}

function texts(document: Document, className: string): string[] {
  return elements(document, "text", className).map((element) => element.lastChild?.textContent ?? "");
}

function number(element: Element, attribute: string): number {
  return Number(element.getAttribute(attribute));
}

function fleetOf(count: number): Partial<Config> {
  const names = Array.from({ length: count }, (_, index) => `team-${index}`);
  return {
    targets: Object.fromEntries(names.map((name) => [name, { tags: { Team: name } }])),
    schedules: Object.fromEntries(
      names.map((name) => [`${name}-hours`, { running: "MON-FRI 08:00-20:00", targets: name }]),
    ),
  };
}

describe("the picture", () => {
  it("of the shipped example is the one that the README shows", async () => {
    const root = join(__dirname, "../../../../..");
    const config = await readConfig(join(root, "ec2-start-stop.yaml"));
    const from = parseInstant("2027-02-08", "Asia/Seoul", "--from");
    const shown = readFileSync(join(root, "docs/week.svg"), "utf8");
    // Made by: npm run cli -- preview --from 2027-02-08 --svg docs/week.svg
    expect(`${renderPicture(computePreview(config, from, {})).text}\n`).toBe(shown);
  });

  it.each([1, 4, 30])("has a row for each of %i targets, inside its frame", (count) => {
    const document = parse(renderPicture(preview(fleetOf(count))).text);
    expect(texts(document, "name")).toEqual(Array.from({ length: count }, (_, index) => `team-${index}`));
    const height = number(elements(document, "svg")[0] as Element, "height");
    const bars = elements(document, "rect", "running");
    // Five a row, and the one in the legend.
    expect(bars).toHaveLength(count * 5 + 1);
    for (const bar of bars) {
      expect(number(bar, "y") + number(bar, "height")).toBeLessThan(height);
      expect(number(bar, "x") + number(bar, "width")).toBeLessThan(1000);
    }
  });

  it("draws a bar as long as its hours are of the week", () => {
    const document = parse(renderPicture(preview()).text);
    const [bar] = elements(document, "rect", "running");
    const lines = /M([\d.]+) [\d.]+V/g;
    const days = elements(document, "path", "grid").map((path) => path.getAttribute("d") ?? "");
    const xs = [...(days.find((d) => d.match(lines)?.length === 8) ?? "").matchAll(lines)].map(([, x]) =>
      Number(x),
    );
    const week = (xs.at(-1) ?? 0) - (xs[0] ?? 0);
    expect(number(bar as Element, "width") / week).toBeCloseTo(12 / 168, 4);
  });

  it("writes the times of firings, starts and stops apart, skipped ones struck through", () => {
    const document = parse(renderPicture(preview()).text);
    expect(texts(document, "start")).toEqual(Array(9).fill("08:00"));
    expect(texts(document, "stop")).toEqual(Array(10).fill("20:00"));
    expect(texts(document, "skipped-time")).toEqual(["08:00"]);
  });

  it("shades a holiday in the rows that have it", () => {
    const document = parse(renderPicture(preview()).text);
    const shaded = elements(document, "rect").filter((rect) => rect.getAttribute("fill") === "url(#holiday)");
    expect(shaded.map((rect) => number(rect, "height"))).toEqual([44, 14]);
  });

  it("gives the hours, the share saved, and the normal week where this one is another", () => {
    const document = parse(renderPicture(preview()).text);
    expect(texts(document, "hours")).toEqual(["60 h", "48 h"]);
    expect(texts(document, "saved")).toEqual(["64.3 % saved", "71.4 % saved"]);
    expect(texts(document, "small")).toContain("normally 60 h");
  });

  it("says in words and by a band what a clock change does", () => {
    const dublin = preview(
      {
        timezone: "Europe/Dublin",
        trigger: "scheduler",
        targets: { dev: { tags: { Team: "a" } } },
        schedules: { night: { action: "start", expression: "cron(30 1 * * ? *)", targets: "dev" } },
      },
      "2027-03-22T00:00:00Z",
    );
    const document = parse(renderPicture(dublin).text);
    expect(elements(document, "rect", "band")).toHaveLength(2);
    expect(texts(document, "change")).toEqual([
      "+1 h",
      "Sun 2027-03-28 01:00 Europe/Dublin: clocks go forward 1 h, to 02:00: night at 01:30 does not run: clocks never show that time.",
    ]);
    expect(texts(document, "small")).toContain("Times in Europe/Dublin (UTC+00:00, then UTC+01:00)");
  });

  it("names the zone of a target whose schedules have another than the axis, and places it on the axis", () => {
    const newYork = preview({
      targets: { ny: { tags: { Team: "a" } } },
      trigger: "scheduler",
      schedules: { ny: { running: "MON-FRI 08:30-18:00", targets: "ny", timezone: "America/New_York" } },
    });
    const document = parse(renderPicture(newYork).text);
    expect(texts(document, "small")).toContain("America/New_York");
    expect(new Set(texts(document, "start"))).toEqual(new Set(["22:30"]));
  });

  it("says of a target that is only stopped that its hours are not known", () => {
    const stopOnly = preview({
      targets: { dev: { tags: { Team: "a" } } },
      schedules: { off: { action: "stop", expression: "cron(0 20 * * ? *)", targets: "dev" } },
    });
    const document = parse(renderPicture(stopOnly).text);
    expect(texts(document, "small")).toEqual(expect.arrayContaining(["stops only", "not known"]));
    expect(elements(document, "rect", "running")).toHaveLength(1);
  });

  const hostile = `</text><script>alert("1")</script>&amp;'\u0000\ud800\u202e<`;

  it("escapes names, and replaces what XML cannot hold", () => {
    const config = {
      targets: { [hostile]: { tags: { Team: "a" } } },
      schedules: { hours: { running: "MON-FRI 08:00-20:00", targets: hostile } },
    };
    const { text } = renderPicture(preview(config));
    const document = parse(text);
    expect(elements(document, "script")).toEqual([]);
    const [name] = elements(document, "text", "name");
    expect(name?.firstChild?.textContent).toBe(hostile.replace("\u0000\ud800", "\ufffd\ufffd"));
    expect(renderPage(preview(config)).text).not.toContain("<script");
  });

  it("shortens a long name in the middle and keeps it whole as a tooltip", () => {
    const long = `${"long-".repeat(20)}end`;
    const document = parse(
      renderPicture(
        preview({
          targets: { [long]: { tags: { Team: "a" } } },
          schedules: { hours: { running: "MON-FRI 08:00-20:00", targets: long } },
        }),
      ).text,
    );
    expect(texts(document, "name")[0]).toMatch(/^long-.*….*-end$/);
    expect(elements(document, "title").map(({ textContent }) => textContent)).toContain(long);
  });

  it("needs nothing from elsewhere", () => {
    for (const { text } of [renderPicture(preview()), renderPage(preview())]) {
      expect(text.replaceAll('"http://www.w3.org/2000/svg"', "")).not.toMatch(
        /https?:|@import|<link|<script|src=/,
      );
    }
  });

  it("has a title and a description for those who cannot see it", () => {
    const document = parse(renderPicture(preview()).text);
    expect(elements(document, "title")[0]?.textContent).toBe("team, 28 Dec 2026 to 3 Jan 2027");
    expect(elements(document, "desc")[0]?.textContent).toContain("staging: runs 48 h, 71.4 % saved");
  });
});

describe("the colours", () => {
  const style = elements(parse(renderPicture(preview()).text), "style")[0]?.textContent ?? "";
  const [light = "", dark = ""] = style.split("@media (prefers-color-scheme:dark)");

  it("are written for light, and all again for dark", () => {
    for (const [palette, rules] of [
      [LIGHT, light],
      [DARK, dark],
    ] as const) {
      for (const color of Object.values(palette)) expect(rules).toContain(color);
    }
  });

  it.each([
    ["light", LIGHT],
    ["dark", DARK],
  ])("of text in %s have the contrast that WCAG 2 asks for (4.5)", (_, palette) => {
    const { ground, text, muted, start, stop, saved, change } = palette;
    for (const color of [text, muted, start, stop, saved, change]) {
      expect({ color, enough: contrast(color, ground) >= 4.5 }).toEqual({ color, enough: true });
    }
  });

  it.each([
    ["light", LIGHT],
    ["dark", DARK],
  ])("of bars in %s stand out from the ground", (_, { ground, running, start, stop }) => {
    expect(contrast(running, ground)).toBeGreaterThan(2);
    expect(contrast(start, running)).toBeGreaterThan(2);
    expect(contrast(stop, running)).toBeGreaterThan(2);
  });

  /** As WCAG 2 defines it. */
  function contrast(a: string, b: string): number {
    const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (light + 0.05) / (dark + 0.05);
  }

  function luminance(color: string): number {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
      const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
      return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }
});

describe("the page", () => {
  it("holds the picture and every firing, in local time and UTC", () => {
    const { text } = renderPage(preview());
    expect(text).toContain("<svg xmlns=");
    expect(text.match(/<tr class="(runs|skipped)">/g)).toHaveLength(20);
    expect(text).toContain("Fri 2027-01-01 08:00 +09:00");
    expect(text).toContain("2026-12-31 23:00Z");
    expect(text).toContain("skipped: holiday");
  });

  it("says of a longer period how many days it has", () => {
    const from = new Date("2026-12-27T15:00:00Z");
    expect(addLocalDays(from, 14, "Asia/Seoul").toISOString()).toBe("2027-01-10T15:00:00.000Z");
    expect(renderPicture(preview({}, from.toISOString(), { days: 14 })).text).toContain("hours in 14 days");
  });
});
