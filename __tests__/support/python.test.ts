import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { findPython, type PinnedPackage, pinnedVersion, pythonsOf } from "./python";

const MOTO: PinnedPackage = { name: "moto", requirements: "__tests__/e2e/requirements.txt", venv: ".venv" };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ec2-start-stop-python-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A program that answers every question as a Python with this version of the package does. */
function pythonWith(version: string | undefined): string {
  const path = join(folder, `python-${version}`);
  writeFileSync(path, version === undefined ? "#!/bin/sh\nexit 1\n" : `#!/bin/sh\necho ${version}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe("the Python of a pinned package", () => {
  const pin = pinnedVersion(MOTO);

  it("is the first that has the pinned version", () => {
    const python = pythonWith(pin);
    expect(findPython(MOTO, [pythonWith("5.2.1"), pythonWith(undefined), python])).toEqual({ python });
  });

  it("is none where all have others, and each is named with what it has", () => {
    const [old, without, gone] = [pythonWith("5.2.1"), pythonWith(undefined), join(folder, "nothing")];
    const install =
      "python3 -m venv .venv && .venv/bin/pip install --require-hashes -r __tests__/e2e/requirements.txt";
    expect(findPython(MOTO, [old, without, gone])).toEqual({
      missing: `moto ${pin} (${old} has 5.2.1, ${without} has none, ${gone} has none (ENOENT); ${install})`,
    });
  });

  it("is looked for on the PATH last, and nowhere else where a variable names it", () => {
    expect(pythonsOf(MOTO).slice(-2)).toEqual(["python3", "python"]);
    process.env["PYTHON_OF_THIS_TEST"] = "/opt/python";
    expect(pythonsOf(MOTO, "PYTHON_OF_THIS_TEST")).toEqual(["/opt/python"]);
    delete process.env["PYTHON_OF_THIS_TEST"];
  });
});
