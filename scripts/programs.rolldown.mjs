// The library, the CLI and the app: dist/*.js and dist/chunks/.
import { defineConfig } from "rolldown";
import { RESOLVE, thirdPartyNotices } from "./rolldown-shared.mjs";

// Peer dependencies stay outside: constructs only work when they and the user's stack share one copy of cdktf.
const PEERS = /^(cdktf|constructs|@cdktf\/provider-[a-z]+)(\/|$)/;
// So do those that only some calendars need: they are megabytes, and have licenses of their own.
const OF_CALENDARS = /^(date-holidays|ical\.js)(\/|$)/;

// zod, yaml, cronstrue and temporal-polyfill are bundled in: only what is used of them is loaded (a third of the
// start-up time), and CommonJS users can have temporal-polyfill, which is ESM only.
export default defineConfig({
  input: {
    index: "constructs/index.ts",
    schedule: "schedule/index.ts",
    config: "config/index.ts",
    cli: "cli/main.ts",
    main: "main.ts",
  },
  platform: "node",
  resolve: RESOLVE,
  external: [PEERS, OF_CALENDARS],
  output: {
    dir: "dist",
    format: "cjs",
    chunkFileNames: "chunks/[name].js",
    sourcemap: true,
  },
  plugins: [thirdPartyNotices({ file: "dist/THIRD-PARTY-NOTICES.txt", of: "dist" })],
});
