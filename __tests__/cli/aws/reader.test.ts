import { createServer } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { zipSync } from "fflate";
import { createLambdaReader } from "../../../cli/aws/lambda";
import { type AwsReader, createAwsReader } from "../../../cli/aws/reader";
import {
  type AwsAnswer,
  type AwsServer,
  awsFault,
  type Route,
  startAwsServer,
} from "../../support/aws-server/aws-server";

let server: AwsServer;
let route: Route;
let read: AwsReader;
const before = { ...process.env };

beforeAll(async () => {
  server = await startAwsServer([(call) => route(call)]);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "an-example-secret",
    AWS_MAX_ATTEMPTS: "1",
  });
});
beforeEach(() => {
  read = createAwsReader({ region: "ap-northeast-2" });
});
afterAll(async () => {
  process.env = before;
  await server.close();
});

const xml = (body: string, status = 200): AwsAnswer => ({
  status,
  headers: { "content-type": "text/xml" },
  body,
});
const json = (value: object): AwsAnswer => ({
  status: 200,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(value),
});

it("tells the time of AWS at each answer, at refusals too", async () => {
  const dates = ["Mon, 23 Nov 2026 09:00:00 GMT", "Mon, 23 Nov 2026 09:00:07 GMT", "soon"];
  const statuses = [200, 403, 200];
  route = () => ({ ...json({}), status: statuses.shift() ?? 200, headers: { date: dates.shift() ?? "" } });
  const times: string[] = [];
  const functions = createLambdaReader({
    region: "ap-northeast-2",
    answered: (at) => times.push(at.toISOString()),
  });
  await functions.describe("dev");
  await functions.describe("dev").catch(() => undefined);
  await functions.describe("dev");
  expect(times).toEqual(["2026-11-23T09:00:00.000Z", "2026-11-23T09:00:07.000Z"]);
});

describe("what IAM would refuse", () => {
  const asked = {
    actions: ["ec2:StopInstances"],
    resourceArns: ["a", "b"],
    context: [{ key: "k", type: "string", value: "v" }],
  } as const;
  const simulated = (results: string) =>
    xml(
      `<SimulatePrincipalPolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><SimulatePrincipalPolicyResult><IsTruncated>false</IsTruncated><EvaluationResults>${results}</EvaluationResults></SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>`,
    );

  it("is told by resource, with what refuses it", async () => {
    route = () =>
      simulated(`<member><EvalActionName>ec2:StopInstances</EvalActionName><EvalResourceName>arn:\${Partition}:ec2:...</EvalResourceName>
        <EvalDecision>implicitDeny</EvalDecision><OrganizationsDecisionDetail><AllowedByOrganizations>true</AllowedByOrganizations></OrganizationsDecisionDetail>
        <ResourceSpecificResults>
          <member><EvalResourceName>a</EvalResourceName><EvalResourceDecision>allowed</EvalResourceDecision></member>
          <member><EvalResourceName>b</EvalResourceName><EvalResourceDecision>implicitDeny</EvalResourceDecision>
            <PermissionsBoundaryDecisionDetail><AllowedByPermissionsBoundary>false</AllowedByPermissionsBoundary></PermissionsBoundaryDecisionDetail></member>
        </ResourceSpecificResults></member>`);
    expect(await read.refusals("arn:aws:iam::123456789012:role/r", asked)).toEqual([
      {
        action: "ec2:StopInstances",
        resourceArn: "b",
        decision: "implicitDeny",
        byBoundary: true,
        byOrganization: false,
      },
    ]);
    const sent = new URLSearchParams(server.calls.at(-1)?.body.toString("utf8"));
    expect(Object.fromEntries(sent)).toMatchObject({
      Action: "SimulatePrincipalPolicy",
      PolicySourceArn: "arn:aws:iam::123456789012:role/r",
      "ActionNames.member.1": "ec2:StopInstances",
      "ResourceArns.member.2": "b",
      "ContextEntries.member.1.ContextKeyName": "k",
      "ContextEntries.member.1.ContextKeyType": "string",
      "ContextEntries.member.1.ContextKeyValues.member.1": "v",
    });
  });

  it("is told of the whole where no resource has a result of its own", async () => {
    route = () =>
      simulated(
        "<member><EvalActionName>ec2:DescribeInstances</EvalActionName><EvalResourceName>*</EvalResourceName><EvalDecision>explicitDeny</EvalDecision></member>",
      );
    expect(await read.refusals("r", { ...asked, resourceArns: ["*"] })).toMatchObject([
      { action: "ec2:DescribeInstances", resourceArn: "*", decision: "explicitDeny" },
    ]);
  });
});

describe("the code of a function", () => {
  it("is fetched from where Lambda says", async () => {
    const zip = zipSync({ "index.js": Buffer.from("handler") });
    const store = createServer((_, response) => void response.end(zip));
    await new Promise<void>((resolve) => store.listen(0, "127.0.0.1", resolve));
    const address = store.address();
    const port = typeof address === "object" && address ? address.port : 0;
    route = () => json({ Code: { Location: `http://127.0.0.1:${port}/zip` }, Configuration: {} });
    const code = await read.code("f");
    store.close();
    expect("files" in code && Buffer.from(code.files["index.js"] ?? []).toString()).toBe("handler");
  });

  it("is unreadable where that does not answer", async () => {
    route = () => json({ Code: { Location: "http://127.0.0.1:9/" } });
    expect(await read.code("f")).toEqual({ unreadable: expect.any(String) });
  });
});

describe("a subscription", () => {
  it("is confirmed once it has an ARN", async () => {
    const member = (arn: string, endpoint: string) =>
      `<member><Protocol>email</Protocol><Endpoint>${endpoint}</Endpoint><SubscriptionArn>${arn}</SubscriptionArn></member>`;
    route = () =>
      xml(
        `<ListSubscriptionsByTopicResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><ListSubscriptionsByTopicResult><Subscriptions>${member("arn:aws:sns:us-east-1:1:t:2", "a@b.c")}${member("PendingConfirmation", "d@e.f")}</Subscriptions></ListSubscriptionsByTopicResult></ListSubscriptionsByTopicResponse>`,
      );
    expect(await read.subscriptions("arn:aws:sns:us-east-1:1:t")).toEqual([
      { protocol: "email", endpoint: "a@b.c", confirmed: true },
      { protocol: "email", endpoint: "d@e.f", confirmed: false },
    ]);
    // The topic may be in another region.
    expect(server.calls.at(-1)?.region).toBe("us-east-1");
  });
});

describe("what is not there", () => {
  const queryFault = (code: string) =>
    xml(
      `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>none</Message></Error></ErrorResponse>`,
      404,
    );

  it.each<[string, () => AwsAnswer, () => Promise<unknown>]>([
    ["a role", () => queryFault("NoSuchEntity"), () => read.role("r")],
    ["an inline policy", () => queryFault("NoSuchEntity"), () => read.inlinePolicy("r", "p")],
    ["a topic", () => queryFault("NotFound"), () => read.subscriptions("arn:aws:sns:us-east-1:1:t")],
    ["a queue", () => awsFault("com.amazonaws.sqs#QueueDoesNotExist", "none"), () => read.queue("q")],
    [
      "a group of schedules",
      () => awsFault("ResourceNotFoundException", "none", 404),
      () => read.scheduleGroup("g"),
    ],
    ["a schedule", () => awsFault("ResourceNotFoundException", "none", 404), () => read.schedule("g", "s")],
    ["a function", () => awsFault("ResourceNotFoundException", "none", 404), () => read.describe("f")],
    [
      "a delivery",
      () => awsFault("ResourceNotFoundException", "none", 404),
      () => read.eventInvokeConfig("f"),
    ],
    ["a key", () => awsFault("NotFoundException", "none"), () => read.key("arn:aws:kms:us-east-1:1:key/k")],
  ])("is undefined: %s", async (_, answer, reading) => {
    route = answer;
    expect(await reading()).toBeUndefined();
  });

  it("is an empty list of those that there may be many of", async () => {
    route = () => awsFault("ResourceNotFoundException", "none", 404);
    expect(await read.functionPolicy("f")).toEqual([]);
    expect(await read.ruleTargets("r")).toEqual([]);
    expect(await read.scheduleNames("g")).toEqual([]);
  });

  it("is not what is refused", async () => {
    route = () => awsFault("AccessDeniedException", "no", 403);
    await expect(read.schedule("g", "s")).rejects.toMatchObject({
      missingPermission: "scheduler:GetSchedule",
    });
    await expect(read.key("arn:aws:kms:us-east-1:1:key/k")).rejects.toMatchObject({
      missingPermission: "kms:DescribeKey",
    });
  });
});
