-- The clinic this request is about, if the caller chose one. It only ever narrows: membership is looked up
-- wherever rights are computed. FND-04.
-- Without settings of its own, so that the planner puts its body in place: a call that is none.

create or replace function app_hidden.current_organization_id() returns uuid
language sql stable parallel safe
return nullif(pg_catalog.current_setting('app.organization_id', true), '')::uuid;

comment on function app_hidden.current_organization_id is 'The clinic the request names; null means every clinic of the caller.';

grant execute on function app_hidden.current_organization_id to app_anonymous, app_member, app_link, app_worker, app_engine;
