import "../graphile_env.ts";
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { problemsOf } from "../../runtime/config_error.ts";
import { scrub } from "../../runtime/log.ts";
import { readConfig } from "../config.ts";
import { cachedJwks } from "../identity/keys.ts";
import { readIssuerConfig } from "../identity/settings.ts";

const database = { AUTHENTICATOR_DATABASE_URL: "postgres://app_authenticator@localhost/restartix" };

describe("FND-30: settings", () => {
  it("need nothing but the database in embedded mode, and listen on this machine only", () => {
    expect(readConfig(database)).toMatchObject({
      mode: "embedded",
      port: 4000,
      host: "127.0.0.1",
      trustProxy: 0,
      identity: { source: "dev_issuer" },
    });
  });

  const production = {
    APP_MODE: "production",
    S3_BUCKET: "clinics",
    S3_REGION: "eu-central-1",
    CLERK_JWT_KEY: "-----BEGIN PUBLIC KEY-----\\nMIIB\\n-----END PUBLIC KEY-----",
    CLERK_ISSUER: "https://clerk.example",
    CLERK_WEBHOOK_SECRET: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    AUTHORIZED_PARTIES: "https://app.example, https://admin.example",
    TRUSTED_DOCUMENTS: "documents.json",
    TELEMETRY_URL: "https://telemetry.example",
    TELEMETRY_SECRET: "a-secret-of-the-deployment-that-is-long-enough",
    KMS_PROVIDER: "local",
    MASTER_KEY_FILE: "/run/secrets/master.keys",
  };

  it("take Clerk's key with its line breaks written out, issuer and parties in production", () => {
    const config = readConfig({ ...database, ...production });
    expect(config.host).toBe("0.0.0.0");
    expect(config.identity).toEqual({
      source: "clerk",
      pem: "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
      issuer: "https://clerk.example",
      authorizedParties: ["https://app.example", "https://admin.example"],
      webhookSecret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    });
  });

  it.each([
    [
      "CLERK_ISSUER",
      { CLERK_JWT_KEY: "-----BEGIN PUBLIC KEY-----", AUTHORIZED_PARTIES: "https://a.example" },
    ],
    [
      "AUTHORIZED_PARTIES",
      { CLERK_JWT_KEY: "-----BEGIN PUBLIC KEY-----", CLERK_ISSUER: "https://clerk.example" },
    ],
    [
      "CLERK_WEBHOOK_SECRET",
      {
        ...production,
        CLERK_WEBHOOK_SECRET: "",
      },
    ],
    ["CLERK_WEBHOOK_SECRET", { CLERK_JWKS_URL: "https://clerk.example/jwks", CLERK_WEBHOOK_SECRET: "hush" }],
    ["CLERK_JWKS_URL", { CLERK_JWKS_URL: "http://clerk.example/jwks" }],
    ["TRUST_PROXY", { TRUST_PROXY: "yes" }],
    ["DATABASE_POOL_SIZE", { DATABASE_POOL_SIZE: "0" }],
    ["LISTEN_DATABASE_URL", { LISTEN_DATABASE_URL: "db.example.com" }],
    ["DATABASE_REPLICA_URL", { DATABASE_REPLICA_URL: "replica.example.com" }],
    ["LOG_LEVEL", { LOG_LEVEL: "loud" }],
    ["RATE_LIMITS", { RATE_LIMITS: "graphql=0/10" }],
    ["RATE_LIMITS", { RATE_LIMITS: "toString=10/10" }],
    ["RATE_LIMITS", { RATE_LIMITS: "graphql=many" }],
    ["TELEMETRY_URL", { ...production, TELEMETRY_URL: "" }],
    ["TELEMETRY_URL", { TELEMETRY_URL: "telemetry.example" }],
    ["TELEMETRY_SECRET", { ...production, TELEMETRY_SECRET: "" }],
    [
      "TRUSTED_DOCUMENTS",
      {
        ...production,
        TRUSTED_DOCUMENTS: "",
      },
    ],
  ])("name %s when it is missing or wrong", (name, env) => {
    expect(() => readConfig({ ...database, ...env })).toThrow(new RegExp(`^${name} must be `));
  });

  it("are named all at once when several are missing or wrong (FND-36)", () => {
    const { S3_BUCKET: _, CLERK_ISSUER: __, ...some } = production;
    const read = () => readConfig({ ...database, ...some, PORT: "http", KMS_PROVIDER: "vault" });
    expect(problemsOf(read).map((line) => line.split(" ")[0])).toEqual([
      "PORT",
      "CLERK_ISSUER",
      "S3_BUCKET",
      "KMS_PROVIDER",
    ]);
    expect(read).toThrow(/^4 settings are missing or wrong:\n {2}PORT must be /);
  });

  it("for minting a token need no database", () => {
    expect(readIssuerConfig({}).identity.source).toBe("dev_issuer");
  });
});

describe("FND-03: keys from a JWKS", () => {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const document = { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "one" }] };

  it("are fetched once and kept, and a flood of unknown key ids asks no more", async () => {
    let asked = 0;
    const keys = cachedJwks("https://clerk.example/jwks", {
      fetchJson: async () => {
        asked += 1;
        return document;
      },
    });
    expect(await keys("one")).toContain("BEGIN PUBLIC KEY");
    for (let n = 0; n < 100; n++) expect(await keys(`unknown-${n}`)).toBeNull();
    expect(await keys(undefined)).toBeNull();
    expect(asked).toBe(1);
  });

  it("are fetched once for many requests at the same moment", async () => {
    let asked = 0;
    const keys = cachedJwks("https://clerk.example/jwks", {
      fetchJson: async () => {
        asked += 1;
        await new Promise((resolve) => setTimeout(resolve, 20));
        return document;
      },
    });
    const found = await Promise.all(Array.from({ length: 20 }, () => keys("one")));
    expect(found.every((key) => key !== null)).toBe(true);
    expect(asked).toBe(1);
  });

  it("that are not RSA open nothing, nor does a token that names no key", async () => {
    const { publicKey: other } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const both = { keys: [{ ...other.export({ format: "jwk" }), kid: "curve" }, ...document.keys] };
    const keys = cachedJwks("https://clerk.example/jwks", { fetchJson: async () => both });
    expect(await keys(undefined)).toBeNull();
    expect(await keys("curve")).toBeNull();
    expect(await keys("one")).toContain("BEGIN PUBLIC KEY");
  });

  it("are asked for again when the cool-down is over, not a moment before; who is known waits for nothing", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      let asked = 0;
      let answer: () => Promise<unknown> = async () => document;
      const fetchJson = () => {
        asked += 1;
        return answer();
      };
      const keys = cachedJwks("https://clerk.example/jwks", { coolDownMs: 1_000, fetchJson });
      await keys("one");
      vi.setSystemTime(Date.now() + 999);
      expect(await keys("two")).toBeNull();
      expect(asked).toBe(1);
      vi.setSystemTime(Date.now() + 1);
      const { promise, resolve } = Promise.withResolvers<unknown>();
      answer = () => promise;
      const two = keys("two");
      expect(asked).toBe(2);
      expect(await keys("one")).not.toBeNull();
      vi.setSystemTime(Date.now() + 1_000);
      const again = keys("two");
      expect(asked).toBe(2); // one question at a time
      resolve({ keys: [{ ...document.keys[0], kid: "two" }] });
      expect(await two).not.toBeNull();
      expect(await again).not.toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });

  it("come from where they are published, and from an answer that says so", async () => {
    let status = 500;
    const server = createServer((_request, response) => {
      response.writeHead(status).end(JSON.stringify(document));
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const keys = cachedJwks(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { coolDownMs: 0 });
    expect(await keys("one")).toBeNull();
    status = 200;
    expect(await keys("one")).toContain("BEGIN PUBLIC KEY");
    await new Promise((resolve) => server.close(resolve));
  });

  it("stay good while the URL does not answer, and a new key is found after the cool-down", async () => {
    let answer: () => unknown = () => document;
    const keys = cachedJwks("https://clerk.example/jwks", { coolDownMs: 0, fetchJson: async () => answer() });
    expect(await keys("one")).not.toBeNull();
    answer = () => {
      throw new Error("down");
    };
    expect(await keys("two")).toBeNull();
    expect(await keys("one")).not.toBeNull();
    answer = () => ({ keys: [...document.keys, { ...document.keys[0], kid: "two" }] });
    expect(await keys("two")).not.toBeNull();
  });
});

describe("FND-28: what logs must not hold", () => {
  it.each([
    ["Key (email)=(ana.pop@example.org) already exists", "Key (email)=([email]) already exists"],
    ["call +40 722 123 456 today", "call [number] today"],
    ["Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl", "Bearer [token]"],
    [
      "Cannot read properties of undefined (reading 'x')",
      "Cannot read properties of undefined (reading 'x')",
    ],
  ])("is taken out of: %s", (text, clean) => {
    expect(scrub(text)).toBe(clean);
  });
});
