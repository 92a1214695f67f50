import { DEAD_LETTERS_ALARM } from "../../../model/alarms";
import { AccountArns } from "../../../model/arns";
import { blueprint } from "../../../model/blueprint";
import { planOf } from "../../../model/plan";
import type { AlarmReader, AlarmWriter, DeployedAlarm, Subscription } from "../../aws/alarms";
import { AwsError } from "../../aws/call";
import { accountOf, type IamReader } from "../../aws/iam";
import { type CommandContext, InputError } from "../../context";
import type { Deployment } from "../../deployment/deployment";
import { printJson } from "../../json";
import { joinSections, wrapParagraph } from "../../terminal/text";
import { Fixes } from "./check-context";

/** What `doctor --send-test-alert --json` prints. */
interface TestAlertJson {
  readonly alarm: string;
  readonly topicArn: string;
  /** The reason in the message. */
  readonly reason: string;
  /** Null if a permission to list them is missing. */
  readonly subscriptions: readonly Subscription[] | null;
}

export interface TestAlertOptions {
  readonly deployment: Deployment;
  readonly aws: Pick<AlarmReader, "alarms" | "subscriptions"> & AlarmWriter & Pick<IamReader, "identity">;
  readonly context: CommandContext;
  readonly json: boolean;
}

const REASON =
  "A test by ec2-start-stop doctor --send-test-alert: nothing is wrong, and there is nothing to do.";

/**
 * Sets the alarm on dead letters to ALARM, so that a message goes the way of every alert.
 * @throws {InputError} for a config without `alerts`
 * @throws {AwsError} if no message could arrive, or AWS refuses; then nothing is changed
 */
export async function sendTestAlert({ deployment, aws, context, json }: TestAlertOptions): Promise<void> {
  const { alarm, topicArn } = await findAlarm(deployment, aws);
  checkAlarm(alarm, topicArn, await aws.alarms(deployment.names.scope), deployment);
  const { listed, problem } = await readSubscriptions(topicArn, aws);
  const { columns, colors, out } = context;
  if (!json) {
    const intent = `Sets the alarm ${alarm} in ${deployment.config.region} to ALARM, which notifies ${topicArn}, and changes nothing else. The message gives as its reason:`;
    const receivers = listed.map(describeSubscription);
    const to = problem === undefined ? receivers : [`The subscriptions are not known. ${problem}`];
    const indented = (text: string) => wrapParagraph(text, columns, { indent: 2, hanging: 2 });
    out(
      joinSections([
        [...wrapParagraph(intent, columns), ...indented(REASON)],
        ["It goes to:", ...to.flatMap(indented)],
      ]),
    );
  }
  await context.progress("Asking CloudWatch", () => aws.raiseAlarm(alarm, REASON));
  if (json) {
    const subscriptions = problem === undefined ? listed : null;
    const result: TestAlertJson = { alarm, topicArn, reason: REASON, subscriptions };
    printJson(context, result);
    return;
  }
  const done =
    "Done: the message should arrive within a few minutes. CloudWatch sets the alarm back at its next evaluation, without another message.";
  out(`\n${joinSections([wrapParagraph(done, columns, { paint: colors.green })])}`);
}

async function findAlarm(
  { config, plan, file }: Deployment,
  aws: Pick<IamReader, "identity">,
): Promise<{ readonly alarm: string; readonly topicArn: string }> {
  if (config.alerts === undefined) {
    throw new InputError(`Expected a config with \`alerts\`, got none in ${file}: there is no alarm to test`);
  }
  const account = accountOf(await aws.identity());
  const { alerts } = blueprint(planOf(config, plan), new AccountArns(account));
  const alarm = alerts?.alarms.find(({ key }) => key === DEAD_LETTERS_ALARM);
  if (alerts === undefined || alarm === undefined) throw new Error("Expected an alarm on dead letters");
  return { alarm: alarm.name, topicArn: alerts.topicArn };
}

/** CloudWatch sends a message only where the state changes, and the actions are enabled. */
function checkAlarm(
  name: string,
  topicArn: string,
  deployed: readonly DeployedAlarm[],
  deployment: Deployment,
): void {
  const fixes = new Fixes(deployment);
  const found = deployed.find((each) => each.name === name);
  const { region } = deployment.config;
  if (found === undefined) throw new AwsError(`There is no alarm ${name} in ${region}: ${fixes.deploy}`);
  if (!found.actionsEnabled) {
    const command = fixes.aws(["cloudwatch", "enable-alarm-actions", "--alarm-names", name], region);
    throw new AwsError(`The actions of the alarm ${name} are disabled, so it sends nothing: ${command}`);
  }
  if (!found.actionArns.includes(topicArn)) {
    const got = found.actionArns.join(", ") || "nothing";
    throw new AwsError(`Expected the alarm ${name} to notify ${topicArn}, got ${got}: ${fixes.deploy}`);
  }
  if (found.state === "ALARM") {
    throw new AwsError(
      `The alarm ${name} is in ALARM already${found.reason ? ` (${found.reason})` : ""}, and CloudWatch sends a message only when the state changes: find out why by ec2-start-stop doctor, or try again in half an hour`,
    );
  }
}

/** Reads the subscriptions. Those of a topic in another account may be hidden. */
async function readSubscriptions(
  topicArn: string,
  aws: Pick<AlarmReader, "subscriptions">,
): Promise<{ readonly listed: readonly Subscription[]; readonly problem?: string }> {
  try {
    const listed = await aws.subscriptions(topicArn);
    if (listed === undefined) throw new AwsError(`There is no topic ${topicArn}: nothing was sent`);
    if (!listed.some(({ confirmed }) => confirmed)) {
      const got = listed.map(({ protocol, endpoint }) => `${protocol} ${endpoint}`).join(", ") || "none";
      throw new AwsError(
        `Expected a confirmed subscription to ${topicArn}, got ${got}: nothing was sent. ec2-start-stop doctor says how to mend it`,
      );
    }
    return { listed };
  } catch (error) {
    if (!(error instanceof AwsError) || error.missingPermission === undefined) throw error;
    return { listed: [], problem: error.message };
  }
}

function describeSubscription({ protocol, endpoint, confirmed }: Subscription): string {
  return `${protocol} ${endpoint}${confirmed ? "" : ", which has not confirmed: nothing arrives there"}`;
}
