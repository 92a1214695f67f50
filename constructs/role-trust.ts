/** Lambda runs the functions with their role. */
export const LAMBDA_TRUST = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
} as const;

/** Only schedules of these groups in this account, so that nobody else's Scheduler can use the role. */
export function schedulerTrust(accountId: string, groupArns: readonly string[]): object {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "scheduler.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: {
            "aws:SourceAccount": accountId,
            "aws:SourceArn": groupArns.length === 1 ? groupArns[0] : groupArns,
          },
        },
      },
    ],
  };
}
