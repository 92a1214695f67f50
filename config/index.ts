export type { Warning } from "../model/warnings";
export type { Backend, BackendArguments, BackendType, Calendar, Config, ConfigFile } from "./config";
export { findWarnings } from "./config";
export { ConfigError, type ConfigProblem } from "./error";
export { configJsonSchema } from "./json-schema";
export { parseConfig, type ReadOptions, readConfig } from "./read";
