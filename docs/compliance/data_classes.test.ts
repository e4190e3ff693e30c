import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../db/bin/testing.ts";
import { isCurrent, renderDataClasses } from "./data_classes.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ bare: true });
});
afterAll(() => database.drop());

async function sql(text: string): Promise<void> {
  const client = new pg.Client(database.urls.admin);
  await client.connect();
  await client.query(text).finally(() => client.end());
}

describe("FND-12: what we hold, as a document", () => {
  it("is docs/compliance/data-classes.md, as it stands in the repository", async () => {
    const current = isCurrent(await renderDataClasses(database.urls.admin));
    expect(current, "run npm run classes").toBe(true);
  });

  it("names every column with its class, how a secret is protected, and what is kept otherwise", async () => {
    const document = await renderDataClasses(database.urls.admin);
    const claims = section(document, "app_private.time_claims");
    expect(claims).toContain("Kept as `medical_record`. Not in the audit:");
    expect(claims).toContain("| `token_hash` | `auth_secret` | digest | `operations` |");
    expect(claims).toContain("| `during` | `operational` |  |  |");
    const appointments = section(document, "app_public.appointments");
    expect(appointments).toContain("About the person in `patient_profile_id`. Every change is in the audit.");
    expect(appointments).toContain("Deleted rows come back by `appointments.manage`.");
  });

  it("is no longer current when a class, a table or an object surface changes: nobody forgets to say so", async () => {
    const before = await renderDataClasses(database.urls.admin);
    await sql("update app_private.classified_columns set class = 'phi' where column_name = 'street'");
    expect(isCurrent(await renderDataClasses(database.urls.admin))).toBe(false);
    await sql(`
      update app_private.classified_columns set class = 'public' where column_name = 'street';
      create table app_private.toy_surfaces (key text primary key, class text not null, retention text not null);
      insert into app_private.toy_surfaces values ('drawings', 'phi', 'medical_record');
      comment on table app_private.soft_deletes is 'Something else.'`);
    const after = await renderDataClasses(database.urls.admin);
    expect(after).toContain("| `drawings` | `phi` | `medical_record` | `app_private.toy_surfaces` |");
    expect(section(after, "app_private.soft_deletes")).not.toBe(section(before, "app_private.soft_deletes"));
  });
});

function section(document: string, table: string): string {
  return document.split(/^### /m).find((part) => part.startsWith(`${table}\n`)) ?? "";
}
