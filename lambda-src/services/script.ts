import { createHash } from "node:crypto";
import type { ServiceChecks } from "../../contract/request";
import { shellQuote } from "../../contract/shell";

const COMMAND_TIMEOUT_SECONDS = 15;
const SYSTEMCTL_TIMEOUT_SECONDS = 5;

/**
 * The script that runs on the instance, in any POSIX shell. It takes pairs of kind and value as positional parameters and
 * prints a line for each: `=check NUMBER ok` or `=check NUMBER no WHAT WAS FOUND`. The lines are short, since SSM keeps
 * 2,500 characters of output. It finds listening ports with grep in /proc: ss and netstat are not always installed, and a
 * shell loop takes minutes with thousands of connections.
 */
const SCRIPT = `number=0
newline='
'
limited() {
  if command -v timeout >/dev/null 2>&1; then timeout "$@"; else shift; "$@"; fi
}
passed() {
  printf '=check %s ok\\n' "$number"
}
missed() {
  printf '=check %s no %.160s\\n' "$number" "$1"
}
check_systemd() {
  if ! command -v systemctl >/dev/null 2>&1; then missed 'there is no systemctl'; return; fi
  found=$(limited ${SYSTEMCTL_TIMEOUT_SECONDS} systemctl is-active -- "$1" 2>&1)
  code=$?
  found=\${found##*"$newline"}
  if [ "$code" -eq 124 ]; then found='no answer within ${SYSTEMCTL_TIMEOUT_SECONDS} s'; fi
  if [ "$code" -eq 0 ]; then passed; else missed "\${found:-exit code $code}"; fi
}
check_tcp() {
  if ! command -v grep >/dev/null 2>&1; then missed 'there is no grep'; return; fi
  port=$(printf '%04X' "$1")
  found='there is no /proc/net/tcp'
  for table in /proc/net/tcp /proc/net/tcp6; do
    [ -r "$table" ] || continue
    if grep -q "^ *[0-9]*: [0-9A-F]*:$port [0-9A-F]*:[0-9A-F]* 0A " "$table"; then passed; return; fi
    found='nothing listens'
  done
  missed "$found"
}
check_command() {
  found=$({ limited ${COMMAND_TIMEOUT_SECONDS} sh -c -- "$1" </dev/null 2>&1; printf '\\n%s' "$?"; } | tail -c 2000)
  code=\${found##*"$newline"}
  if [ "$code" = 0 ]; then passed; return; fi
  found=\${found%"$newline"*}
  while [ "$found" != "\${found%"$newline"}" ]; do found=\${found%"$newline"}; done
  found=\${found##*"$newline"}
  if [ "$code" = 124 ]; then found='no end within ${COMMAND_TIMEOUT_SECONDS} s'; fi
  missed "exit code $code\${found:+: $found}"
}
while [ "$#" -ge 2 ]; do
  number=$((number + 1))
  case "$1" in
    systemd) check_systemd "$2" ;;
    tcp) check_tcp "$2" ;;
    command) check_command "$2" ;;
  esac
  shift 2
done`;

/** Returns the lines of the script that runs these checks. Their values are quoted arguments, never a part of its text. */
export function scriptLines(checks: readonly ServiceCheck[]): string[] {
  const words = checks.flatMap(({ kind, value }) => [kind, quoteForSsm(value)]);
  return `set -- ${words.join(" ")}\n${SCRIPT}`.split("\n");
}

/** Returns how long the script may run before SSM ends it. */
export function scriptTimeoutSeconds(checks: readonly ServiceCheck[]): number {
  const commands = checks.filter(({ kind }) => kind === "command").length;
  return 15 + commands * COMMAND_TIMEOUT_SECONDS;
}

/** One check on an instance. */
export interface ServiceCheck {
  readonly kind: keyof ServiceChecks;
  /** The unit, the port in decimal digits, or the command. */
  readonly value: string;
}

/** Lists the checks of all sets, each once, in order. */
export function listChecks(sets: readonly ServiceChecks[]): readonly ServiceCheck[] {
  const all = sets.flatMap(({ systemd = [], tcp = [], command }): ServiceCheck[] => [
    ...systemd.map((value) => ({ kind: "systemd" as const, value })),
    ...tcp.map((port) => ({ kind: "tcp" as const, value: String(port) })),
    ...(command === undefined ? [] : [{ kind: "command" as const, value: command }]),
  ]);
  return [...new Map(all.map((check) => [`${check.kind} ${check.value}`, check])).values()];
}

/** Returns the check's name in the report. The text of a command is left out: it may be long, or confidential. */
export function checkName({ kind, value }: ServiceCheck): string {
  return kind === "command" ? kind : `${kind} ${value}`;
}

/** Returns the check's name in the log: the beginning of a hash stands for the text of a command. */
export function loggedName(check: ServiceCheck): string {
  if (check.kind !== "command") return checkName(check);
  return `command sha256:${createHash("sha256").update(check.value).digest("hex").slice(0, 8)}`;
}

/** Quotes a text for the shell, and splits adjacent opening braces, since SSM replaces `{{ssm:name}}` before the shell runs. */
export function quoteForSsm(text: string): string {
  return shellQuote(text).replace(/\{(?=\{)/g, "{''");
}
