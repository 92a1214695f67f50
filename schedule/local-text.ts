/** `yyyy-mm-ddThh:mm:ss` of a local time (as milliseconds of the instant at which UTC shows the same). */
export function localText(local: number): string {
  return new Date(local).toISOString().slice(0, 19);
}

/** `+09:00`, of an offset in milliseconds. */
export function offsetText(offset: number): string {
  const minutes = Math.floor(Math.abs(offset) / 60_000);
  const two = (number: number) => String(number).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
