export type { Backend, BackendArguments, BackendType, Config } from "./config";
export { ConfigError, type ConfigProblem } from "./error";
export { configJsonSchema } from "./json-schema";
export { parseConfig, readConfig } from "./read";
