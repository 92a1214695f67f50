import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { Testing } from "cdktf";
import { type Config, findWarnings, parseConfig } from "../../config";
import { ConfigStack } from "../../config/stack";
import { problemsOf, VALID } from "../support/problems-of";

const CONFIG: Config = {
  region: "ap-northeast-2",
  targets: { dev: { tags: { Environment: "dev" } } },
  schedules: { stop: { action: "stop", targets: "dev", expression: "cron(0 20 ? * MON-FRI *)" } },
};

async function synthesize(more = "") {
  const stack = new ConfigStack(Testing.app(), await parseConfig(VALID + more));
  const text = Testing.synth(stack, true);
  return { name: stack.node.id, text, ...JSON.parse(text) };
}

describe("the stack of a config", () => {
  it("is named after the config, like its resources", async () => {
    const { name, resource } = await synthesize("name: dev\n");
    expect(name).toBe("dev");
    expect(Object.values(resource.aws_lambda_function)).toMatchObject([
      { function_name: "dev-StopEC2Instances" },
    ]);
    expect((await synthesize()).name).toBe("ec2-start-stop");
  });

  it("uses a config of its caller as it is when the stack is created, not as it was when it was validated", () => {
    const config = { ...CONFIG, name: "before" };
    expect(findWarnings(config)).toEqual(expect.any(Array));
    config.name = "after";
    const { resource } = JSON.parse(Testing.synth(new ConfigStack(Testing.app(), config), true));
    expect(Object.values(resource.aws_lambda_function)).toMatchObject([
      { function_name: "after-StopEC2Instances" },
    ]);
  });

  it("sets the region of the provider, and accepts every version that has the used resources", async () => {
    const { provider, terraform } = await synthesize();
    expect(provider.aws).toEqual([{ region: "ap-northeast-2" }]);
    expect(terraform.required_providers).toEqual({
      archive: { source: "hashicorp/archive", version: ">= 2.4.0, < 3.0.0" },
      aws: { source: "aws", version: ">= 5.78.0, < 7.0.0" },
    });
  });

  it("sets the provider's profile, role and tags, with texts as they are", async () => {
    const { provider, resource } = await synthesize(`provider:
  profile: ops
  assumeRole: { roleArn: "arn:aws:iam::123456789012:role/deploy", externalId: "a:b", sessionName: night }
  defaultTags: { Team: ops, "cost center": "1234" }
allowedAccountIds: ["123456789012"]
`);
    expect(provider.aws).toEqual([
      {
        allowed_account_ids: ["123456789012"],
        region: "ap-northeast-2",
        profile: "ops",
        assume_role: [
          { role_arn: "arn:aws:iam::123456789012:role/deploy", external_id: "a:b", session_name: "night" },
        ],
        default_tags: [{ tags: { Team: "ops", "cost center": "1234" } }],
      },
    ]);
    for (const lambda of Object.values(resource.aws_lambda_function))
      expect(lambda).not.toHaveProperty("tags");
    expect((await synthesize("provider: { profile: 'a${b}' }\n")).provider.aws[0].profile).toBe("a$${b}");
  });

  it.each([
    [
      "{ profil: ops }",
      '`provider.profil`: expected a known key, got the unknown key "profil" (did you mean profile?)',
    ],
    [
      '{ profile: "" }',
      "`provider.profile`: expected the name of a profile, or no such setting at all, got none",
    ],
    ["{ assumeRole: {} }", "`provider.assumeRole.roleArn`: expected the ARN of a role, got nothing"],
    [
      "{ assumeRole: { roleArn: deploy, sessionName: a b } }",
      '`provider.assumeRole.roleArn`: expected the ARN of an IAM role, got "deploy"',
      '`provider.assumeRole.sessionName`: expected 2 to 64 letters, digits and _+=,.@-, got "a b"',
    ],
    [
      '{ assumeRole: { roleArn: "arn:aws-cn:iam::123456789012:role/r" } }',
      "`provider.assumeRole.roleArn`: expected an ARN of the partition of ap-northeast-2",
    ],
    [
      '{ defaultTags: { "aws:x": "1" } }',
      '`provider.defaultTags["aws:x"]`: expected a tag key that does not begin',
    ],
    ["{ defaultTags: { Team: 5 } }", "`provider.defaultTags.Team`: expected a tag's value as text"],
  ])("refuses a provider by its path: %s", async (provider, ...expected) => {
    const lines = await problemsOf(`${VALID}provider: ${provider}\n`);
    expect(lines).toEqual(expected.map((each) => expect.stringContaining(each)));
  });

  it("accepts the same provider versions as the module", async () => {
    const module = readFileSync(join(__dirname, "../../module/versions.tf"), "utf8");
    const { terraform } = await synthesize();
    expect(module).toContain(`version = "${terraform.required_providers.aws.version}"`);
  });

  it("needs no archive provider for the prebuilt zip", async () => {
    const { provider, terraform, data } = await synthesize("code: zip\n");
    expect(Object.keys(provider)).toEqual(["aws"]);
    expect(Object.keys(terraform.required_providers)).toEqual(["aws"]);
    expect(data.archive_file).toBeUndefined();
  });

  it("passes allowedAccountIds to the provider", async () => {
    expect((await synthesize('allowedAccountIds: ["012345678901"]\n')).provider.aws).toEqual([
      { region: "ap-northeast-2", allowed_account_ids: ["012345678901"] },
    ]);
  });
});

describe("the backend", () => {
  it("is a state file next to the output folder, by a relative path", async () => {
    const { terraform, text } = await synthesize("name: dev\n");
    expect(terraform.backend).toEqual({ local: { path: "../../../terraform.dev.tfstate" } });
    expect(text).not.toContain(process.cwd());
  });

  it.each(["s3", "gcs", "azurerm", "http", "remote", "local"])(
    "is passed on as %s with its arguments",
    async (type) => {
      const { terraform } = await synthesize(
        `backend: { ${type}: { path_to: "a/b", use_lockfile: true, retry_max: 3, nested: { list: [x, { y: z }] } } }\n`,
      );
      expect(terraform.backend).toEqual({
        [type]: { path_to: "a/b", use_lockfile: true, retry_max: 3, nested: { list: ["x", { y: "z" }] } },
      });
    },
  );

  it("is a cloud block for HCP Terraform", async () => {
    const { terraform } = await synthesize(
      "backend: { cloud: { organization: acme, workspaces: { name: ec2 } } }\n",
    );
    expect(terraform.cloud).toEqual({ organization: "acme", workspaces: { name: "ec2" } });
    expect(terraform.backend).toBeUndefined();
  });

  it("escapes text that Terraform would evaluate", async () => {
    const { terraform } = await synthesize("backend: { s3: { key: '${a}/%{b}', list: ['${c}'] } }\n");
    expect(terraform.backend).toEqual({ s3: { key: "$${a}/%%{b}", list: ["$${c}"] } });
  });
});
