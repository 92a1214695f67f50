// The library and the CLI: dist/*.js and dist/chunks/. The app of this repository: dist/main.js.
import { defineConfig } from "rolldown";
import { RESOLVE, thirdPartyNotices } from "./rolldown-shared.mjs";

// Peer dependencies stay outside: constructs only work when they and the user's stack share one copy of cdktf.
const PEERS = /^(cdktf|constructs|@cdktf\/provider-[a-z]+)(\/|$)/;
// So do those that only some calendars need: they are megabytes, and have licenses of their own.
const OF_CALENDARS = /^(date-holidays|ical\.js)(\/|$)/;

// zod, yaml, cronstrue and temporal-polyfill are bundled in: only what is used of them is loaded (a third of the
// start-up time), and CommonJS users can have temporal-polyfill, which is ESM only.
const published = defineConfig({
  input: {
    index: "constructs/index.ts",
    schedule: "schedule/index.ts",
    config: "config/index.ts",
    cli: "cli/main.ts",
  },
  platform: "node",
  resolve: RESOLVE,
  external: [PEERS, OF_CALENDARS],
  output: { dir: "dist", format: "cjs", chunkFileNames: "chunks/[name].js", sourcemap: true },
  plugins: [thirdPartyNotices({ file: "dist/THIRD-PARTY-NOTICES.txt", of: "dist" })],
});

// The app is its own user of cdktf, so that may be bundled in: finding its many files takes a quarter of a synth.
const app = defineConfig({
  input: { main: "main.ts" },
  platform: "node",
  resolve: RESOLVE,
  external: [OF_CALENDARS],
  output: { dir: "dist", format: "cjs", codeSplitting: false },
});

export default [published, app];
