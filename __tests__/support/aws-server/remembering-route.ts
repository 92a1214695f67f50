import { type AwsAnswer, type AwsCall, forward, type Route } from "./aws-server";

const FUNCTION = /^\/2015-03-31\/functions(?:\/([^/?]+))?(?:\/(configuration))?\/?(?:\?|$)/;
/** Settings of a function that moto takes and does not give back. */
const FORGOTTEN = ["LoggingConfig", "DeadLetterConfig"] as const;

type Settings = Readonly<Record<string, unknown>>;

/**
 * What moto forgets of functions: kept as it is set, and put into what moto answers.
 * @param known settings by function that were set before
 */
export function rememberingRoute(
  upstream: string,
  known: Map<string, Settings> = new Map<string, Settings>(),
): Route {
  return async (call) => {
    const [isAboutFunctions, name, configuration] = FUNCTION.exec(call.path) ?? [];
    if (isAboutFunctions === undefined || call.service !== "lambda") return undefined;
    if (call.method === "POST" && name === undefined) return remember(call, known);
    if (call.method === "PUT" && configuration !== undefined && name !== undefined) {
      return remember(call, known, decodeURIComponent(name));
    }
    if (call.method !== "GET" || name === undefined) return undefined;
    const answer = await forward(call, upstream);
    return completed(answer, known.get(decodeURIComponent(name)), configuration !== undefined);
  };
}

function remember({ body }: AwsCall, known: Map<string, Settings>, name?: string): undefined {
  const given: Settings = JSON.parse(body.toString("utf8"));
  const settings = FORGOTTEN.flatMap((key) => (given[key] === undefined ? [] : [[key, given[key]]]));
  const key = name ?? String(given["FunctionName"]);
  known.set(key, { ...known.get(key), ...Object.fromEntries(settings) });
}

function completed(answer: AwsAnswer, settings: Settings | undefined, isConfiguration: boolean): AwsAnswer {
  if (answer.status !== 200 || settings === undefined) return answer;
  const told = JSON.parse(answer.body);
  const whole = isConfiguration
    ? { ...told, ...settings }
    : { ...told, Configuration: { ...told.Configuration, ...settings } };
  return { ...answer, body: JSON.stringify(whole) };
}
