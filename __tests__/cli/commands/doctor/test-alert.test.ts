import { describe, expect, it } from "@jest/globals";
import type { DeployedAlarm, Subscription } from "../../../../cli/aws/alarms";
import { AwsError } from "../../../../cli/aws/call";
import { sendTestAlert } from "../../../../cli/commands/doctor/test-alert";
import type { Config } from "../../../../config";
import { CALLER } from "../../../support/fake-aws";
import { FakeClock, fakeContext } from "../../../support/fake-context";
import { PAIR } from "../../../support/props";
import { deploymentOf, NOW } from "./deployment-of";

const ALERTED: Config = {
  ...PAIR,
  name: "dev",
  alerts: { email: "ops@example.com" },
};
const TOPIC = "arn:aws:sns:ap-northeast-2:123456789012:dev-alerts";
const CONFIRMED: Subscription = {
  protocol: "email",
  endpoint: "ops@example.com",
  confirmed: true,
};
const PENDING: Subscription = {
  protocol: "email",
  endpoint: "new@example.com",
  confirmed: false,
};

interface Deployed {
  readonly config?: Config;
  readonly alarm?: Partial<DeployedAlarm>;
  readonly alarms?: readonly DeployedAlarm[];
  readonly subscriptions?: readonly Subscription[] | undefined | AwsError;
  readonly refused?: AwsError;
  readonly json?: boolean;
}

/** Sends a test alert to a deployment in memory; `raised` is what CloudWatch was asked, and `text` what was printed. */
async function send({ config = ALERTED, alarm = {}, refused, json = false, ...deployed }: Deployed = {}) {
  const raised: string[] = [];
  const context = fakeContext(new FakeClock(NOW));
  const dead = {
    ...{
      name: "dev.dead-letters",
      state: "OK",
      actionsEnabled: true,
      actionArns: [TOPIC],
    },
    ...alarm,
  };
  const { alarms = [dead] } = deployed;
  const subscriptions = "subscriptions" in deployed ? deployed.subscriptions : [CONFIRMED];
  const sending = sendTestAlert({
    deployment: deploymentOf(config),
    aws: {
      identity: async () => ({ accountId: "123456789012", arn: CALLER }),
      alarms: async () => alarms,
      subscriptions: async () => {
        if (subscriptions instanceof AwsError) throw subscriptions;
        return subscriptions;
      },
      raiseAlarm: async (name, reason) => {
        // What it will do is said before it is done.
        raised.push(`${name}: ${reason}`, ...(context.written.length > 0 ? ["after the text"] : []));
        if (refused) throw refused;
      },
    },
    context,
    json,
  });
  const error = await sending.then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  return { raised, error, text: context.written.join("") };
}

describe("a test alert", () => {
  it("says what it does, raises the alarm on dead letters, and says what to expect", async () => {
    const { raised, error, text } = await send({
      subscriptions: [CONFIRMED, PENDING],
    });
    expect(error).toBeUndefined();
    expect(raised).toEqual([
      "dev.dead-letters: A test by ec2-start-stop doctor --send-test-alert: nothing is wrong, and there is nothing to do.",
      "after the text",
    ]);
    expect(text).toMatchInlineSnapshot(`
      "Sets the alarm dev.dead-letters in ap-northeast-2 to ALARM, which notifies
      arn:aws:sns:ap-northeast-2:123456789012:dev-alerts, and changes nothing else.
      The message gives as its reason:
        A test by ec2-start-stop doctor --send-test-alert: nothing is wrong, and there
        is nothing to do.

      It goes to:
        email ops@example.com
        email new@example.com, which has not confirmed: nothing arrives there

      Done: the message should arrive within a few minutes. CloudWatch sets the alarm
      back at its next evaluation, without another message.
      "
    `);
  });

  it("is one JSON document where asked", async () => {
    const { raised, text } = await send({ json: true });
    expect(raised).toHaveLength(1);
    expect(JSON.parse(text)).toEqual({
      alarm: "dev.dead-letters",
      topicArn: TOPIC,
      reason: expect.stringMatching(/^A test by /),
      subscriptions: [CONFIRMED],
    });
  });

  it("goes on where the subscriptions may not be listed, and says so", async () => {
    const denied = new AwsError("AWS refused", {
      missingPermission: "sns:ListSubscriptionsByTopic",
    });
    const { raised, text } = await send({ subscriptions: denied });
    expect(raised).toHaveLength(2);
    expect(text).toContain("The subscriptions are not known. AWS refused");
    expect(JSON.parse((await send({ subscriptions: denied, json: true })).text).subscriptions).toBeNull();
  });

  const ofTeam = "arn:aws:sns:ap-northeast-2:123456789012:team";
  it.each<[string, Deployed, RegExp]>([
    [
      "a config without alerts",
      { config: PAIR },
      /^Expected a config with `alerts`, got none in ec2-start-stop/,
    ],
    [
      "an alarm that is not deployed",
      { alarms: [] },
      /^There is no alarm dev\.dead-letters in ap-northeast-2: ec2-start-stop synth && terraform/,
    ],
    [
      "disabled actions",
      { alarm: { actionsEnabled: false } },
      /are disabled, so it sends nothing: aws cloudwatch enable-alarm-actions --alarm-names dev\.dead-letters/,
    ],
    [
      "another topic",
      { alarm: { actionArns: [ofTeam] } },
      /to notify \S+:dev-alerts, got \S+:team: ec2-start-stop synth && terraform \S+ apply$/,
    ],
    [
      "an alarm that is in ALARM, which would send nothing",
      { alarm: { state: "ALARM", reason: "1 message" } },
      /^The alarm dev\.dead-letters is in ALARM already \(1 message\), and CloudWatch sends/,
    ],
    ["a topic that is gone", { subscriptions: undefined }, /^There is no topic/],
    [
      "no subscription",
      { subscriptions: [] },
      /^Expected a confirmed subscription to \S+, got none: nothing was sent/,
    ],
    ["none that is confirmed", { subscriptions: [PENDING] }, /got email new@example\.com: nothing was sent/],
    ["another error", { subscriptions: new AwsError("No connection") }, /^No connection$/],
  ])("is refused for %s, and changes nothing", async (_, deployed, message) => {
    const { raised, error, text } = await send(deployed);
    expect(error?.message).toMatch(message);
    expect(raised).toEqual([]);
    expect(text).toBe("");
  });

  it("ends with the error where AWS refuses it", async () => {
    const { error, text } = await send({
      refused: new AwsError("AWS refused: cloudwatch:SetAlarmState"),
    });
    expect(error?.message).toBe("AWS refused: cloudwatch:SetAlarmState");
    expect(text).not.toContain("Done");
  });
});
