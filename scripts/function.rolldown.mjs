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

const CREDENTIAL_CHAIN = "@aws-sdk/credential-provider-node";

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
      // Keeps the code for checks in chunks of its own, so that a run without checks loads none of it.
      includeDependenciesRecursively: false,
      groups: [
        { name: "services", test: /[\\/]lambda-src[\\/]services[\\/]|[\\/]contract[\\/]shell/ },
        { name: "ssm-sdk", test: /client-ssm|[\\/]json[\\/]/i },
        { name: "aws-sdk", test: /node_modules/ },
      ],
    },
  },
  plugins: [
    withoutCredentialChain(),
    minifySdkChunks(),
    zip({ file: "dist/lambda.zip" }),
    thirdPartyNotices({ file: "dist/lambda.THIRD-PARTY-NOTICES.txt", of: "lambda.zip" }),
  ],
});

/**
 * A plugin that leaves the SDK's default credential chain (files, SSO, instance metadata) out: the function's clients
 * are given credentials, so the SDK never asks for it.
 */
function withoutCredentialChain() {
  const id = "\0no-credential-chain";
  return {
    name: "without-credential-chain",
    resolveId: (source) => (source === CREDENTIAL_CHAIN ? { id, moduleSideEffects: false } : null),
    load: (loaded) => (loaded === id ? "export const defaultProvider = undefined;" : null),
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
