import { MAX_COMMAND_LENGTH, MAX_SERVICE_CHECKS, TCP_PORT } from "../../contract/limits";
import { SYSTEMD_UNIT } from "../../contract/patterns";
import { pathTo, show } from "../problem";
import type { PartialTarget } from "../schema";
import { isUnresolved } from "../terraform-text";
import { mustMatch, type ReportProblem, textsOf } from "./field";

type PartialChecks = NonNullable<PartialTarget["checks"]>;

/** Checks `checks` of a target: units, ports and a command; no duplicates. */
export function checkServices(report: ReportProblem, path: string, checks: PartialTarget["checks"]): void {
  if (checks === undefined) return;
  const { systemd, tcp, command } = checks;
  if (Object.keys(checks).length === 0) report(path, "`systemd`, `tcp` or `command`", "none of them");
  for (const [key, list] of Object.entries({ systemd, tcp })) {
    if (list?.length === 0) {
      report(pathTo(path, key), "at least one entry, or no such setting at all", "none");
    }
  }
  checkUnits(report, `${path}.systemd`, systemd);
  checkPorts(report, `${path}.tcp`, tcp);
  checkCommand(report, `${path}.command`, command);
  const count = (systemd?.length ?? 0) + (tcp?.length ?? 0) + (command === undefined ? 0 : 1);
  if (count > MAX_SERVICE_CHECKS) {
    const expected = `at most ${MAX_SERVICE_CHECKS} units, ports and commands; a \`command\` may look at several`;
    report(path, expected, String(count));
  }
}

function checkUnits(report: ReportProblem, path: string, units: PartialChecks["systemd"]): void {
  const seen = new Set<string>();
  for (const [unit, index] of textsOf(units)) {
    const place = pathTo(path, index);
    mustMatch(report, place, unit, SYSTEMD_UNIT, "the name of a systemd unit, such as `nginx`");
    if (seen.has(unit)) report(place, "each unit once", `${show(unit)} again`);
    seen.add(unit);
  }
}

function checkPorts(report: ReportProblem, path: string, ports: PartialChecks["tcp"] = []): void {
  const seen = new Set<number>();
  for (const [index, port] of ports.entries()) {
    if (port === undefined) continue;
    const place = pathTo(path, index);
    if (port < TCP_PORT.min || port > TCP_PORT.max) {
      report(place, `a TCP port from ${TCP_PORT.min} to ${TCP_PORT.max.toLocaleString("en-US")}`, show(port));
    }
    if (seen.has(port)) report(place, "each port once", `${show(port)} again`);
    seen.add(port);
  }
}

function checkCommand(report: ReportProblem, path: string, command: string | undefined): void {
  if (command === undefined || isUnresolved(command)) return;
  if (command.trim() === "") report(path, "a shell command", show(command));
  if (command.length > MAX_COMMAND_LENGTH) {
    const expected = `a command of at most ${MAX_COMMAND_LENGTH.toLocaleString("en-US")} characters: put a longer one into a script on the instance`;
    report(path, expected, command.length.toLocaleString("en-US"));
  }
}
