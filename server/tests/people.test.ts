import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, refusalOf, startTestApi, type TestApi } from "./support.ts";

// FND-34, through the public door: who is unclear is asked about, and what was wrong is put right.

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ because: "patients are registered and merged for good" });
  await api.sql(
    `select tests.clinic('boreal'), tests.staff('beata', 'admin');
     select tests.clinic('atlas'), tests.staff('flavia', 'front_desk'), tests.staff('adrian', 'admin');
     select tests.specialist('stefan'), tests.calendar('luni', '{stefan}');
     select tests.patient('elena dobre', email => 'familie@people.test');
     select tests.booking_request('matei', 'luni', 'stefan', date_trunc('hour', now()) + interval '3 days', 'familie@people.test');
     select tests.booking_request('radu', 'luni', 'stefan', date_trunc('hour', now()) + interval '4 days', 'familie@people.test');
     update app_public.booking_requests set given_name = 'Matei', family_name = 'Dobre' where id = tests.id('matei');
     update app_public.booking_requests set given_name = 'Radu', family_name = 'Ene' where id = tests.id('radu');
     update app_private.identities set issuer = '${api.issuer.issuer}'`,
  );
});
afterAll(() => api.close());

const ask = (name: string, query: string, variables: object = {}): Promise<Answer> =>
  api.graphql(query, {
    token: api.token({ subject: name, email: `${name.replace(" ", ".")}@people.test`, name }),
    variables,
  });
const id = async (name: string): Promise<string> =>
  (await api.sql("select id from tests.names where name = $1", [name]))[0].id;

const confirm = `mutation ($request: UUID!, $patient: UUID, $asNew: Boolean) {
  confirmBookingRequest(input: { bookingRequestId: $request, patientProfileId: $patient, asNewPatient: $asNew }) {
    appointment { id contactPhone patientProfileId patient { id } } } }`;
const move = `mutation ($appointment: UUID!, $patient: UUID!, $reason: String!) {
  moveAppointmentToPatient(input: { appointmentId: $appointment, patientProfileId: $patient, reason: $reason }) {
    appointment { patientProfileId appointmentTransfers { nodes { reason patient { patientProfile { givenName } } fromPatient { patientProfile { givenName } } } } } } }`;
const merge = `mutation ($kept: UUID!, $duplicate: UUID!, $reason: String!) {
  mergePatients(input: { patientId: $kept, duplicateId: $duplicate, reason: $reason }) {
    patientMerge { id reason patient { patientProfile { givenName } } } } }`;
const undo = `mutation ($merge: UUID!) {
  undoPatientMerge(input: { mergeId: $merge, reason: "Two people" }) { patientMerge { undoReason } } }`;
const duplicates = `query ($clinic: UUID!) {
  likelyDuplicates(organizationId: $clinic) { continueBefore pairs { patientId otherPatientId agrees differs } } }`;
const mine = "{ appointments { nodes { id } } }";

let mateis: { id: string; patientProfileId: string };
let radus: { id: string };

describe("FND-34: two guests with the address of a patient", () => {
  it("are asked about, with what speaks for the patient and none of the patient's values", async () => {
    for (const guest of ["matei", "radu"]) {
      const answer = await ask("flavia", confirm, { request: await id(guest) });
      const { code, reason, details } = refusalOf(answer);
      expect({ code, reason, details }).toEqual({
        code: "CONFLICT",
        reason: "person_unclear",
        details: {
          candidates: [
            {
              patientId: await id("elena dobre at atlas"),
              patientProfileId: await id("elena dobre"),
              agrees: ["address"],
              differs: ["name", "telephone"],
            },
          ],
        },
      });
      expect(answer.text).not.toMatch(/familie@|Elena|\+40/);
    }
    expect((await ask("elena dobre", mine)).body.data?.appointments?.nodes ?? []).toEqual([]);
  });

  it("become new patients with their own telephone, or whom front desk names", async () => {
    const asNew = await ask("flavia", confirm, { request: await id("matei"), asNew: true });
    mateis = asNew.body.data.confirmBookingRequest.appointment;
    expect(mateis).toMatchObject({ contactPhone: "+40722000222" });
    const named = await ask("flavia", confirm, {
      request: await id("radu"),
      patient: await id("elena dobre"),
    });
    radus = named.body.data.confirmBookingRequest.appointment;
    expect(radus).toMatchObject({
      contactPhone: "+40722000222",
      patient: { id: await id("elena dobre at atlas") },
    });
  });
});

it("FND-34: an appointment on the wrong chart moves to the right one, on record, and not across clinics", async () => {
  const variables = { appointment: radus.id, patient: mateis.patientProfileId, reason: "The wrong chart" };
  expect(refusalOf(await ask("beata", move, variables))).toMatchObject({ code: "NOT_FOUND" });
  expect(refusalOf(await ask("flavia", move, { ...variables, reason: " " }))).toMatchObject({
    code: "VALIDATION",
    reason: "reason_missing",
  });
  expect((await ask("flavia", move, variables)).body.data.moveAppointmentToPatient.appointment).toEqual({
    patientProfileId: mateis.patientProfileId,
    appointmentTransfers: {
      nodes: [
        {
          reason: "The wrong chart",
          patient: { patientProfile: { givenName: "Matei" } },
          fromPatient: { patientProfile: { givenName: "Elena" } },
        },
      ],
    },
  });
});

it("FND-34: a patient who is one already is told about; duplicates are shown, merged and parted again", async () => {
  const clinic = await id("atlas");
  const create = `mutation ($asNew: Boolean) { createPatient(input: {
    organizationId: "${clinic}", givenName: "Matei", familyName: "DOBRE", email: "familie@people.test", asNewPatient: $asNew
  }) { patient { id } } }`;
  const told = refusalOf(await ask("flavia", create));
  expect(told).toMatchObject({ code: "CONFLICT", reason: "person_unclear" });
  expect(told.details.candidates[0]).toMatchObject({
    patientProfileId: mateis.patientProfileId,
    agrees: ["address", "name"],
  });
  const { id: duplicate } = (await ask("flavia", create, { asNew: true })).body.data.createPatient.patient;

  const [pair] = (await ask("flavia", duplicates, { clinic })).body.data.likelyDuplicates.pairs;
  expect(pair).toMatchObject({ patientId: duplicate, agrees: ["ADDRESS", "NAME"], differs: [] });
  expect(refusalOf(await ask("beata", duplicates, { clinic }))).toMatchObject({ code: "NOT_FOUND" });

  const variables = { kept: pair.otherPatientId, duplicate, reason: "Registered twice" };
  expect(refusalOf(await ask("flavia", merge, variables))).toMatchObject({
    code: "FORBIDDEN",
    details: { permission: "patients.merge" },
  });
  const merged = (await ask("adrian", merge, variables)).body.data.mergePatients.patientMerge;
  expect(merged).toMatchObject({
    reason: "Registered twice",
    patient: { patientProfile: { givenName: "Matei" } },
  });
  expect((await ask("flavia", duplicates, { clinic })).body.data.likelyDuplicates.pairs).toEqual([]);
  expect((await ask("adrian", undo, { merge: merged.id })).body.data.undoPatientMerge.patientMerge).toEqual({
    undoReason: "Two people",
  });
  expect((await ask("flavia", duplicates, { clinic })).body.data.likelyDuplicates.pairs).toEqual([pair]);
});
