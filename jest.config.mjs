import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";

// Node 20 is supported on purpose; the AWS SDK would say with every test file that it will not be for long.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

// What the tests and the programs that they start leave in the temporary folder goes when the run ends: cdktf and
// Terraform clean up after themselves in part only.
const temporary = mkdtempSync(join(tmpdir(), "tests-"));
for (const name of ["TMPDIR", "TMP", "TEMP"]) process.env[name] = temporary;
process.on("exit", () => rmSync(temporary, { recursive: true, force: true }));

const everywhere = {
  // Outside of it, since what jest has compiled is good for the next run, too.
  cacheDirectory: "<rootDir>/node_modules/.cache/jest",
  testEnvironment: "node",
  transform: {
    "^.+\\.(ts|js|mjs)$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" } }],
  },
  // Published as ESM only; jest runs CommonJS, so these are transformed too.
  transformIgnorePatterns: [
    "/node_modules/(?!(temporal-polyfill|temporal-utils|string-width|wrap-ansi|ansi-styles|strip-ansi|ansi-regex|get-east-asian-width)/)",
  ],
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/.wireit/", "<rootDir>/cdktf.out/"],
};

/** @type {import("jest").Config} */
export default {
  // More than the cores: the end-to-end tests mostly wait, for half a minute at a time for a queue. Jest itself leaves one
  // core idle, which on two is half of the machine.
  maxWorkers: availableParallelism() + 2,
  // The unit tests share their machine with the end-to-end tests; what takes a second may then take ten. (In projects,
  // jest leaves it unread.)
  testTimeout: 240_000,
  projects: [
    {
      ...everywhere,
      displayName: "unit",
      testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "<rootDir>/__tests__/(e2e|generations|judges)/"],
    },
    {
      ...everywhere,
      displayName: "judges",
      testMatch: ["<rootDir>/__tests__/{generations,judges}/**/*.test.ts"],
    },
    {
      ...everywhere,
      displayName: "e2e",
      testMatch: ["<rootDir>/__tests__/e2e/**/*.test.ts"],
      globalSetup: "<rootDir>/__tests__/support/moto/global-setup.ts",
      globalTeardown: "<rootDir>/__tests__/support/moto/global-teardown.ts",
    },
  ],
  // jest's own closing lines differ between versions; this one is plain: "N passed, N failed".
  reporters: ["default", "<rootDir>/__tests__/totals-reporter.cjs"],
};
