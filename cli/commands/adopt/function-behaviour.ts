import { ACTIONS, type Action } from "../../../contract/actions";
import { INSTANCE_ID, REGION_CODE, wholeWordsOf } from "../../../contract/patterns";
import type { DeployedFunction, FileFilter, FunctionFiles, UnreadableCode } from "../../aws/lambda";

/** What a function does to instances, judged by its code or name. */
export interface Behaviour {
  /** Absent if it does neither, or both. */
  readonly action?: Action;
  /** Whether it does both: its event may say which. */
  readonly doesBoth: boolean;
  /** The evidence, completing "it ...". */
  readonly because: string;
  /** In the order in which they are written. */
  readonly instanceIds: readonly string[];
  /** Region code that its code names, where that is one. */
  readonly region?: string;
}

const CALLS: Readonly<Record<Action, RegExp>> = {
  stop: /\bstop_instances\b|\bStopInstancesCommand\b|\.stopInstances\b|["']stop-instances["']/,
  start: /\bstart_instances\b|\bStartInstancesCommand\b|\.startInstances\b|["']start-instances["']/,
};
const NAMED: Readonly<Record<Action, RegExp>> = {
  stop: /stop|shut-?_?down|turn-?_?off/i,
  start: /start|turn-?_?on|boot|wake/i,
};
const INSTANCE_IDS = wholeWordsOf(INSTANCE_ID);
const QUOTED = /["']([\w-]+)["']/g;
/** How the regions of today begin: `dev-web-1` has the shape of a region, but is a name. */
export const REGION_BEGINNING = /^(?:[a-z]{2}|eusc)-/;

/** Judges a function by its code where that can be read, else by its name. */
export function inferBehaviour(
  { name, variables }: DeployedFunction,
  code: FunctionFiles | UnreadableCode,
): Behaviour {
  const settings = Object.values(variables).join("\n");
  if ("unreadable" in code) {
    return {
      ...inferAction(NAMED, name.replace(/restart/gi, ""), "its name says"),
      instanceIds: findInstanceIds(settings),
    };
  }
  const decoder = new TextDecoder();
  const source = Object.values(code.files)
    .map((bytes) => decoder.decode(bytes))
    .join("\n");
  const quoted = [...source.matchAll(QUOTED)].map(([, text = ""]) => text);
  const regions = new Set(quoted.filter((text) => REGION_BEGINNING.test(text) && REGION_CODE.test(text)));
  const [region, ...others] = regions;
  return {
    ...inferAction(CALLS, source, "its code calls"),
    instanceIds: findInstanceIds(`${source}\n${settings}`),
    ...(region !== undefined && others.length === 0 ? { region } : {}),
  };
}

/** Each instance id in a text, once. */
export function findInstanceIds(text: string): string[] {
  return [...new Set(text.match(INSTANCE_IDS) ?? [])];
}

function inferAction(
  patterns: Readonly<Record<Action, RegExp>>,
  text: string,
  how: string,
): Pick<Behaviour, "action" | "doesBoth" | "because"> {
  const actions = ACTIONS.filter((action) => patterns[action].test(text));
  const [action, other] = actions;
  if (action === undefined) return { doesBoth: false, because: `${how} neither stop nor start` };
  if (other !== undefined) return { doesBoth: true, because: `${how} both stop and start` };
  return { action, doesBoth: false, because: `${how} ${action}` };
}

const MAX_FILE_BYTES = 500_000;
const SOURCE = /\.(?:py|js|mjs|cjs|ts|rb)$/;

/**
 * Sources at the top of an archive and the handler's own. What lies deeper are packages, such as the AWS SDK itself.
 * @param handler such as `src/app.handler`
 */
export function isOwnSource(handler: string): FileFilter {
  const handlerFile = handler.slice(0, handler.lastIndexOf("."));
  return ({ name, originalSize }) =>
    SOURCE.test(name) &&
    (!name.includes("/") || name.replace(SOURCE, "") === handlerFile) &&
    originalSize <= MAX_FILE_BYTES;
}
