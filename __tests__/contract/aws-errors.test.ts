import { expect, test } from "@jest/globals";
import { awsErrorKind, isDenial, isTransientKind } from "../../contract/aws-errors";

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
