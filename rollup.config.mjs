import commonjs from "@rollup/plugin-commonjs";
import json from "@rollup/plugin-json";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import swc from "@rollup/plugin-swc";
import { withoutUnused } from "./scripts/app-bundle.mjs";
import { chunkOf, compactChunks, narrowSchemas, withoutUnreached } from "./scripts/lambda-bundle.mjs";
import { lambdaZip } from "./scripts/lambda-zip.mjs";
import { thirdPartyNotices } from "./scripts/third-party-notices.mjs";

const typescript = () => swc({ swc: { jsc: { parser: { syntax: "typescript" }, target: "es2022" } } });

// Peer dependencies stay outside: constructs only work when they and the user's stack share one copy of cdktf.
const peers = /^(cdktf|constructs|@cdktf\/provider-[a-z]+)(\/|$)/;
// So do those that only some calendars need: they are megabytes, and have licenses of their own.
const ofCalendars = /^(date-holidays|ical\.js)(\/|$)/;

// The library and the programs. zod, yaml, cronstrue and temporal-polyfill are bundled in: only what is used of
// them is loaded (a third of the start-up time), and CommonJS users can have temporal-polyfill, which is ESM only.
const programs = {
  input: {
    index: "./constructs/index.ts",
    schedule: "./schedule/index.ts",
    config: "./config/index.ts",
    cli: "./cli/main.ts",
  },
  output: {
    dir: "dist",
    format: "cjs",
    exports: "named",
    chunkFileNames: "chunks/[name].js",
    sourcemap: false,
  },
  external: (id) => peers.test(id) || ofCalendars.test(id) || id.startsWith("node:"),
  plugins: [
    nodeResolve({ extensions: [".ts", ".mjs", ".js"], preferBuiltins: true }),
    commonjs(),
    json(),
    typescript(),
  ],
};

// The app is its own user of cdktf, so that may be bundled in too: finding its files takes a third of the time to load it.
const app = {
  input: { main: "./main.ts" },
  output: { dir: "dist", format: "cjs", exports: "named", inlineDynamicImports: true, sourcemap: false },
  external: (id) => ofCalendars.test(id) || id.startsWith("node:"),
  plugins: [withoutUnused(), ...programs.plugins],
};

// The function, its own code readable, beside the part of the AWS SDK that it uses, minified. The looks inside instances
// are chunks of their own: a run without them loads none of that.
const lambda = {
  input: { index: "lambda-src/handler.ts" },
  // The chunks share code with the entry, which would otherwise become a chunk beside an entry that only points to it.
  preserveEntrySignatures: "allow-extension",
  output: {
    dir: "dist/lambda",
    format: "cjs",
    exports: "named",
    chunkFileNames: "[name].js",
    manualChunks: chunkOf,
    onlyExplicitManualChunks: true,
    hoistTransitiveImports: false,
  },
  external: (id) => id.startsWith("node:"),
  plugins: [
    withoutUnreached(),
    narrowSchemas(),
    nodeResolve({ extensions: [".ts", ".mjs", ".js"], preferBuiltins: true, exportConditions: ["node"] }),
    commonjs(),
    json(),
    typescript(),
    compactChunks(),
    lambdaZip({ file: "dist/lambda.zip" }),
    thirdPartyNotices({ file: "dist/lambda.THIRD-PARTY-NOTICES.txt", of: "lambda.zip" }),
  ],
};

const published = {
  ...programs,
  plugins: [...programs.plugins, thirdPartyNotices({ file: "dist/THIRD-PARTY-NOTICES.txt", of: "dist" })],
};

export default [published, app, lambda];
