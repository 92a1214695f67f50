/** Settings of the functions where the config says nothing. */
export const DEFAULT_FUNCTION_SETTINGS = {
  timeoutSeconds: 60,
  memoryMb: 256,
  logRetentionDays: 30,
  runtime: "nodejs22.x",
  architecture: "arm64",
} as const;
