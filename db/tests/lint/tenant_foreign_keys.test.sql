-- Test: lint - a foreign key between rows of clinics carries the clinic. FND-06.
begin;
select plan(2);
select is_empty(
  $$select object, problem from tests.lint('tenant_foreign_keys')$$,
  'a foreign key between rows of clinics carries the clinic');

create temporary table before as select object from tests.lint('tenant_foreign_keys');
create table app_public.toys (
  id uuid primary key,
  organization_id uuid not null constraint toys_organization references app_public.organizations,
  role_id uuid constraint toys_role references app_public.roles (id)
);
create table app_public.games (
  organization_id uuid constraint games_organization references app_public.organizations,
  role_id uuid,
  constraint games_role foreign key (organization_id, role_id) references app_public.roles (organization_id, id)
);
create table app_public.songs (role_id uuid constraint songs_role references app_public.roles);
create table app_public.tunes (
  scope_id uuid not null,
  specialty_id uuid,
  event_id uuid constraint tunes_event references app_private.events,
  constraint tunes_specialty foreign key (scope_id, specialty_id) references app_public.specialties (scope_id, id)
);
create table app_public.dances (
  organization_id uuid not null constraint dances_organization references app_public.organizations,
  lent_to_id uuid constraint dances_lent_to references app_public.organizations,
  held_scope_id uuid not null constraint dances_own_or_shared check (held_scope_id = organization_id or held_scope_id = '00000000-0000-0000-0000-000000000000'),
  loose_scope_id uuid not null,
  specialty_id uuid not null,
  constraint dances_held foreign key (held_scope_id, specialty_id) references app_public.specialties (scope_id, id),
  constraint dances_loose foreign key (loose_scope_id, specialty_id) references app_public.specialties (scope_id, id)
);
select set_eq(
  $$select object from tests.lint('tenant_foreign_keys') except select object from before$$,
  array[
    'app_public.toys (toys_role)',
    'app_public.games (games_role)',
    'app_public.songs',
    'app_public.tunes (tunes_event)',
    'app_public.dances (dances_lent_to)',
    'app_public.dances (dances_loose)'
  ],
  'a key by id alone, one that null switches off, a child without a clinic, a second clinic, and a scope that nothing '
    'holds are named');
select * from finish();
rollback;
