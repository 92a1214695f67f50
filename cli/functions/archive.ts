const MAX_BYTES = 20_000_000;
const TIMEOUT_MS = 20_000;

/** Why the code of a function cannot be read. */
export interface UnreadableCode {
  readonly unreadable: string;
}

/** What is read of a function's zip, from the address that Lambda gives for ten minutes. */
export async function readArchive<Code>(
  location: string,
  read: (zip: Uint8Array) => Code,
  get: typeof fetch = fetch,
): Promise<Code | UnreadableCode> {
  try {
    const answer = await get(location, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!answer.ok) return { unreadable: `its address answers ${answer.status}` };
    if (Number(answer.headers.get("content-length")) > MAX_BYTES) return { unreadable: "it is too large" };
    return read(new Uint8Array(await answer.arrayBuffer()));
  } catch (error) {
    return { unreadable: error instanceof Error ? error.message : String(error) };
  }
}
