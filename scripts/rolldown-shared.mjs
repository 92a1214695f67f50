// Settings that the builds of the programs and of the function share.
import license from "rollup-plugin-license";

/** Prefers ES modules, since unused code is left out only of those. */
export const RESOLVE = { conditionNames: ["node", "module", "import"], mainFields: ["module", "main"] };

/** Licenses of packages that may be bundled: they require their text to be included, and nothing more. */
const PERMISSIVE = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0", "ISC", "MIT"];

/** A plugin that writes the licenses of every bundled package, and fails the build where one is not permissive. */
export function thirdPartyNotices({ file, of }) {
  return license({
    thirdParty: {
      allow: {
        test: ({ license }) => PERMISSIVE.includes(license),
        failOnUnlicensed: true,
        failOnViolation: true,
      },
      output: { file, template: (packages) => notices(of, packages) },
    },
  });
}

/** Renders the notices, with packages that share a license text under one heading. */
function notices(of, packages) {
  const titlesByText = new Map();
  for (const { name, version, license, licenseText, noticeText } of packages) {
    const texts = [
      licenseText ?? `(Without a copy of its own; the text of ${license} is with others here.)`,
      noticeText,
    ];
    const text = texts.filter(Boolean).map(unixLines).join("\n\n");
    titlesByText.set(text, [...(titlesByText.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  const sections = [...titlesByText]
    .map(([text, titles]) => [...titles.sort(), "", text, ""].join("\n"))
    .sort();
  const line = `${"-".repeat(80)}\n`;
  return [`${of} holds code of these packages:\n`, ...sections].join(`\n${line}`);
}

const unixLines = (text) => text.trim().replaceAll("\r\n", "\n");
