import { log } from "./log";
import { shareSearch } from "./search";
import { findTools } from "./tools";

/** Once before all end-to-end tests: looks for what they need, and says in one line what is not there. */
export default async function globalSetup(): Promise<void> {
  const search = await findTools();
  shareSearch(search);
  if (search.missing.length > 0) {
    const verdict = process.env["REQUIRE_E2E"] === "1" ? "fail, as REQUIRE_E2E=1 asks" : "are skipped";
    log(`the end-to-end tests ${verdict}: not found here: ${search.missing.join("; ")}`);
  } else if (!search.tools?.archiveProvider) {
    log("`code: archive` is skipped: no Terraform provider hashicorp/archive here; `code: zip` runs");
  }
}
