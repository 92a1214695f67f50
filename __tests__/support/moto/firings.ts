import { Cron } from "croner";
import { Schedule } from "../../../schedule";
import type { DeployedTrigger } from "./deployed-trigger";

/** A moment at which AWS would hand a trigger's input to its function. */
export interface TriggerFiring {
  readonly at: Date;
  readonly trigger: DeployedTrigger;
}

export interface Period {
  readonly from: Date;
  /** Exclusive. */
  readonly until: Date;
}

/** By our own library, as the preview would show them. */
function ownFirings({ expression, timezone }: DeployedTrigger, { from, until }: Period): Date[] {
  return Schedule.parse(expression, { timezone }).next({ from, until });
}

/** By a library that has nothing to do with ours. It takes AWS's names of days, but wants seconds in front. */
function independentFirings({ expression, timezone }: DeployedTrigger, { from, until }: Period): Date[] {
  const fields = /^cron\(([^()]+)\)$/.exec(expression)?.[1];
  if (fields === undefined) throw new Error(`Expected a cron expression, got ${expression}`);
  const [, , , , dayOfWeek = ""] = fields.split(" ");
  if (/\d/.test(dayOfWeek)) throw new Error(`Days by number mean another day to croner: ${expression}`);
  const cron = new Cron(`0 ${fields}`, { timezone });
  const firings: Date[] = [];
  for (let at = cron.nextRun(new Date(from.getTime() - 1000)); at && at < until; at = cron.nextRun(at))
    firings.push(at);
  return firings;
}

/** Every firing of the triggers in a period, in order of time. Throws where the two libraries disagree. */
export function firingsIn(triggers: readonly DeployedTrigger[], period: Period): TriggerFiring[] {
  const all = triggers.flatMap((trigger) => {
    const own = ownFirings(trigger, period);
    const independent = independentFirings(trigger, period);
    if (own.map(Number).join() !== independent.map(Number).join()) {
      const times = (dates: Date[]) => dates.map((date) => date.toISOString()).join(" ");
      throw new Error(
        `${trigger.expression} (${trigger.timezone}) fires at ${times(own)}; croner says ${times(independent)}`,
      );
    }
    return own.map((at) => ({ at, trigger }));
  });
  return all.sort((a, b) => a.at.getTime() - b.at.getTime());
}
