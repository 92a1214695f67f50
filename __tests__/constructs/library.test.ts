import { expect, it } from "@jest/globals";
import { Testing } from "cdktf";
import { officeHours } from "./library-example";

it("the library serves a stack of its user in ten lines", () => {
  const resource = JSON.parse(Testing.synth(officeHours(Testing.app()), true)).resource;
  const rules = Object.values<{ name: string }>(resource.aws_cloudwatch_event_rule).map(({ name }) => name);
  expect(rules.sort()).toEqual(["ec2-start-stop.office-start", "ec2-start-stop.office-stop"]);
});
