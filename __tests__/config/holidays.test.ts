import { describe, expect, it } from "@jest/globals";
import { Testing } from "cdktf";
import { parseConfig } from "../../config";
import { ConfigStack } from "../../config/stack";
import { decide } from "../../lambda-src/decide";
import { readRequest } from "../../lambda-src/request";
import { readSettings } from "../../lambda-src/settings";
import { planOf } from "../../model/plan";

// From the config file to what the function decides: Friday 2027-01-01 is a holiday in Seoul.
const CONFIG = (trigger: string, schedule: string, holidays: string) => `name: dev
region: ap-northeast-2
timezone: Asia/Seoul
trigger: ${trigger}
code: zip
targets: { dev: { instanceIds: [i-0123456789abcdef0] } }
schedules:
  hours: { targets: dev, holidays: kr, ${schedule} }
holidays: { kr: ${holidays} }
`;

const NEW_YEAR = "{ dates: [2027-01-01, 2027-01-04], workdays: [2027-01-04] }";

interface Synthesized {
  readonly resource: {
    readonly aws_cloudwatch_event_target?: Record<string, { input_transformer: { input_template: string } }>;
    readonly aws_scheduler_schedule?: Record<string, { target: { input: string } }>;
  };
}

/** The request that a trigger sends at a firing, with the time filled in as AWS does. */
async function firedRequest(config: string, action: "start" | "stop", scheduledTime: string) {
  const stack = new ConfigStack(Testing.app(), await parseConfig(config));
  const { resource } = JSON.parse(Testing.synth(stack)) as Synthesized;
  const inputs = [
    ...Object.values(resource.aws_cloudwatch_event_target ?? {}).map(
      ({ input_transformer: { input_template: template } }) =>
        template.replace("<time>", `"${scheduledTime}"`),
    ),
    ...Object.values(resource.aws_scheduler_schedule ?? {}).map(({ target: { input } }) =>
      input.replace("<aws.scheduler.scheduled-time>", scheduledTime),
    ),
  ];
  const input = inputs.find((text) => JSON.parse(text).action === action);
  const { targets: deployed } = planOf(await parseConfig(config));
  return readRequest(
    JSON.parse(input ?? "null"),
    readSettings({ ACTION: action, TARGETS: JSON.stringify(deployed[action]) }),
  );
}

/** `runs`, or the reason why the function skips the firing. */
async function outcome(config: string, action: "start" | "stop", scheduledTime: string): Promise<string> {
  const decision = decide(
    await firedRequest(config, action, scheduledTime),
    Date.parse(scheduledTime) + 1000,
  );
  return decision.proceed ? "runs" : decision.reason;
}

describe.each(["event-rule", "scheduler"])("holidays of a config, with trigger %s", (trigger) => {
  const day = CONFIG(trigger, 'running: "MON-FRI 08:00-20:00"', NEW_YEAR);

  it("reach the request of the start as dates, with their zone, and not that of the stop", async () => {
    expect(await firedRequest(day, "start", "2026-12-31T23:00:00Z")).toMatchObject({
      holidays: ["2027-01-01"],
      timezone: "Asia/Seoul",
    });
    expect(await firedRequest(day, "stop", "2026-12-31T23:00:00Z")).not.toHaveProperty("holidays");
  });

  it("skip a start by the date in the zone, where UTC still has the day before", async () => {
    expect(await outcome(day, "start", "2026-12-31T23:00:00Z")).toBe("holiday: 2027-01-01 in Asia/Seoul");
    expect(await outcome(day, "start", "2026-12-30T23:00:00Z")).toBe("runs");
  });

  it("do not skip a start on a day that UTC calls the holiday, but Seoul the day after", async () => {
    const night = CONFIG(trigger, 'running: "daily 02:00-04:00"', NEW_YEAR);
    expect(await outcome(night, "start", "2027-01-01T17:00:00Z")).toBe("runs");
    expect(await outcome(night, "start", "2026-12-31T17:00:00Z")).toBe("holiday: 2027-01-01 in Asia/Seoul");
  });

  it("do not skip a start on a workday among them", async () => {
    expect(await outcome(day, "start", "2027-01-03T23:00:00Z")).toBe("runs");
  });

  it("do not skip stops, unless stopOnHolidays is false", async () => {
    expect(await outcome(day, "stop", "2027-01-01T11:00:00Z")).toBe("runs");
    const neither = CONFIG(trigger, 'running: "MON-FRI 08:00-20:00", stopOnHolidays: false', NEW_YEAR);
    expect(await outcome(neither, "stop", "2027-01-01T11:00:00Z")).toBe("holiday: 2027-01-01 in Asia/Seoul");
    expect(await outcome(neither, "stop", "2027-01-04T11:00:00Z")).toBe("runs");
  });

  it("belong to the day on which an overnight window starts, so its stop depends on the day before", async () => {
    const overnight = CONFIG(trigger, 'running: "daily 22:00-06:00", stopOnHolidays: false', NEW_YEAR);
    expect((await firedRequest(overnight, "stop", "2027-01-01T21:00:00Z")).holidays).toEqual(["2027-01-02"]);
    expect(await outcome(overnight, "start", "2027-01-01T13:00:00Z")).toBe(
      "holiday: 2027-01-01 in Asia/Seoul",
    );
    // Friday 06:00 ends the window of Thursday, and Saturday 06:00 that of the holiday, which was skipped.
    expect(await outcome(overnight, "stop", "2026-12-31T21:00:00Z")).toBe("runs");
    expect(await outcome(overnight, "stop", "2027-01-01T21:00:00Z")).toBe(
      "holiday: 2027-01-02 in Asia/Seoul",
    );
  });

  it("work the same from the calendar of a country", async () => {
    const korea = CONFIG(trigger, 'running: "MON-FRI 08:00-20:00"', "{ country: KR, years: [2027] }");
    expect(await outcome(korea, "start", "2026-12-31T23:00:00Z")).toBe("holiday: 2027-01-01 in Asia/Seoul");
    expect(await outcome(korea, "start", "2027-01-03T23:00:00Z")).toBe("runs");
  });
});
