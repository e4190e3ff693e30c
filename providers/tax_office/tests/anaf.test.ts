import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ifBusy } from "../../../db/testing/busy.ts";
import { CredentialsRefused, Delayed } from "../../failures.ts";
import { anafOffice } from "../anaf.ts";
import { filesOf } from "../archive.ts";
import { goodUntil, taxOfficeFrom } from "../index.ts";
import { type AnafVendor, startAnaf } from "./anaf_double.ts";
import { zipOf } from "./zip.ts";

let anaf: AnafVendor;
beforeAll(async () => {
  anaf = await startAnaf();
});
beforeEach(() => {
  anaf.behave("well");
  anaf.says(null);
});
afterAll(() => anaf.stop());

const office = () => anafOffice(anaf.access, ifBusy(1_000));
const hourAgo = () => new Date(Date.now() - 3_600_000);
const messages = async () => {
  const found = [];
  for await (const message of office().messages(hourAgo())) found.push(message);
  return found;
};

describe("BIL-04: what ANAF says of documents", () => {
  test.each([
    ["in prelucrare", { state: "sent", error: null }],
    ["ok", { state: "accepted", error: null }],
    ["nok", { state: "rejected", error: "[BR-CO-15] totalul & TVA" }],
    ["XML cu erori nepreluat de sistem", { state: "rejected", error: null }],
    ["in arbitraj", { state: "unknown", vendorState: "in arbitraj" }],
  ])("%s", async (stare, expected) => {
    const id = anaf.upload(`RX${stare.length}`);
    anaf.judge(id, stare, "[BR-CO-15] totalul &amp; TVA");
    expect(await office().state(id)).toMatchObject(expected);
  });

  test("an upload that it does not know is unknown", async () => {
    expect(await office().state("1")).toEqual({
      state: "unknown",
      vendorState: "nu exista factura",
      error: null,
    });
  });

  test("its messages are read to the last page, and the number out of the archive", async () => {
    const numbers = ["RX001", "RX002", "RX003"];
    const ids = numbers.map((number) => anaf.upload(number));
    for (const id of ids) anaf.judge(id, "ok");
    const refused = anaf.upload("RX004");
    anaf.judge(refused, "nok", "no");
    const found = await messages();
    const ours = found.filter(({ uploadId }) => ids.includes(uploadId));
    expect(ours.map(({ kind }) => kind)).toEqual(["taken", "taken", "taken"]);
    expect(await Promise.all(ours.map(({ id }) => office().numberIn(id)))).toEqual(numbers);
    const errors = found.find(({ uploadId }) => uploadId === refused);
    expect(errors).toMatchObject({ kind: "errors" });
    expect(await office().numberIn(errors?.id as string)).toBeNull();
  });

  test("nothing lists what it has of the future", async () => {
    for await (const _ of office().messages(new Date(Date.now() + 3_600_000))) expect.unreachable();
  });

  test.each([
    [{ status: 403 } as const, CredentialsRefused, null],
    [{ status: 429, retryAfter: 9 } as const, Delayed, 9],
    ["is broken" as const, Delayed, null],
    ["is silent after" as const, Delayed, null],
    ["answers something else" as const, Delayed, null],
  ])("%j", async (weather, kind, retryAfter) => {
    const id = anaf.upload("RX9");
    anaf.behave(weather);
    for (const ask of [() => office().state(id), messages, () => office().numberIn("9")]) {
      const error = await ask().catch((failed: unknown) => failed);
      expect(error).toBeInstanceOf(kind);
      if (retryAfter) expect(error).toMatchObject({ retryAfter });
    }
  });

  test("what it says with HTTP 200 is understood: a limit is waited for, a missing right is ours", async () => {
    anaf.says("S-au facut deja 20 descarcari de mesaj in cursul zilei");
    await expect(office().state("1")).rejects.toBeInstanceOf(Delayed);
    await expect(messages()).rejects.toBeInstanceOf(Delayed);
    anaf.says("Nu aveti dreptul de interogare pentru id_incarcare= 1");
    await expect(office().state("1")).rejects.toBeInstanceOf(CredentialsRefused);
    await expect(office().numberIn("91")).rejects.toBeInstanceOf(CredentialsRefused);
  });

  test("another token is CredentialsRefused", async () => {
    await expect(anafOffice({ ...anaf.access, token: "x".repeat(30) }).state("1")).rejects.toBeInstanceOf(
      CredentialsRefused,
    );
  });
});

describe("BIL-04: archives and settings", () => {
  test("what is no archive holds nothing, however it is cut", () => {
    const archive = zipOf({ "1.xml": "<a/>".repeat(100), "2.xml": "ș" });
    expect(filesOf(archive)?.get("2.xml")?.toString()).toBe("ș");
    expect(filesOf(Buffer.from("{}"))).toBeNull();
    for (let length = 0; length < archive.length; length += 7) {
      expect(filesOf(archive.subarray(0, length))).toBeNull();
    }
    const wrong = Buffer.from(archive);
    wrong.writeUInt32LE(0xfffffff0, archive.length - 6);
    expect(filesOf(wrong)).toBeNull();
  });

  test("ANAF is asked where a token is set, and a token says until when it is good", () => {
    expect(taxOfficeFrom({})).toBeNull();
    expect(() => taxOfficeFrom({ ANAF_ACCESS_TOKEN: "x".repeat(30) })).toThrow(/ANAF_COMPANY_CODE must be/);
    const claims = Buffer.from(JSON.stringify({ exp: 1_800_000_000 })).toString("base64url");
    expect(goodUntil(`e30.${claims}.x`)).toEqual(new Date(1_800_000_000_000));
    expect(goodUntil("opaque")).toBeNull();
  });
});
