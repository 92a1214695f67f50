import { describe, expect, it } from "@jest/globals";
import { renderStatus } from "../../../../cli/commands/status/text";
import { createColors } from "../../../../cli/terminal/tone";
import { instance, target } from "../../../support/builders";
import { configWith, OFFICE, run, runsRead, statusIn } from "./scene";

const id = (number: number) => `i-${number.toString(16).padStart(17, "0")}`;
const at80 = {
  terminal: { columns: 80, colors: createColors(false) },
  all: false,
};
const MORNING = new Date("2026-11-22T23:00:31Z");
const EVENING = new Date("2026-11-23T11:00:14Z");

const config = configWith(
  {
    ...OFFICE,
    "staging-hours": { running: "MON-FRI 09:00-22:00", targets: "staging" },
    "staging-nights": {
      action: "stop",
      targets: "staging",
      expression: "cron(0 2 * * ? *)",
      enabled: false,
    },
  },
  {
    targets: {
      dev: { instanceIds: [id(1)] },
      staging: { tags: { Environment: "staging" } },
    },
  },
);
const status = statusIn({
  config,
  targets: [
    target(
      [
        instance({
          instanceId: id(1),
          name: "web-1",
          state: "stopped",
          since: EVENING,
        }),
        instance({
          instanceId: id(2),
          name: "a-rather-long-name-of-a-database",
          since: MORNING,
        }),
        instance({
          instanceId: id(3),
          name: "batch",
          since: new Date("2026-11-23T11:05:00Z"),
        }),
        instance({
          instanceId: id(4),
          name: "demo",
          since: new Date("2026-10-02T00:00:00Z"),
          tags: { "ec2-start-stop:hold": "2026-11-25T09:00:00Z" },
        }),
        instance({ instanceId: id(5), state: "stopping" }),
        instance({ instanceId: id(6), name: "web-2", autoScalingGroup: "web" }),
        instance({
          instanceId: id(7),
          state: "terminated",
          since: new Date("2026-11-23T10:00:00Z"),
        }),
      ],
      { missing: [{ instanceId: id(8), region: "ap-northeast-2" }] },
    ),
    target(
      [
        instance({
          instanceId: id(9),
          name: "qa-1",
          since: new Date("2026-11-23T00:00:09Z"),
        }),
        instance({
          instanceId: id(10),
          name: "qa-2",
          state: "stopped",
          stateReason: {
            code: "Server.InsufficientInstanceCapacity",
            message: "Server.InsufficientInstanceCapacity: Insufficient capacity to satisfy instance request",
          },
        }),
        instance({
          instanceId: id(11),
          name: "qa-3",
          region: "us-east-1",
          since: new Date("2026-11-23T00:00:09Z"),
        }),
      ],
      {
        name: "staging",
        regions: ["ap-northeast-2", "us-east-1", "eu-west-1"],
        emptyRegions: ["eu-west-1"],
      },
    ),
  ],
  runs: runsRead([
    run("dev-start", "2026-11-22T23:00:20Z", [{ instanceId: id(1) }]),
    run("staging-hours-start", "2026-11-23T00:00:05Z", [
      {
        instanceId: id(9),
        services: {
          status: "failed",
          failing: [{ check: "systemd nginx", found: "inactive" }],
        },
      },
      { instanceId: id(10) },
      {
        instanceId: id(11),
        outcome: "already",
        services: { status: "unchecked", reason: "it is not managed by SSM" },
      },
    ]),
    run("dev-stop", "2026-11-23T11:00:12Z", [
      { instanceId: id(1) },
      {
        instanceId: id(2),
        outcome: "failed",
        reason:
          "OperationNotPermitted: The instance may not be stopped. Modify its 'disableApiStop' instance attribute and try again. (stop protection is on)",
      },
      { instanceId: id(3), outcome: "already" },
      { instanceId: id(4), outcome: "skipped" },
      { instanceId: id(5) },
      { instanceId: id(6), outcome: "skipped" },
      { instanceId: id(7), outcome: "failed" },
    ]),
  ]),
});

it("is readable at 80 columns", () => {
  expect(renderStatus(status, at80)).toMatchInlineSnapshot(`
    "dev  ap-northeast-2
    Mon 2026-11-23 20:12:05 +09:00 Asia/Seoul, 2026-11-23 11:12:05Z

    dev  should be stopped, since 20:00 (dev-stop)
      8 instances: 4 running, 1 missing, 1 stopped, 1 stopping, 1 terminated; 4 not
      as it should be, 1 changing, 2 skipped
      Schedule   Last run                                          Next
      dev-start  08:00     1 done                                  Tue 08:00
      dev-stop   20:00     2 failed, 2 done, 1 already, 2 skipped  Tue 20:00
      Instance             Name          State       Since       Should be  Last run
    ! i-00000000000000008                missing                 stopped
          no such instance in ap-northeast-2 (InvalidInstanceID.NotFound): correct
          the id, or take it out of the config
      i-00000000000000001  web-1         stopped     20:00       stopped    done
    ! i-00000000000000002  a-rather-lo…  running     08:00       stopped    failed
          dev-stop at 20:00: failed: OperationNotPermitted: The instance may not be
          stopped. Modify its 'disableApiStop' instance attribute and try again.
          (stop protection is on)
    ! i-00000000000000003  batch         running     20:05       stopped    already
          dev-stop at 20:00 left it stopped: changed since
    - i-00000000000000004  demo          running     2026-10-02  stopped    skipped
          held by tag ec2-start-stop:hold until Wed 2026-11-25 18:00 +09:00
    ~ i-00000000000000005                stopping                stopped    done
    - i-00000000000000006  web-2         running                 stopped    skipped
          member of the Auto Scaling group web, which would replace it
    ! i-00000000000000007                terminated  19:00       stopped    failed
          it is terminated: take it out of the config

    staging  should be running, since 09:00 (staging-hours-start)
      3 instances: 2 running, 1 stopped; 3 not as it should be
      its search finds no instance in eu-west-1
      Schedule             Last run                       Next
      staging-hours-start  09:00     2 done, 1 already    Tue 09:00
      staging-hours-stop             no run at Fri 22:00  22:00
      staging-nights       disabled
      Instance             Name  State    Since  Should be  Last run
      ap-northeast-2
    ! i-00000000000000009  qa-1  running  09:00  running    done
          services failed: systemd nginx: inactive
    ! i-0000000000000000a  qa-2  stopped         running    done
          EC2: Server.InsufficientInstanceCapacity: Insufficient capacity to satisfy
          instance request
          staging-hours-start at 09:00 left it running: changed since
      us-east-1
    ! i-0000000000000000b  qa-3  running  09:00  running    already
          services unchecked: it is not managed by SSM

    ! not as it should be   ~ changing   - skipped
    7 of 11 instances are not as they should be.
    Who started or stopped one: ec2-start-stop history --instance ID
    "
  `);
});

it("keeps names whole where there is room", () => {
  const wide = renderStatus(status, {
    terminal: { columns: 160, colors: createColors(false) },
    all: false,
  });
  expect(wide).toContain("! i-00000000000000002  a-rather-long-name-of-a-database  running     08:00");
  expect(wide).toMatch(
    /^ {6}dev-stop at 20:00: failed: OperationNotPermitted: .* attribute and try again\. \(stop$/m,
  );
});

it("never writes a line that is too long, however narrow", () => {
  for (const columns of [80, 100, 120, 160]) {
    const text = renderStatus(status, {
      terminal: { columns, colors: createColors(false) },
      all: true,
    });
    expect(text.split("\n").filter((line) => line.length > columns)).toEqual([]);
  }
});

describe("a large target", () => {
  const targetsWrong = (wrong: number) =>
    statusIn({
      targets: [
        target(
          Array.from({ length: 1000 }, (_, index) =>
            instance({
              instanceId: id(index + 1),
              name: `web-${index + 1}`,
              state: index < wrong ? "running" : "stopped",
              ...(index === 999 ? { excludedBy: "KeepRunning=true" } : {}),
            }),
          ),
        ),
      ],
    });
  const bodyOf = (text: string) => text.split("\n").slice(3);

  it("shows those that are wrong, and how many others there are", () => {
    expect(bodyOf(renderStatus(targetsWrong(2), at80)).join("\n")).toMatchInlineSnapshot(`
      "dev  should be stopped, since 20:00 (dev-stop)
        1,000 instances: 998 stopped, 2 running; 2 not as it should be, 1 skipped
        Schedule   Last run                   Next
        dev-start            no run at 08:00  Tue 08:00
        dev-stop             no run at 20:00  Tue 20:00
        Instance             Name      State    Should be
      ! i-00000000000000001  web-1     running  stopped
      ! i-00000000000000002  web-2     running  stopped
      - i-000000000000003e8  web-1000  stopped  any
            excluded by tag KeepRunning=true
        not shown: 997 as it should be (--all)

      ! not as it should be   - skipped
      2 of 1,000 instances are not as they should be.
      Who started or stopped one: ec2-start-stop history --instance ID
      "
    `);
  });

  it("shows no more than twenty, and all where they are asked for", () => {
    const rows = (text: string) => text.match(/^[!~-] i-/gm)?.length;
    const text = renderStatus(targetsWrong(300), at80);
    expect(rows(text)).toBe(20);
    expect(text).toContain("  not shown: 280 not as it should be, 1 skipped, 699 as it should be (--all)");
    const all = renderStatus(targetsWrong(300), { ...at80, all: true });
    expect(rows(all)).toBe(301);
    expect(all.match(/^. i-/gm)?.length).toBe(1000);
  });

  it("shows the schedules that ran last or fire next", () => {
    const schedules = Object.fromEntries(
      Array.from({ length: 24 }, (_, hour) => [
        `at-${hour}`,
        {
          action: hour % 2 ? "stop" : "start",
          targets: "dev",
          expression: `cron(0 ${hour} * * ? *)`,
        } as const,
      ]),
    );
    const text = renderStatus(statusIn({ config: configWith(schedules), targets: [target([])] }), at80);
    expect(text.match(/^ {2}at-\d+/gm)).toEqual(
      ["at-17", "at-18", "at-19", "at-20", "at-21", "at-22", "at-23", "at-0"]
        .map((name) => `  ${name}`)
        .sort(byHour),
    );
    expect(text).toContain("  and 16 more schedules (--all)");
    expect(
      renderStatus(statusIn({ config: configWith(schedules), targets: [target([])] }), {
        ...at80,
        all: true,
      }),
    ).not.toContain("more schedules");
  });
});

const byHour = (a: string, b: string) => Number(a.slice(5)) - Number(b.slice(5));

it("tells the next firing in the schedule's own zone, and a rate as it is written", () => {
  const config = configWith({
    "ny-stop": {
      action: "stop",
      targets: "dev",
      expression: "cron(0 18 ? * * *)",
      timezone: "America/New_York",
    },
    often: { action: "start", targets: "dev", expression: "rate(2 hours)" },
  });
  const text = renderStatus(statusIn({ config, targets: [target([])] }), at80);
  expect(text).toMatch(/^ {2}ny-stop .* 18:00 America\/New_York$/m);
  expect(text).toMatch(/^ {2}often .* Every 2 hours$/m);
  expect(text).toContain("dev  may be in any state: a rate counts from its deployment");
});

describe("what is not known", () => {
  it("is told in a line where logs may not be read, and the rest is shown", () => {
    const problem = "AWS refused: these credentials need the permission logs:FilterLogEvents (no)";
    const text = renderStatus(
      statusIn({
        targets: [target([instance({ state: "stopped" })])],
        runs: runsRead([], { problem }),
      }),
      at80,
    );
    expect(text).toMatchInlineSnapshot(`
      "dev  ap-northeast-2
      Mon 2026-11-23 20:12:05 +09:00 Asia/Seoul, 2026-11-23 11:12:05Z
      The last runs are not known. AWS refused: these credentials need the permission
      logs:FilterLogEvents (no)

      dev  should be stopped, since 20:00 (dev-stop)
        1 instance: 1 stopped; as it should be
        Schedule   Last run     Next
        dev-start            ?  Tue 08:00
        dev-stop             ?  Tue 20:00
        Instance  State    Should be
        i-1       stopped  stopped

      All is as it should be.
      "
    `);
  });

  it("says how long EC2's rate makes a target's largest region take", () => {
    const fleet = (count: number, region: string) =>
      Array.from({ length: count }, (_, index) => instance({ instanceId: id(index + 1), region }));
    const textOf = (count: number) =>
      renderStatus(
        statusIn({ targets: [target([...fleet(count, "us-east-1"), ...fleet(900, "us-west-2")])] }),
        at80,
      );
    expect(textOf(2200)).toContain(
      "  EC2's rate lets 2,200 instances start in 10 min at least, and stop in 1 min\n",
    );
    expect(textOf(1000)).not.toContain("EC2's rate");
  });

  it("is told of a function without a log group, and of a target without instances", () => {
    const text = renderStatus(
      statusIn({
        targets: [target([])],
        runs: runsRead([], { functionsWithoutLogGroup: ["dev-StopEC2Instances"] }),
      }),
      at80,
    );
    expect(text).toContain(
      "dev-StopEC2Instances has no log group in ap-northeast-2: it is not deployed\nthere, or never ran",
    );
    expect(text).toMatch(/ {2}no instances\n[\s\S]*No instances\.\n$/);
  });
});

it("says which run left an instance as it is, against the schedules", () => {
  const text = renderStatus(
    statusIn({
      targets: [target([instance()])],
      runs: runsRead([run("dev-start", "2026-11-23T11:07:00Z", [{}])]),
    }),
    at80,
  );
  expect(text).toContain("dev-start, run at 20:07, outside its times, left it running\n");
});

it("prints names as text, whatever they contain", () => {
  const text = renderStatus(
    statusIn({
      targets: [target([instance({ name: "a\u001b[31mb", excludedBy: "x=\u202e" })])],
    }),
    at80,
  );
  expect(text).toContain("a\\u001b[31mb");
  expect(text).toContain("excluded by tag x=\\u202e");
});

it("says next to the next firing of a stop when it is warned of", () => {
  const config = configWith(
    {
      "dev-stop": { action: "stop", targets: "dev", expression: "cron(0 20 * * ? *)", warnMinutes: 30 },
    },
    { alerts: { email: "ops@example.com" } },
  );
  const text = renderStatus(statusIn({ config, targets: [target([])] }), at80);
  expect(text).toMatch(/^ {2}dev-stop .* {2}Tue 20:00, warns Tue 19:30$/m);
});
