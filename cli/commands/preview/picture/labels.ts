/** How far a label may stand from what it labels. */
const MAX_SHIFT = 14;
/** Where most labels have no room, those that have keep this many times their width apart, and none is pushed. */
const SPARSE = 1.6;

interface Cluster {
  /** Middle of the labels that stand side by side. */
  readonly middle: number;
  /** Place that each label marks, ascending. */
  readonly wanted: readonly number[];
}

/**
 * Where labels of equal width stand so that none covers another: at the place they want, or pushed apart around it.
 * One that would be pushed too far is left out (undefined).
 *
 * @param wanted ascending
 */
export function placeLabels(wanted: readonly number[], width: number): (number | undefined)[] {
  const pushed = pushApart(wanted, width);
  const left = pushed.filter((place) => place !== undefined).length;
  return left * 2 >= wanted.length ? pushed : thinOut(wanted, width * SPARSE);
}

function thinOut(wanted: readonly number[], distance: number): (number | undefined)[] {
  let last = Number.NEGATIVE_INFINITY;
  return wanted.map((place) => {
    if (place - last < distance) return undefined;
    last = place;
    return place;
  });
}

function pushApart(wanted: readonly number[], width: number): (number | undefined)[] {
  let clusters: readonly Cluster[] = [];
  const kept = wanted.map((place) => {
    const next = mergeClusters([...clusters, { middle: place, wanted: [place] }], width);
    const fits = next !== undefined;
    if (fits) clusters = next;
    return fits;
  });
  const places = clusters.flatMap((cluster) =>
    cluster.wanted.map((_, index) => placeInCluster(cluster, index, width)),
  );
  let used = 0;
  return kept.map((keep) => (keep ? places[used++] : undefined));
}

/** Joins the last clusters while they overlap; undefined where a label would have to go too far. */
function mergeClusters(clusters: readonly Cluster[], width: number): readonly Cluster[] | undefined {
  const [before, last] = clusters.slice(-2);
  if (before === undefined || last === undefined) return clusters;
  const distance = last.middle - before.middle;
  if (distance >= ((before.wanted.length + last.wanted.length) * width) / 2) return clusters;
  const wanted = [...before.wanted, ...last.wanted];
  const joined = { middle: wanted.reduce((sum, place) => sum + place, 0) / wanted.length, wanted };
  const tooFar = wanted.some(
    (place, index) => Math.abs(placeInCluster(joined, index, width) - place) > MAX_SHIFT,
  );
  return tooFar ? undefined : mergeClusters([...clusters.slice(0, -2), joined], width);
}

function placeInCluster({ middle, wanted }: Cluster, index: number, width: number): number {
  return middle + (index - (wanted.length - 1) / 2) * width;
}
