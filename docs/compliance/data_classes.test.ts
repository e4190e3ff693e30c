import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../db/testing/server.ts";
import { differences, renderDataClasses, writtenDataClasses } from "./data_classes.ts";

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase({
    because: "classes and tables are changed before the document is read out of it",
    bare: true,
  });
  client = new pg.Client(database.urls.admin);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

describe("FND-12: what we hold, as a document", () => {
  it("is docs/compliance/data-classes.md, as it stands in the repository", async () => {
    const rendered = await renderDataClasses(client);
    expect(differences(writtenDataClasses(), rendered), "run npm run classes").toEqual([]);
    expect(rendered).toBe(writtenDataClasses());
  });

  it("names every column with its class, how a secret is protected, and what is kept otherwise", async () => {
    const document = await renderDataClasses(client);
    const claims = section(document, "app_private.time_claims");
    expect(claims).toContain("Kept as `medical_record`. Not in the audit:");
    expect(claims).toContain("| `token_hash` | `auth_secret` | digest | `operations` |");
    expect(claims).toContain("| `during` | `operational` |  |  |");
    const appointments = section(document, "app_public.appointments");
    expect(appointments).toContain("About the person in `patient_profile_id`. Every change is in the audit.");
    expect(appointments).toContain("Deleted rows come back by `appointments.manage`.");
  });

  it("is no longer current when a class, a table or an object surface changes: nobody forgets to say so", async () => {
    const before = await renderDataClasses(client);
    await client.query(
      "update app_private.classified_columns set class = 'phi' where column_name = 'street'",
    );
    expect(differences(before, await renderDataClasses(client))).toContain(
      "not written down: ### app_public.organizations | `street` | `phi` |  |  |",
    );
    await client.query(`
      update app_private.classified_columns set class = 'public' where column_name = 'street';
      create table app_private.toy_surfaces (key text primary key, class text not null, retention text not null);
      insert into app_private.toy_surfaces values ('drawings', 'phi', 'medical_record');
      comment on table app_private.soft_deletes is 'Something else.'`);
    const after = await renderDataClasses(client);
    expect(after).toContain("| `drawings` | `phi` | `medical_record` | `app_private.toy_surfaces` |");
    expect(section(after, "app_private.soft_deletes")).not.toBe(section(before, "app_private.soft_deletes"));
  });
});

function section(document: string, table: string): string {
  return document.split(/^### /m).find((part) => part.startsWith(`${table}\n`)) ?? "";
}
