import * as z from "zod/mini";
import { configSchema } from "./schema";

/** A JSON Schema (draft 2020-12) of the config file, for editors: keys, types and what they mean. */
export function configJsonSchema(): Record<string, unknown> {
  const { $schema, ...shape } = z.toJSONSchema(configSchema, { io: "input", override: withoutSafeLimit });
  return { $schema, title: "Config of ec2-start-stop", ...shape };
}

// zod writes the largest whole number that JavaScript holds as a limit, which means nothing to a reader.
function withoutSafeLimit({ jsonSchema }: { jsonSchema: { maximum?: number | undefined } }): void {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}
