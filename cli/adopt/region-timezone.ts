/** Zones of the regions that lie in a country with one zone and no clock changes, as a first guess. */
const ZONES: Readonly<Record<string, string>> = {
  "af-south-1": "Africa/Johannesburg",
  "ap-east-1": "Asia/Hong_Kong",
  "ap-northeast-1": "Asia/Tokyo",
  "ap-northeast-2": "Asia/Seoul",
  "ap-northeast-3": "Asia/Tokyo",
  "ap-south-1": "Asia/Kolkata",
  "ap-south-2": "Asia/Kolkata",
  "ap-southeast-1": "Asia/Singapore",
  "ap-southeast-5": "Asia/Kuala_Lumpur",
  "ap-southeast-7": "Asia/Bangkok",
  "cn-north-1": "Asia/Shanghai",
  "cn-northwest-1": "Asia/Shanghai",
  "me-central-1": "Asia/Dubai",
  "me-south-1": "Asia/Bahrain",
};

/** The zone that people near a region most likely think in; UTC where that is not plain. */
export function likelyTimezone(region: string): string {
  return ZONES[region] ?? "UTC";
}
