import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { cloudTrailRoute } from "../../support/aws-server/cloudtrail-route";
import { recordingRoute } from "../../support/aws-server/recording-route";
import type { TrailRecordJson } from "../../support/aws-server/trail-records";
import { OTHER_REGION, REGION } from "../../support/moto/aws";
import { describeEndToEnd } from "../../support/moto/suite";
import { type Deployed, isOfFunction, launch, operateOn } from "../../support/operating/deployed";

const MINUTES = 60_000;

describeEndToEnd("`history`", {}, (tools) => {
  let deployed: Deployed;
  let [web, tagged] = ["", ""];
  const records: TrailRecordJson[] = [];

  beforeAll(async () => {
    deployed = await operateOn(tools, {
      config: async (aws) => {
        [web = ""] = await launch(aws, { tags: { Name: "web-1" } });
        [tagged = ""] = await launch(aws, { region: OTHER_REGION, tags: { Environment: "qa" } });
        return {
          name: "dev",
          region: REGION,
          timezone: "Asia/Seoul",
          targets: {
            dev: { instanceIds: [web] },
            qa: { tags: { Environment: "qa" }, regions: [OTHER_REGION] },
          },
          // Due at no time near that of the test: what is told of the schedules comes from the logs.
          schedules: {
            "dev-stop": { action: "stop", targets: "dev", expression: "cron(0 20 1 1 ? 2199)" },
            "dev-start": { action: "start", targets: "dev", expression: "cron(0 8 2 1 ? 2199)" },
            "qa-stop": { action: "stop", targets: "qa", expression: "cron(0 20 1 1 ? 2199)" },
          },
          trigger: "scheduler",
        };
      },
      routes: [recordingRoute(records, "dev", isOfFunction), cloudTrailRoute({ records: () => records })],
    });
  }, 2 * MINUTES);
  afterAll(() => deployed?.close(), MINUTES);

  it(
    "knows from the logs for which schedule the functions called",
    async () => {
      for (const schedule of ["dev-stop", "dev-start", "qa-stop"]) {
        const run = await deployed.cli(["invoke", schedule, "--apply", "--no-wait"]);
        expect(run.code).toBe(0);
      }
      const { code, stdout } = await deployed.cli(["history", "--since", "1h", "--json"]);
      expect(code).toBe(0);
      const { events, notes } = JSON.parse(stdout);
      expect(notes).toEqual([]);
      expect(events).toMatchObject([
        { call: "StopInstances", schedule: { names: ["dev-stop"], certain: true } },
        { call: "StartInstances", schedule: { names: ["dev-start"], certain: true } },
        {
          call: "StopInstances",
          region: OTHER_REGION,
          schedule: { names: ["qa-stop"], certain: true },
          instances: [{ instanceId: tagged, targets: ["qa"] }],
        },
      ]);
      expect(events[0].instances).toMatchObject([{ instanceId: web, name: "web-1", targets: ["dev"] }]);
    },
    2 * MINUTES,
  );
});
