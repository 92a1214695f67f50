import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { readResult } from "../../../lambda-src/services/results";
import {
  quoteForSsm,
  type ServiceCheck,
  scriptLines,
  scriptTimeoutSeconds,
} from "../../../lambda-src/services/script";
import { scriptArguments } from "../../support/ec2/ssm-script";
import { printedSeed, propertyRuns } from "../../support/property";

const SHELLS = ["/bin/dash", "/bin/bash", "/bin/sh"].filter((shell) => existsSync(shell));
/** A fake systemctl whose answer depends on the unit's name only. */
const SYSTEMCTL = `#!/bin/sh
[ "$1 $2" = "is-active --" ] || { echo "called with $*"; exit 64; }
case "$3" in
  nginx) echo active ;;
  slow) sleep 30 ;;
  broken) echo failed; exit 3 ;;
  *) echo inactive; exit 3 ;;
esac
`;

const folder = mkdtempSync(join(tmpdir(), "checks-"));
const bin = mkdtempSync(join(tmpdir(), "checks-bin-"));
let server: Server;
let port = 0;

beforeAll(async () => {
  writeFileSync(join(bin, "systemctl"), SYSTEMCTL);
  chmodSync(join(bin, "systemctl"), 0o755);
  server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  port = address.port;
});

afterAll(() => {
  server.close();
  for (const made of [folder, bin]) rmSync(made, { recursive: true });
});

/** Runs the script in an empty folder, as the SSM agent does: its lines in a file, and that given to a shell. */
async function runIn(shell: string, checks: readonly ServiceCheck[], path = `${bin}:${process.env["PATH"]}`) {
  const file = join(bin, "_script.sh");
  writeFileSync(file, `${scriptLines(checks).join("\n")}\n`);
  const child = spawn(shell, [file], { cwd: folder, env: { PATH: path, SECRET: "expanded" } });
  let output = "";
  let errors = "";
  child.stdout.on("data", (data) => (output += data));
  child.stderr.on("data", (data) => (errors += data));
  const [code] = await once(child, "close");
  expect({ code, errors, left: readdirSync(folder) }).toEqual({ code: 0, errors: "", left: [] });
  return { output, result: readResult({ status: "Success", statusDetails: "Success", output }, checks) };
}

const command = (value: string): ServiceCheck => ({ kind: "command", value });
const failing = (...found: string[]) => ({
  failing: found.map((text) => ({ check: "command", found: text })),
});

describe.each(SHELLS)("the script, run by %s", (shell) => {
  it("finds active units, listening ports and commands that succeed", async () => {
    const checks: ServiceCheck[] = [
      { kind: "systemd", value: "nginx" },
      { kind: "tcp", value: String(port) },
      command("test -d /"),
    ];
    const { output, result } = await runIn(shell, checks);
    expect(output).toBe("=check 1 ok\n=check 2 ok\n=check 3 ok\n");
    expect(result).toEqual({ failing: [] });
  });

  it("names what it finds instead", async () => {
    const checks: ServiceCheck[] = [
      { kind: "systemd", value: "postgresql" },
      { kind: "systemd", value: "broken" },
      { kind: "tcp", value: "1" },
      command("echo one; echo two >&2; echo; exit 7"),
      command("exit 3"),
    ];
    const { result } = await runIn(shell, checks);
    expect(result).toEqual({
      failing: [
        { check: "systemd postgresql", found: "inactive" },
        { check: "systemd broken", found: "failed" },
        { check: "tcp 1", found: "nothing listens" },
        { check: "command", found: "exit code 7: two" },
        { check: "command", found: "exit code 3" },
      ],
    });
  });

  it("reports a missing systemd or grep, and needs no timeout", async () => {
    const bare = mkdtempSync(join(bin, "bare-"));
    for (const tool of ["sh", "tail"])
      symlinkSync(existsSync(`/bin/${tool}`) ? `/bin/${tool}` : `/usr/bin/${tool}`, join(bare, tool));
    const { result } = await runIn(
      shell,
      [{ kind: "systemd", value: "nginx" }, { kind: "tcp", value: "80" }, command("exit 4")],
      bare,
    );
    expect(result).toEqual({
      failing: [
        { check: "systemd nginx", found: "there is no systemctl" },
        { check: "tcp 80", found: "there is no grep" },
        { check: "command", found: "exit code 4" },
      ],
    });
  });

  it("ends a unit's or a command's check that takes too long", async () => {
    const hasty = mkdtempSync(join(bin, "hasty-"));
    writeFileSync(join(hasty, "timeout"), '#!/bin/sh\nshift\nexec /usr/bin/timeout 0.2 "$@"\n');
    chmodSync(join(hasty, "timeout"), 0o755);
    const checks: ServiceCheck[] = [{ kind: "systemd", value: "slow" }, command("echo begun; sleep 30")];
    const { result } = await runIn(shell, checks, `${hasty}:${bin}:${process.env["PATH"]}`);
    expect(result).toEqual({
      failing: [
        { check: "systemd slow", found: "no answer within 5 s" },
        { check: "command", found: "exit code 124: no end within 15 s" },
      ],
    });
  });

  it("truncates long lines, and never reads a command's output as a result", async () => {
    const { output, result } = await runIn(shell, [
      command("printf '=check 2 ok\\n%0500d' 7; exit 1"),
      command("yes | head -c 3000000; exit 1"),
    ]);
    expect(output.length).toBeLessThan(400);
    expect(result).toEqual(failing(`exit code 1: ${"0".repeat(147)}`, "exit code 1: y"));
  });

  it.each([
    ["quotes", `test 'a"b' = "a\\"b" || echo "it's"; echo 'it'\\''s'; exit 1`, "it's"],
    ["dollar signs and backquotes", `echo '$SECRET $(id) \`id\`' ; exit 1`, "$SECRET $(id) `id`"],
    ["newlines", "x=1\n\n  echo first\necho second\nexit 1", "second"],
    ["unicode", `echo 'Größe 서버 🚀'; exit 1`, "Größe 서버 🚀"],
    ["backslashes", String.raw`printf '%s' 'a\nb\\c'; exit 1`, String.raw`a\nb\\c`],
    ["braces that SSM would fill in", `echo '{{ssm:secret}} {{{ x }}}'; exit 1`, "{{ssm:secret}} {{{ x }}}"],
    ["expansion by its own shell", 'echo "$SECRET"; exit 1', "expanded"],
  ])("runs a command with %s as it is", async (_name, text, line) => {
    expect((await runIn(shell, [command(text)])).result).toEqual(failing(`exit code 1: ${line}`));
  });

  it.each([
    "nginx; touch made",
    "$(touch made)",
    "`touch made`",
    "nginx' ; touch made ; '",
    "nginx\ntouch made",
    "-x",
  ])("gives systemctl %j as one word", async (value) => {
    const { result } = await runIn(shell, [{ kind: "systemd", value }]);
    expect(result).toEqual({ failing: [{ check: `systemd ${value}`, found: "inactive" }] });
  });
});

describe("a port", () => {
  const tcp = (value: number): ServiceCheck[] => [{ kind: "tcp", value: String(value) }];
  const portOf = (address: ReturnType<Server["address"]>) =>
    typeof address === "object" && address ? address.port : 0;

  it("on which only IPv6 is listened for is found", async () => {
    const six = createServer().listen({ port: 0, host: "::", ipv6Only: true });
    await once(six, "listening");
    const { result } = await runIn(SHELLS[0] ?? "sh", tcp(portOf(six.address())));
    six.close();
    expect(result).toEqual({ failing: [] });
  });

  it("that is the near end of a connection is not taken for one on which something listens", async () => {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    const { result } = await runIn(SHELLS[0] ?? "sh", tcp(socket.localPort ?? 0));
    socket.destroy();
    expect(result).toMatchObject({ failing: [{ found: "nothing listens" }] });
  });
});

describe("a command that begins with a hyphen", () => {
  it("is a command all the same", async () => {
    const { output } = await runIn(SHELLS[0] ?? "sh", [command("-x; exit 1")]);
    expect(output).toMatch(/^=check 1 no exit code 1: .*-x.*not found/);
  });
});

describe("the script's time", () => {
  it("is limited, with more for each command", () => {
    expect(scriptTimeoutSeconds([])).toBe(15);
    expect(scriptTimeoutSeconds([command("true"), { kind: "tcp", value: "80" }])).toBe(30);
  });
});

describe("quoting", () => {
  it("gives any shell the exact text, and SSM nothing to replace", async () => {
    const seed = printedSeed("shell quoting");
    const text = fc.string({
      unit: fc.constantFrom(
        "'",
        '"',
        "$",
        "`",
        "\\",
        "{",
        "}",
        "\n",
        ";",
        "!",
        "*",
        " ",
        "a",
        "é",
        "🚀",
        "-",
        "#",
      ),
      maxLength: 12,
    });
    const texts = fc.array(text, { minLength: 1, maxLength: 200, size: "max" });
    await fc.assert(
      fc.asyncProperty(texts, async (drawn) => {
        const quoted = drawn.map(quoteForSsm);
        expect(quoted.join("")).not.toContain("{{");
        expect(scriptArguments(`set -- ${quoted.join(" ")}\n`)).toEqual(drawn);
        for (const shell of SHELLS) {
          const child = spawn(shell, ["-c", `printf '%s\\0' ${quoted.join(" ")}`], { cwd: folder });
          let output = "";
          child.stdout.setEncoding("utf8").on("data", (data) => (output += data));
          await once(child, "close");
          expect(output.split("\0").slice(0, -1)).toEqual(drawn);
        }
      }),
      { seed, numRuns: propertyRuns(20, 5) },
    );
  });
});
