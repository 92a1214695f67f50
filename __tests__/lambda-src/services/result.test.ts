import { describe, expect, it } from "@jest/globals";
import { hasEnded, readResult } from "../../../lambda-src/services/results";
import { listChecks, type ServiceCheck } from "../../../lambda-src/services/script";

const checks: readonly ServiceCheck[] = [
  { kind: "systemd", value: "nginx" },
  { kind: "tcp", value: "5432" },
  { kind: "command", value: "true" },
];
const ended = (output: string, status = "Success", statusDetails = status) => ({
  status,
  statusDetails,
  output,
});

describe("the result of a command", () => {
  it("is known once the command is no longer in progress", () => {
    const statuses = [
      "Pending",
      "InProgress",
      "Delayed",
      "Cancelling",
      "Success",
      "Failed",
      "TimedOut",
      "Cancelled",
    ];
    expect(statuses.filter((status) => hasEnded(ended("", status)))).toEqual([
      "Success",
      "Failed",
      "TimedOut",
      "Cancelled",
    ]);
  });

  it.each([
    ["all passed", "=check 1 ok\n=check 2 ok\n=check 3 ok\n", []],
    ["lines end as on Windows", "=check 1 ok\r\n=check 2 ok\r\n=check 3 ok\r\n", []],
    [
      "something else is printed between",
      "motd\n=check 1 ok\n\n=check 2 ok\n=check 3 ok\n-----ERROR-----\nx",
      [],
    ],
    [
      "control characters were found",
      "=check 1 no a\u001b[31mb\tc\n=check 2 ok\n=check 3 ok",
      [["systemd nginx", "a [31mb c"]],
    ],
    [
      "a character was cut in the midst",
      "=check 1 no 서\ufffd\n=check 2 ok\n=check 3 ok",
      [["systemd nginx", "서"]],
    ],
    ["nothing was found", "=check 1 no\n=check 2 ok\n=check 3 ok", [["systemd nginx", ""]]],
  ])("is read where %s", (_name, output, failing) => {
    expect(readResult(ended(output), checks)).toEqual({
      failing: failing.map(([check, found]) => ({ check, found })),
    });
  });

  it("counts no check as passed without its complete line", () => {
    expect(
      readResult(ended("=check 1 ok\n=check 2 no nothing listens\n=check 3 o--output truncated--"), checks),
    ).toEqual({
      failing: [
        { check: "tcp 5432", found: "nothing listens" },
        { check: "command", found: "no result: the output was too long" },
      ],
    });
    expect(readResult(ended("=check 1 ok\n=check 2 ok", "TimedOut", "Execution Timed Out"), checks)).toEqual({
      failing: [{ check: "command", found: "no result: the command ended with Execution Timed Out" }],
    });
  });

  it.each([
    [
      ended("", "TimedOut", "Delivery Timed Out"),
      "the SSM command ended with Delivery Timed Out and no result",
    ],
    [ended("", "Failed", ""), "the SSM command ended with Failed and no result"],
    [
      ended("----------ERROR-------\n_script.sh: 3: not found\n", "Failed"),
      "the SSM command ended with Failed and no result: _script.sh: 3: not found",
    ],
  ])("is unknown where no check has a line: %j", (invocation, unknown) => {
    expect(readResult(invocation, checks)).toEqual({ unknown });
  });
});

describe("the checks of several targets", () => {
  it("are each run once", () => {
    const all = listChecks([
      { systemd: ["nginx"], tcp: [80] },
      { tcp: [80, 443], command: "true" },
      { systemd: ["nginx", "postgresql"], command: "true" },
    ]);
    expect(all.map(({ kind, value }) => `${kind} ${value}`)).toEqual([
      "systemd nginx",
      "tcp 80",
      "tcp 443",
      "command true",
      "systemd postgresql",
    ]);
  });
});
