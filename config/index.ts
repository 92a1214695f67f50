export type { Warning } from "../model/warnings";
export type {
  AssumeRoleSettings,
  Backend,
  BackendArguments,
  BackendType,
  Calendar,
  Config,
  ConfigFile,
  ProviderSettings,
} from "./config";
export { findWarnings } from "./config";
export { ConfigError, type ConfigProblem } from "./error";
export { configJsonSchema } from "./json-schema";
export { parseConfig, type ReadOptions, readConfig } from "./read";
