import { expect, it } from "@jest/globals";
import { describeWrongUse } from "../../../support/operating/wrong-use";
import { runCli } from "../../../support/run-cli";

const EC2 = { permission: "ec2:DescribeInstances", protocol: "ec2" } as const;

describeWrongUse({ args: ["extend", "dev", "--for", "1h"], names: "target", ...EC2 });
describeWrongUse({ args: ["release", "dev"], names: "target", ...EC2 });
describeWrongUse({ args: ["start", "dev", "--for", "1h"], names: "target", ...EC2 });
describeWrongUse({ args: ["skip", "dev-stop", "--next"], names: "schedule", ...EC2 });
describeWrongUse({ args: ["hold", "dev", "--for", "1h"], ...EC2 });
describeWrongUse({ args: ["holds"], ...EC2 });

it.each(["hold", "extend", "release", "start"])("`%s` takes several instances", async (command) => {
  const { stdout } = await runCli([command, "--help"]);
  expect(stdout).toMatch(/[<[]instances\.\.\.[>\]]/);
});

it.each([
  [
    ["hold", "dev"],
    "Expected one end, by --until, --for or --until-next-start, got none: ec2-start-stop hold dev",
  ],
  [["start", "dev", "--for", "soon"], '--for: expected a duration such as 90m, 2h, 1h30m or 2d, got "soon"'],
])("%j is refused before AWS is asked", async (args, message) => {
  const environment = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
  const { code, stdout, stderr } = await runCli([...args, "--config", "ec2-start-stop.yaml"], environment);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(message);
});
