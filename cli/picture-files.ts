import { statSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { quote } from "../schedule/error";
import { InputError } from "./input-error";
import { previewPage } from "./picture/page";
import { weekPicture } from "./picture/week-picture";
import type { Preview } from "./preview-model";

export interface PictureFiles {
  readonly svg?: string;
  readonly html?: string;
}

const MAX_DAYS = 14;

/**
 * Writes the picture, the page or both, after all of them were found writable.
 *
 * @returns the files written
 */
export function writePictures({ svg, html }: PictureFiles, preview: Preview): string[] {
  const { from, until } = preview.timeline;
  if (+until - +from > (MAX_DAYS + 0.5) * 86_400_000) {
    throw new InputError(
      `--days: expected at most ${MAX_DAYS} with --svg or --html, which draw them side by side`,
    );
  }
  const files = [
    ...(svg === undefined ? [] : [{ option: "--svg", file: svg, text: `${weekPicture(preview).text}\n` }]),
    ...(html === undefined ? [] : [{ option: "--html", file: html, text: previewPage(preview).text }]),
  ];
  for (const { option, file } of files) checkPlace(option, file);
  if (svg !== undefined && html !== undefined && resolve(svg) === resolve(html)) {
    throw new InputError(`--html: expected another file than that of --svg, got ${quote(html)}`);
  }
  for (const { option, file, text } of files) {
    try {
      writeFileSync(file, text);
    } catch (cause) {
      throw new InputError(
        `${option}: expected a file that can be written, got ${quote(file)} (${reason(cause)})`,
        { cause },
      );
    }
  }
  return files.map(({ file }) => file);
}

function checkPlace(option: string, file: string): void {
  if (file === "") throw new InputError(`${option}: expected the name of a file, got ""`);
  const folder = statSync(dirname(file), { throwIfNoEntry: false });
  if (!folder?.isDirectory()) {
    throw new InputError(
      `${option}: expected a file in an existing folder, got ${quote(file)} (no folder ${quote(dirname(file))})`,
    );
  }
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    throw new InputError(`${option}: expected the name of a file, got the folder ${quote(file)}`);
  }
}

function reason(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
