import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type AwsAnswer, type AwsServer, awsFault, startAwsServer } from "../aws-server/aws-server";
import { type CliRun, runCli } from "../run-cli";

/** A small deployment, of commands whose calls to AWS fail. */
const CONFIG = `name: dev
region: ap-northeast-2
timezone: Asia/Seoul
targets:
  dev: { instanceIds: [i-0123456789abcdef0], checks: { systemd: [nginx] } }
  spare: { instanceIds: [i-0123456789abcdef1] }
schedules:
  dev-stop: { action: stop, targets: dev, expression: "cron(0 20 ? * MON-FRI *)" }
  office: { running: "SUN 08:00-20:00", targets: [dev] }
`;

const CREDENTIALS = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "an-example-secret" };

export interface WrongUse {
  /** The command with all that it needs to get as far as asking AWS: `["invoke", "dev-stop"]`. */
  readonly args: readonly string[];
  /** What it is asked for by name: it must say so for names that the config does not have. */
  readonly names?: "schedule" | "target";
  /** The IAM action of its first call, which a refusal names. */
  readonly permission: string;
  /**
   * How that call's service tells its errors.
   * @default "json"
   */
  readonly protocol?: "json" | "query" | "ec2";
  /**
   * Whether each kind of AWS error is tried: once for each protocol is enough, as all commands read AWS in one way.
   * @default false
   */
  readonly everyError?: boolean;
}

/**
 * Tests of what goes wrong with every command that asks AWS: one clear line on standard error, nothing on standard
 * output, no stack trace, and the exit code 1 for what AWS does not give, 2 for wrong use.
 */
export function describeWrongUse({
  args,
  names,
  permission,
  protocol = "json",
  everyError = false,
}: WrongUse): void {
  const [command = "", name = ""] = args;
  let folder: string;
  let config: string;
  let server: AwsServer;
  let answer: AwsAnswer;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), `wrong-use-${command}-`));
    config = join(folder, "c.yaml");
    writeFileSync(config, CONFIG);
    server = await startAwsServer([() => answer]);
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (asked: readonly string[], environment: NodeJS.ProcessEnv = {}) =>
    runCli([command, "--config", config, ...asked.slice(1)], {
      AWS_ENDPOINT_URL: server.endpoint,
      // The SDK tries again, for longer than a test should take.
      AWS_MAX_ATTEMPTS: "1",
      ...CREDENTIALS,
      ...environment,
    });
  const refusing = (code: string, message: string, status = 400) => {
    answer = FAULTS[protocol](code, message, status);
    return run(args);
  };

  describe(`\`${command}\`, used wrongly`, () => {
    if (names !== undefined) {
      it(`names the ${names} that was probably meant`, async () => {
        const typo = `${name}s`;
        const ended = await run([command, typo, ...args.slice(2)]);
        expectOneLine(ended, 2, `Expected a ${names} of ${config}, got "${typo}" (did you mean ${name}?)`);
      });

      it(`wants the name of a ${names}`, async () => {
        expectOneLine(await run([command]), 2, "error: missing required argument");
      });
    }

    it("tells where a config was expected", async () => {
      const none = join(folder, "none.yaml");
      const ended = await run([...args, "--config", none]);
      expectOneLine(ended, 2, `${none}: expected a config file, got no such file`);
    });

    it("names the permission that is missing", async () => {
      const ended = await refusing("AccessDeniedException", `not authorized to perform: ${permission}`, 403);
      expectOneLine(ended, 1, `AWS refused: these credentials need the permission ${permission} (`);
    });

    it("refuses another region than the config's", async () => {
      const ended = await run([...args, "--region", "us-east-1"]);
      expectOneLine(ended, 2, `--region: expected the region of ${config}, ap-northeast-2, got "us-east-1"`);
    });

    it("refuses options that it does not have", async () => {
      expectOneLine(await run([...args, "--bogus"]), 2, "error: unknown option '--bogus'");
    });

    if (!everyError) return;

    it("says that there are no credentials", async () => {
      const none = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
      expectOneLine(await run(args, none), 1, "No AWS credentials: set --profile or AWS_PROFILE, or log in");
    });

    it("names the profile that is missing", async () => {
      const none = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
      const ended = await run(args, { ...none, AWS_PROFILE: "nope" });
      expectOneLine(ended, 1, "AWS_PROFILE: expected a profile of ");
      expect(ended.stderr).toMatch(/, got "nope"\n$/);
    });

    it("names the host that answers with a web page", async () => {
      answer = {
        status: 200,
        headers: { "content-type": "text/html; charset=utf-8" },
        body: "<!DOCTYPE html>\n<html><body>Sign in</body></html>",
      };
      const expected = `Expected an answer of AWS from ${server.endpoint}, got a web page (status 200)`;
      expectOneLine(await run(args), 1, expected);
    });

    it("says that a token has expired", async () => {
      const ended = await refusing("ExpiredTokenException", "The security token is expired", 403);
      expectOneLine(ended, 1, "The AWS credentials have expired: log in again");
    });

    it("says that AWS throttles", async () => {
      const ended = await refusing("ThrottlingException", "Rate exceeded");
      expectOneLine(ended, 1, `AWS throttled ${permission}`);
    });

    it("says that credentials are not known", async () => {
      const ended = await refusing("UnrecognizedClientException", "The security token is invalid", 403);
      expectOneLine(ended, 1, "AWS does not know these credentials, or the region is not enabled for them");
    });

    it("says that there is no connection", async () => {
      const ended = await run(args, { AWS_ENDPOINT_URL: "http://127.0.0.1:9" });
      expectOneLine(ended, 1, `No connection to AWS for ${permission}`);
    });
  });
}

/** Exactly one line on standard error, which begins so. */
export function expectOneLine({ code, stdout, stderr }: CliRun, exitCode: number, beginning: string): void {
  const lines = stderr.split("\n");
  expect({ code, stdout, lines: lines.length, line: lines[0]?.slice(0, beginning.length) }).toEqual({
    code: exitCode,
    stdout: "",
    lines: 2,
    line: beginning,
  });
}

type Fault = (code: string, message: string, status: number) => AwsAnswer;

const FAULTS: Readonly<Record<NonNullable<WrongUse["protocol"]>, Fault>> = {
  json: awsFault,
  query: (code, message, status) => ({
    status,
    headers: { "content-type": "text/xml" },
    body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
  }),
  ec2: (code, message, status) => ({
    status,
    headers: { "content-type": "text/xml" },
    body: `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>r</RequestID></Response>`,
  }),
};
