import { rm } from "node:fs/promises";
import { sharedSearch } from "./search";

export default async function globalTeardown(): Promise<void> {
  const { tools } = sharedSearch();
  if (tools !== undefined) await rm(tools.folder, { recursive: true, force: true });
}
