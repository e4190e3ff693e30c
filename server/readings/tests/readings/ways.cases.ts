import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { api, as, ids, persons, read, readingsBy } from "./readers.ts";

export function waysCases(): void {
  describe("one patient by another way (FND-08)", () => {
    test("each of many single looks in one document", async () => {
      const { readings } = await read(
        `query ($a: UUID!, $b: UUID!, $c: UUID!) {
          a: patientProfile(id: $a) { givenName }
          b: patientProfile(id: $b) { phone }
          c: appointments(filter: { patientProfileId: { equalTo: $c } }, first: 9) { nodes { startsAt } } }`,
        { a: ids.ana, b: ids.bogdan, c: ids.elena },
      );
      expect(persons(readings).sort()).toEqual(["ana", "bogdan", "elena"]);
      expect(readings.every(({ clinic }) => clinic === "atlas")).toBe(true);
    });

    test("a page of one, wherever it begins", async () => {
      for (const page of ["first: 1", "first: 1, offset: 1", "last: 1"]) {
        const { data, readings } = await read(
          `{ patients(orderBy: CREATED_AT_ASC, ${page}) { nodes { patientProfileId } } }`,
        );
        expect(readings, page).toHaveLength(1);
        expect(ids[readings[0]?.person as string], page).toBe(data.patients.nodes[0].patientProfileId);
      }
    });

    test("counts and extremes of one patient's appointments", async () => {
      for (const asked of ["totalCount", "aggregates { max { priceAmount } }"]) {
        const { readings } = await read(
          `query ($id: UUID!) { appointments(filter: { patientProfileId: { equalTo: $id } }) { ${asked} } }`,
          { id: ids.bogdan },
        );
        expect(persons(readings), asked).toEqual(["bogdan"]);
      }
    });

    test("through a row that is about nobody", async () => {
      const { readings } = await read(
        `query ($specialist: UUID!, $patient: UUID!) { specialist(id: $specialist) {
          appointments(filter: { patientProfileId: { equalTo: $patient } }, first: 5) { nodes { startsAt } } } }`,
        { specialist: ids.stefan, patient: ids.ana },
      );
      expect(persons(readings)).toEqual(["ana"]);
    });

    test("what the audit log says of one patient", async () => {
      const { readings, data } = await read(
        `query ($id: UUID!) { auditEntries(filter: { personId: { equalTo: $id } }, first: 5) { nodes { id } } }`,
        { id: ids.ana },
      );
      expect(data.auditEntries.nodes.length).toBeGreaterThan(0);
      expect(persons(readings)).toEqual(["ana"]);
    });

    test("what a verb answers with, and what an update does", async () => {
      const moved = await read(
        `mutation ($id: UUID!) { cancelAppointment(input: { appointmentId: $id, reason: "The patient is ill" }) { appointment { id } } }`,
        { id: ids["bogdan's appointment at atlas"] },
      );
      expect(persons(moved.readings)).toEqual(["bogdan"]);
      const updated = await read(
        `mutation ($id: UUID!) { updatePatientProfile(input: { id: $id, patch: { locale: RO } }) { patientProfile { phone } } }`,
        { id: ids.carmen },
      );
      expect(updated.data.updatePatientProfile.patientProfile.phone).toBeTruthy();
      expect(persons(updated.readings)).toEqual(["carmen"]);
    });

    test("a booking request, once the guest is taken in", async () => {
      const [{ id }] = await api.sql(
        `select tests.booking_request('guest to take in', 'calendar of atlas', 'stefan',
           date_trunc('day', now()) + interval '10 days 9 hours') as id`,
      );
      const look = "query ($id: UUID!) { bookingRequest(id: $id) { phone } }";
      expect((await read(look, { id })).readings).toEqual([]);
      await api.sql("update app_public.booking_requests set patient_profile_id = $1 where id = $2", [
        ids.bogdan,
        id,
      ]);
      expect(persons((await read(look, { id })).readings)).toEqual(["bogdan"]);
    });

    test("a link to a file, in a list of many patients too", async () => {
      const { readings } = await read(
        `{ appointments(first: 20) { nodes { files(first: 5) { nodes { filename download { url } } } } } }`,
      );
      expect(readings.every(({ what, via }) => what === "file" && via === "files")).toBe(true);
      expect(persons(readings)).toEqual(expect.arrayContaining(["ana", "bogdan"]));
      const list = await read(
        `{ appointments(first: 20) { nodes { files(first: 5) { nodes { filename } } } } }`,
      );
      expect(list.readings).toEqual([]);
      const one = await read(`query ($id: UUID!) { file(id: $id) { download { url } } }`, {
        id: ids["ana's finding at atlas"],
      });
      expect(one.data.file.download.url).toContain("X-Amz-Signature");
      expect(one.readings).toMatchObject([{ what: "record" }, { what: "file" }]);
    });
  });
}

export function sideBySideCases(): void {
  describe("patients who are named side by side are each read (FND-08)", () => {
    const both = ["ana", "bogdan"];
    test.each([
      `query ($a: UUID!, $b: UUID!) { patientProfiles(filter: { id: { in: [$a, $b] } }, first: 5) { nodes { phone } } }`,
      `query ($a: UUID!, $b: UUID!) { patientProfiles(filter: { or: [{ id: { equalTo: $a } }, { id: { equalTo: $b } }] }, first: 5) { nodes { phone } } }`,
      `query ($a: UUID!, $b: UUID!) { appointments(filter: { patientProfileId: { in: [$a, $b] } }, first: 20) { nodes { startsAt } } }`,
      `query ($a: UUID!, $b: UUID!) { patients(filter: { patientProfileId: { in: [$a, $b] } }, first: 20) { nodes { patientProfile { phone } } } }`,
      `query ($a: UUID!, $b: UUID!) { specialists(first: 5) { nodes { appointments(filter: { patientProfileId: { in: [$a, $b] } }, first: 20) { nodes { startsAt } } } } }`,
      `query ($a: UUID!, $b: UUID!) { auditEntries(filter: { personId: { in: [$a, $b] } }, first: 50) { nodes { id } } }`,
    ])("%s", async (document) => {
      const { readings } = await read(document, { a: ids.ana, b: ids.bogdan });
      expect(persons(readings).toSorted()).toEqual(both);
    });

    test("in the document itself, by the ids of other rows than their own, and among others who are not named", async () => {
      const [a, b] = both.map((name) => ids[`${name}'s appointment at atlas`]);
      const written = await read(
        `{ appointments(filter: { id: { in: ["${a}", "${b?.toUpperCase()}"] } }, first: 5) { nodes { startsAt } } }`,
      );
      expect(persons(written.readings).toSorted()).toEqual(both);
      const padded = await read(
        "query ($id: UUID!) { appointments(filter: { or: [{ id: { equalTo: $id } }, { id: { notEqualTo: $id } }] }, first: 20) { nodes { startsAt } } }",
        { id: a },
      );
      expect(persons(padded.readings)).toEqual(["ana"]);
    });

    test("but not when so many are named that it is work on a list", async () => {
      const profiles = await api.sql(
        `with made as (
           insert into app_public.patient_profiles (given_name, family_name)
           select 'Many', 'Number ' || chr(65 + n) from generate_series(0, 20) n returning id
         ), admitted as (
           insert into app_public.patients (organization_id, patient_profile_id) select $1, id from made returning patient_profile_id
         )
         select patient_profile_id as id from admitted`,
        [ids.atlas],
      );
      const many = profiles.map(({ id }) => id);
      const look =
        "query ($ids: [UUID!]) { patientProfiles(filter: { id: { in: $ids } }, first: 50) { nodes { phone } } }";
      const list = await read(look, { ids: many });
      expect(list.data.patientProfiles.nodes).toHaveLength(21);
      expect(list.readings).toEqual([]);
      expect((await read(look, { ids: many.slice(1) })).readings).toHaveLength(20);
    });
  });
}

export function noReadingCases(): void {
  describe("what is no reading of one patient's record (FND-08)", () => {
    test.each([
      "{ patients(first: 20) { nodes { patientProfile { givenName phone } } } }",
      "{ patients(first: 2) { totalCount nodes { patientProfile { givenName } appointments: id } } }",
      "{ appointments(first: 20) { nodes { startsAt patient { patientProfile { familyName } } specialist { familyName } } } }",
      "{ appointments { totalCount aggregates { min { priceAmount } } } }",
      "{ specialists(first: 5) { nodes { appointments(first: 10) { nodes { startsAt } } } } }",
      "{ services(first: 5) { nodes { name } } me { displayName } }",
    ])("%s", async (document) => {
      expect((await read(document)).readings).toEqual([]);
    });

    test("what is not there, or not the reader's to see", async () => {
      for (const id of [ids.dan, randomUUID()]) {
        const { data, readings } = await read("query ($id: UUID!) { patientProfile(id: $id) { phone } }", {
          id,
        });
        expect(data.patientProfile).toBeNull();
        expect(readings).toEqual([]);
      }
    });

    test("the own record, and that of whom one cares for", async () => {
      for (const [name, id] of [
        ["ana", ids.ana],
        ["andrei", ids.ana],
        ["corina", ids.carmen],
      ] as const) {
        const answer = await as(
          name,
          "query ($id: UUID!) { patientProfile(id: $id) { phone } appointments(first: 5) { nodes { id } } }",
          { id },
        );
        expect(answer.body.data.patientProfile.phone).toBeTruthy();
        expect(await readingsBy(name), name).toEqual([]);
      }
    });
  });
}
