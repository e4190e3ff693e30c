import { readFileSync } from "node:fs";
import { buildSchema, type GraphQLObjectType, type GraphQLSchema, isObjectType } from "grafast/graphql";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../db/testing/server.ts";
import { Refusal } from "../../runtime/refusal.ts";
import { errorCodesPath, errorTypesPath, renderErrors } from "../errors/document.ts";
import { serverCodes } from "../errors/server_codes.ts";
import { writtenRefusals } from "../errors/sources.ts";
import { codeTexts } from "../errors/texts/codes.ts";
import { languages } from "../errors/texts/text.ts";
import { written } from "../errors/written.ts";
import { renderSchema, schemaPath } from "../export_schema.ts";

let database: TestDatabase;
let rendered: string;
let schema: GraphQLSchema;
beforeAll(async () => {
  database = await createTestDatabase({
    because: "the contract is made of it, as migrations left it",
    bare: true,
  });
  rendered = await renderSchema(database.urls.authenticator);
  schema = buildSchema(rendered);
});
afterAll(() => database.drop());

const objects = (): GraphQLObjectType[] =>
  Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => !type.name.startsWith("__"));

describe("FND-29: the GraphQL contract", () => {
  it("is server/schema.graphql, as it stands in the repository", () => {
    expect(
      rendered === readFileSync(schemaPath, "utf8"),
      "run npm run schema and review the difference",
    ).toBe(true);
  });

  it("says at every paged field how many rows it gives", () => {
    const paged = objects().flatMap((type) =>
      Object.values(type.getFields()).filter((field) => /Connection!?$/.test(String(field.type))),
    );
    expect(paged.length).toBeGreaterThan(20);
    for (const field of paged) {
      const first = field.args.find((arg) => arg.name === "first");
      expect(first?.description, field.name).toMatch(/when nothing is said, \d+ at most/);
    }
  });

  it("has no list of rows that is not paged", () => {
    const rowLists = objects().flatMap((type) =>
      Object.values(type.getFields())
        .filter(
          (field) =>
            /^\[/.test(String(field.type)) &&
            isObjectType(schema.getType(String(field.type).replace(/[[\]!]/g, ""))),
        )
        .filter((field) => !(type.name.endsWith("Connection") && ["nodes", "edges"].includes(field.name)))
        .map((field) => `${type.name}.${field.name}`),
    );
    // A booking page shows one clinic whole, a person has few profiles, an upload few headers: their own size bounds
    // them. A page of duplicates is bounded by the 200 patients it looks at, and goes on with continueBefore. An agenda has
    // the days that were asked for, 31 at most, and of each what fits into a day of one specialist. What one appointment
    // waits for is what its calendar and service ask. A patient's card has ten visits before and after now, and 50 at most of what is open.
    // What a rule or an automation is made of is what the clinic asks, sells and employs; a preview names 50 patients at most.
    // A session of a plan has 50 exercises at most. An exercise has 60 lines of instructions and of contraindications at most, and the words that it is ordered by.
    expect(rowLists.sort()).toEqual([
      "AgendaAppointment.missing",
      "AgendaAppointment.resources",
      "AgendaDay.appointments",
      "AgendaDay.blocks",
      "AgendaDay.gaps",
      "AgendaDay.holds",
      "AgendaDay.hours",
      "AgendaDay.requests",
      "AgendaDay.sessions",
      "AgendaResource.days",
      "AgendaResourceDay.gaps",
      "AgendaResourceDay.uses",
      "AgendaSession.appointments",
      "AgendaSpecialist.days",
      "AgendaUse.appointments",
      "AgendaUse.requests",
      "AutomationContract.actions",
      "AutomationContract.events",
      "AutomationContract.lists",
      "AutomationList.choices",
      "BookSeriesPayload.appointments",
      "CancelSeriesPayload.appointments",
      "ClaimPatientProfilesPayload.patientProfiles",
      "DuplicatesPage.pairs",
      "FileUpload.headers",
      "PatientChart.appointments",
      "PatientChart.bookingBlocks",
      "PatientChart.caregivers",
      "PatientChart.lastAppointments",
      "PatientChart.missing",
      "PatientChart.nextAppointments",
      "PatientChart.plans",
      "PatientChart.requests",
      "PatientChart.signatureLinks",
      "PatientSession.toDo",
      "PrepareBookingPayload.missing",
      "PublicCalendar.specialists",
      "PublicClinic.calendars",
      "PublicClinic.services",
      "Query.missingOfAppointment",
      "Query.missingOfBookingRequest",
      "RuleContract.collections",
      "RuleContract.fields",
      "RuleContract.operators",
      "RuleContract.segments",
      "RuleField.choices",
      "RulePreview.patients",
      "ShownExercise.contraindications",
      "ShownExercise.instructions",
      "ShownExercise.terms",
      "SimulateAutomationPayload.simulatedActions",
      "WithdrawConsentPayload.consents",
      "WithdrawMedicalConsentsPayload.consents",
    ]);
  });

  it("carries money as text, so that no client rounds it", () => {
    for (const type of objects()) {
      const amount = type.getFields().priceAmount;
      if (amount && !/Aggregate/.test(type.name))
        expect(String(amount.type), type.name).toMatch(/^MoneyMinor!?$/);
    }
  });
});

describe("FND-06: names in the GraphQL contract", () => {
  it("never tell of the tenant column in a key", () => {
    expect(rendered).not.toMatch(
      /OrganizationIdAnd|AndOrganizationId|organization(Patient|Specialist|Service|Calendar)\b/,
    );
  });

  it("are those of what they bring", () => {
    const fields = (type: string) => Object.keys((schema.getType(type) as GraphQLObjectType).getFields());
    expect(fields("Appointment")).toEqual(
      expect.arrayContaining(["patient", "specialist", "service", "calendar", "organization"]),
    );
    expect(fields("Specialist")).toEqual(expect.arrayContaining(["appointments", "specialistWeeklyHours"]));
    expect(fields("Patient")).toEqual(expect.arrayContaining(["appointments", "patientProfile"]));
    expect(fields("Query")).toEqual(expect.arrayContaining(["service", "services", "roleByKey"]));
  });

  it("offer a row's change by its id and by nothing else", () => {
    const mutations = Object.keys((schema.getType("Mutation") as GraphQLObjectType).getFields());
    expect(mutations.filter((name) => /^(update|delete)\w+By/.test(name))).toEqual([]);
  });
});

describe("FND-29: error codes", () => {
  it("in the sources are all registered, and each has words of its own", async () => {
    const registered = [
      ...(await renderErrors(database.urls.admin)).document.matchAll(/^\| `([A-Z_]+)` \| `RX/gm),
    ].map(([, code]) => code as string);
    expect(registered.length).toBeGreaterThan(10);
    const known = [...registered, ...Object.keys(serverCodes)];
    expect(writtenRefusals().filter(({ code }) => !known.includes(code))).toEqual([]);
    expect(Object.keys(codeTexts).sort()).toEqual(known.sort());
  });

  it("of the database and of the server are two lists without overlap", async () => {
    const { document } = await renderErrors(database.urls.admin);
    for (const code of Object.keys(serverCodes))
      expect(document).not.toMatch(new RegExp(`^\\| \`${code}\` \\| \`RX`, "m"));
  });

  it("are docs/error-codes.md and server/errors/generated.ts, as they stand in the repository", async () => {
    const { document, types } = await renderErrors(database.urls.admin);
    expect(document === readFileSync(errorCodesPath, "utf8"), "run npm run errors").toBe(true);
    expect(types === readFileSync(errorTypesPath, "utf8"), "run npm run errors").toBe(true);
  });

  it("say of every rejection of a file what helps", async () => {
    const client = new pg.Client(database.urls.admin);
    await client.connect();
    const { rows } = await client
      .query(
        "select pg_get_constraintdef(oid) as says from pg_constraint where conname = 'files_rejection_is_known'",
      )
      .finally(() => client.end());
    const rejections = [...rows[0].says.matchAll(/'([a-z_]+)'/g)].map(([, name]) => name as string);
    expect(rejections.length).toBeGreaterThanOrEqual(18);
    for (const language of languages) {
      const said = ["anything", ...rejections]
        // Who is late is told upload_expired.
        .filter((name) => name !== "expired")
        .map(
          (rejection) => written(new Refusal("VALIDATION", "file_rejected", { rejection }), language).message,
        );
      expect(new Set(said).size).toBe(said.length);
    }
  });

  it("have reasons in snake_case", () => {
    for (const { reason, file } of writtenRefusals()) expect(reason, file).toMatch(/^[a-z][a-z0-9_]*$/);
  });
});
