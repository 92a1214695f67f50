import fc from "fast-check";
import type { TagValue, TagValues } from "../../contract/tags";

// Few keys and characters, so that tags of instances and of targets often meet.
const KEYS = ["Name", "Owner", "aws:autoscaling:groupName", "a b/c*"] as const;
const character = fc.constantFrom("a", "b", "*", "?", "\\", "$", "{", "}", "[", " ", "é");
const characters = (maxLength: number) => fc.array(character, { maxLength }).map((some) => some.join(""));

/** A value of an instance's tag. */
const tagText = fc.oneof(
  { weight: 9, arbitrary: characters(2) },
  { weight: 1, arbitrary: fc.constantFrom("${*}", "${$}", "${aws:username}") },
);

const literalPart = characters(1).map((text) => text.replace(/[*?\\]/g, "\\$&"));
const pattern = fc
  .tuple(literalPart, fc.constantFrom("*", "*", "?"), literalPart, fc.constantFrom("", "", "*", "?"))
  .map((parts) => parts.join(""));
const values = fc.oneof(
  { weight: 1, arbitrary: fc.constant<readonly TagValue[]>([{ any: true }]) },
  {
    weight: 4,
    arbitrary: fc.array(fc.oneof<fc.Arbitrary<TagValue>[]>(tagText, fc.record({ like: pattern })), {
      minLength: 1,
      maxLength: 2,
    }),
  },
);

/** The tags of an instance. */
export const instanceTags: fc.Arbitrary<Readonly<Record<string, string>>> = byKey(tagText, 0);

/** The tags of a valid target: at least one key, with literals and patterns of its value. */
export const targetTags: fc.Arbitrary<TagValues> = byKey(values, 1);

function byKey<T>(value: fc.Arbitrary<T>, minLength: number): fc.Arbitrary<Readonly<Record<string, T>>> {
  const entry = fc.tuple(fc.constantFrom(...KEYS), value);
  return fc
    .uniqueArray(entry, { minLength, maxLength: KEYS.length, selector: ([key]) => key })
    .map((entries) => Object.fromEntries(entries));
}
