import { writeFileSync } from "node:fs";
import { zipSync } from "fflate";

// The earliest date a zip can hold. Zip stores local clock time, so it is given as one: the same bytes in every zone.
const EPOCH = new Date(1980, 0, 1);
const UNIX = 3;
const READABLE_FILE = (0o100644 << 16) >>> 0;

/**
 * A rollup plugin that packs the emitted chunks into a byte-reproducible zip: sorted names, a fixed date and mode,
 * and a deflate written in JavaScript, since zlib's output differs between its versions and processors.
 */
export function lambdaZip({ file }) {
  return {
    name: "lambda-zip",
    writeBundle(_options, bundle) {
      const entries = Object.keys(bundle)
        .sort()
        .map((name) => [
          name,
          [
            Buffer.from(bundle[name].code ?? bundle[name].source),
            { mtime: EPOCH, os: UNIX, attrs: READABLE_FILE, level: 9 },
          ],
        ]);
      writeFileSync(file, zipSync(Object.fromEntries(entries)));
    },
  };
}
