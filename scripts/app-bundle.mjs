/**
 * Parts of cdktf that cost the app time and give it nothing: archiver, a third of the time to load, zips folders for a
 * kind of asset that the app does not have; the stack at which each token was made, a third of the time of a large
 * config, only goes into messages for those who write stacks.
 */
const UNUSED = {
  archiver: `export default () => { throw new Error("archiver is left out of this bundle"); };`,
  "stack-trace": "export const captureStackTrace = () => [];",
};

/** A rollup plugin that leaves these out. */
export function withoutUnused() {
  const prefix = "\0unused:";
  return {
    name: "without-unused",
    resolveId(source, importer = "") {
      const name = /[\\/]cdktf[\\/]lib[\\/]/.test(importer) ? source.split("/").at(-1) : "";
      return Object.hasOwn(UNUSED, name) ? prefix + name : null;
    },
    load: (id) => (id.startsWith(prefix) ? UNUSED[id.slice(prefix.length)] : null),
  };
}
