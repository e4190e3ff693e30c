import { readdirSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readText } from "../../../../runtime/line_ends.ts";
import { dbFolder } from "../../../migrating/sources.ts";
import { createTestDatabase, type TestDatabase } from "../../../testing/server.ts";

// Migration 000048 follows at the tax office what FGO had issued before it (BIL-04, docs/decisions/0198). The whole history up to it takes
// ten seconds to run; here the columns that it brings are taken away from rows that stand, and its own statements run again over them.

const committed = path.join(dbFolder, "migrations", "committed");
let database: TestDatabase;
let admin: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase({
    because: "columns are taken away from a table and brought back by a migration",
  });
  admin = new pg.Client(database.urls.admin);
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await database.drop();
});

/** What the migration does to credit notes: columns, their list of words, and the rows that stand. */
function ofTheMigration(): string {
  const [file] = readdirSync(committed).filter((name) => name.startsWith("000048-"));
  const text = readText(path.join(committed, file as string));
  const begins = text.indexOf("alter table app_public.credit_notes\n  add column if not exists tax_state");
  const ends = text.indexOf("reset role;", begins);
  expect(begins).toBeGreaterThan(0);
  expect(ends).toBeGreaterThan(begins);
  return text.slice(begins, ends + "reset role;".length);
}

const read = async () =>
  (
    await admin.query(
      `select names.name, tax_state, tax_sent_at = issued_at as is_sent, to_char(tax_deadline_on, 'YYYY-MM-DD') as deadline, tax_upload_id
       from app_public.credit_notes join tests.names on names.id = credit_notes.id order by names.name`,
    )
  ).rows;

test("BIL-04: credit notes of FGO that stand before migration 000048 are followed by it, each by its own day and country; others are not", async () => {
  await admin.query("begin");
  await admin.query(`
    select tests.freeze_time('2027-03-01 10:00+02'), tests.person('root', superadmin => true), tests.clinic('atlas'), tests.staff('olga', 'owner');
    create function pg_temp.noted(name text, provider text, provider_state text, issued_at timestamptz, country text default 'RO') returns void
    language plpgsql as $$
    declare
      v_invoice uuid := tests.issued_invoice(tests.id('atlas'), 1000, 190);
    begin
      perform set_config('app.principal_id', tests.id('root')::text, true);
      perform tests.remember(noted.name, (app_public.discount_invoice(v_invoice, 100, 'Promised')).id);
      perform set_config('app.principal_id', '', true);
      perform set_config('session_replication_role', 'replica', true);
      update app_public.invoices i set provider = noted.provider, billed_to = i.billed_to || jsonb_build_object('country', noted.country) where i.id = v_invoice;
      update app_public.credit_notes n set provider_state = noted.provider_state, issued_at = noted.issued_at where n.id = tests.id(noted.name);
      perform set_config('session_replication_role', 'origin', true);
    end $$;
    select pg_temp.noted('1 issued', 'fgo', 'issued', '2027-03-01 10:00+02'),
           pg_temp.noted('2 late in the evening', 'fgo', 'issued', '2027-03-01 23:30Z'),
           pg_temp.noted('3 waiting', 'fgo', 'queued', '2027-03-03 10:00+02'),
           pg_temp.noted('4 refused', 'fgo', 'failed', '2027-03-01 10:00+02'),
           pg_temp.noted('5 abroad', 'fgo', 'issued', '2027-03-01 10:00+02', 'DE'),
           pg_temp.noted('6 by hand', 'manual', 'issued', '2027-03-01 10:00+02'),
           pg_temp.noted('7 at Stripe', 'stripe', 'issued', '2027-03-01 10:00+02');
    set constraints all immediate`);
  // As it was before the migration.
  await admin.query(
    `alter table app_public.credit_notes ${[
      "state",
      "upload_id",
      "sent_at",
      "deadline_on",
      "checked_at",
      "error",
    ]
      .map((name) => `drop column tax_${name} cascade`)
      .join(", ")}`,
  );
  await admin.query("set local session_authorization = 'app_owner'");
  await admin.query(ofTheMigration());
  await admin.query("reset session authorization");
  const followed = [
    { name: "1 issued", tax_state: "sent", is_sent: true, deadline: "2027-03-08", tax_upload_id: null },
    {
      name: "2 late in the evening",
      tax_state: "sent",
      is_sent: true,
      deadline: "2027-03-09",
      tax_upload_id: null,
    },
    { name: "3 waiting", tax_state: "queued", is_sent: null, deadline: "2027-03-10", tax_upload_id: null },
    { name: "4 refused", tax_state: "queued", is_sent: null, deadline: "2027-03-08", tax_upload_id: null },
    { name: "5 abroad", tax_state: "sent", is_sent: true, deadline: null, tax_upload_id: null },
    { name: "6 by hand", tax_state: "not_applicable", is_sent: null, deadline: null, tax_upload_id: null },
    { name: "7 at Stripe", tax_state: "not_applicable", is_sent: null, deadline: null, tax_upload_id: null },
  ];
  expect(await read()).toEqual(followed);
  // What became of one meanwhile stays, should it run again.
  await admin.query("set local session_replication_role = replica");
  await admin.query(
    "update app_public.credit_notes set tax_state = 'accepted' where id = (select id from tests.names where name = '1 issued')",
  );
  await admin.query("set local session_replication_role = origin");
  await admin.query(ofTheMigration());
  expect(await read()).toEqual([{ ...followed[0], tax_state: "accepted" }, ...followed.slice(1)]);
  await admin.query("rollback");
});
