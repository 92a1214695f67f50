import { describe, expect, it } from "@jest/globals";
import { previewJson } from "../../../../cli/commands/preview/json";
import { renderPage } from "../../../../cli/commands/preview/picture/page";
import { renderPreview } from "../../../../cli/commands/preview/text";
import { createColors } from "../../../../cli/terminal/tone";
import type { Config } from "../../../../config";
import { preview } from "./preview-of";

const everyMinute = { action: "stop", targets: "dev", expression: "cron(* * * * ? *)" } as const;
const everyOther = { action: "start", targets: "dev", expression: "cron(1/2 * * * ? *)" } as const;

function dense(schedules: Config["schedules"], days = 366) {
  return preview({ trigger: "scheduler", schedules, holidays: {} }, "2026-12-27T15:00:00Z", { days });
}

describe("a preview of dense schedules", () => {
  it("is shortened to 20,000 firings, and says so as text, JSON and page", () => {
    const shown = dense({ stop: everyMinute });
    expect(shown.firings).toHaveLength(11 * 1440);
    const json = previewJson(shown, []);
    expect(json.until).toBe("2027-01-07T15:00:00Z");
    expect(json.shortened).toEqual({ from: "2027-12-28T15:00:00Z", maxFirings: 20_000 });
    const text = renderPreview(shown, [], { columns: 100, colors: createColors(false) });
    expect(text).toContain(
      "Shortened from Wed 2027-12-29 00:00 +09:00: a preview shows at most 20,000 firings.",
    );
    expect(renderPage(dense({ stop: everyMinute }, 14)).text).toContain(
      "a preview shows at most 20,000 firings.",
    );
  });

  it("is shortened for all of them together", () => {
    const schedules = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [`s${index}`, index % 2 ? everyMinute : everyOther]),
    );
    const began = process.cpuUsage();
    const shown = dense(schedules);
    expect(shown.firings.length).toBeLessThanOrEqual(20_000);
    expect(shown.firings.length).toBeGreaterThan(5000);
    expect(shown.timeline.targets[0]?.week).toBeUndefined();
    // The time of the processor, since other tests run at the same time.
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(5000);
  });

  it("is left whole where it has no more", () => {
    const shown = dense({ stop: everyMinute }, 7);
    expect(shown.firings).toHaveLength(7 * 1440);
    expect(previewJson(shown, []).shortened).toBeNull();
  });
});
