import { parseConfig } from "../../config";
import { ConfigError } from "../../config/error";

/** The messages a config gives, one a line; none when it holds. */
export async function problemsOf(text: string): Promise<string[]> {
  try {
    await parseConfig(text, "f.yaml");
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n");
    throw error;
  }
}

/** A config that holds, in which a test changes one thing. */
export const VALID = `region: ap-northeast-2
targets:
  dev: { instanceIds: [i-0123456789abcdef0] }
schedules:
  dev-stop: { action: stop, targets: dev, expression: "cron(0 20 ? * MON-FRI *)" }
`;
