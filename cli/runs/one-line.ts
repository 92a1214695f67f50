const MOST_TEXT = 500;

/** Text of somebody else's error, on one line. */
export function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > MOST_TEXT ? `${line.slice(0, MOST_TEXT - 3)}...` : line;
}

/** `TypeError: x is not a function`, of what is known of an error. */
export function errorText(type: unknown, message: unknown): string {
  return oneLine([type, message].filter((part) => typeof part === "string" && part !== "").join(": "));
}
