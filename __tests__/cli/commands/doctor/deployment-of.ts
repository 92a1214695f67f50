import type { Deployment } from "../../../../cli/deployment/deployment";
import type { Config } from "../../../../config";
import { planOf } from "../../../../model/plan";

export const ACCOUNT = { id: "123456789012", partition: "aws" };
/** A Monday. */
export const NOW = new Date("2026-11-23T00:00:00Z");

/** A deployment of a config that is known to hold. */
export function deploymentOf(config: Config): Deployment {
  const { names, schedules: plan, actions } = planOf(config);
  return {
    file: "ec2-start-stop.yaml",
    config,
    names,
    plan,
    actions,
    aws: { region: config.region },
  };
}
