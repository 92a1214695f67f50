import * as z from "zod";
import { configSchema } from "./schema";

/** A JSON Schema (draft 2020-12) of the config file, for editors: keys, types and what they mean. */
export function configJsonSchema(): Record<string, unknown> {
  const { $schema, ...shape } = z.toJSONSchema(configSchema, { io: "input" });
  return { $schema, title: "Config of ec2-start-stop", ...shape };
}
