import { existsSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

// Runs all benchmarks, or those named (npm run bench -- synth load): tables here, numbers in bench/results.json.
const BENCHES = ["synth", "load", "schedule", "function", "pace", "memory"];
const RESULTS = fileURLToPath(new URL("results.json", import.meta.url));

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !BENCHES.includes(name));
if (unknown.length > 0) {
  console.error(`Expected names of benchmarks (${BENCHES.join(", ")}), got ${unknown.join(", ")}`);
  process.exit(2);
}
if (!existsSync(fileURLToPath(new URL("../dist/main.js", import.meta.url)))) {
  console.error("Expected a build in dist, found none: run `npm run build` first");
  process.exit(2);
}

const results = {};
for (const name of wanted.length > 0 ? wanted : BENCHES) {
  const { run } = await import(`./${name}.mjs`);
  const { title, skipped, table, json } = await run();
  console.log(`\n${title}`);
  console.log(skipped ? `  Skipped: ${skipped}` : renderTable(table));
  results[name] = { title, ...(skipped ? { skipped } : { results: json }) };
}
const machine = { node: process.version, platform: process.platform, arch: process.arch };
writeFileSync(RESULTS, `${JSON.stringify({ machine, ...results }, null, 2)}\n`);
console.log(`\nNumbers: ${RESULTS}`);

function renderTable(rows) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? "")))];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index].length)));
  const render = (line) => `  ${line.map((cell, index) => cell.padEnd(widths[index])).join("  ")}`.trimEnd();
  return [
    render(columns),
    `  ${widths.map((width) => "-".repeat(width)).join("  ")}`,
    ...lines.slice(1).map(render),
  ].join("\n");
}
