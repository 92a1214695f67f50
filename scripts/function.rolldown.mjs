// The Lambda function: dist/lambda/, and its files in dist/lambda.zip.
import { writeFileSync } from "node:fs";
import { zipSync } from "fflate";
import { defineConfig } from "rolldown";
import { minifySync } from "rolldown/utils";
import { RESOLVE, thirdPartyNotices } from "./rolldown-shared.mjs";

// The earliest date that a zip can hold. Zip stores local time, so a local date makes the same bytes in every zone.
const EPOCH = new Date(1980, 0, 1);
const UNIX = 3;
const READABLE_FILE = (0o100644 << 16) >>> 0;

/** What the function never runs of the packages that it has, with what stands for them. */
const LEFT_OUT = new Map([
  // Clients are given credentials: the default chain reads files, SSO and instance metadata.
  ["@aws-sdk/credential-provider-node", "export const defaultProvider = undefined;"],
  // Without it the SDK signs for one region. It is for global endpoints, and loads packages that are optional.
  ["@aws-sdk/signature-v4-multi-region", "export const SignatureV4MultiRegion = undefined;"],
  // Schedules in words, and the spelling that a wrong name is nearest to.
  ["cronstrue", "export default undefined;"],
  ["fastest-levenshtein", "export const distance = () => Infinity;"],
]);

export default defineConfig({
  input: { index: "lambda-src/handler.ts" },
  platform: "node",
  resolve: RESOLVE,
  // Lets chunks import from the entry. Otherwise the code that they share with it becomes one more chunk.
  preserveEntrySignatures: "allow-extension",
  output: {
    dir: "dist/lambda",
    format: "cjs",
    chunkFileNames: "[name].js",
    comments: false,
    codeSplitting: {
      // Keeps the code for checks, follow-ups, messages, events and the watch in chunks of their own, so that a run without
      // them loads none of it.
      includeDependenciesRecursively: false,
      groups: [
        { name: "services", test: /[\\/]lambda-src[\\/]services[\\/]|[\\/]contract[\\/]shell/ },
        { name: "messages", test: /[\\/]notifications[\\/](?:messages|publish|warning|success|sns-client)/ },
        { name: "events", test: /[\\/]notifications[\\/]event|[\\/]contract[\\/]events/ },
        { name: "scheduler", test: /[\\/]lambda-src[\\/]scheduler[\\/]/ },
        { name: "watch", test: /[\\/]lambda-src[\\/]watch[\\/]|[\\/]contract[\\/]watch/ },
        { name: "schedule", test: /[\\/]schedule[\\/]|parse-schedule|left-out:(?!@)/ },
        // What the entry and other chunks share, which is always loaded.
        { name: "contract", test: /[\\/]contract[\\/](?:actions|collections|tags|units)/ },
        { name: "json-sdk", test: /[\\/]json[\\/]/i },
        { name: "ssm-sdk", test: /client-ssm/ },
        { name: "scheduler-sdk", test: /client-scheduler/ },
        { name: "zones-sdk", test: /temporal-polyfill/ },
        { name: "sns-sdk", test: /client-sns/ },
        { name: "events-sdk", test: /client-eventbridge/ },
        { name: "aws-sdk", test: /node_modules/ },
      ],
    },
  },
  plugins: [
    withoutUnusedParts(),
    minifySdkChunks(),
    zip({ file: "dist/lambda.zip" }),
    thirdPartyNotices({ file: "dist/lambda.THIRD-PARTY-NOTICES.txt", of: "lambda.zip" }),
  ],
});

/** A plugin that leaves out what no client here uses. */
function withoutUnusedParts() {
  const prefix = "\0left-out:";
  return {
    name: "without-unused-parts",
    resolveId: (source) => (LEFT_OUT.has(source) ? { id: prefix + source, moduleSideEffects: false } : null),
    load: (loaded) => (loaded.startsWith(prefix) ? LEFT_OUT.get(loaded.slice(prefix.length)) : null),
  };
}

const KEPT_NAMES = { class: true, function: false };
const MINIFIED = {
  compress: { keepNames: KEPT_NAMES },
  mangle: { toplevel: true, keepNames: KEPT_NAMES },
  codegen: { removeWhitespace: true },
};

/** A plugin that minifies the SDK. The function's own chunks stay as written, so that stack traces can be read. */
function minifySdkChunks() {
  return {
    name: "minify-sdk-chunks",
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle).filter(({ name }) => name.endsWith("-sdk"))) {
        const { code, errors } = minifySync(chunk.fileName, chunk.code, MINIFIED);
        if (errors.length > 0) throw new Error(`${chunk.fileName} cannot be minified: ${errors[0].message}`);
        chunk.code = code;
      }
    },
  };
}

/**
 * A plugin that packs the emitted files into a byte-reproducible zip: sorted names, a fixed date and mode, and a
 * deflate written in JavaScript, since zlib's output differs between its versions and processors.
 */
function zip({ file }) {
  const attributes = { mtime: EPOCH, os: UNIX, attrs: READABLE_FILE, level: 9 };
  return {
    name: "zip",
    writeBundle(_options, bundle) {
      const entries = Object.keys(bundle)
        .sort()
        .map((name) => [name, [Buffer.from(bundle[name].code ?? bundle[name].source), attributes]]);
      writeFileSync(file, zipSync(Object.fromEntries(entries)));
    },
  };
}
