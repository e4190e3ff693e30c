import { describe, expect, test } from "vitest";
import { ConfigError } from "../../runtime/config_error.ts";
import { publicUrl, webhookUrl } from "../public_url.ts";
import { remembered } from "../remembered.ts";

describe("where vendors reach us (FND-25)", () => {
  test("is an https URL in production, without a slash at its end", () => {
    const at = (PUBLIC_URL?: string) =>
      publicUrl({ APP_MODE: "production", ...(PUBLIC_URL === undefined ? {} : { PUBLIC_URL }) });
    expect(at("https://api.clinic.test//")).toBe("https://api.clinic.test");
    for (const url of [undefined, "http://api.clinic.test", "api.clinic.test"]) {
      expect(() => at(url)).toThrow(
        new ConfigError("PUBLIC_URL must be the https URL under which vendors reach the API."),
      );
    }
  });
  test("is this machine elsewhere, unless something else is said", () => {
    expect(publicUrl({})).toBe("http://localhost:4000");
    expect(publicUrl({ PORT: "5000" })).toBe("http://localhost:5000");
    expect(publicUrl({ PUBLIC_URL: "http://10.0.0.5/" })).toBe("http://10.0.0.5");
    expect(() => publicUrl({ PUBLIC_URL: "ftp://10.0.0.5" })).toThrow("PUBLIC_URL must be an http(s) URL.");
  });
  test("is a path of each vendor, and of each clinic's account", () => {
    expect(webhookUrl("https://a.test", "twilio", null)).toBe("https://a.test/v1/webhooks/twilio");
    expect(webhookUrl("https://a.test", "twilio", "id")).toBe("https://a.test/v1/webhooks/twilio/id");
  });
});

describe("what is costly is made once", () => {
  test("for what it is made from, and so many at once", () => {
    const made: string[] = [];
    const disposed: string[] = [];
    const kept = remembered<string>(2, (one) => disposed.push(one));
    const get = (from: string) =>
      kept.get({ from }, () => {
        made.push(from);
        return from;
      });
    for (const from of ["a", "b", "a", "b"]) expect(get(from)).toBe(from);
    expect(made).toEqual(["a", "b"]);
    get("c");
    get("b");
    expect(made).toEqual(["a", "b", "c"]);
    get("a");
    expect(made).toEqual(["a", "b", "c", "a"]);
    expect(disposed).toEqual([]);
    kept.clear();
    expect(disposed).toEqual(["c", "a"]);
    get("a");
    expect(made).toHaveLength(5);
  });
});
