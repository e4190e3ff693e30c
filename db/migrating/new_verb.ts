import { declared, type NewFiles } from "./new_files.ts";

/** A mutation: one function of the engine, which asks for a permission first, and the test of its refusals. */
export function newVerb(area: string, name: string): NewFiles {
  const source = `db/functions/${area}/${name}.sql`;
  const test = `db/tests/${area}/${name}/needs_permission.test.sql`;
  return {
    files: [
      {
        file: source,
        text: `-- TO DECIDE: what it does, for whom, and which requirements that serves.

set role app_engine;

create or replace function app_public.${name}(organization_id uuid) returns boolean
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform app_private.require_permission(${name}.organization_id, 'to_decide');
  -- TO DECIDE: lock what it relies on, refuse what cannot be, write.
  return true;
end;
$$;

comment on function app_public.${name} is
  'TO DECIDE: what it does, and its refusals (CODE reason).';

grant execute on function app_public.${name} to app_member;

reset role;
`,
      },
      {
        file: test,
        text: `-- Test: ${name} - refused to whoever may not. The requirement's ID.
begin;
select plan(2);
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.patient('ana');
select tests.act_as('ana');
select * from tests.refuses($$select app_public.${name}(tests.id('atlas'))$$, 'FORBIDDEN', 'permission_missing', 'a patient');
select tests.act_as('adrian');
select is(app_public.${name}(tests.id('atlas')), null, 'TO DECIDE: what staff get');
select * from finish();
rollback;
`,
      },
    ],
    next: [
      `${source}: arguments, permission, what it does.`,
      "db/reference/identity/permissions.sql: a permission that is new.",
      `${declared(area)}: why it may run with the engine's rights.`,
      "Makes it a booking, a message or money? Then it begins with app_private.remembered() and ends with remember().",
      `${test}: its refusals, and beside it what it does. Then npm run test:sql -- ${name} lint.`,
      "npm run decide -- --write, and read the difference.",
      `npm run mutants -- "app_public.${name}(", npm run db:commit -- "what it brings", npm run db:snapshot, npm run schema.`,
    ],
  };
}
