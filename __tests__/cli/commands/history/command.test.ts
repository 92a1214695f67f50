import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { PERMISSIONS } from "../../../../cli/aws/permissions";
import { awsFault, type Route } from "../../../support/aws-server/aws-server";
import { iamAction } from "../../../support/operating/iam-actions";
import { describeWrongUse, expectOneLine } from "../../../support/operating/wrong-use";
import { runCli } from "../../../support/run-cli";
import { type HistoryWorld, historyWorld, someDays } from "./history-world";

describeWrongUse({
  args: ["history"],
  permission: "ec2:DescribeInstances",
  protocol: "ec2",
  everyError: true,
});

let refuse: Route;
let world: HistoryWorld;
beforeAll(async () => {
  const now = new Date();
  world = await historyWorld(() => someDays(now), { routes: [(call) => refuse(call)] });
});
afterAll(() => world.close());
beforeEach(() => {
  refuse = () => undefined;
});

const run = (...args: string[]) => runCli(["history", ...args], world.environment);
describe("`history`", () => {
  it("tells what CloudTrail knows, makes no calls but those it says it needs, and is done however they ended", async () => {
    const before = world.server.calls.length;
    const { code, stdout, stderr } = await run("--since", "2w");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("stop           schedule dev-stop\n");
    expect(stdout).toContain("7 calls: 4 by the functions, 3 by others; 1 failed.");
    const made = new Set(world.server.calls.slice(before).map(iamAction));
    expect([...made].filter((action) => !PERMISSIONS.history.some((known) => known === action))).toEqual([]);
    expect([...made].sort()).toEqual([
      "cloudtrail:LookupEvents",
      "ec2:DescribeInstances",
      "logs:FilterLogEvents",
    ]);
  });

  it("names all that it needs in its help", async () => {
    const { stdout } = await run("--help");
    expect(stdout).toContain(`Needs in IAM: ${PERMISSIONS.history.join(", ")}\n`);
  });

  it.each([
    ["AccessDeniedException", "AWS refused: these credentials need the permission cloudtrail:LookupEvents ("],
    ["ThrottlingException", "AWS throttled cloudtrail:LookupEvents, after several tries"],
    ["ExpiredTokenException", "The AWS credentials have expired"],
    ["InvalidTimeRangeException", "AWS did not answer cloudtrail:LookupEvents: InvalidTimeRangeException"],
  ])("says in one line that CloudTrail refuses: %s", async (fault, beginning) => {
    refuse = ({ operation }) => (operation === "LookupEvents" ? awsFault(fault, "no") : undefined);
    expectOneLine(await run("--instance", "i-0123456789abcdef0"), 1, beginning);
  });

  it.each([
    [
      ["--since", "91d"],
      '--since: expected at most 90 days ago, as CloudTrail\'s event history keeps no more, got "91d"',
    ],
    [["--since", "soon"], "--since: expected a time such as 90m, 12h, 7d, 2w, 2026-11-23"],
    [["--since", "2199-01-01"], "--since: expected a time before now"],
    [["--since", "2026-02-30"], "--since: expected a date and time that exist"],
    [["--instance", "web-1"], '--instance: expected an instance id such as i-0123456789abcdef0, got "web-1"'],
    [["--instance", "i-0123"], "--instance: expected an instance id such as"],
    [["dev-stop"], "error: too many arguments for 'history'"],
  ])("refuses %j", async (args, beginning) => {
    expectOneLine(await run(...args), 2, beginning);
  });
});
