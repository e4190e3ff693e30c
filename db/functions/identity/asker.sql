-- Whom a kept answer is about, and when: another person, another clinic, another transaction, or a change of what rights
-- rest on makes it nobody's. Without settings of its own, so that the planner puts its body in place. FND-04.

create or replace function app_hidden.asker() returns text
language sql stable
return concat(
  pg_catalog.current_setting('app.principal_id', true), '/', pg_catalog.current_setting('app.organization_id', true), '/',
  app_hidden.now(), '/', pg_catalog.current_setting('app.rights_changes', true), ' ');

comment on function app_hidden.asker is
  'The caller, the clinic that the request names, the transaction, and the last change of rights in it.';
grant execute on function app_hidden.asker to app_member, app_anonymous, app_engine;
