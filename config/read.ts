import { dirname } from "node:path";
import { isRecord } from "../contract/collections";
import { exclude, type Problem, pathAndParents, pathTo } from "../model/problem";
import { parseShape } from "../model/shape";
import { findProblems } from "../model/validate";
import type { CalendarContext } from "./calendars";
import { type Config, type ConfigFile, propsOf } from "./config";
import { ConfigError, type ConfigProblem } from "./error";
import { readConfigText } from "./file";
import { configSchema } from "./schema";
import { type ConfigDocument, parseDocument } from "./yaml";

export interface ReadOptions {
  /**
   * Seen from here, schedules may get in each other's way.
   * @default the present
   */
  readonly now?: Date;
}

/**
 * Reads a config file, and looks up the dates of its calendars.
 * @throws ConfigError with everything that is wrong with it, if anything is
 */
export async function readConfig(file: string, options?: ReadOptions): Promise<Config> {
  return await parseConfig(readConfigText(file), file, options);
}

/**
 * Reads a config from YAML text, and looks up the dates of its calendars.
 * @param file what to call it in messages; the files it names are looked for beside it
 * @throws ConfigError with everything that is wrong with it, if anything is
 */
export async function parseConfig(text: string, file = "config", options?: ReadOptions): Promise<Config> {
  const { problems, config } = await readDocument(parseDocument(text), dirname(file), options);
  if (problems.length > 0 || config === undefined) throw new ConfigError(file, problems);
  return config;
}

interface ReadDocument {
  readonly problems: ConfigProblem[];
  /** Is one if there are no problems. */
  readonly config?: Config;
}

async function readDocument(
  document: ConfigDocument,
  folder: string,
  options: ReadOptions = {},
): Promise<ReadDocument> {
  const { value, locations, unparsedPaths, firstErrorLine } = document;
  // Then there was too much to read, which is said already.
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
  // Parts of a wrong type are met here too: these checks leave them, or say again what was said.
  const invalidPaths = [...unparsedPaths, ...shape.map(({ path }) => path)];
  const valueProblems: Problem[] = [];
  const config = await withDates(value as ConfigFile, {
    folder,
    report: (path, expected, got) => valueProblems.push({ path, expected, got }),
    isValid: (path) => !invalidPaths.some((wrong) => pathAndParents(wrong).includes(path)),
  });
  valueProblems.push(...findProblems(propsOf(config), options.now));
  return { config, problems: [...found, ...exclude(invalidPaths, valueProblems.map(locateIn(document)))] };
}

/** The config with plain dates; one that has no others stays as it is, and does not pay for what looks them up. */
async function withDates(file: ConfigFile, context: CalendarContext): Promise<Config> {
  const calendars = isRecord(file.holidays) ? Object.entries(file.holidays) : [];
  if (!calendars.some(([, calendar]) => isRecord(calendar))) return file as Config;
  const { resolveCalendar } = await import("./calendars");
  const resolved = calendars.map(async ([name, calendar]) => {
    if (!isRecord(calendar)) return [name, calendar as readonly string[]] as const;
    return [name, Object.freeze(await resolveCalendar(calendar, pathTo("holidays", name), context))] as const;
  });
  const holidays = Object.freeze(Object.fromEntries(await Promise.all(resolved)));
  // Frozen as what is read from a file is: the construct need not check it again.
  return Object.freeze({ ...file, holidays });
}

/** Whether a problem stands before the first mistake in the YAML: what follows that may be misread. */
function isReliable(
  { path, line }: ConfigProblem,
  locations: ConfigDocument["locations"],
  firstErrorLine: number,
): boolean {
  const location = locations.get(path);
  // What seems empty may just be where the reading went wrong.
  return location !== undefined && location.source !== "" && line !== undefined && line < firstErrorLine;
}

function locateIn({ locations }: ConfigDocument): (problem: Problem) => ConfigProblem {
  return (problem) => {
    const path = pathAndParents(problem.path).find((candidate) => locations.has(candidate));
    const line = path === undefined ? undefined : locations.get(path)?.line;
    return line === undefined ? problem : { ...problem, line };
  };
}
