import type { Problem } from "../constructs/problem";
import { findProblems } from "../constructs/validation";
import type { Config } from "./config";
import { type ConfigDocument, parseDocument } from "./document";
import { ConfigError, type ConfigProblem } from "./error";
import { readText } from "./file";
import { pathAndParents } from "./path";
import { findShapeProblems } from "./shape";

/**
 * Reads a config file.
 * @throws ConfigError with everything that is wrong with it, if anything is
 */
export function readConfig(file: string): Config {
  return parseConfig(readText(file), file);
}

/**
 * Reads a config from YAML text.
 * @param file what to call it in messages
 * @throws ConfigError with everything that is wrong with it, if anything is
 */
export function parseConfig(text: string, file = "config"): Config {
  const document = parseDocument(text);
  const problems = findAll(document);
  if (problems.length > 0) throw new ConfigError(file, problems);
  // The checks of the shape and of the props have just shown that it is one.
  return document.value as Config;
}

function findAll(document: ConfigDocument): ConfigProblem[] {
  const { value, places, unread, brokenFrom } = document;
  // Then there was too much to read, which is said already.
  if (value === undefined) return [...document.problems];
  const sources = (path: string) => places.get(path)?.source;
  const shape = apartFrom(unread, findShapeProblems(value, sources).map(locateIn(document)));
  if (brokenFrom !== undefined) {
    return [...document.problems, ...shape.filter((problem) => isSure(problem, places, brokenFrom))];
  }
  const found = [...document.problems, ...shape];
  if (typeof value !== "object" || value === null) return found;
  // Parts of a wrong type are met here too: this check leaves them, or says again what was said.
  const misshapen = [...unread, ...shape.map(({ path }) => path)];
  return [...found, ...apartFrom(misshapen, findProblems(value as Config).map(locateIn(document)))];
}

/** Whether a problem stands before the first mistake in the YAML: what follows that may be misread. */
function isSure(
  { path, line }: ConfigProblem,
  places: ConfigDocument["places"],
  brokenFrom: number,
): boolean {
  const place = places.get(path);
  // What seems empty may just be where the reading went wrong.
  return place !== undefined && place.source !== "" && line !== undefined && line < brokenFrom;
}

/** The problems that are not at, above or below one of the paths: one mistake shows at all of these. */
function apartFrom(paths: readonly string[], problems: readonly ConfigProblem[]): ConfigProblem[] {
  const wrong = new Set(paths);
  const aboveWrong = new Set(paths.flatMap(pathAndParents));
  return problems.filter(
    ({ path }) => !aboveWrong.has(path) && !pathAndParents(path).some((parent) => wrong.has(parent)),
  );
}

function locateIn({ places }: ConfigDocument): (problem: Problem) => ConfigProblem {
  return (problem) => {
    const path = pathAndParents(problem.path).find((candidate) => places.has(candidate));
    const line = path === undefined ? undefined : places.get(path)?.line;
    return line === undefined ? problem : { ...problem, line };
  };
}
