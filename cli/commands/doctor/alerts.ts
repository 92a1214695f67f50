import { regionOfArn } from "../../../contract/patterns";
import { type AlarmSpec, DEAD_LETTERS_ALARM, MISSED_ALARM_PREFIX } from "../../../model/alarms";
import type { AlertsSpec } from "../../../model/blueprint";
import type { DeployedAlarm } from "../../aws/alarms";
import { type CheckGroup, type CheckResult, none, note, ok, wrong } from "./check";
import { type CheckContext, memoizeAsync } from "./check-context";

/** Checks that failures are reported: the alarms, the subscription to their topic, and the dead-letter queue. */
export function createAlertChecks(context: CheckContext): CheckGroup {
  const { expected, deployment, read } = context;
  const { alerts } = expected;
  if (alerts === undefined) {
    const nothing = {
      name: "alerts",
      run: async () => none("the config asks for none: failures are not reported"),
    };
    return { subject: "Alerts", checks: [nothing] };
  }
  const { scope } = deployment.names;
  const listed = memoizeAsync(() => read.alarms(scope));
  return {
    subject: "Alerts",
    checks: [
      { name: "subscription", run: () => checkSubscription(alerts, context) },
      ...alerts.alarms.map((expected) => ({
        name: expected.name,
        run: async () => {
          const alarm = (await listed()).find(({ name }) => name === expected.name);
          return checkAlarm(expected, alarm, alerts, context);
        },
      })),
      { name: "dead letters", run: () => checkQueue(alerts, context) },
    ],
  };
}

async function checkSubscription(
  { topicArn, topic }: AlertsSpec,
  { read, fixes }: CheckContext,
): Promise<CheckResult> {
  const email = topic?.email;
  const found = await read.subscriptions(topicArn);
  if (found === undefined) return wrong(`there is no topic ${topicArn}`, fixes.deploy);
  if (email === undefined) {
    const confirmed = found.filter((each) => each.confirmed).length;
    if (confirmed > 0) return ok(`${confirmed} of ${found.length} confirmed, at ${topicArn}`);
    return wrong(
      `no confirmed subscription to ${topicArn}`,
      "add a subscription in the SNS console and confirm it",
    );
  }
  const own = found.find(({ protocol, endpoint }) => protocol === "email" && endpoint === email);
  if (own === undefined) return wrong(`${email} is not subscribed to ${topicArn}`, fixes.deploy);
  if (own.confirmed) return ok(`${email}, confirmed`);
  const region = regionOfArn(topicArn);
  const again = fixes.aws(
    ["sns", "subscribe", "--topic-arn", topicArn, "--protocol", "email", "--notification-endpoint", email],
    region,
  );
  return wrong(
    `${email} has not confirmed (PendingConfirmation), so no alert arrives`,
    `click the link in the mail from AWS Notifications; to have it sent again: ${again}`,
  );
}

function checkAlarm(
  { key, name }: AlarmSpec,
  alarm: DeployedAlarm | undefined,
  { topicArn }: AlertsSpec,
  { fixes, deployment }: CheckContext,
): CheckResult {
  if (alarm === undefined) return wrong("there is no such alarm", fixes.deploy);
  if (!alarm.actionsEnabled) {
    const command = ["cloudwatch", "enable-alarm-actions", "--alarm-names", name];
    return wrong("its actions are disabled: it sends no alert", fixes.aws(command, deployment.config.region));
  }
  if (!alarm.actionArns.includes(topicArn)) {
    const got = alarm.actionArns.join(", ") || "nothing";
    return wrong("it notifies another topic", fixes.deploy, [{ name: "actions", got, expected: topicArn }]);
  }
  if (alarm.state === "OK") return ok("OK");
  if (alarm.state !== "ALARM") return note(`${alarm.state}: CloudWatch has not judged it yet`);
  const cause = checkWithCause(key) ?? fixes.ownCommand(["logs", "--failed"]);
  return wrong(`in ALARM${alarm.reason ? `: ${alarm.reason}` : ""}`, `find out why: ${cause}`);
}

/** Names the check that shows the cause of an alarm, if the logs of runs do not. */
function checkWithCause(key: string): string | undefined {
  if (key === DEAD_LETTERS_ALARM) return "see `dead letters` below";
  return key.startsWith(MISSED_ALARM_PREFIX) ? "see what triggers it, above" : undefined;
}

async function checkQueue(
  { deadLetterQueue: { name: queueName } }: AlertsSpec,
  { read, fixes, deployment }: CheckContext,
): Promise<CheckResult> {
  const found = await read.queue(queueName);
  if (found === undefined) return wrong(`there is no queue ${queueName}`, fixes.deploy);
  const { url, messages } = found;
  if (messages === 0) return ok(`${queueName} is empty`);
  const command = (verb: string) => fixes.aws(["sqs", verb, "--queue-url", url], deployment.config.region);
  return wrong(
    `${messages} undelivered ${messages === 1 ? "event" : "events"} in ${queueName}`,
    `read them, then empty it: ${command("receive-message")}; ${command("purge-queue")}`,
  );
}
