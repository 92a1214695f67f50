import { expect, test } from "@jest/globals";
import {
  countBad,
  countOutcomes,
  countServices,
  type InstanceReport,
  isBad,
  OUTCOMES,
  onlyPending,
  RUN_STATUSES,
  reportedOutcome,
  SERVICE_STATUSES,
  type ServiceStatus,
  statusOf,
  throws,
} from "../../contract/report";

const instance = (outcome: InstanceReport["outcome"], status?: ServiceStatus): InstanceReport => ({
  instanceId: "i-0123456789abcdef0",
  region: "eu-west-1",
  outcome,
  ...(status ? { services: { status } } : {}),
});

const EVERY = OUTCOMES.flatMap((outcome) => [
  instance(outcome),
  ...SERVICE_STATUSES.map((status) => instance(outcome, status)),
]);

function reportOn(
  instances: readonly InstanceReport[],
  errors: readonly { region: string; reason: string }[] = [],
) {
  const found = { instances, errors };
  return { status: statusOf(found), counts: countOutcomes(found), services: countServices(found) };
}

test("an instance is bad when its change failed or is unconfirmed, or its services did not pass", () => {
  const bad = EVERY.filter(isBad).map(({ outcome, services }) => `${outcome} ${services?.status ?? "-"}`);
  expect(bad).toEqual([
    ...["-", "failed", "pending", "unchecked", "passed"].map((status) => `failed ${status}`),
    ...["-", "failed", "pending", "unchecked", "passed"].map((status) => `unconfirmed ${status}`),
    ...["deferred", "done", "skipped", "already"].flatMap((outcome) =>
      ["failed", "pending", "unchecked"].map((status) => `${outcome} ${status}`),
    ),
  ]);
});

test("for every two instances, the status, the counts and the outcome agree", () => {
  for (const first of EVERY) {
    for (const second of EVERY) {
      const report = reportOn([first, second]);
      const anyBad = isBad(first) || isBad(second);
      const anyDeferred = [first, second].some(({ outcome }) => outcome === "deferred");
      expect(throws(report)).toBe(anyBad);
      expect(countBad(report) > 0).toBe(anyBad);
      const withoutBad = anyDeferred ? "unfinished" : "ok";
      expect(reportedOutcome(report)).toBe(
        anyBad ? (onlyPending(report) ? "pending" : "failed") : withoutBad,
      );
    }
  }
});

test.each([
  ["one is pending", [instance("done", "pending"), instance("already")], true],
  ["nothing is pending", [instance("done", "passed")], false],
  ["the services of another failed", [instance("done", "pending"), instance("done", "failed")], false],
  ["another failed", [instance("done", "pending"), instance("failed")], false],
  ["another is unconfirmed", [instance("done", "pending"), instance("unconfirmed")], false],
])("whether a run is only pending where %s", (_case, instances, expected) => {
  expect(onlyPending(reportOn(instances))).toBe(expected);
});

test("an error of a region makes a run fail that would only be pending", () => {
  const report = reportOn([instance("done", "pending")], [{ region: "eu-west-1", reason: "denied" }]);
  expect(reportedOutcome(report)).toBe("failed");
  expect(countBad(report)).toBe(2);
});

test("a run that failed or was refused throws, and no other", () => {
  expect(RUN_STATUSES.filter((status) => throws({ status }))).toEqual(["refused", "failed"]);
});
