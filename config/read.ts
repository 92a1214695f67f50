import { dirname } from "node:path";
import { isRecord } from "../contract/collections";
import { exclude, type Problem, pathAndParents, pathTo } from "../model/problem";
import { parseShape } from "../model/shape";
import { findProblems } from "../model/validate";
import type { CalendarContext } from "./calendars";
import { type Config, type ConfigFile, propsOf } from "./config";
import { ConfigError, type ConfigProblem } from "./error";
import { readConfigText } from "./file";
import { checkProvider } from "./provider";
import { configSchema } from "./schema";
import { type ConfigDocument, parseDocument } from "./yaml";

/** Options of {@link readConfig} and {@link parseConfig}. */
export interface ReadOptions {
  /**
   * Start of the period in which schedules may not start and stop the same instances in the same minute.
   * @default the present
   */
  readonly now?: Date;
}

/**
 * Reads a config file, and looks up the dates of its calendars.
 * @param file path of the YAML file; iCalendar files are found relative to its folder
 * @throws ConfigError with all problems of the file
 * @example
 * import { planSchedules } from "ec2-start-stop";
 * import { ConfigError, readConfig } from "ec2-start-stop/config";
 *
 * try {
 *   const config = await readConfig("ec2-start-stop.yaml");
 *   console.log(planSchedules(config).map(({ name }) => name));
 * } catch (error) {
 *   if (!(error instanceof ConfigError)) throw error;
 *   console.error(error.message); // ec2-start-stop.yaml:3: `timezone`: expected ..., got "KST" (did you mean Asia/Seoul?)
 * }
 */
export async function readConfig(file: string, options?: ReadOptions): Promise<Config> {
  return await parseConfig(readConfigText(file), file, options);
}

/**
 * Reads a config from YAML text, and looks up the dates of its calendars.
 * @param file path for messages; iCalendar files are found relative to its folder
 * @throws ConfigError with all problems of the text
 * @example
 * import { parseConfig } from "ec2-start-stop/config";
 *
 * const config = await parseConfig(`
 * region: ap-northeast-2
 * timezone: Asia/Seoul
 * targets: { dev: { tags: { Environment: dev } } }
 * schedules: { office: { running: MON-FRI 08:00-20:00, targets: dev } }
 * `);
 * config.timezone; // "Asia/Seoul"
 */
export async function parseConfig(text: string, file = "config", options?: ReadOptions): Promise<Config> {
  const { problems, config } = await readDocument(parseDocument(text), dirname(file), options);
  if (problems.length > 0 || config === undefined) throw new ConfigError(file, problems);
  return config;
}

interface ReadDocument {
  readonly problems: ConfigProblem[];
  /** Valid if there are no problems. */
  readonly config?: Config;
}

async function readDocument(
  document: ConfigDocument,
  folder: string,
  options: ReadOptions = {},
): Promise<ReadDocument> {
  const { value, locations, unparsedPaths, firstErrorLine } = document;
  // The text was too large to read, which is a problem already.
  if (value === undefined) return { problems: [...document.problems] };
  const sources = (path: string) => locations.get(path)?.source;
  const { problems: shapeProblems } = parseShape(configSchema, value, { tokens: false, sources });
  const shape = exclude(unparsedPaths, shapeProblems.map(locateIn(document)));
  if (firstErrorLine !== undefined) {
    const reliable = shape.filter((problem) => isReliable(problem, locations, firstErrorLine));
    return { problems: [...document.problems, ...reliable] };
  }
  const found = [...document.problems, ...shape];
  if (typeof value !== "object" || value === null) return { problems: found };
  // These checks run on values of a wrong type too, so their problems at such paths are left out.
  const invalidPaths = [...unparsedPaths, ...shape.map(({ path }) => path)];
  const valueProblems: Problem[] = [];
  const config = await withDates(value as ConfigFile, {
    folder,
    report: (path, expected, got) => valueProblems.push({ path, expected, got }),
    isValid: (path) => !invalidPaths.some((wrong) => pathAndParents(wrong).includes(path)),
  });
  checkProvider((path, expected, got) => valueProblems.push({ path, expected, got }), config);
  valueProblems.push(...findProblems(propsOf(config), options.now));
  return { config, problems: [...found, ...exclude(invalidPaths, valueProblems.map(locateIn(document)))] };
}

/** Returns the config with the dates of its calendars. Loads the lookup only if a calendar needs it. */
async function withDates(file: ConfigFile, context: CalendarContext): Promise<Config> {
  const calendars = isRecord(file.holidays) ? Object.entries(file.holidays) : [];
  if (!calendars.some(([, calendar]) => isRecord(calendar))) return file as Config;
  const { resolveCalendar } = await import("./calendars");
  const resolved = calendars.map(async ([name, calendar]) => {
    if (!isRecord(calendar)) return [name, calendar as readonly string[]] as const;
    return [name, Object.freeze(await resolveCalendar(calendar, pathTo("holidays", name), context))] as const;
  });
  const holidays = Object.freeze(Object.fromEntries(await Promise.all(resolved)));
  // Frozen like all values of a file, so that the construct need not validate them again.
  return Object.freeze({ ...file, holidays });
}

/** Whether a problem is above the first syntax error. Values below it may be misread. */
function isReliable(
  { path, line }: ConfigProblem,
  locations: ConfigDocument["locations"],
  firstErrorLine: number,
): boolean {
  const location = locations.get(path);
  // An empty value may be the effect of the syntax error.
  return location !== undefined && location.source !== "" && line !== undefined && line < firstErrorLine;
}

function locateIn({ locations }: ConfigDocument): (problem: Problem) => ConfigProblem {
  return (problem) => {
    const path = pathAndParents(problem.path).find((candidate) => locations.has(candidate));
    const line = path === undefined ? undefined : locations.get(path)?.line;
    return line === undefined ? problem : { ...problem, line };
  };
}
