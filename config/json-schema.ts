import * as z from "zod/mini";
import { configSchema } from "./schema";

/**
 * Returns the JSON Schema (draft 2020-12) of the config file, with which editors complete, check and explain it.
 * @see https://json-schema.org/draft/2020-12
 */
export function configJsonSchema(): Record<string, unknown> {
  const { $schema, ...shape } = z.toJSONSchema(configSchema, { io: "input", override: withoutSafeLimit });
  return { $schema, title: "Config of ec2-start-stop", ...shape };
}

// zod adds the largest safe integer of JavaScript as a maximum, which is no limit of the config.
function withoutSafeLimit({ jsonSchema }: { jsonSchema: { maximum?: number | undefined } }): void {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}
