import configurations from "../../rollup.config.mjs";

const [programs] = configurations;

/** The app with its peers left outside, as the library has them. */
export default {
  ...programs,
  plugins: programs.plugins.filter(({ name }) => name !== "rollup-plugin-license"),
  input: { app: "./main.ts" },
  output: { ...programs.output, dir: process.env.APP_FOLDER },
};
