-- Test: roles - every system role allows exactly what this table says. FND-04.
begin;
create temporary table declared (permission text primary key, owner boolean, admin boolean, specialist boolean, front_desk boolean, billing boolean);
insert into declared values
  --                           owner  admin  spec.  desk   billing
  ('organization.manage',      true,  true,  false, false, false),
  ('owners.manage',            true,  false, false, false, false),
  ('members.manage',           true,  true,  false, false, false),
  ('roles.manage',             true,  true,  false, false, false),
  ('specialties.manage',       true,  true,  false, false, false),
  ('specialists.view_org',     true,  true,  true,  true,  true),
  ('specialists.manage',       true,  true,  false, false, false),
  ('services.manage',          true,  true,  false, false, false),
  ('calendars.manage',         true,  true,  false, false, false),
  ('schedules.manage',         true,  true,  false, true,  false),
  ('schedules.manage_own',     true,  true,  true,  false, false),
  ('patients.view',            true,  true,  true,  true,  false),
  ('patients.manage',          true,  true,  false, true,  false),
  ('patients.block',           true,  true,  false, true,  false),
  ('patients.merge',           true,  true,  false, false, false),
  ('patient_plans.view',       true,  true,  true,  true,  true),
  ('patient_plans.manage',     true,  true,  false, true,  true),
  ('patient_tiers.manage',     true,  true,  false, false, false),
  ('service_plans.manage',     true,  true,  false, false, false),
  ('segments.view',            true,  true,  true,  false, false),
  ('segments.manage',          true,  true,  false, false, false),
  ('billing.view',             true,  true,  false, false, true),
  ('billing.manage',           true,  true,  false, false, true),
  ('appointments.view',        true,  true,  true,  true,  false),
  ('appointments.manage',      true,  true,  false, true,  false),
  ('appointments.conduct',     true,  true,  true,  true,  false),
  ('reviews.view',             true,  true,  false, false, false),
  ('reviews.alerted',          true,  true,  false, false, false),
  ('messages.view',            true,  true,  false, true,  false),
  ('message_templates.manage', true,  true,  false, false, false),
  ('suppressions.lift',        true,  true,  false, false, false),
  ('forms.view',               true,  true,  true,  true,  false),
  ('forms.fill',               true,  true,  true,  true,  false),
  ('form_templates.manage',    true,  true,  false, false, false),
  ('document_templates.manage', true, true, false, false, false),
  ('documents.manage',         true,  true,  false, false, false),
  ('documents.view',           true,  true,  true,  false, false),
  ('consents.record',          true,  true,  true,  true,  false),
  ('consents.override',        true,  true,  true,  false, false),
  ('consent_texts.manage',     true,  true,  false, false, false),
  ('integrations.manage',      true,  true,  false, false, false),
  ('automations.manage',       true,  true,  false, false, false),
  ('automations.view',         true,  true,  false, false, false),
  ('webhooks.manage',          true,  true,  false, false, false),
  ('webhooks.view',            true,  true,  false, false, false),
  ('exercise_sessions.view',   true,  true,  true,  false, false),
  ('treatment_plans.view',     true,  true,  true,  false, false),
  ('treatment_plans.manage',   true,  true,  true,  false, false),
  ('treatment_plans.approve',  true,  true,  false, false, false),
  ('treatment_plans.assign',   true,  true,  true,  false, false),
  ('audit.view',               true,  true,  false, false, false);
select plan((select count(*)::int from declared) * 5 + 5 + 6);

select tests.clinic('boreal');
select tests.clinic('atlas');
select tests.staff('someone as ' || key, key) from app_public.system_roles;
select tests.patient('ana');
select tests.person('a stranger');
select tests.person('root', superadmin => true);

select set_eq('select name from app_public.permissions', 'select permission from declared', 'the table knows every permission');

create function pg_temp.holds(persona text, permission text, clinic text default 'atlas') returns boolean language plpgsql as $$
declare v_holds boolean;
begin
  perform tests.act_as(persona);
  v_holds := app_hidden.has_permission(tests.id(clinic), permission);
  perform tests.act_as('the database');
  return v_holds;
end $$;
create function pg_temp.listed(persona text) returns text[] language plpgsql as $$
declare v_listed text[];
begin
  perform tests.act_as(persona);
  v_listed := array(select app_public.my_permissions(tests.id('atlas')) order by 1);
  perform tests.act_as('the database');
  return v_listed;
end $$;

select is(pg_temp.holds('someone as ' || role.key, declared.permission), role.allowed, format('%s: %s', role.key, declared.permission))
from declared, lateral (values ('owner', owner), ('admin', admin), ('specialist', specialist), ('front_desk', front_desk), ('billing', billing)) as role (key, allowed);
select is(
  pg_temp.listed('someone as ' || role.key), array_agg(declared.permission order by declared.permission) filter (where role.allowed),
  role.key || ': my_permissions lists them')
from declared, lateral (values ('owner', owner), ('admin', admin), ('specialist', specialist), ('front_desk', front_desk), ('billing', billing)) as role (key, allowed)
group by role.key;

select is((select count(*) from declared where pg_temp.holds(p, permission)), 0::bigint, p || ' holds none')
from unnest('{ana,a stranger,root,a visitor}'::text[]) p;
select is((select count(*) from declared where pg_temp.holds('someone as owner', permission, 'boreal')), 0::bigint, 'and an owner none elsewhere');
select * from finish();
rollback;
