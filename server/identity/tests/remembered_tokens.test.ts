import { generateKeyPairSync } from "node:crypto";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createVerifier } from "../verify.ts";
import { ISSUER, PARTY, pem, seconds, signed } from "./tokens.ts";

const otherPem = generateKeyPairSync("rsa", { modulusLength: 2048 })
  .publicKey.export({ type: "spki", format: "pem" })
  .toString();

let key: string | null = pem;
const verify = createVerifier({ keys: async () => key, issuer: ISSUER, authorizedParties: [PARTY] });
const shown = (token: string) => verify([`Bearer ${token}`]);

afterEach(() => {
  key = pem;
  vi.useRealTimers();
});

describe("a token that was verified before (FND-03)", () => {
  test("says what it said, without its signature being computed again", async () => {
    const token = signed({});
    const first = await shown(token);
    expect(await shown(token)).toBe(first);
    expect(await shown(signed({ sub: "user_ion" }))).toMatchObject({ subject: "user_ion" });
  });

  test("opens nothing when its key is withdrawn or another", async () => {
    const token = signed({});
    await shown(token);
    key = null;
    await expect(shown(token)).rejects.toMatchObject({ reason: "key_unknown" });
    key = otherPem;
    await expect(shown(token)).rejects.toMatchObject({ reason: "signature_invalid" });
  });

  test("ends when it ends, the tolerance included", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const token = signed({ exp: seconds() + 10 });
    await shown(token);
    vi.setSystemTime(Date.now() + 14_000);
    expect(await shown(token)).toMatchObject({ subject: "user_ana" });
    vi.setSystemTime(Date.now() + 2_000);
    await expect(shown(token)).rejects.toMatchObject({ reason: "token_expired" });
  });

  test("lends nothing to another with its signature", async () => {
    const token = signed({});
    await shown(token);
    const [header, , signature] = token.split(".");
    const [, claims] = signed({ sub: "user_ion" }).split(".");
    await expect(shown(`${header}.${claims}.${signature}`)).rejects.toMatchObject({
      reason: "signature_invalid",
    });
  });

  test("is forgotten when ten thousand others came after it, and verified anew", async () => {
    const { createRememberedTokens } = await import("../remembered_tokens.ts");
    const tokens = createRememberedTokens();
    const claims = await shown(signed({}));
    for (let n = 0; n <= 10_000; n++) tokens.remember(`token ${n}`, pem, claims);
    expect(tokens.claimsOf("token 0", pem)).toBeUndefined();
    expect(tokens.claimsOf("token 1", pem)).toBe(claims);
  });
});
