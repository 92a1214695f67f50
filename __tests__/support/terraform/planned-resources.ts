import { type Attributes, isRecord, type TypedResource, UNKNOWN } from "./attributes";

/** A plan of a root that calls the module, as far as it is read here. */
interface Plan {
  readonly resource_changes?: readonly {
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    /** None where it is of the root itself. */
    readonly module_address?: string;
    readonly change: {
      readonly actions: readonly string[];
      readonly after: Attributes;
      readonly after_unknown: Attributes;
    };
  }[];
  readonly configuration: {
    readonly root_module: Module & {
      readonly module_calls?: Readonly<Record<string, { readonly module: Module }>>;
    };
  };
}

interface Module {
  readonly resources?: readonly {
    readonly type: string;
    readonly name: string;
    readonly expressions?: Attributes;
  }[];
}

/** Says where the zip lies, which differs; its content is told by `source_code_hash`. */
const PATHS = ["filename"];
/** Members of blocks that only the provider sets. */
const COMPUTED = ["vpc_id"];

/**
 * Everything that a plan makes in AWS, with the attributes that the module itself sets: the others are defaults of the
 * provider, which differ from release to release.
 */
export function plannedResources(plan: unknown): TypedResource[] {
  const { resource_changes = [], configuration } = plan as Plan;
  const { root_module } = configuration;
  const moduleAt = (address: string | undefined): Module | undefined =>
    address === undefined
      ? root_module
      : root_module.module_calls?.[address.replace(/^module\./, "")]?.module;
  return resource_changes
    .filter(({ mode, type }) => mode === "managed" && type !== "terraform_data")
    .map(({ type, name, module_address, change }) => {
      if (change.actions.join() !== "create") {
        throw new Error(`Expected a ${type} to be made, got ${change.actions}`);
      }
      const { resources = [] } = moduleAt(module_address) ?? {};
      const source = resources.find((each) => each.type === type && each.name === name);
      if (source === undefined) throw new Error(`Expected ${type}.${name} in the configuration of the plan`);
      const isSet = (attribute: string, value: unknown) =>
        Object.hasOwn(source.expressions ?? {}, attribute) || isBlock(value);
      const all = withUnknown(change.after, change.after_unknown) as Attributes;
      const set = Object.entries(all).filter(
        ([attribute, value]) => !PATHS.includes(attribute) && isSet(attribute, value),
      );
      return { type, attributes: Object.fromEntries(set) };
    });
}

/** A block that was written as `dynamic` is in no list of expressions. */
function isBlock(value: unknown): boolean {
  return Array.isArray(value) && value.some(isRecord);
}

/** One tree of what is known and what is not. */
function withUnknown(after: unknown, unknown: unknown): unknown {
  if (unknown === true) return UNKNOWN;
  if (Array.isArray(after)) {
    return after.map((item, index) => withUnknown(item, Array.isArray(unknown) ? unknown[index] : false));
  }
  if (!isRecord(after)) return after;
  const names = new Set([...Object.keys(after), ...(isRecord(unknown) ? Object.keys(unknown) : [])]);
  return Object.fromEntries(
    [...names]
      .filter((name) => !COMPUTED.includes(name))
      .map((name) => [name, withUnknown(after[name], isRecord(unknown) ? unknown[name] : false)]),
  );
}
