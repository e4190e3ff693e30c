-- The catalog lint, one clinic at a time: whoever may pass row security says what it is about. SCA-01.
-- By an id, a row, a clinic's slug, or the token that names a hold or a request. What says nothing of the kind goes over
-- the rows of all clinics, and is declared in declared/<area>.sql with the reason: everything else can be asked of the
-- server that has the clinic. A verb writes one clinic in one transaction; sweeps take each clinic's rows as they come,
-- on each server for itself.

create or replace function tests.lint_across_clinics() returns table (object text, problem text)
language sql stable as $$
  select f.name, 'passes row security for whoever calls it, and names no row and no clinic'
  from tests.app_functions f
  where f.prosecdef
    and f.prorettype <> 'trigger'::regtype
    and exists (
      select from pg_catalog.aclexplode(f.proacl) granted where granted.grantee = any (tests.api_roles()))
    and not exists (
      select from unnest(f.proargtypes::oid[]) with ordinality as argument (type, place)
      join pg_catalog.pg_type t on t.oid = argument.type
      where t.oid in ('uuid'::regtype, 'uuid[]'::regtype) or t.typrelid <> 0
         or f.proargnames[argument.place] in ('token', 'hold_token', 'slug')
    );
$$;
