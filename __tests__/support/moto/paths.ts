import { join, resolve } from "node:path";

export const PROJECT = resolve(__dirname, "../../..");
export const HARNESS = __dirname;
/** The zip that `npm run build` makes and the function runs. */
export const LAMBDA_ZIP = join(PROJECT, "dist", "lambda.zip");
export const CDKTF_CLI = require.resolve("cdktf-cli/bundle/bin/cdktf");
