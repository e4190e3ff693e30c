-- Every function that runs with the engine's rights instead of the caller's, by the reason why the caller's own rights
-- are not enough. FND-05. Each area names its own in declared/<area>.sql: the lint refuses a
-- security definer function that is not there, and an entry that is none.
-- Who may call which is decided in db/tests/rls/<area>/functions.csv.

drop table if exists tests.allowed_definer_functions;
create table tests.allowed_definer_functions (
  function text primary key,
  reason text not null
);
grant select on tests.allowed_definer_functions to public;
