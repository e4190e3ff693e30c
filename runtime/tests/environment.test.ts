import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ConfigError } from "../config_error.ts";
import { readMode, withSomeMode } from "../environment/mode.ts";
import { need, readVariable, readVariables } from "../environment/variable.ts";

const word = { schema: z.string().regex(/^[a-z]+$/), expects: "a word" };
const perhaps = { schema: word.schema.optional(), expects: word.expects };

describe("a variable of the environment (FND-30)", () => {
  test("is what the environment says, or what stands in for it", () => {
    expect(readVariable({ A: "word" }, "A", word, "other")).toBe("word");
    expect(readVariable({ A: "" }, "A", word, "other")).toBe("other");
    expect(readVariable({ A: "" }, "A", perhaps)).toBeUndefined();
  });

  test("is told by its name when it is wrong, never by its value", () => {
    for (const env of [{}, { A: "secret 1" }]) {
      expect(() => readVariable(env, "A", word)).toThrow(new ConfigError("A must be a word."));
    }
    expect(() => need("A", perhaps, undefined)).toThrow(new ConfigError("A must be a word."));
    expect(need("A", perhaps, "")).toBe("");
  });

  test("FND-36: several are read by their names, and all that are wrong are told at once", () => {
    expect(readVariables({ A: "word", B: "" }, { A: word, B: perhaps })).toEqual({ A: "word", B: undefined });
    expect(() => readVariables({ A: "1", C: "2" }, { A: word, B: word, C: perhaps })).toThrow(
      new ConfigError("A must be a word.", "B must be a word.", "C must be a word."),
    );
  });
});

describe("the mode (FND-30)", () => {
  test("is embedded where nothing says otherwise", () => {
    expect(readMode({})).toBe("embedded");
    expect(readMode({ NODE_ENV: "test" })).toBe("embedded");
    expect(readMode({ APP_MODE: "production" })).toBe("production");
  });

  test("is asked for in a production deployment that forgot to name it", () => {
    const forgotten = () => readMode({ NODE_ENV: "production" });
    expect(forgotten).toThrow(new ConfigError("APP_MODE must be embedded or production."));
    expect(readMode({ NODE_ENV: "production", APP_MODE: "embedded" })).toBe("embedded");
  });

  test("that is wrong is taken for production in the rest of the list", () => {
    expect(withSomeMode({ APP_MODE: "prod" }).APP_MODE).toBe("production");
    expect(withSomeMode({}).APP_MODE).toBe("embedded");
  });
});
