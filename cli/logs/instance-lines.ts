import type { InstanceReport } from "../../schedule/report";
import { columnsOf, printable } from "../printable";
import { servicesText } from "./detail-text";
import { indented } from "./indented";
import type { ShownRun } from "./shown-run";

const OUTCOME_COLUMNS = "unconfirmed".length;
const GAP = 2;

/** All that a run's report lists, below its line. */
export function instanceLines({ report, requestId }: ShownRun, width: number, indent: number): string[] {
  const below = (text: string) => indented(text, width, indent, indent + GAP);
  if (report === undefined) {
    return below(`request ${requestId}; what it asked of EC2 is in CloudTrail: ec2-start-stop history`);
  }
  const { errors, warnings, instances, instancesOmitted = 0, scheduledTime } = report;
  const columns = columnsFor(instances);
  return [
    ...below(`request ${requestId}${scheduledTime === undefined ? "" : `, due at ${scheduledTime}`}`),
    ...errors.flatMap(({ region, reason }) => below(`error in ${region}: ${reason}`)),
    ...warnings.flatMap((warning) => below(`warning: ${warning}`)),
    ...instances.flatMap((instance) => linesOf(instance, columns, width, indent)),
    ...(instancesOmitted > 0 ? below(`and ${instancesOmitted} more, which are only counted`) : []),
  ];
}

interface Columns {
  readonly id: number;
  /** 0 where all are in one region. */
  readonly region: number;
  readonly states: number;
}

function columnsFor(instances: readonly InstanceReport[]): Columns {
  const longest = (text: (instance: InstanceReport) => string) =>
    instances.reduce((columns, instance) => Math.max(columns, text(instance).length), 0);
  const several = new Set(instances.map(({ region }) => region)).size > 1;
  return {
    id: longest(({ instanceId }) => instanceId),
    region: several ? longest(({ region }) => region) : 0,
    states: longest(statesText),
  };
}

function linesOf(instance: InstanceReport, columns: Columns, width: number, indent: number): string[] {
  const { instanceId, region, outcome, reason, services } = instance;
  const why = [reason, services && `services ${servicesText(services)}`].filter(Boolean).join("; ");
  const head = [
    instanceId.padEnd(columns.id),
    ...(columns.region > 0 ? [region.padEnd(columns.region)] : []),
    outcome.padEnd(OUTCOME_COLUMNS),
    ...(columns.states > 0 ? [statesText(instance).padEnd(columns.states)] : []),
  ];
  const line = `${" ".repeat(indent)}${head.join(" ".repeat(GAP))}`;
  const used = columnsOf(line) + GAP;
  if (used + columnsOf(printable(why)) <= width)
    return [`${line}${" ".repeat(GAP)}${printable(why)}`.trimEnd()];
  return [line.trimEnd(), ...indented(why, width, indent + GAP)];
}

/** `running -> stopping`, or the one state that it stayed in. */
function statesText({ stateBefore, stateAfter }: InstanceReport): string {
  return [...new Set([stateBefore, stateAfter])].filter(Boolean).join(" -> ");
}
