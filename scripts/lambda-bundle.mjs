import { minify, transformSync } from "@swc/core";

/**
 * Parts of the AWS SDK that its clients name but the function never reaches: it reads its credentials from the
 * environment, knows its region, retries by itself, signs and streams no events, asks no S3, and has Node's own hashes.
 * Each becomes an empty class, so that everything behind it drops out of the bundle.
 */
const UNREACHED = {
  "@aws-sdk/credential-provider-node": ["defaultProvider"],
  AdaptiveRetryStrategy: ["AdaptiveRetryStrategy"],
  "@smithy/core/event-streams": ["EventStreamSerde", "eventStreamSerdeProvider"],
  DefaultRateLimiter: ["DefaultRateLimiter"],
  HeaderFormatter: ["HeaderFormatter"],
  Sha256Js: ["Sha256Js"],
  getInstanceMetadataRegion: ["getInstanceMetadataRegion"],
  isVirtualHostableS3Bucket: ["isVirtualHostableS3Bucket"],
  parseArn: ["parseArn"],
  "service-customizations": ["resolveParamsForS3"],
};

/** Where Lambda runs there are no config files, so none is looked for: settings come from the environment alone. */
const NO_CONFIG_FILES = {
  loadSharedConfigFiles: `export const CONFIG_PREFIX_SEPARATOR = ".";
    export const loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} });`,
};

/** What tells several invocations in one process apart; Lambda gives this function one at a time. */
const NO_INVOCATION_STORE = {
  "@aws/lambda-invoke-store": "export const InvokeStore = { getInstanceAsync: async () => undefined };",
};

const STAND_INS = new Map([
  ...Object.entries(UNREACHED).map(([name, classes]) => [
    name,
    classes.map((className) => `export class ${className} {}`).join("\n"),
  ]),
  ...Object.entries(NO_CONFIG_FILES),
  ...Object.entries(NO_INVOCATION_STORE),
]);

/**
 * The members that the function reads of shapes that have many more. The SDK parses exactly what its schema lists, so
 * this spares a quarter of the bundle, and time and memory for each of a thousand instances.
 */
const READ_MEMBERS = {
  "client-ec2": {
    Instance: [
      "HibernationOptions",
      "InstanceId",
      "InstanceLifecycle",
      "InstanceType",
      "LaunchTime",
      "Placement",
      "RootDeviceType",
      "State",
      "StateReason",
      "Tags",
    ],
    Placement: ["AvailabilityZone"],
    Reservation: ["Instances"],
  },
  "client-ssm": {
    Command: ["CommandId"],
    CommandInvocation: ["CommandPlugins", "InstanceId", "Status", "StatusDetails"],
    CommandPlugin: ["Output"],
    InstanceInformation: ["InstanceId", "PingStatus", "PlatformType"],
    // Of a request: what is sent.
    SendCommandRequest: ["Comment", "DocumentName", "InstanceIds", "Parameters", "TimeoutSeconds"],
  },
};

/** The client of SSM, and what speaks JSON to it: EC2 speaks XML. */
const ONLY_SSM = /client-ssm|[\\/]json[\\/]|@smithy.+[\\/](ConfigurableSerdeContext|UnionSerde)\.js$/i;

/** Registers one of SSM's hundred errors. The function tells them apart by their codes, which need no class. */
const ERROR_REGISTRATION = /^n0_registry\.registerError\(.*\);$/gm;

/** A rollup plugin that leaves out what the function never reaches. */
export function withoutUnreached() {
  const prefix = "\0unreached:";
  return {
    name: "without-unreached",
    resolveId(source, importer) {
      const name =
        source.startsWith(".") && /@smithy|@aws-sdk/.test(importer) ? source.split("/").at(-1) : source;
      return STAND_INS.has(name) ? { id: prefix + name, moduleSideEffects: false } : null;
    },
    load(id) {
      return id.startsWith(prefix) ? STAND_INS.get(id.slice(prefix.length)) : null;
    },
  };
}

/** A rollup plugin that narrows the clients' schemas to the members that are read. */
export function narrowSchemas() {
  return {
    name: "narrow-schemas",
    transform(code, id) {
      const [, client] = /(client-\w+)[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/.exec(id) ?? [];
      if (client === undefined) return null;
      const declarators = this.parse(code)
        .body.map((statement) => statement.declaration ?? statement)
        .flatMap((statement) => (statement.type === "VariableDeclaration" ? statement.declarations : []));
      const initial = new Map(declarators.map(({ id, init }) => [id.name, init]));
      const shapes = Object.entries(READ_MEMBERS[client])
        .map(([shape, members]) => ({ shape, members, array: initial.get(`${shape}$`) }))
        .sort((a, b) => b.array?.start - a.array?.start);
      // From the last shape to the first, so that the positions of the others stay true.
      const narrowed = shapes.reduce((text, shape) => narrow(text, shape, initial), code);
      return { code: narrowed.replace(ERROR_REGISTRATION, ""), map: null };
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
 * Which chunk a module goes to: what only a run with `checks` needs is loaded by such a run alone.
 */
export function chunkOf(id) {
  if (/[\\/]lambda-src[\\/]services[\\/]/.test(id)) return "services";
  if (!/node_modules|^\0/.test(id)) return undefined;
  return ONLY_SSM.test(id) ? "ssm-sdk" : "aws-sdk";
}

/**
 * A rollup plugin that minifies the chunks of the AWS SDK, but for its class names. The function's own chunks stay as
 * written, without the comments, so that a stack trace tells where it comes from.
 */
export function compactChunks() {
  return {
    name: "compact-chunks",
    async renderChunk(code, chunk) {
      if (!chunk.name.endsWith("-sdk")) return { code: withoutComments(code), map: null };
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
