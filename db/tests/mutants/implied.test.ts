import { expect, test } from "vitest";
import { mutantsOfFunction } from "./body_mutants.ts";
import type { HeldPair } from "./implied.ts";

const pairs: HeldPair[] = [
  { table: "app_public.forms", column: "id", beside: "organization_id", parent: "app_public.forms.id" },
  { table: "app_public.links", column: "form_id", beside: "organization_id", parent: "app_public.forms.id" },
  { table: "app_public.events", column: "form_id", beside: "organization_id", parent: "app_public.forms.id" },
];

/** What can be left out of a function whose query asks this, among what can be left out without it. */
function leftOut(condition: string, tables: string[] = []): string[] {
  const body = `declare
  v_link constant app_public.links := null;
begin
  perform from app_public.forms join app_public.events e on true where ${condition};
end;`;
  const definition = `CREATE FUNCTION app_private.f(form app_public.forms, form_id uuid)\nAS $$${body}$$`;
  return mutantsOfFunction({ name: "f", definition, tables }, pairs)
    .filter(({ kind }) => kind === "leave a condition out")
    .map(({ object }) => object.replace("f: ", ""));
}

test("the clinic beside an id is not left out where a key over both holds them together (FND-05)", () => {
  expect(leftOut("forms.organization_id = v_link.organization_id and forms.id = v_link.form_id")).toEqual([
    "forms.id = v_link.form_id",
  ]);
  expect(leftOut("e.form_id = v_link.form_id and e.organization_id = v_link.organization_id")).toHaveLength(
    1,
  );
  expect(
    leftOut("((e.organization_id = (f.form).organization_id) and (e.form_id = (f.form).id))"),
  ).toHaveLength(1);
  expect(
    leftOut("forms.organization_id = new.organization_id and forms.id = new.form_id", ["app_public.links"]),
  ).toHaveLength(1);
});

test("it is where nothing holds them together", () => {
  for (const condition of [
    "forms.organization_id = f.organization_id and forms.id = f.form_id", // an id that somebody said
    "forms.organization_id = v_link.organization_id and forms.id = v_link.template_id", // another key
    "forms.organization_id = v_link.organization_id and forms.id <> v_link.form_id",
    "forms.organization_id = v_link.organization_id and forms.id = e.form_id", // of another row
    "forms.organization_id = new.organization_id and forms.id = new.form_id", // of nobody knows what
  ])
    expect(leftOut(condition), condition).toHaveLength(2);
  expect(leftOut("forms.organization_id = v_link.organization_id or forms.id = v_link.form_id")).toHaveLength(
    2,
  );
  expect(leftOut("forms.organization_id = v_link.organization_id")).toHaveLength(1);
});

/** What can be left out of these statements. */
function leftOutOf(statements: string): string[] {
  const definition = `CREATE FUNCTION app_private.f()\nAS $$begin ${statements} end;$$`;
  return mutantsOfFunction({ name: "f", definition, tables: [] }, [])
    .filter(({ kind }) => kind === "leave a condition out" || kind === "never ask")
    .map(({ object }) => object.replace("f: ", ""));
}

test("nor is what only says which locks are taken", () => {
  for (const statements of [
    "if v_days <> '{}' then perform app_private.lock_days(v_days); end if;",
    "perform from app_public.forms where forms.id = v_id and forms.status = 'open' for no key update of forms; return;",
  ])
    expect(leftOutOf(statements), statements).toEqual([]);
});

test("it is where more than a lock hangs on it", () => {
  for (const [statements, count] of [
    ["if v_days <> '{}' then perform app_private.lock_days(v_days); v_done := true; end if;", 2],
    ["if v_days <> '{}' then perform app_private.require_days(v_days); end if;", 2],
    ["if v_days <> '{}' then perform app_private.lock_days(v_days); else return; end if;", 2],
    ["perform from app_public.forms where forms.id = v_id for update; if not found then return; end if;", 3],
    ["perform from app_public.forms where forms.id = v_id;", 1],
    ["select * into v_form from app_public.forms where forms.id = v_id for update;", 1],
    ["perform app_private.close(forms) from app_public.forms where forms.id = v_id for update;", 1],
  ] as const)
    expect(leftOutOf(statements), statements).toHaveLength(count);
});
