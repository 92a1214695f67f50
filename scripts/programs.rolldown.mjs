// The library and the CLI: dist/*.js and dist/chunks/. The app of this repository: dist/main.js.
import { defineConfig } from "rolldown";
import { RESOLVE, thirdPartyNotices } from "./rolldown-shared.mjs";

// Peer dependencies stay outside: constructs only work when they and the user's stack share one copy of cdktf.
const PEERS = /^(cdktf|constructs|@cdktf\/provider-[a-z]+)(\/|$)/;
// Packages that only some calendars need stay outside: they are megabytes, and have licenses of their own.
const CALENDAR_PACKAGES = /^(date-holidays|ical\.js)(\/|$)/;

// zod, yaml, cronstrue and temporal-polyfill are bundled: loading only the used parts saves a third of the start-up
// time, and CommonJS users get temporal-polyfill, which is ESM only.
const published = defineConfig({
  input: {
    index: "constructs/index.ts",
    schedule: "schedule/index.ts",
    config: "config/index.ts",
    cli: "cli/main.ts",
  },
  platform: "node",
  resolve: RESOLVE,
  external: [PEERS, CALENDAR_PACKAGES],
  output: { dir: "dist", format: "cjs", chunkFileNames: "chunks/[name].js", sourcemap: true },
  plugins: [thirdPartyNotices({ file: "dist/THIRD-PARTY-NOTICES.txt", of: "dist" })],
});

// The app is cdktf's only user, so cdktf is bundled: finding its many files takes a quarter of a synth.
const app = defineConfig({
  input: { main: "main.ts" },
  platform: "node",
  resolve: RESOLVE,
  external: [CALENDAR_PACKAGES],
  output: { dir: "dist", format: "cjs", codeSplitting: false },
});

export default [published, app];
