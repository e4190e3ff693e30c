import { createCipheriv, createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { CredentialsRefused } from "../../failures.ts";
import { KeyRefused, type Kms, KmsUnavailable } from "../index.ts";
import { localKms } from "../local.ts";
import { addMasterKey, readMasterKeys } from "../master_key_file.ts";
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

  test("the order of what it is bound to is no matter", async () => {
    const { wrapped, plaintext } = await kms().generateDataKey(context);
    const { purpose, ...rest } = context;
    expect(await kms().unwrap(wrapped, { ...rest, purpose })).toEqual(plaintext);
    expect(await kms().unwrap(wrapped, Object.fromEntries(Object.entries(context).reverse()))).toEqual(
      plaintext,
    );
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
    await expect(kms().rewrap(wrapped, context)).rejects.toThrow(KeyRefused);
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

  test.each([
    ["InvalidCiphertextException", KeyRefused],
    ["IncorrectKeyException", KeyRefused],
    ["AccessDeniedException", CredentialsRefused],
    ["UnrecognizedClientException", CredentialsRefused],
    ["InvalidSignatureException", CredentialsRefused],
    ["InvalidClientTokenId", CredentialsRefused],
    ["ExpiredTokenException", CredentialsRefused],
    ["MissingAuthenticationTokenException", CredentialsRefused],
    ["CredentialsProviderError", CredentialsRefused],
    ["DisabledException", KmsUnavailable],
  ] as const)("says %s: %s", async (fault, kind) => {
    const { wrapped } = await vendor.kms.generateDataKey(context);
    vendor.behave({ fault });
    const refused = vendor.kms.unwrap(wrapped, context);
    await expect(refused).rejects.toThrow(kind);
    await expect(refused).rejects.toThrow(`kms says ${fault}`);
  });

  test.each([{ KeyState: "Disabled" }, { KeySpec: "RSA_2048" }])(
    "has no key that we can use: %j",
    async (changes) => {
      vendor.describeAs(changes);
      try {
        await expect(vendor.kms.describe()).rejects.toThrow(KmsUnavailable);
      } finally {
        vendor.describeAs({});
      }
      expect(await vendor.kms.describe()).toMatchObject({ provider: "aws", place: "eu-central-1" });
    },
  );
});

describe("which keys are ours is asked of AWS KMS when it must be (FND-11)", () => {
  const described = () => vendor.asked.get("DescribeKey") ?? 0;

  test("once for a name, and never for what is an ARN already", async () => {
    const named = vendor.open({});
    const { wrapped } = await named.generateDataKey(context);
    const before = described();
    for (let times = 0; times < 3; times++) await named.unwrap(wrapped, context);
    expect(described()).toBe(before + 1);
    const whole = vendor.open({ keyId: vendor.makeKey() });
    const { wrapped: other } = await whole.generateDataKey(context);
    await whole.unwrap(other, context);
    expect(described()).toBe(before + 1);
  });

  test("again, when an alias leads elsewhere by now", async () => {
    vendor.lead("alias/moving", vendor.makeKey());
    const [here, there] = [vendor.open({ keyId: "alias/moving" }), vendor.open({ keyId: "alias/moving" })];
    await here.unwrap((await there.generateDataKey(context)).wrapped, context);
    vendor.lead("alias/moving", vendor.makeKey());
    const { wrapped, plaintext } = await there.generateDataKey(context);
    expect(await here.unwrap(wrapped, context)).toEqual(plaintext);
  });

  test("and an old name that leads nowhere is told as such, until it does", async () => {
    const kms = vendor.open({ oldKeyIds: ["alias/late"] });
    const { wrapped, plaintext } = await kms.generateDataKey(context);
    await expect(kms.unwrap(wrapped, context)).rejects.toThrow("kms says NotFoundException");
    vendor.lead("alias/late", vendor.makeKey());
    expect(await kms.unwrap(wrapped, context)).toEqual(plaintext);
  });
});

describe("what a local master key wrapped", () => {
  /** Written by hand, as it lies in databases since the first of them. */
  const sealed = (
    key: Buffer,
    plaintext: Buffer,
    {
      magic = "RXM\u0001",
      id = createHash("sha256").update("restartix master key").update(key).digest("hex").slice(0, 16),
    } = {},
  ) => {
    const nonce = Buffer.alloc(12, 7);
    const cipher = createCipheriv("aes-256-gcm", key, nonce);
    cipher.setAAD(Buffer.from(JSON.stringify(["restartix data key", id, Object.entries(context).sort()])));
    const parts = [Buffer.from(magic, "latin1"), Buffer.from(id, "hex"), nonce, cipher.update(plaintext)];
    return Buffer.concat([...parts, cipher.final(), cipher.getAuthTag()]);
  };

  test("opens for ever, and nothing that only looks like it", async () => {
    const [{ key } = { key: Buffer.alloc(0) }] = readMasterKeys(local.file, { create: false });
    const plaintext = Buffer.alloc(32, 5);
    expect(await local.kms.unwrap(sealed(key, plaintext), context)).toEqual(plaintext);
    for (const other of [
      sealed(key, plaintext, { magic: "RXM\u0002" }),
      sealed(key, Buffer.alloc(31, 5)),
      sealed(key, Buffer.alloc(33, 5)),
      sealed(key, Buffer.alloc(0)),
      sealed(key, plaintext).subarray(0, 20),
    ]) {
      await expect(local.kms.unwrap(other, context)).rejects.toThrow("not wrapped by a local master key");
    }
    await expect(local.kms.unwrap(sealed(key, plaintext, { id: "00".repeat(8) }), context)).rejects.toThrow(
      "does not hold local:0000000000000000",
    );
  });
});
