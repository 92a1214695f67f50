import {
  type DeployedTarget,
  type RequestTarget,
  type ServiceChecks,
  searchedTags,
} from "../../../contract/request";

/**
 * Reads the targets that a deployed function knows, from its environment variable TARGETS.
 * @returns undefined where it cannot be read: the function has none, or its variables are hidden from the caller
 */
export function parseDeployedTargets(json: string | undefined): readonly DeployedTarget[] | undefined {
  try {
    const value: unknown = JSON.parse(json ?? "");
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Finds the checks of the deployed targets that name an instance or the tags of a request's targets. */
export function findChecks(
  deployed: readonly DeployedTarget[],
  targets: readonly RequestTarget[],
): ServiceChecks[] {
  const wanted = new Set(targets.flatMap(keysOf));
  return deployed.flatMap((each) =>
    each.checks && keysOf(each).some((key) => wanted.has(key)) ? each.checks : [],
  );
}

/** Returns a text for each id, and for the tags: equal ones name the same instances. */
function keysOf(target: RequestTarget | DeployedTarget): string[] {
  const { region, instanceIds = [] } = target;
  const tags = searchedTags(target);
  const ids = instanceIds.map((id) => JSON.stringify([region, id]));
  return tags === undefined ? ids : [...ids, JSON.stringify([region, Object.entries(tags).sort()])];
}

/** Lists checks as the function's report calls them, each once. */
export function listCheckNames(checks: readonly ServiceChecks[]): string[] {
  return list(checks, () => "command");
}

/** Whether two lists have the same checks, the texts of commands included. */
export function hasSameChecks(some: readonly ServiceChecks[], others: readonly ServiceChecks[]): boolean {
  const textOf = (checks: readonly ServiceChecks[]) =>
    list(checks, (text) => `command ${text}`)
      .sort()
      .join("\n");
  return textOf(some) === textOf(others);
}

function list(checks: readonly ServiceChecks[], nameOf: (command: string) => string): string[] {
  const names = checks.flatMap(({ systemd = [], tcp = [], command }) => [
    ...systemd.map((unit) => `systemd ${unit}`),
    ...tcp.map((port) => `tcp ${port}`),
    ...(command === undefined ? [] : [nameOf(command)]),
  ]);
  return [...new Set(names)];
}
