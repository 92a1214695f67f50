import { isRecord } from "../../contract/collections";
import { MAX_COMMAND_LENGTH, MAX_SERVICE_CHECKS, TCP_PORT } from "../../contract/limits";
import { SYSTEMD_UNIT } from "../../contract/patterns";
import { pathTo, show } from "../problem";
import { isUnresolved } from "../terraform-text";
import { isKnown, mustMatch, type Report, textsOf } from "./field";

/** What is to run on the instances of a target can be looked for: units, ports and a command, none of them twice. */
export function checkServices(report: Report, path: string, checks: unknown): void {
  if (!isRecord(checks)) return;
  const { systemd, tcp, command } = checks;
  if (Object.keys(checks).length === 0) report(path, "`systemd`, `tcp` or `command`", "none of them");
  for (const [key, list] of Object.entries({ systemd, tcp })) {
    if (Array.isArray(list) && list.length === 0) {
      report(pathTo(path, key), "at least one entry, or no such setting at all", "none");
    }
  }
  checkUnits(report, `${path}.systemd`, systemd);
  checkPorts(report, `${path}.tcp`, tcp);
  checkCommand(report, `${path}.command`, command);
  const count = lengthOf(systemd) + lengthOf(tcp) + (command === undefined ? 0 : 1);
  if (count > MAX_SERVICE_CHECKS) {
    const expected = `at most ${MAX_SERVICE_CHECKS} units, ports and commands; a \`command\` may look at several`;
    report(path, expected, String(count));
  }
}

function checkUnits(report: Report, path: string, units: unknown): void {
  const seen = new Set<string>();
  for (const [unit, index] of Array.isArray(units) ? textsOf(units) : []) {
    const place = pathTo(path, index);
    mustMatch(report, place, unit, SYSTEMD_UNIT, "the name of a systemd unit, such as `nginx`");
    if (seen.has(unit)) report(place, "each unit once", `${show(unit)} again`);
    seen.add(unit);
  }
}

/** A port that only Terraform knows is none: it would be written as the number that stands for it until then. */
function checkPorts(report: Report, path: string, ports: unknown): void {
  const seen = new Set<unknown>();
  for (const [index, port] of (Array.isArray(ports) ? ports : []).entries()) {
    const place = pathTo(path, index);
    if (!Number.isInteger(port) || port < TCP_PORT.min || port > TCP_PORT.max) {
      report(
        place,
        `a TCP port from ${TCP_PORT.min} to ${TCP_PORT.max.toLocaleString("en-US")}`,
        isUnresolved(port) ? "a token" : show(port),
      );
    }
    if (seen.has(port)) report(place, "each port once", `${show(port)} again`);
    seen.add(port);
  }
}

function checkCommand(report: Report, path: string, command: unknown): void {
  if (typeof command !== "string" || !isKnown(command)) return;
  if (command.trim() === "") report(path, "a shell command", show(command));
  if (command.length > MAX_COMMAND_LENGTH) {
    const expected = `a command of at most ${MAX_COMMAND_LENGTH.toLocaleString("en-US")} characters: put a longer one into a script on the instance`;
    report(path, expected, command.length.toLocaleString("en-US"));
  }
  if (/[^\P{Cc}\t\n]/u.test(command)) report(path, "a command without control characters", show(command));
}

function lengthOf(list: unknown): number {
  return Array.isArray(list) ? list.length : 0;
}
