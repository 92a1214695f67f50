import { describe, expect, it } from "@jest/globals";
import { describeAwsError } from "../../../cli/aws/call";

function from(name: string, message: string, code?: string): string {
  const cause = Object.assign(new Error(message), { name, ...(code === undefined ? {} : { code }) });
  const error = describeAwsError("iam:GetRole", cause);
  expect(error.cause).toBe(cause);
  return error.message;
}

describe("what AWS refuses", () => {
  it.each(["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"])(
    "names the permission that is missing (%s)",
    (name) => {
      expect(from(name, "User: x is not\nauthorized to perform: iam:GetRole")).toBe(
        "AWS refused: these credentials need the permission iam:GetRole (User: x is not authorized to perform: iam:GetRole)",
      );
    },
  );

  it("states the cause of a denial, without the caller and the encoded details", () => {
    const denial =
      "You are not authorized to perform this operation. User: arn:aws:iam::123456789012:user/alice is not authorized to perform: iam:GetRole on resource: arn:aws:iam::123456789012:role/dev with an explicit deny in a service control policy. Encoded authorization failure message: T-kSWIRFn32";
    expect(from("AccessDenied", denial)).toBe(
      "AWS refused: these credentials need the permission iam:GetRole (explicit deny in a service control policy (on role/dev))",
    );
  });

  it.each([
    ["CredentialsProviderError", /^No AWS credentials: set --profile or AWS_PROFILE, or log in \(no\)$/],
    ["ExpiredToken", /^The AWS credentials have expired: log in again/],
    ["ExpiredTokenException", /^The AWS credentials have expired: log in again/],
    ["RequestExpired", /^The AWS credentials have expired: log in again/],
    ["UnrecognizedClientException", /^AWS does not know these credentials, or the region is not enabled/],
    ["AuthFailure", /^AWS does not know these credentials, or the region is not enabled/],
    ["ThrottlingException", /^AWS throttled iam:GetRole, after several tries: wait a minute/],
    ["TooManyRequestsException", /^AWS throttled iam:GetRole, after several tries: wait a minute/],
  ])("says how to mend %s", (name, expected) => {
    expect(from(name, "no")).toMatch(expected);
  });

  it("tells a connection that failed by its code", () => {
    expect(from("Error", "getaddrinfo ENOTFOUND iam.xx", "ENOTFOUND")).toMatch(
      /^No connection to AWS for iam:GetRole: is the region right/,
    );
  });

  it("gives anything else in AWS's own words, in one line", () => {
    expect(from("ServiceException", "boom\nbang")).toBe(
      "AWS did not answer iam:GetRole: ServiceException: boom bang",
    );
  });
});
