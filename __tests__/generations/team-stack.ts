import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { App, S3Backend, TerraformOutput, TerraformStack } from "cdktf";
import { Ec2StartStop } from "ec2-start-stop";

/** A team's own stack: its backend, its provider with its default tags, its topic, and two sets of schedules. */
class TeamStack extends TerraformStack {
  constructor(scope: App, id: string) {
    super(scope, id);
    new S3Backend(this, { bucket: "team-state", key: "platform.tfstate", region: "ap-northeast-2" });
    new AwsProvider(this, "aws", {
      region: "ap-northeast-2",
      defaultTags: [{ tags: { Team: "platform" } }],
    });
    const topic = new SnsTopic(this, "on-call", { name: "on-call" });

    new Ec2StartStop(this, "Office", {
      name: "office",
      region: "ap-northeast-2",
      timezone: "Asia/Seoul",
      code: "zip",
      targets: { dev: { tags: { Environment: "dev" } } },
      schedules: { hours: { running: "MON-FRI 08:00-20:00", targets: "dev" } },
      alerts: { snsTopicArn: topic.arn },
    });
    new Ec2StartStop(this, "Build", {
      name: "build",
      region: "ap-northeast-2",
      timezone: "America/New_York",
      trigger: "scheduler",
      code: "zip",
      targets: { agents: { instanceIds: ["i-0123456789abcdef0"] } },
      schedules: { nightly: { action: "stop", targets: "agents", expression: "cron(0 23 * * ? *)" } },
    });

    new TerraformOutput(this, "topic-arn", { value: topic.arn });
  }
}

const app = new App();
new TeamStack(app, "platform");
app.synth();
