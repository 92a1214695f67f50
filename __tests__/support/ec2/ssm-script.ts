/**
 * Parses the words of a script's first statement, `set -- WORD...`, as a POSIX shell does. It accepts single quotes and
 * backslashes; anything else that is special to a shell would make a script unsafe, and is an error.
 */
export function scriptArguments(script: string): string[] {
  const start = "set -- ";
  if (!script.startsWith(start))
    throw new Error(`The script begins with ${JSON.stringify(script.slice(0, 40))}`);
  // A word, quoted and bare parts in any order, and what ends it.
  const part = /'([^']*)'|\\([\s\S])|([A-Za-z0-9]+)|([ \n])/y;
  part.lastIndex = start.length;
  const words: string[] = [];
  for (let word: string | undefined; ; ) {
    const match = part.exec(script);
    if (!match)
      throw new Error(
        `The script's arguments contain characters that are special to a shell: ${script.slice(0, 400)}`,
      );
    const [, quoted, escaped, bare, end] = match;
    const text = quoted ?? escaped ?? bare;
    if (text !== undefined) {
      word = (word ?? "") + text;
      continue;
    }
    if (word !== undefined) words.push(word);
    word = undefined;
    if (end === "\n") return words;
  }
}
