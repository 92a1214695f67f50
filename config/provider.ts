import type { AwsProviderConfig } from "@cdktf/provider-aws/lib/provider";
import { defined, isRecord } from "../contract/collections";
import { ROLE_ARN } from "../contract/patterns";
import { mustBeInPartition, mustMatch, type ReportProblem } from "../model/checks/field";
import { checkResourceTags } from "../model/checks/settings";
import { escapeTemplates } from "../model/terraform-text";
import type { Config } from "./config";

/** Characters that STS allows. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;
const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;

/** Checks the values in `provider`; those of a wrong type are problems already. */
export function checkProvider(report: ReportProblem, { provider, region }: Config): void {
  if (!isRecord(provider)) return;
  const { profile, assumeRole, defaultTags } = provider;
  if (profile === "") report("provider.profile", "the name of a profile, or no such setting at all", "none");
  if (isRecord(assumeRole)) {
    const path = "provider.assumeRole";
    const { roleArn, externalId, sessionName } = assumeRole;
    mustMatch(report, `${path}.roleArn`, textOf(roleArn), ROLE_ARN, "the ARN of an IAM role");
    mustBeInPartition(report, `${path}.roleArn`, textOf(roleArn), textOf(region));
    const characters = "letters, digits and _+=,.@";
    const id = `an external id of ${characters}:/-`;
    mustMatch(report, `${path}.externalId`, textOf(externalId), EXTERNAL_ID, id);
    const session = `2 to 64 ${characters}-`;
    mustMatch(report, `${path}.sessionName`, textOf(sessionName), SESSION_NAME, session);
  }
  if (isRecord(defaultTags)) {
    const texts = Object.entries(defaultTags).map(([key, value]) => [key, textOf(value)]);
    checkResourceTags(report, "provider.defaultTags", Object.fromEntries(texts));
  }
}

/** Returns the arguments of the AWS provider, with texts as Terraform reads them. */
export function providerArguments({ provider, region, allowedAccountIds }: Config): AwsProviderConfig {
  const { profile, assumeRole, defaultTags } = provider ?? {};
  return {
    region,
    ...defined({ allowedAccountIds: allowedAccountIds && [...allowedAccountIds] }),
    ...(escapeTemplates(
      defined({
        profile,
        assumeRole: assumeRole && [assumeRole],
        defaultTags: defaultTags && [{ tags: defaultTags }],
      }),
    ) as AwsProviderConfig),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
