import { describe, expect, it } from "@jest/globals";
import { invocationError } from "../../../cli/aws/lambda";

function told(name: string, message: string, code?: string): string {
  const cause = Object.assign(new Error(message), { name, ...(code ? { code } : {}) });
  return invocationError(cause, "dev-StopEC2Instances", "eu-west-1", 120).message;
}

describe("an invocation that Lambda does not answer", () => {
  it.each([
    ["TimeoutError", "read ECONNRESET", "ECONNRESET"],
    ["Error", "socket hang up", "ECONNRESET"],
    ["Error", "write EPIPE", "EPIPE"],
  ])("may have run where the connection broke (%s %s)", (name, message, code) => {
    expect(told(name, message, code)).toBe(
      `The invocation of dev-StopEC2Instances lost its connection (${message}). It may have run all the same: look at its log before you invoke it again`,
    );
  });

  it("may have run where nobody answered in time", () => {
    expect(told("AbortError", "Request aborted")).toMatch(
      /^The invocation of dev-StopEC2Instances gave no answer within 120 s \(Request aborted\)\. It may have run/,
    );
  });

  it.each([
    ["Error", "connect ECONNREFUSED 127.0.0.1:9", "ECONNREFUSED"],
    ["TimeoutError", "connect ETIMEDOUT 10.0.0.1:443", "ETIMEDOUT"],
    ["Error", "getaddrinfo ENOTFOUND lambda.eu-west-1.amazonaws.com", "ENOTFOUND"],
  ])("has not run where there was no connection (%s %s)", (name, message, code) => {
    expect(told(name, message, code)).toMatch(
      /^No connection to AWS for lambda:InvokeFunction: is the region/,
    );
  });

  it("has not run where Lambda throttled it", () => {
    expect(told("TooManyRequestsException", "Rate Exceeded.")).toMatch(
      /^Lambda throttled dev-StopEC2Instances: it did not run \(Rate Exceeded\.\)\. Other runs use up/,
    );
  });

  it("has nothing to run where the function was deleted meanwhile", () => {
    expect(told("ResourceNotFoundException", "Function not found")).toMatch(
      /^The function dev-StopEC2Instances is not deployed in eu-west-1/,
    );
  });
});
