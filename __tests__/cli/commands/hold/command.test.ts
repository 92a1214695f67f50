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
