import { describe, expect, test } from "vitest";
import type { Json } from "../../../tests/support.ts";
import { namesOfWhoseRows } from "../../persons.ts";
import { api, as, ids, persons, read } from "./readers.ts";

type Field = { name: string; args: { name: string; type: Json }[]; type: Json };
const unwrapped = (type: Json): Json => (type.ofType ? unwrapped(type.ofType) : type);
const introspection = `{ __schema { queryType { fields {
  name args { name type { kind name ofType { kind name } } }
  type { kind name ofType { kind name } } } } } }`;

export function generatedCases(): void {
  describe("every way to one row of a patient's is on record, generated from the schema (FND-08)", () => {
    test("whatever the key, the filter or the page", async () => {
      const { body } = await api.graphql(introspection);
      const fields: Field[] = body.data.__schema.queryType.fields;
      const flat = (name: string) => name.replaceAll("_", "").toLowerCase();
      const rows: { table: string; key: Json }[] = await api.sql(
        `select distinct on (table_name) replace(table_name, 'app_public.', '') as table, key
         from tests.fixture_rows where home = 'atlas: ana' and table_name like 'app\\_public.%'
         order by table_name, key::text`,
      );
      // Whose request it was is known since it is an appointment.
      rows.push({ table: "booking_requests", key: { id: ids["request at atlas"] } });

      const reached = new Set<string>();
      for (const { table, key } of rows) {
        const [{ row }] = await api.sql(
          `select to_jsonb(r) as row from app_public.${table} r where to_jsonb(r) @> $1`,
          [JSON.stringify(key)],
        );
        const columnOf = (arg: string) => row[arg.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
        const single = fields.find(
          ({ name, type }) =>
            type.kind === "OBJECT" &&
            `${flat(type.name)}s`.replace(/ys$/, "ies") === flat(table) &&
            flat(name) === flat(type.name),
        );
        if (!single || !("id" in row)) continue;
        const type = single.type.name;
        const visible = await as("olga", `query ($id: UUID!) { it: ${single.name}(id: $id) { id } }`, {
          id: row.id,
        });
        if (!visible.body.data?.it) continue; // not for staff

        const documents: [string, object][] = [];
        for (const field of fields.filter((other) => unwrapped(other.type).name === type)) {
          if (!field.args.every(({ type: argument }) => argument.kind === "NON_NULL")) continue;
          const given = field.args.map(({ name }) => [name, columnOf(name)]);
          if (given.some(([, value]) => value === null || value === undefined)) continue;
          const said = given.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(", ");
          documents.push([`{ it: ${field.name}(${said}) { __typename } }`, {}]);
          documents.push([`{ it: ${field.name}(${said}) { id } }`, {}]);
        }
        const many = fields.find(({ name }) => flat(name) === flat(table));
        const list =
          many && !many.args.some(({ type: argument }) => argument.kind === "NON_NULL") ? many.name : null;
        if (list) {
          for (const selection of [
            "nodes { id }",
            "edges { cursor }",
            "pageInfo { startCursor endCursor }",
            ...(table === "booking_requests" ? [] : ["totalCount"]),
            ...(["appointments"].includes(table) ? ["aggregates { max { priceAmount } }"] : []),
          ]) {
            documents.push([
              `{ it: ${list}(filter: {id: {equalTo: "${row.id}"}}, first: 5) { ${selection} } }`,
              {},
            ]);
          }
          documents.push([
            `{ it: ${list}(filter: {id: {in: ["${row.id}"]}}, first: 5) { nodes { __typename } } }`,
            {},
          ]);
          documents.push([
            `query ($many: Int) { it: ${list}(filter: {id: {lessThanOrEqualTo: "${row.id}", greaterThanOrEqualTo: "${row.id}"}}, first: $many) { nodes { id } } }`,
            { many: 3 },
          ]);
        }
        for (const [document, variables] of documents) {
          const { data, readings } = await read(document, variables);
          expect(data.it, document).not.toBeNull();
          expect([...new Set(persons(readings))], document).toEqual(["ana"]);
          expect(readings[0], document).toMatchObject({ clinic: "atlas", what: "record", via: table });
        }
        reached.add(table);
      }
      expect([...reached].sort()).toEqual([
        "access_grants",
        "appointment_add_ons",
        "appointment_moves",
        "appointment_reviews",
        "appointments",
        "automation_executions",
        "booking_blocks",
        "booking_requests",
        "caregivers",
        "consents",
        "custom_field_values",
        "entitlement_entries",
        "exercise_sessions",
        "files",
        "form_moves",
        "form_signatures",
        "form_write_backs",
        "forms",
        "media_session_metrics",
        "messages",
        "patient_entitlements",
        "patient_exercise_logs",
        "patient_profiles",
        "patient_requirements",
        "patient_service_plans",
        "patient_sessions",
        "patient_subscription_links",
        "patient_subscription_reports",
        "patient_subscriptions",
        "patient_treatment_plans",
        "patients",
        "pose_session_metrics",
        "segment_members",
        "signature_events",
        "signature_links",
        "treatment_plan_exercises",
        "treatment_plan_moves",
        "treatment_plan_sessions",
        "treatment_plan_versions",
        "treatment_plans",
        "video_recordings",
        "video_rooms",
        "waitlist_entries",
        "waitlist_offers",
      ]);
    });

    test("every table about patients that staff may read says whose its rows are", async () => {
      const learnt = new Set(namesOfWhoseRows());
      const personal = await api.sql(
        `select distinct replace(c.table_name, 'app_public.', '') as name
         from app_private.classified_columns c join app_private.data_classes d on d.name = c.class
         where d.is_personal and c.table_name like 'app\\_public.%' order by 1`,
      );
      const others = personal.map(({ name }) => name).filter((name) => !learnt.has(name));
      expect(others).toEqual([
        "erasure_requests", // the reader's own
        "humans", // accounts: of staff for staff, of oneself
        "inbox_items", // the reader's own
        "invoices", // of clinics
        "memberships", // staff
        "organization_billing", // of clinics
        "principals", // accounts
        "push_subscriptions", // the reader's own
        "segment_versions", // rules, which name nobody
        "segments", // likewise
        "specialist_schedule_overrides", // staff
        "specialist_signatures", // staff
        "specialists", // staff
        "webhook_events", // what a clinic's own software was told: ids
      ]);
    });
  });
}
