import { cloudTrailRoute } from "../../support/aws-server/cloudtrail-route";
import { recordingRoute } from "../../support/aws-server/recording-route";
import { ssmRoute } from "../../support/aws-server/ssm-route";
import { AGENTS, recordOf, ssoUser, type TrailRecordJson } from "../../support/aws-server/trail-records";
import type { SsmSpec } from "../../support/ec2/ssm";
import { OTHER_REGION, REGION } from "../../support/moto/aws";
import type { Tools } from "../../support/moto/tools";
import { type Deployed, isOfFunction, launch, operateOn } from "../../support/operating/deployed";

const HELD = { "ec2-start-stop:hold": "2199-12-01T00:00:00Z" };
const WELL: SsmSpec = { units: { nginx: "active" }, ports: [5432] };
const AN_HOUR_MS = 3_600_000;

/** The deployment of docs/operating.md: two instances were started by hand, and a service of one is down. */
export async function documentedDeployment(tools: Pick<Tools, "python">): Promise<Deployed> {
  const records: TrailRecordJson[] = [];
  const managed: Record<string, SsmSpec> = {};
  return await operateOn(tools, {
    config: async (aws) => {
      const tagged = (Name: string, tags = {}) => ({
        region: OTHER_REGION,
        tags: { Name, Environment: "qa", ...tags },
      });
      const [web1 = ""] = await launch(aws, { tags: { Name: "web-1" } });
      const [web2 = ""] = await launch(aws, { tags: { Name: "web-2" } });
      const [db = ""] = await launch(aws, { tags: { Name: "db-1" }, state: "stopped" });
      await launch(aws, tagged("qa-1"));
      await launch(aws, tagged("qa-2", HELD));
      Object.assign(managed, { [web1]: WELL, [web2]: { units: { nginx: "failed" } }, [db]: WELL });
      records.push(startedByHand([web1, web2]));
      return {
        name: "office",
        region: REGION,
        timezone: "Asia/Seoul",
        trigger: "scheduler",
        code: "zip",
        followUps: true,
        targets: {
          dev: { instanceIds: [web1, web2, db], checks: { systemd: ["nginx"], tcp: [5432] } },
          qa: { tags: { Environment: "qa" }, regions: [OTHER_REGION] },
        },
        schedules: {
          "dev-stop": { action: "stop", targets: "dev", expression: "cron(0 20 ? * MON-FRI *)" },
          "dev-start": { action: "start", targets: "dev", expression: "cron(0 8 ? * MON-FRI *)" },
          "qa-hours": { running: "MON-FRI 09:00-19:00", targets: "qa" },
        },
      };
    },
    routes: [
      recordingRoute(records, "office", isOfFunction),
      cloudTrailRoute({ records: () => records }),
      ssmRoute(managed),
    ],
  });
}

function startedByHand(instanceIds: readonly string[]): TrailRecordJson {
  return recordOf({
    at: `${new Date(Date.now() - AN_HOUR_MS).toISOString().slice(0, 19)}Z`,
    call: "StartInstances",
    by: ssoUser("bob@example.com", "PowerUserAccess"),
    instanceIds,
    region: REGION,
    sourceIp: "203.0.113.7",
    userAgent: AGENTS.console,
  });
}
