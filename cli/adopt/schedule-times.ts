import type { Config } from "../../config";
import { type PlannedSchedule, planSchedules } from "../../constructs/plan";
import { conflictsOf } from "../../constructs/warnings";

/** What a config says of its schedules. */
export type ScheduleSettings = Pick<
  Partial<Config>,
  "holidays" | "region" | "targets" | "timezone" | "trigger"
> &
  Pick<Config, "schedules">;

/** The schedules with what follows from when they fire; instance ids may still be missing. */
export function planned(settings: ScheduleSettings): PlannedSchedule[] {
  return planSchedules({ region: "", targets: {}, ...settings });
}

/** Starts and stops of the same instances in the same minute, each with the way out: a config that has them is refused. */
export function sameMinuteNotes(settings: ScheduleSettings, now: Date): string[] {
  const props = { region: "", targets: {}, ...settings };
  return conflictsOf(props, planned(settings), now)
    .filter(({ severity }) => severity === "error")
    .map(
      ({ path, message }) =>
        `${path}: ${message}: one would undo the other, so write another time for one of them, or \`enabled: false\``,
    );
}
