-- Test: automation_builder - a page composes an automation of it alone: events, actions with their schemas, and lists of what the
-- caller may read. AUT-01, AUT-02, AUT-03.
begin;
select plan(32);
select tests.clinic('boreal');
select tests.staff('beata', 'admin');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin'), tests.staff('flavia', 'front_desk');
create function pg_temp.listed(list text) returns text[] language sql as $$
  select array_agg(choice.label order by place)
  from unnest((app_public.automation_builder(tests.id('atlas'))).lists) as lists
  cross join unnest(lists.choices) with ordinality as choice (value, label, label_ro, label_en, place)
  where lists.code = list $$;

create function pg_temp.most(per_day int, ever int) returns int language sql as $$
  select (app_public.create_automation(tests.id('atlas'), 'A', 'patient.onboarded', '[{"action": "send_session_reminder"}]', is_enabled => false,
    most_per_day => per_day, most_ever => ever)).version $$;

-- Who may.
select tests.act_as('flavia');
select * from tests.refuses($$select app_public.automation_builder(tests.id('atlas'))$$, 'FORBIDDEN', 'permission_missing', 'a colleague without the permission');
select tests.act_as('beata');
select * from tests.refuses($$select app_public.automation_builder(tests.id('atlas'))$$, 'NOT_FOUND', 'not_found', 'another clinic');

-- What can be named is what can be saved.
select tests.act_as('the database');
create temporary table told (list text, value text, label_ro text);
grant insert, select on told to public;
select tests.form_template('pain', '[{"key": "pain", "type": "text", "label": {"ro": "Durere"}}]');
select tests.form_template('draft', '[{"key": "pain", "type": "text", "label": {"ro": "Durere"}}]');
update app_public.form_templates set published = false where id = tests.id('draft');
select tests.form_template('theirs', '[{"key": "pain", "type": "text", "label": {"ro": "Durere"}}]', clinic => 'boreal');
select tests.act_as('adrian');
select app_public.create_segment(tests.id('atlas'), 'Ruled', rule => '{"all": []}');
select tests.remember('called', (app_public.create_segment(tests.id('atlas'), 'Called')).id);
select is(pg_temp.listed('form_templates'), '{Pain}', 'forms that are published, of this clinic');
select is(pg_temp.listed('segment_lists'), '{Called}', 'lists into which somebody can be put');
select is(pg_temp.listed('actions') @> '{"Cere un formular"}' and not pg_temp.listed('actions') @> '{"Programează o acțiune"}', true, 'what can be scheduled');
select is(pg_temp.listed('permissions') is not null and pg_temp.listed('calendars') is null, true, 'permissions there are, and no calendar');
select ok(pg_temp.listed('variables_email') @> '{"numele pacientului"}', 'what words can name');
select ok(not pg_temp.listed('variables_sms') @> '{"serviciul programat"}', 'what words of this channel can name');
insert into told select lists.code, choice.value, choice.label_ro
  from unnest((app_public.automation_builder(tests.id('atlas'))).lists) as lists left join unnest(lists.choices) as choice on true;
select cmp_ok(cardinality(pg_temp.listed('consent_purposes')), '>', 0, 'consents that the clinic has a text for');
select is_empty($$select list, value from told where list like 'variables%' and label_ro = value$$, 'every variable has words of its own');
select tests.act_as('the database');
select is_empty($$
  select told.value, problem.path, problem.reason
  from told
  join (values ('form_templates', 'require_form', 'templateId'), ('consent_purposes', 'require_consent', 'purpose'),
               ('segment_lists', 'update_segment', 'segmentId')) as named (list, action, property) using (list)
  cross join lateral app_private.action_problems(tests.id('atlas'),
    jsonb_build_object('action', named.action, 'config', jsonb_build_object(named.property, told.value))) as problem$$,
  'whatever is listed can be saved');
select is_empty($$
  select node.name, named
  from tests.form_schema_nodes as node
  cross join lateral unnest(array[node.schema ->> 'x-choices', node.schema ->> 'x-inserts']) as named
  where node.name like 'action %' and named is not null and named not in (select list from told)$$,
  'every list that a schema names is there');

select is_empty($$
  select function.proname, said[1]
  from pg_catalog.pg_proc as function
  cross join lateral regexp_matches(pg_get_functiondef(function.oid), 'acted\(\s*''(?:skipped|failed)'', ''(\w+)''', 'g') as said
  where function.pronamespace = 'app_private'::regnamespace and function.proname like 'act\_%'
    and said[1] not in (select value from told where list = 'reasons')$$,
  'whatever keeps an action from its effect has words');
select ok('asked_already' in (select value from told where list = 'reasons'), 'among them that it is asked already');

-- What the caller may not read is not listed, and the rest stays.
delete from app_public.role_permissions where permission = 'segments.view';
select tests.act_as('adrian');
select is(
  array(select code from unnest((app_public.automation_builder(tests.id('atlas'))).lists) where code in ('segment_lists', 'calendars')),
  '{calendars}', 'no list of segments for who may not see them');

-- In the caller's language, with both beside it.
select is((select label from unnest((app_public.automation_builder(tests.id('atlas'))).actions) where code = 'require_form'), 'Cere un formular', 'Romanian');
select tests.act_as('the database');
update app_public.humans set locale = 'en' where principal_id = tests.id('adrian');
select tests.act_as('adrian');
select results_eq(
  $$select label, description from unnest((app_public.automation_builder(tests.id('atlas'))).actions) where code = 'require_form'$$,
  $$values ('Require a form', 'Books nothing for the patient until they completed a form.')$$, 'English');
select ok(pg_temp.listed('variables_email') @> '{"name of the patient"}', 'and what is listed as well');

-- The schemas are what is checked.
select tests.act_as('the database');
create function pg_temp.plain(schema jsonb) returns jsonb language sql as $$
  select case jsonb_typeof(schema)
    when 'object' then (
      select coalesce(jsonb_object_agg(key, case when key = 'properties'
          then (select coalesce(jsonb_object_agg(p.key, pg_temp.plain(p.value)), '{}') from jsonb_each(value) p) else pg_temp.plain(value) end), '{}')
      from jsonb_each(schema)
      where key not in ('title', 'description', 'default') and key !~ '^x-' and not (key = 'format' and value = '"multiline"'))
    else schema end $$;
select is_empty($$
  select action.code, given.value
  from app_private.automation_actions as action
  cross join (values ('{}'), ('[]'), ('{"title": "x", "x-order": 1}'), ('{"to": "nobody", "words": {"ro": {"title": "", "body": 3}}}'),
    ('{"access": "all", "reason": "x", "days": 0}'), ('{"weekdays": ["mon", "noday"], "from": "25:00", "afterDays": 1.5, "calendarId": "x"}'),
    ('{"action": 1, "config": [], "after": {"days": 400, "at": 9}}'), ('{"templateId": "", "purpose": "", "segmentId": 3, "isIn": "yes"}')) as given (value)
  where (select array_agg(p order by p) from app_private.config_problems(action.config_schema, given.value::jsonb) p) is distinct from
        (select array_agg(p order by p) from app_private.config_problems(pg_temp.plain(action.config_schema), given.value::jsonb) p)$$,
  'what a schema says for people changes nothing of what it allows');
select tests.act_as('adrian');
select is(
  (select after_schema from app_public.automation_builder(tests.id('atlas'))),
  (select config_schema #> '{properties,after}' from unnest((app_public.automation_builder(tests.id('atlas'))).actions) where code = 'schedule_action'),
  'one schema of delays');
select is(pg_temp.most(100, 1000), 1, 'as often as the schema says');
select * from tests.refuses('select pg_temp.most(101, 1)', 'VALIDATION', 'most_out_of_bounds', 'no oftener on a day');
select * from tests.refuses('select pg_temp.most(1, 1001)', 'VALIDATION', 'most_out_of_bounds', 'nor ever');
select * from tests.refuses('select pg_temp.most(null, 1)', 'VALIDATION', 'most_out_of_bounds', 'and it is said');
select is((select action_limit from app_public.automation_builder(tests.id('atlas'))), 20, 'so many actions');
select * from tests.refuses($$select app_public.create_automation(tests.id('atlas'), 'A', 'patient.onboarded',
    (select jsonb_agg('{"action": "send_session_reminder"}'::jsonb) from generate_series(1, 21)))$$,
  'VALIDATION', 'automation_not_valid', 'and no more');
select * from finish();
rollback;
