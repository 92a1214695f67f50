import { createAlarmWriter } from "../../aws/alarms";
import { createAwsReader } from "../../aws/reader";
import type { CommandContext } from "../../context";
import { readDeployment } from "../../deployment/deployment";
import { printJson } from "../../json";
import type { OperatingOptions } from "../../options";
import { findBuiltCode } from "./code";
import { diagnose } from "./diagnose";
import { doctorJson } from "./json";
import { sendTestAlert } from "./test-alert";
import { renderDiagnosis } from "./text";

/** The options of `doctor`, as commander reads them. */
export interface DoctorOptions extends OperatingOptions {
  readonly sendTestAlert?: boolean;
}

/** Compares what is deployed with the config, or sends a test alert. */
export async function runDoctor(options: DoctorOptions, context: CommandContext): Promise<void> {
  const now = context.now();
  const deployment = await readDeployment(options, context, now);
  const read = createAwsReader(deployment.aws);
  if (options.sendTestAlert) {
    await sendTestAlert({
      deployment,
      aws: { ...read, ...createAlarmWriter(deployment.aws) },
      context,
      json: options.json === true,
    });
    return;
  }
  const input = { deployment, read, builtCode: findBuiltCode(), now };
  const diagnosis = await context.progress("Checking the deployment", (reporter) =>
    diagnose(input, reporter),
  );
  if (options.json) printJson(context, doctorJson(deployment, diagnosis));
  else context.out(renderDiagnosis(deployment, diagnosis, context));
  if (diagnosis.checks.some(({ mark }) => mark === "wrong" || mark === "unknown")) context.reportUnhealthy();
}
