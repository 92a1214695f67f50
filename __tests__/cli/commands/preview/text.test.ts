import { describe, expect, it } from "@jest/globals";
import type { Preview } from "../../../../cli/commands/preview/model";
import { renderPreview } from "../../../../cli/commands/preview/text";
import { createColors } from "../../../../cli/terminal/tone";
import type { Warning } from "../../../../constructs";
import { preview } from "./preview-of";

const plain = createColors(false);

function textOf(shown: Preview, { columns = 80, warnings = [] as readonly Warning[] } = {}): string {
  return renderPreview(shown, warnings, { columns, colors: plain });
}

/** From 08:00 on that Thursday, into the holiday. */
const overHoliday = preview({}, "2026-12-30T23:00:00Z", { count: 6 });

describe("the preview as text", () => {
  it("shows schedules, firings and hours in 80 columns", () => {
    expect(textOf(overHoliday)).toMatchInlineSnapshot(`
      "team  trigger event-rule, Asia/Seoul
      The next firings from Thu 2026-12-31 08:00 +09:00 on

      Schedules
        dev-hours-start      start  At 08:00, Monday through Friday  dev
                             cron(0 8 ? * MON-FRI *) Asia/Seoul
                             UTC: cron(0 23 ? * SUN-THU *)
        dev-hours-stop       stop   At 20:00, Monday through Friday  dev
                             cron(0 20 ? * MON-FRI *) Asia/Seoul
                             UTC: cron(0 11 ? * MON-FRI *)
        staging-hours-start  start  At 08:00, Monday through Friday  staging
                             cron(0 8 ? * MON-FRI *) Asia/Seoul
                             UTC: cron(0 23 ? * SUN-THU *)
        staging-hours-stop   stop   At 20:00, Monday through Friday  staging
                             cron(0 20 ? * MON-FRI *) Asia/Seoul
                             UTC: cron(0 11 ? * MON-FRI *)

      Firings
        Local time, Asia/Seoul       UTC                Action  Schedule
        Thu 2026-12-31 08:00 +09:00  2026-12-30 23:00Z  start   dev-hours-start
        Thu 2026-12-31 08:00 +09:00  2026-12-30 23:00Z  start   staging-hours-start
        Thu 2026-12-31 20:00 +09:00  2026-12-31 11:00Z  stop    dev-hours-stop
        Thu 2026-12-31 20:00 +09:00  2026-12-31 11:00Z  stop    staging-hours-stop
        Fri 2027-01-01 08:00 +09:00  2026-12-31 23:00Z  start   dev-hours-start
        Fri 2027-01-01 08:00 +09:00  2026-12-31 23:00Z  start   staging-hours-start
                                     skipped: holiday

      Targets
        Target   A week  Saved/168 h
        dev      60 h    64.3 %
        staging  60 h    64.3 %
      "
    `);
  });

  it("shows the same in 160 columns, a line each, with the targets of each firing", () => {
    expect(textOf(overHoliday, { columns: 160 })).toMatchInlineSnapshot(`
      "team  trigger event-rule, Asia/Seoul
      The next firings from Thu 2026-12-31 08:00 +09:00 on

      Schedules
        dev-hours-start      start  At 08:00, Monday through Friday  dev      cron(0 8 ? * MON-FRI *) Asia/Seoul   UTC: cron(0 23 ? * SUN-THU *)
        dev-hours-stop       stop   At 20:00, Monday through Friday  dev      cron(0 20 ? * MON-FRI *) Asia/Seoul  UTC: cron(0 11 ? * MON-FRI *)
        staging-hours-start  start  At 08:00, Monday through Friday  staging  cron(0 8 ? * MON-FRI *) Asia/Seoul   UTC: cron(0 23 ? * SUN-THU *)
        staging-hours-stop   stop   At 20:00, Monday through Friday  staging  cron(0 20 ? * MON-FRI *) Asia/Seoul  UTC: cron(0 11 ? * MON-FRI *)

      Firings
        Local time, Asia/Seoul       UTC                Action  Schedule             Targets
        Thu 2026-12-31 08:00 +09:00  2026-12-30 23:00Z  start   dev-hours-start      dev
        Thu 2026-12-31 08:00 +09:00  2026-12-30 23:00Z  start   staging-hours-start  staging
        Thu 2026-12-31 20:00 +09:00  2026-12-31 11:00Z  stop    dev-hours-stop       dev
        Thu 2026-12-31 20:00 +09:00  2026-12-31 11:00Z  stop    staging-hours-stop   staging
        Fri 2027-01-01 08:00 +09:00  2026-12-31 23:00Z  start   dev-hours-start      dev
        Fri 2027-01-01 08:00 +09:00  2026-12-31 23:00Z  start   staging-hours-start  staging  skipped: holiday

      Targets
        Target   A week  Saved/168 h
        dev      60 h    64.3 %
        staging  60 h    64.3 %
      "
    `);
  });

  it.each([80, 160])("keeps to %i columns", (columns) => {
    for (const line of textOf(preview(), { columns }).split("\n")) {
      expect(line.length).toBeLessThanOrEqual(columns);
    }
  });

  it("names the zone of each firing where there are several", () => {
    const both = preview({
      trigger: "scheduler",
      schedules: {
        on: {
          action: "start",
          expression: "cron(0 8 * * ? *)",
          targets: "dev",
        },
        off: {
          action: "stop",
          expression: "cron(0 20 * * ? *)",
          targets: "dev",
          timezone: "America/New_York",
        },
      },
    });
    expect(textOf(both, { columns: 120 })).toContain(
      "Mon 2026-12-28 20:00 -05:00  2026-12-29 01:00Z  stop    off       America/New_York",
    );
    expect(textOf(both)).toContain("Mon 2026-12-28 08:00 +09:00  Sun 23:00Z  start   on\n");
  });

  it("tells what a clock change does to each firing", () => {
    const text = textOf(
      preview(
        {
          timezone: "America/New_York",
          trigger: "scheduler",
          schedules: {
            late: {
              action: "stop",
              expression: "cron(30 2 * * ? *)",
              targets: "dev",
            },
            early: {
              action: "start",
              expression: "cron(0 8 * * ? *)",
              targets: "dev",
            },
          },
        },
        "2027-03-14T05:00:00Z",
        { days: 1 },
      ),
    );
    expect(text).toContain("Sun 2027-03-14 02:30          never              stop    late\n");
    expect(text).toContain("skipped: clocks jump over it");
    expect(text).toContain(
      [
        "Clock changes",
        "  Sun 2027-03-14 02:00 America/New_York: clocks go forward 1 h, to 03:00",
        "    late at 02:30 does not run: clocks never show that time",
      ].join("\n"),
    );
  });

  it("marks a time that clocks show twice", () => {
    const text = textOf(
      preview(
        {
          timezone: "America/New_York",
          trigger: "scheduler",
          schedules: {
            late: {
              action: "stop",
              expression: "cron(30 1 * * ? *)",
              targets: "dev",
            },
          },
        },
        "2027-11-07T04:00:00Z",
        { days: 1 },
      ),
      { columns: 100 },
    );
    expect(text).toContain("stop    late      once: clocks show it twice");
    expect(text).toContain("late at 01:30 runs once, though clocks show that time twice: at the first");
  });

  it("says which target's hours are not known, and why", () => {
    const text = textOf(
      preview({
        schedules: {
          off: { action: "stop", expression: "rate(1 hour)", targets: "dev" },
        },
      }),
    );
    expect(text).toMatch(/dev +\? +\? +stops only: nothing here starts it/);
    expect(text).toMatch(/staging +\? +\? +no schedule in use/);
    expect(text).toContain("A rate counts from its deployment");
  });

  it("shows a schedule that is not enabled, and none of its firings", () => {
    const text = textOf(
      preview({
        schedules: {
          off: {
            action: "stop",
            expression: "cron(0 20 * * ? *)",
            targets: "dev",
            enabled: false,
          },
        },
      }),
    );
    expect(text).toContain("off  stop, disabled");
    expect(text).toContain("None in this period.");
  });

  it("says how long EC2's rate makes the largest fleet take that the config allows", () => {
    expect(textOf(preview({ maxInstances: 5000 }), { columns: 120 })).toContain(
      "  EC2's rate lets 5,000 instances start in 34 min at least, and stop in 4 min (maxInstances)\n",
    );
    expect(textOf(preview({ maxInstances: 1000 }))).not.toContain("EC2's rate");
  });

  it("ends with the warnings", () => {
    const warning = {
      kind: "tag-overlap",
      severity: "warning",
      path: "",
      message: "a\u001b[31mb",
      schedules: [],
      targets: [],
    } as const;
    expect(textOf(overHoliday, { warnings: [warning] })).toMatch(
      /\n\nWarnings and notes\n {2}warning: a\\u001b\[31mb\n$/,
    );
  });

  it("spells out what would steer a terminal in a target's name, and counts wide characters as two", () => {
    const text = textOf(
      preview({
        targets: {
          "개발\u001b[2J": { tags: { Team: "a" } },
          b: { tags: { Team: "b" } },
        },
        schedules: {
          on: {
            action: "start",
            expression: "cron(0 8 * * ? *)",
            targets: "b",
          },
        },
      }),
    );
    expect(text).toContain("  개발\\u001b[2J  ?");
    expect(text).toContain("  b              168 h");
  });

  it("is coloured where colours are wanted", () => {
    const colored = renderPreview(overHoliday, [], {
      columns: 80,
      colors: createColors(true),
    });
    expect(colored).toContain("\u001b[32mstart\u001b[39m");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal acts upon begins with one
    expect(colored.replace(/\u001b\[\d+m/g, "")).toBe(textOf(overHoliday));
  });
});

describe("the warnings before a stop", () => {
  const alerts = { email: "ops@example.com" };
  const warned = (changes: object = {}, length: object = { days: 1 }) =>
    preview(
      {
        alerts,
        schedules: {
          "dev-hours": { running: "MON-FRI 08:00-20:00", targets: "dev", warnMinutes: 30, ...changes },
        },
      },
      "2026-12-30T15:00:00Z",
      length,
    );
  const firingsIn = (shown: Preview, columns = 80) =>
    textOf(shown, { columns }).split("\n\n")[2]?.split("\n").slice(1);

  it("are listed at their times, by the name of the stop", () => {
    expect(firingsIn(warned())).toEqual([
      "  Local time, Asia/Seoul       UTC         Action  Schedule",
      "  Thu 2026-12-31 08:00 +09:00  Wed 23:00Z  start   dev-hours-start",
      "  Thu 2026-12-31 19:30 +09:00  Thu 10:30Z  warn    warns of dev-hours-stop",
      "  Thu 2026-12-31 20:00 +09:00  Thu 11:00Z  stop    dev-hours-stop",
    ]);
    expect(firingsIn(warned(), 120)?.[2]).toBe(
      "  Thu 2026-12-31 19:30 +09:00  2026-12-31 10:30Z  warn    warns of dev-hours-stop  dev",
    );
  });

  it("are left out on the holidays of the stop, on which they say nothing", () => {
    const shown = warned({ holidays: "kr", stopOnHolidays: false }, { days: 2 });
    expect(shown.stopWarnings.map(({ local }) => local)).toEqual(["2026-12-31T19:30:00+09:00"]);
  });

  it("belong to the period by their own times", () => {
    // Of the stop a minute after this period, and not of the one a minute after its beginning.
    const shown = warned({ running: "daily 00:10-00:01", warnMinutes: 5 });
    expect(shown.stopWarnings).toMatchObject([
      { local: "2026-12-31T23:56:00+09:00", stop: { local: "2027-01-01T00:01:00+09:00" } },
    ]);
    expect(shown.firings.map(({ local }) => local)).toEqual([
      "2026-12-31T00:01:00+09:00",
      "2026-12-31T00:10:00+09:00",
    ]);
  });
});
