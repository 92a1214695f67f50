/** A config path and those it hangs on, without the whole: `a.b[0]` gives `a.b[0]`, `a.b`, `a`. */
export function pathAndParents(path: string): string[] {
  const paths: string[] = [];
  for (let rest = path; rest !== ""; ) {
    paths.push(rest);
    const parent = rest.replace(LAST_KEY, "");
    rest = parent === rest ? "" : parent;
  }
  return paths;
}

// A plain key, an index, or a key quoted in brackets.
const LAST_KEY = /(^|\.)[\w-]+$|\[(\d+|"(\\.|[^"\\])*")\]$/;
