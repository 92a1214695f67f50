import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { type App, TerraformStack } from "cdktf";
import { Ec2StartStop } from "../../constructs";

/** The example of the README, which imports from "ec2-start-stop" and creates its own App. */
export function officeHours(app: App): TerraformStack {
  const stack = new TerraformStack(app, "office-hours");
  new AwsProvider(stack, "aws", { region: "ap-northeast-2" });
  new Ec2StartStop(stack, "OfficeHours", {
    region: "ap-northeast-2",
    timezone: "Asia/Seoul",
    code: "zip",
    targets: { dev: { tags: { Environment: "dev" } } },
    schedules: { office: { running: "MON-FRI 08:00-20:00", targets: "dev" } },
  });
  return stack;
}
