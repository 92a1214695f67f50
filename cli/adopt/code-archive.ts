import { unzipSync } from "fflate";
import { readArchive } from "../functions/archive";
import type { FunctionCode } from "./account";

const MAX_FILE_BYTES = 500_000;
const SOURCE = /\.(?:py|js|mjs|cjs|ts|rb)$/;

/** The function's own source files, from the address that Lambda gives for ten minutes. */
export async function readCode(location: string, handler: string, get?: typeof fetch): Promise<FunctionCode> {
  return await readArchive(location, (zip) => ({ files: sourcesIn(zip, handler) }), get);
}

/** Sources at the top of an archive and the handler's own: what lies deeper are packages, such as the AWS SDK itself. */
export function sourcesIn(zip: Uint8Array, handler: string): Record<string, string> {
  const handlerFile = handler.slice(0, handler.lastIndexOf("."));
  const isOwn = (name: string) => !name.includes("/") || name.replace(SOURCE, "") === handlerFile;
  const files = unzipSync(zip, {
    filter: ({ name, originalSize }) => SOURCE.test(name) && isOwn(name) && originalSize <= MAX_FILE_BYTES,
  });
  return Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [name, new TextDecoder().decode(bytes)]),
  );
}
