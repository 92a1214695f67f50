import { describe, expect, it } from "@jest/globals";
import { escapeTemplate, isUnresolved, PLAIN_TEXT, toJson } from "../../model/terraform-text";
import { asAwsSeesIt } from "../support/terraform/synthesize";

describe("text of the config", () => {
  it.each([
    ['${file("x")}', '$${file("x")}'],
    ["%{ if true }", "%%{ if true }"],
    ["$${x}", "$$${x}"],
    ["100% {x} $y", "100% {x} $y"],
    ["${TfToken[TOKEN.1]} and ${x}", '${TfToken[TOKEN.1]} and ${"$"}{x}'],
    ["$${x} %{ if ${TfToken[TOKEN.1]}", '${"$$"}{x} %%{ if ${TfToken[TOKEN.1]}'],
    ["%{TfToken[TOKEN.1]}", "%%{TfToken[TOKEN.1]}"],
    ["%${TfToken[TOKEN.1]}", "%${TfToken[TOKEN.1]}"],
    ["$${TfToken[TOKEN.1]}, $$${TfToken[TOKEN.2]}", '${"$"}${TfToken[TOKEN.1]}, ${"$$"}${TfToken[TOKEN.2]}'],
  ])("is not evaluated by Terraform, tokens apart: %s", (text, expected) => {
    expect(escapeTemplate(text)).toBe(expected);
  });

  it.each(['${file("x")}', "%{ if true }", "$${x}", "$%{${", "100% {x} $y"])(
    "comes back whole: %s",
    (text) => {
      expect(asAwsSeesIt(escapeTemplate(text))).toBe(text);
    },
  );
});

describe("JSON for triggers", () => {
  it("escapes < and >, so that text of the config is no placeholder", () => {
    const json = toJson({ tag: "<aws.scheduler.scheduled-time>" });
    expect(json).toBe('{"tag":"\\u003caws.scheduler.scheduled-time\\u003e"}');
    expect(JSON.parse(json)).toEqual({ tag: "<aws.scheduler.scheduled-time>" });
  });

  it("differs for other readers only by the escapes of Terraform", () => {
    const value = { text: "${x} %{y} <time>", list: ["$${z}"] };
    expect(PLAIN_TEXT.json(value)).toBe(asAwsSeesIt(toJson(value)));
    expect(JSON.parse(PLAIN_TEXT.json(value))).toEqual(value);
  });

  it("passes string and list tokens to their writer, and escapes the text around them", () => {
    const value = {
      id: "${TfToken[TOKEN.1]}",
      ids: ["#{TfToken[TOKEN.2]}"],
      text: "${x}",
      absent: undefined,
    };
    const json = toJson(value, (token) => `<<${typeof token}>>`);
    expect(json).toBe('{"id":<<string>>,"ids":<<object>>,"text":"${"$"}{x}"}');
  });
});

describe("a token", () => {
  it.each(["${TfToken[TOKEN.1]}", "#{TfToken[TOKEN.1]}", -1.8881545897087626e289])(
    "is recognised: %s",
    (value) => {
      expect(isUnresolved(value)).toBe(true);
    },
  );

  it.each(["${x}", "", -1, 0, undefined, null])("is distinguished from plain values: %s", (value) => {
    expect(isUnresolved(value)).toBe(false);
  });
});
