import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { repository, version } from "../../package.json";

const NAME = "terraform-aws-ec2-start-stop";
const ROOT = resolve(__dirname, "../..");
const bytes = (...path: readonly string[]) => readFileSync(join(...path));
const read = (...path: readonly string[]) => bytes(...path).toString("utf8");

interface Release {
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly environment?: string;
        readonly needs?: string;
        readonly steps: readonly {
          readonly uses?: string;
          readonly run?: string;
          readonly with?: Readonly<Record<string, string>>;
        }[];
      }
    >
  >;
}
const { jobs }: Release = parse(read(ROOT, ".github/workflows/release.yml"));

describe("the module's repository, as a release writes it", () => {
  let folder: string;
  let clone: string;
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-C", clone, ...args], { encoding: "utf8", stdio: "pipe" });
  const release = (tag: string) => {
    const script = jobs["module"]?.steps.flatMap(({ run }) => run ?? []).join("\n") ?? "";
    const env = { ...process.env, GITHUB_REF_NAME: tag };
    execFileSync("bash", ["-euo", "pipefail", "-c", script], { cwd: folder, env, stdio: "pipe" });
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "module-repository-"));
    clone = join(folder, NAME);
    // Where the workflow runs: this project, with a clone of the other repository in it.
    for (const each of [".git", "LICENSE", "module", "package.json", "scripts"])
      symlinkSync(join(ROOT, each), join(folder, each));
    const origin = join(folder, "origin.git");
    execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", origin]);
    execFileSync("git", ["clone", "--quiet", origin, clone], { stdio: "pipe" });
    execFileSync("bash", ["-c", `echo old > "${clone}/gone.tf"`]);
    release("v0.0.1");
    release(`v${version}`);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("is pushed with its tag, at the root, with a license", () => {
    expect(git("ls-remote", "origin").match(/refs\/\S+/g)).toEqual([
      "refs/heads/main",
      "refs/tags/v0.0.1",
      `refs/tags/v${version}`,
    ]);
    const shipped = git("ls-tree", "-r", "--name-only", `v${version}`).trim().split("\n");
    const own = execFileSync("git", ["ls-files", "module"], { cwd: ROOT, encoding: "utf8" });
    const files = own.trim().split("\n");
    expect(shipped.sort()).toEqual([...files.map((file) => file.slice("module/".length)), "LICENSE"].sort());
  });

  it("refuses a tag that was released before, and leaves what it pushed", () => {
    const before = git("ls-remote", "origin");
    expect(() => release(`v${version}`)).toThrow(/already exists/);
    expect(git("ls-remote", "origin")).toBe(before);
  });

  it("has the module's own bytes, but for the source that its pages name", () => {
    const names = readdirSync(join(ROOT, "module")).filter((name) => /\.(tf|zip|txt)$/.test(name));
    for (const name of names)
      expect({ name, same: bytes(clone, name).equals(bytes(ROOT, "module", name)) }).toEqual({
        name,
        same: true,
      });
    const [, owner] = /github\.com\/([^/]+)/.exec(repository.url) ?? [];
    const [major, minor] = version.split(".");
    const block = [`source  = "${owner}/ec2-start-stop/aws"`, `  version = "~> ${major}.${minor}"`].join(
      "\n",
    );
    expect(read(clone, "README.md")).toContain(block);
    expect(read(clone, "examples/minimal/main.tf")).toContain(block.replace("\n  ", "\n#   "));
    for (const name of ["README.md", "examples/minimal/main.tf"])
      expect(read(clone, name)).not.toContain('source = "git::');
  });

  it("links to what is in it, or to this repository at the release", () => {
    const pages = readdirSync(clone, { recursive: true, encoding: "utf8" }).filter((name) =>
      /\.md$/.test(name),
    );
    for (const page of pages) {
      for (const [, target = ""] of read(clone, page).matchAll(/\]\(([^)#]+)/g)) {
        const [, path] = /\/blob\/v[\d.]+\/(.+)$/.exec(target) ?? [];
        if (path === undefined && /^https?:/.test(target)) continue;
        const file = path === undefined ? join(clone, dirname(page), target) : join(ROOT, path);
        expect({ page, target, exists: existsSync(file) && !file.includes("..") }).toEqual({
          page,
          target,
          exists: true,
        });
      }
    }
  });
});

it("the release pushes it after the package, with a key for that repository alone", () => {
  const { needs, environment, steps = [] } = jobs["module"] ?? {};
  expect({ needs, environment }).toEqual({ needs: "publish", environment: "terraform-registry" });
  const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
  expect(checkouts.map((step) => step.with)).toEqual([
    { "persist-credentials": false },
    {
      repository: `\${{ github.repository_owner }}/${NAME}`,
      ref: "main",
      path: NAME,
      "ssh-key": "${{ secrets.MODULE_DEPLOY_KEY }}",
    },
  ]);
});
