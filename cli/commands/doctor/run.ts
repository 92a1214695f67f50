import { createAwsReader } from "../../aws/reader";
import type { CommandContext } from "../../context";
import { readDeployment } from "../../deployment/deployment";
import { printJson } from "../../json";
import type { OperatingOptions } from "../../options";
import { findBuiltCode } from "./code";
import { diagnose } from "./diagnose";
import { doctorJson } from "./json";
import { renderDiagnosis } from "./text";

/** Compares what is deployed with the config. */
export async function runDoctor(options: OperatingOptions, context: CommandContext): Promise<void> {
  const now = context.now();
  const deployment = await readDeployment(options, context, now);
  const input = { deployment, read: createAwsReader(deployment.aws), builtCode: findBuiltCode(), now };
  const diagnosis = await context.progress("Checking the deployment", (reporter) =>
    diagnose(input, reporter),
  );
  if (options.json) printJson(context, doctorJson(deployment, diagnosis));
  else context.out(renderDiagnosis(deployment, diagnosis, context));
  if (diagnosis.checks.some(({ mark }) => mark === "wrong" || mark === "unknown")) context.reportUnhealthy();
}
