import { createSecretKey, randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { propertyRuns } from "../../db/testing/property.ts";
import { EnvelopeRefused, keyVersionOf, openEnvelope, type Place, sealEnvelope } from "../envelope.ts";

const key = createSecretKey(randomBytes(32));

const organization = fc.option(fc.uuid(), { nil: null });
const place = fc.record({
  table: fc.constantFrom(
    "app_public.organization_integrations",
    "app_public.patient_profiles",
    "app_public.a",
  ),
  column: fc.constantFrom("credentials", "national_id", "b"),
  row: fc.uuid(),
  boundTo: fc.option(fc.constantFrom("smtp a.test", "smtp b.test"), { nil: undefined }),
});
const version = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const plaintext = fc.uint8Array({ maxLength: 500 });
const sealed = fc.record({ organization, place, version, plaintext });

type Sealed = { organization: string | null; place: Place; version: number; plaintext: Uint8Array };
const seal = ({ organization, place, version, plaintext }: Sealed) =>
  sealEnvelope(key, version, organization, place, plaintext);

/** Why it does not open; "it opened" when it does. */
function reasonOf(open: () => Buffer): string {
  try {
    open();
    return "it opened";
  } catch (error) {
    return error instanceof EnvelopeRefused ? error.reason : `threw ${error}`;
  }
}

describe("an envelope (FND-11)", () => {
  test("opens at its place to what was sealed, and says which key opens it", () => {
    fc.assert(
      fc.property(sealed, (one) => {
        const envelope = seal(one);
        expect(keyVersionOf(envelope)).toBe(one.version);
        expect(openEnvelope(key, one.organization, one.place, envelope)).toEqual(Buffer.from(one.plaintext));
        expect(envelope).toHaveLength(36 + one.plaintext.length);
      }),
      propertyRuns(100),
    );
  });

  test("never opens after a move to another row, column, table or clinic, or any of them together", () => {
    fc.assert(
      fc.property(sealed, organization, place, (one, otherOrganization, otherPlace) => {
        const bound = (place: Place) => (one.place.boundTo === undefined ? undefined : place.boundTo);
        fc.pre(
          JSON.stringify([otherOrganization, { ...otherPlace, boundTo: bound(otherPlace) }]) !==
            JSON.stringify([one.organization, one.place]),
        );
        const envelope = seal(one);
        for (const there of [
          { ...one.place, row: otherPlace.row },
          { ...one.place, column: otherPlace.column },
          // What was sealed without a destination opens for any: it is older than destinations.
          ...(one.place.boundTo === undefined ? [] : [{ ...one.place, boundTo: otherPlace.boundTo }]),
          { ...one.place, table: otherPlace.table },
          otherPlace,
        ]) {
          if (JSON.stringify({ ...there, boundTo: bound(there) }) === JSON.stringify(one.place)) continue;
          expect(reasonOf(() => openEnvelope(key, one.organization, there, envelope))).toBe(
            "moved_or_changed",
          );
        }
        if (otherOrganization !== one.organization) {
          expect(reasonOf(() => openEnvelope(key, otherOrganization, one.place, envelope))).toBe(
            "moved_or_changed",
          );
        }
        expect(reasonOf(() => openEnvelope(key, otherOrganization, otherPlace, envelope))).toBe(
          "moved_or_changed",
        );
      }),
      propertyRuns(100),
    );
  });

  test("opens for its destination alone, and one from before destinations opens for any (FND-35)", () => {
    const place = { table: "t", column: "c", row: "r" };
    const bound = sealEnvelope(key, 1, null, { ...place, boundTo: "smtp a.test" }, Buffer.from("x"));
    expect(String(openEnvelope(key, null, { ...place, boundTo: "smtp a.test" }, bound))).toBe("x");
    for (const there of [place, { ...place, boundTo: "smtp b.test" }, { ...place, boundTo: "" }]) {
      expect(reasonOf(() => openEnvelope(key, null, there, bound))).toBe("moved_or_changed");
    }
    const old = sealEnvelope(key, 1, null, place, Buffer.from("x"));
    expect(String(openEnvelope(key, null, { ...place, boundTo: "smtp a.test" }, old))).toBe("x");
    // Nobody makes one into the other by its heading.
    old.writeUInt8(2, 3);
    expect(reasonOf(() => openEnvelope(key, null, place, old))).toBe("moved_or_changed");
    bound.writeUInt8(1, 3);
    expect(reasonOf(() => openEnvelope(key, null, place, bound))).toBe("moved_or_changed");
  });

  test("does not mistake a place for another that is written alike", () => {
    const at = (table: string, column: string) => ({ table, column, row: "r" });
    const envelope = sealEnvelope(key, 1, null, at('a","b', "c"), Buffer.from("x"));
    expect(reasonOf(() => openEnvelope(key, null, at("a", 'b","c'), envelope))).toBe("moved_or_changed");
  });

  test("never opens with any one bit flipped", () => {
    fc.assert(
      fc.property(sealed, fc.nat(), (one, which) => {
        const envelope = seal(one);
        const bit = which % (envelope.length * 8);
        envelope[bit >> 3] = (envelope[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(reasonOf(() => openEnvelope(key, one.organization, one.place, envelope))).toBe(
          bit < 32 ? "malformed" : "moved_or_changed",
        );
      }),
      propertyRuns(100),
    );
  });

  test("never opens cut, grown, or with another key", () => {
    fc.assert(
      fc.property(sealed, fc.nat(), (one, cut) => {
        const envelope = seal(one);
        const open = (bytes: Buffer, by = key) =>
          reasonOf(() => openEnvelope(by, one.organization, one.place, bytes));
        expect(open(envelope.subarray(0, cut % envelope.length))).toMatch(/malformed|moved_or_changed/);
        expect(open(Buffer.concat([envelope, Buffer.alloc(1)]))).toBe("moved_or_changed");
        expect(open(envelope, createSecretKey(randomBytes(32)))).toBe("moved_or_changed");
      }),
      propertyRuns(100),
    );
  });

  test("never opens as anything that was not sealed", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), organization, place, (bytes, organization, place) => {
        expect(reasonOf(() => openEnvelope(key, organization, place, Buffer.from(bytes)))).not.toBe(
          "it opened",
        );
      }),
      propertyRuns(100),
    );
  });

  test("hides what is in it: the same text at the same place looks different each time", () => {
    const place = { table: "t", column: "c", row: "r" };
    const text = Buffer.from("sk_live_4242424242424242");
    const envelopes = Array.from({ length: 1_000 }, () => sealEnvelope(key, 1, null, place, text));
    expect(new Set(envelopes.map((envelope) => envelope.subarray(8, 20).toString("hex"))).size).toBe(1_000);
    expect(envelopes.some((envelope) => envelope.includes(text.subarray(0, 8)))).toBe(false);
  });
});
