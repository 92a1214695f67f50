import { computePreview, type Preview, type PreviewLength } from "../../../../cli/commands/preview/model";
import type { Config } from "../../../../config";

export const office: Config = {
  name: "team",
  region: "ap-northeast-2",
  timezone: "Asia/Seoul",
  targets: {
    dev: { instanceIds: ["i-0123456789abcdef0"] },
    staging: { tags: { Environment: "staging" } },
  },
  schedules: {
    "dev-hours": { running: "MON-FRI 08:00-20:00", targets: "dev" },
    "staging-hours": { running: "MON-FRI 08:00-20:00", targets: "staging", holidays: "kr" },
  },
  holidays: { kr: ["2027-01-01"] },
};

/** The week from Monday 2026-12-28 in Asia/Seoul, with a holiday on its Friday, unless told otherwise. */
export function preview(
  changes: Partial<Config> = {},
  from = "2026-12-27T15:00:00Z",
  length: PreviewLength = {},
): Preview {
  return computePreview({ ...office, ...changes }, new Date(from), length);
}
