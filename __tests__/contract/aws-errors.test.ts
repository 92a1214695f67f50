import { expect, test } from "@jest/globals";
import { awsErrorKind, causeOf, isDenial, isTransientKind } from "../../contract/aws-errors";

test.each([
  ["RequestLimitExceeded", "throttled"],
  ["EC2ThrottledException", "throttled"],
  ["TooManyRequestsException", "throttled"],
  ["BandwidthLimitExceeded", "throttled"],
  ["UnauthorizedOperation", "denied"],
  ["AccessDeniedException", "denied"],
  ["ExpiredTokenException", "expired"],
  ["MissingAuthenticationToken", "no-credentials"],
  ["SignatureDoesNotMatch", "bad-credentials"],
  ["OptInRequired", "account"],
  ["ECONNRESET", "connection"],
  ["EAI_AGAIN", "connection"],
  ["UND_ERR_SOCKET", "connection"],
  ["TimeoutError", "connection"],
  ["ServiceUnavailable", "unavailable"],
  ["InternalError", "unavailable"],
  ["Unavailable", "unavailable"],
  ["NoSuchEntityException", "absent"],
  ["AWS.SimpleQueueService.NonExistentQueue", "absent"],
  ["InvalidInstanceID.NotFound", "absent"],
  ["IncorrectInstanceState", undefined],
  ["InsufficientInstanceCapacity", undefined],
  ["Error", undefined],
  ["ENOENT", undefined],
])("%s means %s", (code, kind) => {
  expect(awsErrorKind(code)).toBe(kind);
  expect(awsErrorKind("Error", code)).toBe(kind);
});

test("what may pass by itself is no denial", () => {
  const kinds = ["denied", "expired", "no-credentials", "bad-credentials", "account"] as const;
  expect(kinds.every((kind) => isDenial(kind) && !isTransientKind(kind))).toBe(true);
  const passing = ["throttled", "connection", "unavailable"] as const;
  expect(passing.every((kind) => isTransientKind(kind) && !isDenial(kind))).toBe(true);
  expect([isDenial("absent"), isTransientKind("absent"), isDenial(undefined)]).toEqual([false, false, false]);
});

const CALLER = "User: arn:aws:sts::123456789012:assumed-role/dev-role/dev-StartEC2Instances";
const INSTANCE = "arn:aws:ec2:ap-northeast-2:123456789012:instance/i-0123456789abcdef0";
const LICENSE =
  "arn:aws:license-manager:ap-northeast-2:123456789012:license-configuration:lic-0123456789abcdef0";
const ENCODED = "Encoded authorization failure message: g4oZPBqZ4Bni8dE5dGjx";

test.each([
  [
    `You are not authorized to perform this operation. ${CALLER} is not authorized to perform: ec2:StartInstances on resource: ${INSTANCE} with an explicit deny in a service control policy. ${ENCODED}`,
    "explicit deny in a service control policy",
  ],
  [
    `${CALLER} is not authorized to perform: ec2:StopInstances on resource: ${INSTANCE} because no identity-based policy allows the ec2:StopInstances action`,
    "no identity-based policy allows the ec2:StopInstances action",
  ],
  [
    `${CALLER} is not authorized to perform: ec2:StartInstances on resource: ${LICENSE} because no identity-based policy allows the ec2:StartInstances action`,
    "no identity-based policy allows the ec2:StartInstances action (on license-configuration:lic-0123456789abcdef0)",
  ],
  [
    `${CALLER} is not authorized to perform: ec2:StartInstances on resource: ${LICENSE}, with an explicit deny in a resource control policy.`,
    "explicit deny in a resource control policy (on license-configuration:lic-0123456789abcdef0)",
  ],
  [
    `${CALLER} is not authorized to perform: ec2:DescribeInstances with an explicit deny in a VPC endpoint policy`,
    "explicit deny in a VPC endpoint policy",
  ],
  [
    `${CALLER} is not authorized to perform: ec2:DescribeInstances because no permissions boundary allows the ec2:DescribeInstances action`,
    "no permissions boundary allows the ec2:DescribeInstances action",
  ],
  [
    `${CALLER} is not authorized to perform: lambda:InvokeFunction`,
    `${CALLER} is not authorized to perform: lambda:InvokeFunction`,
  ],
  [
    `You are not authorized to perform this operation. ${ENCODED}`,
    "You are not authorized to perform this operation.",
  ],
  ["Rate exceeded\n  Deserialization error: to see the raw response, ...", "Rate exceeded"],
])("the cause of %j is %j", (message, cause) => {
  expect(causeOf(message)).toBe(cause);
});
