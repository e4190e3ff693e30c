import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { CredentialsRefused } from "../../failures.ts";
import { KeyRefused, type Kms, KmsUnavailable } from "../index.ts";
import { localKms } from "../local.ts";
import { addMasterKey } from "../master_key_file.ts";
import { type KmsVendor, startKmsVendor } from "./kms_vendor.ts";
import { temporaryKms } from "./temporary.ts";

let vendor: KmsVendor;
const local = temporaryKms();
const other = temporaryKms();
beforeAll(async () => {
  vendor = await startKmsVendor();
});
afterEach(() => vendor.behave("well"));
afterAll(async () => {
  await vendor.stop();
  local.remove();
  other.remove();
});

const context = { purpose: "data_key", organization: "atlas", version: "1" };

type Candidate = { kms: () => Kms; afterRotation: () => Kms; stranger: () => Kms };
const candidates: [string, Candidate][] = [
  [
    "AWS KMS",
    {
      kms: () => vendor.kms,
      afterRotation: () => vendor.open({ keyId: vendor.makeKey(), oldKeyIds: ["alias/restartix"] }),
      stranger: () => vendor.open({ keyId: vendor.makeKey() }),
    },
  ],
  [
    "a local master key",
    {
      kms: () => local.kms,
      afterRotation: () => {
        addMasterKey(local.file);
        return localKms({ file: local.file, create: false });
      },
      stranger: () => other.kms,
    },
  ],
];

describe.each(candidates)("%s keeps data keys (FND-11)", (_name, { kms, afterRotation, stranger }) => {
  test("a new data key has 256 bits, is wrapped, and unwraps to itself", async () => {
    const key = await kms().generateDataKey(context);
    expect(key.plaintext).toHaveLength(32);
    expect(key.wrapped.includes(key.plaintext)).toBe(false);
    expect(await kms().unwrap(key.wrapped, context)).toEqual(key.plaintext);
    expect((await kms().generateDataKey(context)).plaintext).not.toEqual(key.plaintext);
  });

  test("it names the master key that wrapped it as describe() does", async () => {
    const { masterKeyId } = await kms().generateDataKey(context);
    expect((await kms().describe()).masterKeyId).toBe(masterKeyId);
  });

  test.each([
    ["another clinic", { ...context, organization: "boreal" }],
    ["another version", { ...context, version: "2" }],
    ["nothing", {}],
    ["more", { ...context, more: "1" }],
  ])("it does not unwrap for %s", async (_what, other) => {
    const { wrapped } = await kms().generateDataKey(context);
    await expect(kms().unwrap(wrapped, other)).rejects.toThrow(KeyRefused);
    await expect(kms().rewrap(wrapped, other)).rejects.toThrow(KeyRefused);
  });

  test("it does not unwrap when a bit of it is not what it was", async () => {
    const { wrapped } = await kms().generateDataKey(context);
    for (const at of [0, 5, Math.floor(wrapped.length / 2), wrapped.length - 1]) {
      const changed = Buffer.from(wrapped);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await expect(kms().unwrap(changed, context)).rejects.toThrow(KeyRefused);
    }
    await expect(kms().unwrap(Buffer.alloc(3), context)).rejects.toThrow(KeyRefused);
  });

  test("after the master key was replaced, the old wrapping opens, and the same key can be wrapped anew", async () => {
    const { wrapped, plaintext, masterKeyId } = await kms().generateDataKey(context);
    const next = afterRotation();
    expect(await next.unwrap(wrapped, context)).toEqual(plaintext);
    const again = await next.rewrap(wrapped, context);
    expect(again.masterKeyId).not.toBe(masterKeyId);
    expect(again.masterKeyId).toBe((await next.describe()).masterKeyId);
    expect(await next.unwrap(again.wrapped, context)).toEqual(plaintext);
  });

  test("what another master key wrapped is refused", async () => {
    const { wrapped } = await stranger().generateDataKey(context);
    await expect(kms().unwrap(wrapped, context)).rejects.toThrow(KeyRefused);
  });
});

describe("AWS KMS that does not answer (FND-11)", () => {
  test.each(["is down", "hangs up", "is slow"] as const)(
    "%s: KmsUnavailable, soon, and well again",
    async (how) => {
      const { wrapped } = await vendor.kms.generateDataKey(context);
      vendor.behave(how);
      const startedAt = Date.now();
      await expect(vendor.kms.unwrap(wrapped, context)).rejects.toThrow(KmsUnavailable);
      await expect(vendor.kms.generateDataKey(context)).rejects.toThrow(KmsUnavailable);
      await expect(vendor.kms.describe()).rejects.toThrow(KmsUnavailable);
      expect(Date.now() - startedAt).toBeLessThan(8_000);
      vendor.behave("well");
      await vendor.kms.unwrap(wrapped, context);
    },
  );

  test("refuses our account: CredentialsRefused, and the message quotes nobody's account number", async () => {
    vendor.behave("refuses our account");
    const refused = vendor.kms.generateDataKey(context);
    await expect(refused).rejects.toThrow(CredentialsRefused);
    await expect(refused).rejects.not.toThrow(/1111/);
  });

  test("does not know the key: KmsUnavailable that says so", async () => {
    await expect(vendor.open({ keyId: "alias/nothing" }).describe()).rejects.toThrow(
      "kms says NotFoundException",
    );
  });
});
