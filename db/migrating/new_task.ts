import { declared, type NewFiles } from "./new_files.ts";

/** Work for the worker: a task, the SQL function that does or queues it, and the tests of both. */
export function newTask(area: string, name: string): NewFiles {
  const task = `tasks/definitions/${name}.ts`;
  const source = `db/functions/${area}/${name}.sql`;
  return {
    files: [
      {
        file: task,
        text: `import { z } from "zod";
import { defineTask } from "../task.ts";

/** TO DECIDE: what it does and why it may run twice. The requirement's ID. */
export default defineTask({
  payload: z.looseObject({}), // ids only, never personal data
  clock: { at: "TO DECIDE" }, // as in a crontab, in UTC; without it, for what SQL queues

  async run(_, { withPgClient }) {
    await withPgClient((client) => client.query("select app_private.${name}()"));
  },
});
`,
      },
      {
        file: source,
        text: `-- TO DECIDE: what the task of this name does, in batches, and which requirements that serves.

set role app_engine;

create or replace function app_private.${name}() returns integer
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  -- TO DECIDE.
  return null;
end;
$$;

comment on function app_private.${name} is 'TO DECIDE: what it does. Answers with how many rows.';

grant execute on function app_private.${name} to app_worker;

reset role;
`,
      },
      {
        file: `db/tests/${area}/${name}/does_its_work.test.sql`,
        text: `-- Test: ${name} - TO DECIDE. The requirement's ID.
begin;
select plan(1);
select isnt(app_private.${name}(), null, 'TO DECIDE: what is there afterwards, and a second time');
select * from finish();
rollback;
`,
      },
    ],
    next: [
      `${task}: its payload, when it is due, and what it does outside.`,
      `${source}: its work in SQL; ${declared(area)}: why it may run with the engine's rights, and that it is a sweep.`,
      `db/tests/${area}/${name}: what it promises; tasks/tests for what crosses to the outside. Then npm run test:sql -- ${name} lint.`,
      "npm run decide -- --write, and read the difference.",
    ],
  };
}
