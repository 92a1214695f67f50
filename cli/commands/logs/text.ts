import { logGroupName } from "../../../model/names";
import { findLastDueFiring } from "../../deployment/past-firings";
import { OUTCOME_TEXTS } from "../../runs/render";
import { outcomeOf } from "../../runs/run";
import { countWords, formatCounts, formatListItem, wrapParagraph } from "../../terminal/text";
import { formatMinute, formatWholeMinute } from "../../terminal/time";
import { RunRenderer } from "./run-renderer";
import type { ActionRun, LogsSubject } from "./scope";

export function renderLogs(
  subject: LogsSubject,
  missing: ReadonlySet<string>,
  runs: readonly ActionRun[],
): string {
  const { terminal, region } = subject;
  const notes = [...missing].flatMap((name) =>
    wrapParagraph(describeMissingLog(name, region), terminal.columns, { hanging: 2 }),
  );
  const body =
    runs.length === 0
      ? renderNoRuns(subject)
      : [
          renderTitle(subject),
          ...new RunRenderer(subject).render(runs),
          "",
          ...wrapParagraph(`${formatTotals(runs)}.`, terminal.columns),
        ];
  return `${[...body, ...notes].join("\n")}\n`;
}

/** Renders the title, of a period or of runs as they end. */
export function renderTitle({ scope, period, timezone }: LogsSubject, follow = false): string {
  const failed = scope.onlyFailed ? "Failed runs" : "Runs";
  const since = `${formatWholeMinute(period.from, timezone)} (${timezone})`;
  return `${failed} since ${since}${follow ? ", and as they end, until Ctrl-C" : ""}`;
}

export function describeMissingLog(functionName: string, region: string): string {
  return (
    `${functionName} has no log group ${logGroupName(functionName)} in ${region}: ` +
    "it is not deployed there, or was made by hand and never ran (check with: ec2-start-stop doctor)"
  );
}

function formatTotals(runs: readonly ActionRun[]): string {
  const counts = formatCounts(countWords(runs.map((run) => OUTCOME_TEXTS[outcomeOf(run)])));
  return `${runs.length} ${runs.length === 1 ? "run" : "runs"}: ${counts}`;
}

function renderNoRuns(subject: LogsSubject): string[] {
  const { scope, period, timezone, terminal } = subject;
  const since = formatWholeMinute(period.from, timezone);
  const names = scope.functions.map(({ name }) => name).join(" and ");
  const item = (text: string) => formatListItem(text, terminal.columns);
  if (scope.onlyFailed) {
    return wrapParagraph(
      `No failed run of ${names} since ${since}. Without --failed, all runs are shown.`,
      terminal.columns,
    );
  }
  return [
    ...wrapParagraph(`No runs of ${names} since ${since}.`, terminal.columns),
    ...wrapParagraph(describeLastDue(subject), terminal.columns),
    "",
    "What to check next:",
    ...item("Further back: ec2-start-stop logs --since 7d"),
    ...item("When each schedule fires next: ec2-start-stop status"),
    ...item("Whether the triggers are there, enabled, and may call the functions: ec2-start-stop doctor"),
    ...item("What a run would do, without waiting for one: ec2-start-stop invoke SCHEDULE"),
  ];
}

function describeLastDue({ scope, plan, period, timezone }: LogsSubject): string {
  const asked = plan.filter(({ name }) => scope.schedules?.has(name) ?? true);
  const last = findLastDueFiring(asked, period);
  const rates = asked.filter(({ enabled, schedule }) => enabled && schedule.kind === "rate");
  if (last === undefined && rates.length > 0) {
    return `When ${rates.map(({ name }) => name).join(", ")} was due, the config does not say: a rate counts from its deployment.`;
  }
  if (last === undefined) return "By the config, no schedule was due in that time.";
  return `By the config, ${last.of.name} was due on ${formatMinute(last.at, timezone)}, and did not run, or its lines are not there yet.`;
}
