import { ArchiveProvider } from "@cdktf/provider-archive/lib/provider";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { Ec2StartStop } from "../constructs";
import { NAME } from "../contract/limits";
import { ConfigBackend } from "./backend";
import { type Config, propsOf } from "./config";

// The bindings pin the one version they were generated from. 5.78.0 (2024-11-26) is the first release after Lambda took
// nodejs22.x (2024-11-22; hashicorp/terraform-provider-aws pull 40277), and nothing made here is newer: the exclusive
// attachments of an adopted role came with 5.72.0. Beyond 6.x nothing is known. The module says the same.
const AWS_VERSIONS = ">= 5.78.0, < 7.0.0";
const ARCHIVE_VERSIONS = ">= 2.4.0, < 3.0.0";

/** What a config file describes, as one Terraform stack: backend, providers and an {@link Ec2StartStop}. */
export class ConfigStack extends TerraformStack {
  constructor(scope: Construct, config: Config) {
    const { name = NAME.default, region, backend, allowedAccountIds } = config;
    super(scope, name);
    new ConfigBackend(this, backend ?? { local: { path: stateFile(name) } });
    new AwsProvider(this, "aws", {
      region,
      ...(allowedAccountIds && { allowedAccountIds: [...allowedAccountIds] }),
    });
    this.addOverride("terraform.required_providers.aws.version", AWS_VERSIONS);
    if (config.code !== "zip") {
      new ArchiveProvider(this, "archive");
      this.addOverride("terraform.required_providers.archive.version", ARCHIVE_VERSIONS);
    }
    // cdktf leaves "Default" out of the names in a plan.
    new Ec2StartStop(this, "Default", propsOf(config));
  }
}

// Terraform runs in <output folder>/stacks/<name>. Beside that folder the state outlives its removal, and a relative
// path says nothing of the machine (cdktf's own default is an absolute one).
function stateFile(name: string): string {
  return `../../../terraform.${name}.tfstate`;
}
