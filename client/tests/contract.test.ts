import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { collectDocuments } from "../../server/documents/collect.ts";
import type { Change } from "../contract/change.ts";
import { changesBetween } from "../contract/changes.ts";
import {
  type Contract,
  presentContract,
  readChangelog,
  releasedContract,
  schemaPath,
} from "../contract/contract.ts";
import { leastVersion, sectionOf, unmarked } from "../contract/version.ts";
import { exampleFiles, ownFiles } from "../contract/written.ts";
import * as operations from "../examples/generated/operations.ts";

let present: Contract;
beforeAll(() => {
  present = presentContract();
});

describe("FND-29: the client", () => {
  it("is as the contract makes it", async () => {
    for (const { path: file, text } of await ownFiles())
      expect(
        readFileSync(file, "utf8").replaceAll("\r\n", "\n") === text,
        `${file}: run npm run client`,
      ).toBe(true);
  });

  it("names each operation by the id under which npm run documents lists it (FND-27)", () => {
    const { documents } = collectDocuments(readFileSync(schemaPath, "utf8"), exampleFiles());
    const ids = Object.values(operations).flatMap((written) => {
      const id = typeof written === "object" ? written.__meta__?.documentId : undefined;
      return typeof id === "string" ? [id] : [];
    });
    expect(ids.length).toBeGreaterThan(20);
    expect(ids.sort()).toEqual(Object.keys(documents).sort());
  });

  it("knows which mutations the API remembers (FND-26), and repeats no other", () => {
    const remembered = (document: { __meta__?: Record<string, unknown> | undefined }) =>
      document.__meta__?.isRemembered;
    expect(remembered(operations.HoldTimeDocument)).toBe(true);
    expect(remembered(operations.InvitePatientDocument)).toBe(true);
    expect(remembered(operations.RegisterPatientDocument)).toBe(false);
  });

  it("asks for packages in the versions that are installed here", () => {
    const read = (file: string) =>
      JSON.parse(readFileSync(path.join(import.meta.dirname, "..", "..", file), "utf8"));
    const { dependencies, devDependencies } = read("package.json");
    expect({ ...dependencies, ...devDependencies }).toMatchObject(read("client/package.json").dependencies);
  });
});

/** What changes when parts of the contract are written otherwise. */
const changed = (change: Partial<Contract>): Promise<Change[]> =>
  changesBetween(present, { ...present, ...change });
const schemaWith = (from: string, to: string): Partial<Contract> => {
  expect(present.schema).toContain(from);
  return { schema: present.schema.replace(from, to) };
};
const httpWith = (edit: (http: Contract["http"]) => void): Partial<Contract> => {
  const http = structuredClone(present.http);
  edit(http);
  return { http };
};
const booking = "/v1/public/bookings";
const schemaOf = ({ schemas }: Contract["http"], name: string) => {
  const schema = schemas[name];
  if (!schema?.properties || !schema.required) throw new Error(`There is no ${name}.`);
  return { properties: schema.properties, required: schema.required };
};

describe("FND-29: a change of the contract", () => {
  it("that breaks what was released has a major version, and says how to move", async () => {
    const released = releasedContract();
    const changes = await changesBetween(released, present);
    expect(
      unmarked(changes, { released: released.version, present: present.version, changelog: readChangelog() }),
    ).toEqual([]);
    expect(sectionOf(readChangelog(), released.version), released.version).not.toBeNull();
  });

  it.each<[what: string, where: string, change: () => Partial<Contract>]>([
    ["a field that goes", "Query.clinicBySlug", () => schemaWith("\n  clinicBySlug(", "\n  clinicByName(")],
    [
      "a type that goes",
      "SlotHold",
      () => ({ schema: present.schema.replaceAll(/\bSlotHold\b/g, "KeptTime") }),
    ],
    [
      "an answer that may be null",
      "Appointment.startsAt",
      () => ({
        schema: present.schema.replace(/(\ntype Appointment [\s\S]*?\n {2}startsAt: Datetime)!/, "$1"),
      }),
    ],
    [
      "a word that goes",
      "AppointmentStatus.NO_SHOW",
      () => schemaWith('\n  """The patient did not come."""\n  NO_SHOW\n', "\n"),
    ],
    [
      "an argument that becomes required",
      "CancelAppointmentInput.reason",
      () => ({
        schema: present.schema.replace(
          /(\ninput CancelAppointmentInput [\s\S]*?\n {2}reason: String)/,
          "$1!",
        ),
      }),
    ],
    ["a path that goes", "requestBooking", () => httpWith(({ paths }) => delete paths[booking])],
    [
      "a field of an answer that goes",
      "requestBooking.respondBy",
      () => httpWith((http) => delete schemaOf(http, "Booking").properties.respondBy),
    ],
    [
      "a field of an answer that may be missing",
      "requestBooking.token",
      () =>
        httpWith((http) => {
          const { required } = schemaOf(http, "Booking");
          required.splice(required.indexOf("token"), 1);
        }),
    ],
    [
      "a field of an answer that may be null",
      "requestBooking.status",
      () =>
        httpWith((http) =>
          Object.assign(schemaOf(http, "Booking").properties.status ?? {}, { type: ["string", "null"] }),
        ),
    ],
    [
      "a field that must be given",
      "requestBooking.message",
      () => httpWith((http) => schemaOf(http, "BookingRequest").required.push("message")),
    ],
    [
      "a word that is no longer taken",
      "requestBooking.locale",
      () =>
        httpWith((http) =>
          Object.assign(schemaOf(http, "BookingRequest").properties.locale ?? {}, { enum: ["ro"] }),
        ),
    ],
    [
      "a field that is no longer taken",
      "holdSlot.specialist",
      () => httpWith((http) => delete schemaOf(http, "HoldRequest").properties.specialist),
    ],
    [
      "a refusal that goes",
      "SLOT_TAKEN slot_taken",
      () => ({
        errors: Object.fromEntries(
          Object.entries(present.errors).filter(([name]) => name !== "SLOT_TAKEN slot_taken"),
        ),
      }),
    ],
    [
      "a detail that goes",
      "FORBIDDEN permission_missing",
      () => ({ errors: { ...present.errors, "FORBIDDEN permission_missing": {} } }),
    ],
  ])("%s breaks frontends: %s", async (_what, where, change) => {
    const changes = await changed(change());
    const breaking = changes.filter(({ level }) => level === "breaking");
    expect(breaking.map((one) => one.where)).toContain(where);

    // Without a version, and with one that says nothing of it, it is refused by name; with a line about it, it passes.
    const versions = { released: "1.4.0", present: "1.4.0", changelog: "# Changes\n\n## 1.4.0\n\nMore.\n" };
    expect(leastVersion("1.4.0", changes)).toBe("2.0.0");
    const told = unmarked(changes, versions);
    expect(told).toHaveLength(breaking.length);
    expect(told.join("\n")).toContain("client/package.json must say 2.0.0");
    const marked = { ...versions, present: "2.0.0" };
    expect(unmarked(changes, marked).join("\n")).toContain(`\`${where}\``);
    const lines = breaking.map((one) => `- \`${one.where}\`: ask for something else.`).join("\n");
    const changelog = `# Changes\n\n## 2.0.0\n\n### How to move\n\n${lines}\n\n## 1.4.0\n\nMore.\n`;
    expect(unmarked(changes, { ...marked, changelog })).toEqual([]);
    // A line elsewhere is none.
    const elsewhere = changelog.replace("### How to move", "### New");
    expect(unmarked(changes, { ...marked, changelog: elsewhere })).toHaveLength(breaking.length);
  });

  it.each<[what: string, level: string, change: () => Partial<Contract>]>([
    [
      "a field more",
      "harmless",
      () => schemaWith("\ntype Appointment {", "\ntype Appointment {\n  isLate: Boolean!"),
    ],
    ["a query more", "harmless", () => schemaWith("\ntype Query {", "\ntype Query {\n  weather: String")],
    ["a word more", "risky", () => schemaWith("\n  NO_SHOW\n", "\n  NO_SHOW\n\n  POSTPONED\n")],
    ["a word about a field", "", () => schemaWith("An instant as in", "A moment as in")],
    [
      "a field more that may be given",
      "harmless",
      () =>
        httpWith((http) =>
          Object.assign(schemaOf(http, "BookingRequest").properties, { age: { type: "number" } }),
        ),
    ],
    [
      "a field more that is answered",
      "harmless",
      () =>
        httpWith((http) => Object.assign(schemaOf(http, "Booking").properties, { room: { type: "string" } })),
    ],
    ["a refusal more", "harmless", () => ({ errors: { ...present.errors, "CONFLICT too_loud": {} } })],
  ])("%s breaks nobody", async (_what, level, change) => {
    const changes = await changed(change());
    expect([...new Set(changes.map((one) => one.level))]).toEqual(level ? [level] : []);
    expect(leastVersion("1.4.0", changes)).toBe(level ? "1.5.0" : "1.4.0");
    expect(unmarked(changes, { released: "1.4.0", present: "1.4.0", changelog: "" })).toEqual([]);
  });
});
