const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/;
const HAS_ZONE = /(Z|[+-]\d{2}:?\d{2})$/;

/**
 * Why the value of an instance's opt-out tag holds it now, or undefined when it does not. An empty value holds for
 * ever, an ISO 8601 date-time until then (UTC unless it names a zone), and one that can't be read holds too: whoever
 * wrote it wanted the instance left alone.
 */
export function readHold(tag: string, value: string, now: number): string | undefined {
  const text = value.trim();
  if (text === "") return `held by tag ${tag}`;
  const until = DATE_TIME.test(text) ? Date.parse(HAS_ZONE.test(text) ? text : `${text}Z`) : Number.NaN;
  if (Number.isNaN(until)) {
    return `held by tag ${tag}: its value ${JSON.stringify(value)} is no ISO 8601 date-time, so it holds for ever`;
  }
  return until > now ? `held by tag ${tag} until ${new Date(until).toISOString()}` : undefined;
}
