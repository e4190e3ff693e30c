-- Who decides whether somebody is a patient of the clinic already does so alone: two who ask at once about one person
-- would both find nobody. So does whoever takes appointments from one chart to another, or away with a chart: the wrong
-- patient is known only by the appointment, and locks in any order would meet. Taken before any row of patients. FND-34.

create or replace function app_private.lock_people(organization_id uuid) returns void
language sql volatile
set search_path = ''
as $$
  select pg_advisory_xact_lock(hashtextextended('people:' || lock_people.organization_id, 0));
$$;

comment on function app_private.lock_people is
  'Until the transaction ends nobody else matches, makes, merges or removes patients of this clinic, or moves an appointment from chart to chart.';
grant execute on function app_private.lock_people to app_engine;
