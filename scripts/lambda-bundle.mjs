import { minify, transformSync } from "@swc/core";

/**
 * Parts of the AWS SDK that its EC2 client names but the function never reaches: it reads its credentials from the
 * environment, knows its region, retries by itself, signs and streams no events, and has Node's own hashes. Each
 * becomes an empty class, so that everything behind it drops out of the bundle.
 */
const UNREACHED = {
  "@aws-sdk/credential-provider-node": ["defaultProvider"],
  "@smithy/core/event-streams": ["EventStreamSerde", "eventStreamSerdeProvider"],
  DefaultRateLimiter: ["DefaultRateLimiter"],
  HeaderFormatter: ["HeaderFormatter"],
  Sha256Js: ["Sha256Js"],
  getInstanceMetadataRegion: ["getInstanceMetadataRegion"],
};

/**
 * The members that the function reads of shapes that have many more. The SDK parses exactly what its schema lists, so
 * this spares a quarter of the bundle, and time and memory for each of a thousand instances.
 */
const READ_MEMBERS = {
  Instance: [
    "HibernationOptions",
    "InstanceId",
    "InstanceLifecycle",
    "InstanceType",
    "Placement",
    "RootDeviceType",
    "State",
    "StateReason",
    "Tags",
  ],
  Placement: ["AvailabilityZone"],
  Reservation: ["Instances"],
};

/** A rollup plugin that leaves out what the function never reaches. */
export function withoutUnreached() {
  const prefix = "\0unreached:";
  return {
    name: "without-unreached",
    resolveId(source, importer) {
      const name =
        source.startsWith(".") && importer?.includes("@smithy") ? source.split("/").at(-1) : source;
      return Object.hasOwn(UNREACHED, name) ? { id: prefix + name, moduleSideEffects: false } : null;
    },
    load(id) {
      if (!id.startsWith(prefix)) return null;
      return UNREACHED[id.slice(prefix.length)].map((name) => `export class ${name} {}`).join("\n");
    },
  };
}

/** A rollup plugin that narrows the EC2 client's schemas to the members that are read. */
export function narrowSchemas() {
  return {
    name: "narrow-schemas",
    transform(code, id) {
      if (!/client-ec2[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/.test(id)) return null;
      const declarators = this.parse(code)
        .body.map((statement) => statement.declaration ?? statement)
        .flatMap((statement) => (statement.type === "VariableDeclaration" ? statement.declarations : []));
      const initial = new Map(declarators.map(({ id, init }) => [id.name, init]));
      const shapes = Object.entries(READ_MEMBERS)
        .map(([shape, members]) => ({ shape, members, array: initial.get(`${shape}$`) }))
        .sort((a, b) => b.array?.start - a.array?.start);
      // From the last shape to the first, so that the positions of the others stay true.
      return { code: shapes.reduce((text, shape) => narrow(text, shape, initial), code), map: null };
    },
  };
}

/** A shape is `[kind, namespace, name, traits, [member names], [member types]]`, names being constants. */
function narrow(code, { shape, members, array }, initial) {
  const [names, types] = array?.elements?.slice(4, 6) ?? [];
  const kept = names?.elements?.map(({ name }) => members.includes(initial.get(name)?.value)) ?? [];
  if (kept.filter(Boolean).length !== members.length || types?.elements?.length !== kept.length) {
    throw new Error(
      `The schema of ${shape} is not as expected: look at READ_MEMBERS and the SDK's schemas_0.js`,
    );
  }
  const text = ({ elements }) =>
    `[${elements
      .filter((_, index) => kept[index])
      .map(({ start, end }) => code.slice(start, end))
      .join(", ")}]`;
  return `${code.slice(0, names.start)}${text(names)}, ${text(types)}${code.slice(types.end)}`;
}

/**
 * A rollup plugin that minifies the chunk of the AWS SDK, but for its class names. The function's own chunk stays as
 * written, without the comments, so that a stack trace tells where it comes from.
 */
export function compactChunks(sdkChunk) {
  return {
    name: "compact-chunks",
    async renderChunk(code, chunk) {
      if (chunk.name !== sdkChunk) return { code: withoutComments(code), map: null };
      const { code: minified } = await minify(code, {
        compress: { toplevel: true, keep_classnames: true },
        mangle: { toplevel: true, keep_classnames: true },
        format: { comments: false },
        module: false,
      });
      return { code: minified, map: null };
    },
  };
}

function withoutComments(code) {
  const { code: bare } = transformSync(code, {
    swcrc: false,
    isModule: false,
    jsc: { target: "es2022", preserveAllComments: false, minify: { format: { comments: false } } },
  });
  return bare.replace(/^( {4})+/gm, (indent) => "\t".repeat(indent.length / 4));
}
