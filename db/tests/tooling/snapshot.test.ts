import { expect, test } from "vitest";
import { withClient } from "../../migrating/prepare.ts";
import { createTestDatabase } from "../../testing/server.ts";
import { difference, snapshot } from "../../testing/snapshot.ts";

test("two databases of the same migrations have the same snapshot", async () => {
  const [one, other] = await Promise.all([
    createTestDatabase({ bare: true }),
    createTestDatabase({ bare: true }),
  ]);
  expect(await snapshot(one.urls.admin)).toBe(await snapshot(other.urls.admin));
  await Promise.all([one.drop(), other.drop()]);
});

test("each kind of change shows, under the object it belongs to", async () => {
  const database = await createTestDatabase({ bare: true });
  const { admin } = database.urls;
  const change = async (sql: string) => {
    const before = await snapshot(admin);
    await withClient(admin, (client) => client.query(sql));
    return difference(before, await snapshot(admin)).join("\n");
  };
  await withClient(admin, (client) =>
    client.query("create table app_public.samples (id uuid primary key, name text)"),
  );

  expect(await change("alter table app_public.samples add column age smallint default 1")).toBe(
    "+ table app_public.samples: age smallint default 1",
  );
  expect(await change("grant update (name) on app_public.samples to app_member")).toBe(
    "+ table app_public.samples: grant update (name) to app_member",
  );
  expect(await change("alter table app_public.samples force row level security")).toContain("forced");
  expect(
    await change("create policy p on app_public.samples for select to app_member using (id is not null)"),
  ).toBe("+ table app_public.samples: policy p for select to app_member using ((id IS NOT NULL))");
  expect(await change("create index samples_name on app_public.samples (name) where age > 2")).toContain(
    "INDEX samples_name",
  );
  expect(await change("comment on column app_public.samples.name is 'What it is called.'")).toContain(
    "+ table app_public.samples: name text -- What it is called.",
  );
  expect(
    await change("create function app_public.f(a int) returns int language sql security definer return 1"),
  ).toMatch(
    /^\+ function app_public\.f\(a integer\): returns integer language sql volatile security definer/m,
  );
  expect(
    await change(
      "create or replace function app_public.f(a int) returns int language sql security definer return 2",
    ),
  ).toMatch(/^- .*body sha256.*\n\+ .*body sha256/);
  expect(
    await change(
      "alter default privileges for role app_owner in schema app_public grant select on tables to app_member",
    ),
  ).toBe("+ default privileges app_owner: tables in app_public: select to app_member");
  await database.drop();
});
