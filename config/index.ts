export { findWarnings } from "../constructs/validation";
export type { Warning } from "../constructs/warnings";
export type { Backend, BackendArguments, BackendType, Calendar, Config, ConfigFile } from "./config";
export { ConfigError, type ConfigProblem } from "./error";
export { configJsonSchema } from "./json-schema";
export { parseConfig, type ReadOptions, readConfig } from "./read";
