import type { Difference } from "./check";
import { differenceOf } from "./difference";
import type { ExpectedTarget } from "./expected";
import type { RuleTarget } from "./reading/reading";

/** As a rule's target and a schedule have them. */
export function retryDifferences(
  found: Pick<RuleTarget, "maxRetries" | "maxEventAgeSeconds" | "deadLetterArn">,
  expected: ExpectedTarget,
): Difference[] {
  // What EventBridge does where nobody says otherwise.
  const { maxRetries = 185, maxEventAgeSeconds = 86_400 } = found;
  return [
    ...differenceOf("retries", maxRetries, expected.maxRetries),
    ...differenceOf("event age", `${maxEventAgeSeconds} s`, `${expected.maxEventAgeSeconds} s`),
    ...differenceOf("dead-letter queue", found.deadLetterArn, expected.deadLetterArn),
  ];
}

export function stateText(enabled: boolean): string {
  return enabled ? "ENABLED" : "DISABLED";
}
