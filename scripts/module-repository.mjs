// Writes module/ as the Terraform Registry takes a module: the root of a repository of its own, with a license, whose
// pages name the registry's source and lead back here for what is outside the module.
//   node scripts/module-repository.mjs FOLDER     (a clone: everything in it but .git is replaced)
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";

const [, , folder] = process.argv;
if (folder === undefined) {
  console.error("Expected the folder of the module's repository, got none");
  process.exit(2);
}

const { repository, version } = JSON.parse(readFileSync("package.json", "utf8"));
const url = repository.url.replace(/^git\+|\.git$/g, "");
const owner = new URL(url).pathname.split("/")[1];
const [major, minor] = version.split(".");

const forRegistry = (text) =>
  text.replace(
    /^(.*)source = "git::[^"]*"$/gm,
    `$1source  = "${owner}/ec2-start-stop/aws"\n$1version = "~> ${major}.${minor}"`,
  );
const withLinksBack = (text, file) =>
  text.replace(/\]\((?![a-z]+:|#)([^)#]+)/g, (link, target) => {
    const path = posix.join("module", posix.dirname(file), target);
    return path.startsWith("module/") ? link : `](${url}/blob/v${version}/${path}`;
  });

for (const name of readdirSync(folder)) if (name !== ".git") rmSync(join(folder, name), { recursive: true });
const files = execFileSync("git", ["ls-files", "-z", "module"], { encoding: "utf8" })
  .split("\0")
  .filter(Boolean);
for (const from of files) {
  const file = from.slice("module/".length);
  const to = join(folder, file);
  mkdirSync(dirname(to), { recursive: true });
  if (file.endsWith(".md")) writeFileSync(to, withLinksBack(forRegistry(readFileSync(from, "utf8")), file));
  else if (file.endsWith(".tf")) writeFileSync(to, forRegistry(readFileSync(from, "utf8")));
  else cpSync(from, to);
}
cpSync("LICENSE", join(folder, "LICENSE"));
