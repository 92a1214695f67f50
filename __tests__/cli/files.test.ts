import { spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { moveFiles, replaceFile } from "../../cli/files";
import { CLI } from "../support/run-cli";

let folder = "";
let file = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "files-"));
  file = join(folder, "c.yaml");
});
afterEach(() => rmSync(folder, { recursive: true }));

const names = () => readdirSync(folder).sort();

describe("replaceFile", () => {
  it("makes a file, with the mode that any new file has", () => {
    replaceFile(file, "new");
    writeFileSync(join(folder, "other"), "");
    expect(readFileSync(file, "utf8")).toBe("new");
    expect(statSync(file).mode).toBe(statSync(join(folder, "other")).mode);
  });

  it.each([0o600, 0o664, 0o755])("keeps a file's mode %p, and leaves nothing else in the folder", (mode) => {
    writeFileSync(file, "old");
    chmodSync(file, mode);
    replaceFile(file, "new");
    expect(readFileSync(file, "utf8")).toBe("new");
    expect(statSync(file).mode & 0o7777).toBe(mode);
    expect(names()).toEqual(["c.yaml"]);
  });

  it.each([
    { what: "a file", content: "old" },
    { what: "a file that is not there yet", content: undefined },
  ])("follows a link to $what, and leaves the link", ({ content }) => {
    mkdirSync(join(folder, "shared"));
    const target = join(folder, "shared", "c.yaml");
    if (content !== undefined) writeFileSync(target, content);
    symlinkSync("shared/c.yaml", file);
    replaceFile(file, "new");
    expect(readFileSync(target, "utf8")).toBe("new");
    expect(readlinkSync(file)).toBe("shared/c.yaml");
    expect([names(), readdirSync(join(folder, "shared"))]).toEqual([["c.yaml", "shared"], ["c.yaml"]]);
  });

  it("writes to a device, which it does not replace", () => {
    replaceFile("/dev/null", "new");
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });

  it("takes names as long as a file system takes", () => {
    const long = join(folder, "n".repeat(255));
    replaceFile(long, "new");
    expect(readFileSync(long, "utf8")).toBe("new");
  });

  it("leaves nothing where the folder is missing", () => {
    expect(() => replaceFile(join(folder, "none", "c.yaml"), "new")).toThrow("ENOENT");
    expect(names()).toEqual([]);
  });
});

it("moveFiles puts a folder's files over those of the same names, and leaves others", () => {
  const [from, to] = [join(folder, "from"), join(folder, "to")];
  for (const each of [from, to]) mkdirSync(join(each, "deep", "er"), { recursive: true });
  writeFileSync(join(from, "deep", "er", "a"), "new");
  writeFileSync(join(to, "deep", "er", "a"), "old");
  writeFileSync(join(to, "deep", "b"), "other");
  moveFiles(from, to);
  expect(readFileSync(join(to, "deep", "er", "a"), "utf8")).toBe("new");
  expect(readFileSync(join(to, "deep", "b"), "utf8")).toBe("other");
});

// A limit on the size of files stands for a full disk: a write ends with an error after the first bytes.
it.each(["--svg", "--html"])(
  "`preview %s` leaves the earlier file where the disk takes no more",
  (option) => {
    writeFileSync(
      file,
      'region: ap-northeast-2\ntargets: { dev: { instanceIds: [i-0123456789abcdef0] } }\nschedules: { night: { action: stop, targets: dev, expression: "cron(0 11 * * ? *)" } }\n',
    );
    const picture = join(folder, "picture");
    writeFileSync(picture, "earlier");
    const { status, stderr } = spawnSync(
      "bash",
      [
        "-c",
        'trap "" XFSZ; ulimit -f 1; exec "$@"',
        "bash",
        process.execPath,
        CLI,
        "preview",
        option,
        picture,
      ],
      { encoding: "utf8", env: { ...process.env, EC2_START_STOP_CONFIG: file } },
    );
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: `${option}: expected a file that can be written, got "${picture}" (EFBIG)\n`,
    });
    expect(readFileSync(picture, "utf8")).toBe("earlier");
    expect(names()).toEqual(["c.yaml", "picture"]);
  },
);
