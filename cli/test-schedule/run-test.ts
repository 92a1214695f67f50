import type { CommandEnvironment } from "../command-environment";
import { readDeployment } from "../deployment/deployment";
import { openTools } from "../functions/open-tools";
import type { OperatingOptions } from "../operating-options";
import { chosenSchedule } from "./chosen-schedule";
import { testJson } from "./test-json";
import { isWell, settleTest, testSchedule } from "./test-run";
import { settledText, testText } from "./test-text";

/** The options of `test`, as commander reads them. */
export interface TestOptions extends OperatingOptions {
  readonly apply?: boolean;
  /** false for --no-wait. */
  readonly wait: boolean;
}

export async function runTest(
  schedule: string,
  options: TestOptions,
  environment: CommandEnvironment,
): Promise<void> {
  const { clock, write, terminal } = environment;
  const deployment = await readDeployment(options, environment.variables, clock.now());
  const planned = chosenSchedule(deployment, schedule);
  const { aws } = deployment;
  const tools = openTools(aws, environment);
  const applied = options.apply === true;
  const run = await testSchedule(deployment, planned, applied, tools);
  if (!options.json) write(testText(run, aws.region, terminal));
  const follow = applied && options.wait;
  const settled = follow ? await settleTest(run, tools, environment.interrupted) : undefined;
  if (options.json) write(`${JSON.stringify(testJson(run, settled), undefined, 2)}\n`);
  else if (settled !== undefined) write(settledText(settled, run, terminal));
  if (!isWell(run, settled)) environment.notAsItShouldBe();
}
