import { ArchiveProvider } from "@cdktf/provider-archive/lib/provider";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { Ec2StartStop } from "../constructs";
import { NAME } from "../contract/limits";
import { backendOf, ConfigBackend } from "./backend";
import { type Config, propsOf } from "./config";
import { providerArguments } from "./provider";

// The bindings require exactly the version they were generated from. nodejs22.x came with version 1.67.0 of AWS's Go SDK
// for Lambda (2024-11-20), six days before 5.78.0; pull 40277 of the provider documents it. All resources of a config
// exist in it: the newest one, aws_iam_role_policy_attachments_exclusive, came with 5.72.0. 7.x is untested.
// module/versions.tf has the same bounds.
const AWS_VERSIONS = ">= 5.78.0, < 7.0.0";
const ARCHIVE_VERSIONS = ">= 2.4.0, < 3.0.0";

/** Terraform stack of a config file: backend, providers and an {@link Ec2StartStop}. */
export class ConfigStack extends TerraformStack {
  /** @param stateName name of the local state file, where the config has no backend; default its `name` */
  constructor(scope: Construct, config: Config, stateName = config.name ?? NAME.default) {
    const { name = NAME.default, backend } = config;
    super(scope, name);
    new ConfigBackend(this, backendOf(backend, stateName));
    new AwsProvider(this, "aws", providerArguments(config));
    this.addOverride("terraform.required_providers.aws.version", AWS_VERSIONS);
    if (config.code !== "zip") {
      new ArchiveProvider(this, "archive");
      this.addOverride("terraform.required_providers.archive.version", ARCHIVE_VERSIONS);
    }
    // cdktf omits the id "Default" from the addresses of resources.
    new Ec2StartStop(this, "Default", propsOf(config));
  }
}
