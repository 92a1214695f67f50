import { randomBytes } from "node:crypto";
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

/**
 * Writes a file as a whole or not at all, on a full disk too: the text goes into a temporary file in the same folder,
 * which then takes the place of the old one. A link keeps pointing to its file, and a file keeps its mode and owner.
 */
export function replaceFile(file: string, text: string): void {
  const path = followLinks(file);
  const before = statSync(path, { throwIfNoEntry: false });
  if (before !== undefined && !before.isFile()) {
    // A pipe or a device, such as /dev/stdout, cannot be replaced.
    writeFileSync(path, text);
    return;
  }
  // A rename would replace a read-only file, too.
  if (before !== undefined) accessSync(path, constants.W_OK);
  const temporary = join(dirname(path), temporaryName());
  try {
    writeDurably(temporary, text, before);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Name of a file or folder that exists only while a command writes: short, since names have a limit. */
export function temporaryName(): string {
  return `.ec2-start-stop-${randomBytes(6).toString("hex")}.tmp`;
}

/** Moves all files of a folder into another of the same file system, over those of the same names. */
export function moveFiles(from: string, to: string): void {
  const entries = readdirSync(from, { recursive: true, withFileTypes: true }).map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return { entry, path, target: join(to, path.slice(from.length)) };
  });
  // Folders first, since these take room on a disk, and a rename takes none.
  for (const { entry, target } of entries) if (entry.isDirectory()) mkdirSync(target, { recursive: true });
  for (const { entry, path, target } of entries) if (!entry.isDirectory()) renameSync(path, target);
}

/** The file that a path leads to, which need not exist yet. */
function followLinks(file: string): string {
  if (existsSync(file)) return realpathSync(file);
  try {
    const target = resolve(dirname(file), readlinkSync(file));
    return join(realpathSync(dirname(target)), basename(target));
  } catch {
    return resolve(file);
  }
}

/** Writes a new file, with its bytes on the disk before it takes the place of another. */
function writeDurably(file: string, text: string, before: Stats | undefined): void {
  const handle = openSync(file, "wx");
  try {
    if (before !== undefined) takeOver(handle, before);
    writeFileSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function takeOver(handle: number, { uid, gid, mode }: Stats): void {
  try {
    fchownSync(handle, uid, gid);
  } catch {
    // Only root may give files away.
  }
  // After the owner, since a change of owner resets bits of the mode.
  fchmodSync(handle, mode & 0o7777);
}
