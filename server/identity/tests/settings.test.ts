import { describe, expect, test } from "vitest";
import { ConfigError } from "../../../runtime/config_error.ts";
import { readIdentity } from "../settings.ts";

const pem = "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----";
const jwksUrl = "https://clerk.example/jwks";
const webhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const named = { CLERK_ISSUER: "https://clerk.example", AUTHORIZED_PARTIES: "https://a.example" };
const fromNamed = {
  source: "clerk",
  issuer: "https://clerk.example",
  authorizedParties: ["https://a.example"],
};

describe("the environment says who issues the tokens that are believed (FND-03)", () => {
  test("without a key of Clerk it is the issuer of this machine, for the frontends that run on it", () => {
    expect(readIdentity({}, "embedded")).toStrictEqual({
      source: "dev_issuer",
      issuer: "https://identity.restartix.localhost",
      authorizedParties: ["http://localhost:4000", "http://localhost:3000", "http://localhost:5173"],
    });
    expect(readIdentity(named, "embedded")).toStrictEqual({ ...fromNamed, source: "dev_issuer" });
  });

  test.each([
    [{ CLERK_JWT_KEY: pem.replaceAll("\n", "\\n") }, { pem }],
    [{ CLERK_JWKS_URL: jwksUrl }, { jwksUrl }],
    [
      { CLERK_JWT_KEY: pem, CLERK_JWKS_URL: jwksUrl, CLERK_WEBHOOK_SECRET: webhookSecret },
      { pem, jwksUrl, webhookSecret },
    ],
  ])("with %j it is Clerk, and what is not said is not there", (env, read) => {
    expect(readIdentity({ ...named, ...env }, "embedded")).toStrictEqual({ ...fromNamed, ...read });
  });

  test("in production it is Clerk alone: a key and the secret of its events are asked for (FND-36)", () => {
    expect(() => readIdentity(named, "production")).toThrow(
      new ConfigError(
        "CLERK_JWT_KEY must be the PEM public key (-----BEGIN PUBLIC KEY-----) that Clerk shows under API keys, " +
          "or CLERK_JWKS_URL where it publishes its keys.",
        "CLERK_WEBHOOK_SECRET must be the signing secret (whsec_…) that Clerk shows at the endpoint of its webhooks.",
      ),
    );
    const env = { ...named, CLERK_JWKS_URL: jwksUrl, CLERK_WEBHOOK_SECRET: webhookSecret };
    expect(readIdentity(env, "production")).toStrictEqual({ ...fromNamed, jwksUrl, webhookSecret });
  });
});
