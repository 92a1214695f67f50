import { awsErrorKind } from "../contract/aws-errors";
import { chunksOf, groupBy, partition } from "../contract/collections";
import type { Candidate } from "./candidate";
import { type AwsFault, concernsCaller, rejectionKind } from "./faults";

/** Instances to request together: in one call, as far as EC2 takes so many at a time. */
export interface Batch {
  readonly members: readonly Candidate[];
  /** How many rejections named an instance of it, one after the other. */
  readonly named: number;
  /** The last rejection that named none, if these instances may be the cause. */
  readonly suspectedFor: AwsFault | undefined;
  readonly search: Search | undefined;
}

/** The search for the instances about which EC2 rejects calls without naming them. */
interface Search {
  rejected: number;
  /** The number of instances rejected alone since the last accepted call. */
  rejectedAlone: number;
  accepted: boolean;
}

/** After this many rejections that name no instance, splitting the calls further would only run into throttling. */
const MAX_UNNAMED = 100;
/** A search has tried the whole and both halves; if none was accepted, single instances show more than smaller parts. */
const MAX_REJECTED_BEFORE_PROBES = 3;
/** If this many instances are rejected alone, the others of their search likely are too. */
const PROBES = 4;
/** After a denial of all that were tried, this many others are still tried alone. */
const MAX_REQUESTED_ALONE = 8;
/** The share of the rejections left that one search may take by single calls. */
const MAX_SHARE_OF_SEARCH = 0.5;
/** The golden ratio's fraction, whose multiples lie far apart within a batch. */
const PROBE_SPREAD = 0.618;
/** After this many rejections that named an instance each, the rest is split, so that the healthy ones wait for fewer. */
const MAX_NAMED_BEFORE_SPLIT = 3;
const NAMED_PARTS = 4;
/** A smaller rest is requested as a whole. */
const MIN_NAMED_SPLIT = 16;

/** The parts in which instances are requested again after an error inside EC2. */
const UNHANDLED_PARTS = 8;

/** After this many hibernations rejected by name, with none accepted in between, the others are stopped plainly. */
const MAX_HIBERNATIONS_REJECTED = 30;

/** The rejections of a region in one run. */
export class Rejections {
  /** The number of rejections that named no instance. */
  unnamed = 0;
  #deniedAlone = 0;
  #authorized = false;
  /** By what is searched for: an error code, and for a lack of capacity what draws on it. */
  readonly #searches = new Map<string, Search>();

  /** The number of hibernations that EC2 rejected by name since it last accepted one. */
  #hibernationsRejected = 0;

  recordHibernation(isAccepted: boolean): void {
    this.#hibernationsRejected = isAccepted ? 0 : this.#hibernationsRejected + 1;
  }

  /** Whether asking for more hibernations, one call each, would keep the instances from being stopped at all. */
  get givesUpHibernating(): boolean {
    return this.#hibernationsRejected >= MAX_HIBERNATIONS_REJECTED;
  }

  /** Whether no more may be spent on a batch that may be the cause of a rejection. */
  isExhausted({ suspectedFor }: Batch): boolean {
    return suspectedFor !== undefined && this.unnamed >= MAX_UNNAMED;
  }

  /** Records a call that EC2 accepted, or rejected for a reason other than permissions. */
  recordAuthorized(): void {
    this.#authorized = true;
  }

  /** Whether EC2 has denied every call so far. */
  get unauthorized(): boolean {
    return !this.#authorized;
  }

  recordDeniedAlone(): void {
    this.#deniedAlone++;
  }

  /** Whether a denial stands for the `remaining` instances: it says so, or EC2 has answered nothing else. */
  isFinal(fault: AwsFault, remaining: number): boolean {
    if (concernsCaller(fault)) return true;
    return !this.#authorized && this.#deniedAlone >= PROBES && remaining > MAX_REQUESTED_ALONE;
  }

  /** Whether the other instances of a search, `remaining` in number, are too many for a call each. */
  givesUp({ rejectedAlone }: Search, remaining: number): boolean {
    return rejectedAlone >= PROBES && remaining > (MAX_UNNAMED - this.unnamed) * MAX_SHARE_OF_SEARCH;
  }

  searchFor(key: string): Search {
    const search = this.#searches.get(key) ?? { rejected: 0, rejectedAlone: 0, accepted: false };
    this.#searches.set(key, search);
    return search;
  }
}

/** The batches still to request. Those that EC2 has rejected least come first, and of these the largest. */
export class BatchQueue {
  #batches: Batch[] = [];

  /**
   * Adds the candidates that are not in the queue yet. Those that hibernate are requested apart, and those whose request
   * EC2 could not handle in parts, since one of them may be the cause.
   */
  offer(candidates: readonly Candidate[]): void {
    const queued = new Set(this.#batches.flatMap(({ members }) => members));
    const added = candidates.filter((candidate) => !queued.has(candidate));
    const [unhandled, others] = partition(added, isUnhandled);
    const parts = chunksOf(unhandled, Math.ceil(unhandled.length / UNHANDLED_PARTS));
    const groups = [others, ...parts].flatMap((part) => partition(part, ({ hibernate }) => !hibernate));
    this.add(...groups.map((members) => ({ members, named: 0, suspectedFor: undefined, search: undefined })));
  }

  add(...batches: readonly Batch[]): void {
    this.#batches.push(...batches.filter(({ members }) => members.length > 0));
  }

  /** Adds a batch for which EC2's rate had no room, joined to the rest of the same batch. */
  putBack(batch: Batch): void {
    const rest = this.#batches.find((other) => isLike(other, batch));
    this.#batches = this.#batches.filter((other) => other !== rest);
    this.add({ ...batch, members: [...batch.members, ...(rest?.members ?? [])] });
  }

  next(): Batch | undefined {
    this.#keepReady();
    const [first, ...others] = this.#batches;
    if (!first) return undefined;
    const batch = others.reduce((best, other) => (precedes(other, best) ? other : best), first);
    this.#batches = this.#batches.filter((other) => other !== batch);
    if (!batch.search || !isRequestedSingly(batch.search)) return batch;
    const at = Math.floor(batch.members.length * ((batch.search.rejectedAlone * PROBE_SPREAD) % 1));
    this.add({ ...batch, members: batch.members.filter((_, index) => index !== at) });
    return { ...batch, members: batch.members.slice(at, at + 1) };
  }

  /** Returns the first `count` instances to request. */
  upcoming(count: number): Candidate[] {
    this.#keepReady();
    const inOrder = this.#batches.toSorted((a, b) => Number(precedes(b, a)) - Number(precedes(a, b)));
    return inOrder.flatMap(({ members }) => members).slice(0, count);
  }

  /** Removes what was resolved since it was added, such as an instance that someone else has started. */
  #keepReady(): void {
    const batches = this.#batches;
    this.#batches = [];
    this.add(
      ...batches.map((batch) => ({ ...batch, members: batch.members.filter(({ isReady }) => isReady) })),
    );
  }

  /** Removes the batches that pass a test, or all, and returns their members. */
  remove(test: (batch: Batch) => boolean = () => true): Candidate[] {
    const removed = this.#batches.filter(test);
    this.#batches = this.#batches.filter((batch) => !removed.includes(batch));
    return removed.flatMap(({ members }) => members);
  }

  /** Returns how many instances of a search, or in all, are still to request. */
  count(search?: Search): number {
    return this.#batches
      .filter((batch) => search === undefined || batch.search === search)
      .reduce((sum, { members }) => sum + members.length, 0);
  }
}

/** Whether the last request for an instance ended in an error inside EC2, which may be about another one. */
export function isUnhandled({ transientFault }: Candidate): boolean {
  return transientFault !== undefined && awsErrorKind(transientFault.code) === "unavailable";
}

function isLike(a: Batch, b: Batch): boolean {
  return (
    a.search === b.search &&
    a.suspectedFor === b.suspectedFor &&
    a.named === b.named &&
    a.members[0]?.hibernate === b.members[0]?.hibernate
  );
}

function precedes(a: Batch, b: Batch): boolean {
  if (rank(a) !== rank(b)) return rank(a) < rank(b);
  return a.named !== b.named ? a.named > b.named : a.members.length > b.members.length;
}

function rank({ search, named }: Batch): number {
  return search?.rejected ?? Math.min(named, 1);
}

/** Whether the instances of a search are requested one by one: larger parts are hardly ever accepted. */
function isRequestedSingly({ rejected, rejectedAlone, accepted }: Search): boolean {
  return rejectedAlone >= PROBES || (!accepted && rejected >= MAX_REJECTED_BEFORE_PROBES);
}

export function recordAccepted({ search }: Batch): void {
  if (!search) return;
  search.accepted = true;
  search.rejectedAlone = 0;
}

/** Returns the batches that remain of one after a rejection that named some of its instances. */
export function splitNamed(
  batch: Batch,
  rest: readonly Candidate[],
  fault: AwsFault,
  rejections: Rejections,
): Batch[] {
  if (fault.kind === "denied" && rejections.unauthorized) {
    // A denial of all names one instance after the other, too.
    const search = searchOf(batch, fault, rejections);
    search.rejected++;
    return [{ ...batch, members: rest, search }];
  }
  const named = batch.named + 1;
  // The other spot instances are likely rejected too.
  const isApart = ({ before }: Candidate) => rejectionKind(fault) === "spot" && before.spot;
  const parts = partition(rest, (candidate) => !isApart(candidate));
  return parts.flatMap((members) => {
    if (named < MAX_NAMED_BEFORE_SPLIT || members.length < MIN_NAMED_SPLIT)
      return [{ ...batch, members, named }];
    const size = Math.ceil(members.length / NAMED_PARTS);
    return chunksOf(members, size).map((part) => ({ ...batch, members: part, named: 0 }));
  });
}

/** Returns the batches that remain of one after a rejection that named none, and counts the rejection. */
export function splitUnnamed(batch: Batch, fault: AwsFault, rejections: Rejections): Batch[] {
  const { members } = batch;
  const [suspected, clear] = partition(members, isNamedBy(fault, members));
  if (suspected.length > 0 && clear.length > 0) {
    return [
      { ...batch, members: clear, named: 0 },
      { ...batch, members: suspected, named: 0, suspectedFor: fault },
    ];
  }
  const isCapacity = rejectionKind(fault) === "capacity";
  const pools = isCapacity ? poolsOf(members) : [members];
  if (pools.length > 1) {
    return halvesOf(pools).map((half) => ({
      members: half.flat(),
      named: 0,
      suspectedFor: fault,
      search: undefined,
    }));
  }
  const search = searchOf(batch, fault, rejections);
  search.rejected++;
  return halvesOf(members).map((half) => ({ members: half, named: 0, suspectedFor: fault, search }));
}

/** Returns the search to which a rejected batch belongs. */
export function searchOf({ members }: Batch, fault: AwsFault, rejections: Rejections): Search {
  const [first] = members;
  const pool = first && rejectionKind(fault) === "capacity" ? poolKey(first) : "";
  return rejections.searchFor(`${fault.code} ${pool}`);
}

/** Groups instances by the capacity that they draw on. Those of one zone come together, since a zone is what mostly is short. */
function poolsOf(members: readonly Candidate[]): Candidate[][] {
  const pools = [...groupBy(members, poolKey)];
  return pools.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, pool]) => pool);
}

/** Names the capacity that an instance draws on. */
function poolKey({ before }: Candidate): string {
  return before.placement.join(" ");
}

function halvesOf<T>(list: readonly T[]): [T[], T[]] {
  const half = Math.ceil(list.length / 2);
  return [list.slice(0, half), list.slice(half)];
}

/**
 * Returns a test for the instances that a rejection is likely about, though it names none: those with all of the zone, type,
 * host and so on that it names, or with the product or license that it names.
 */
function isNamedBy(fault: AwsFault, members: readonly Candidate[]): (candidate: Candidate) => boolean {
  if (rejectionKind(fault) === "spot") return ({ before }) => before.spot;
  const words = new Set(
    complaintOf(fault.text)
      .split(/[^\w.:/-]+/)
      .map(trimWord),
  );
  const isNamed = (value: string | undefined) => value !== undefined && words.has(value.toLowerCase());
  const [first] = members;
  const named = (first?.before.placement ?? []).map((_, attribute) =>
    members.some(({ before }) => isNamed(before.placement[attribute])),
  );
  const entitled = members.some(({ before }) => before.entitlements.some(isNamed));
  if (!entitled && !named.includes(true)) return () => false;
  return ({ before }) =>
    (!entitled || before.entitlements.some(isNamed)) &&
    named.every((is, attribute) => !is || isNamed(before.placement[attribute]));
}

/**
 * Returns what a message complains of, in lower case, without what it recommends instead: "You can currently get
 * m4.large capacity by ... choosing us-east-1c, us-east-1d" (hashicorp/terraform-provider-aws#1496).
 */
function complaintOf(text: string): string {
  return text
    .split(/[.;!]\s+/)
    .filter(
      (sentence) => !/\b(?:you can|try|choosing|choose|instead|recommend\w*|alternativ\w*)\b/i.test(sentence),
    )
    .join(" ")
    .toLowerCase();
}

/** A product code is the value of `sku` in Marketplace's address. */
function trimWord(word: string): string {
  return word.replace(/[.:/]+$/, "");
}
