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
