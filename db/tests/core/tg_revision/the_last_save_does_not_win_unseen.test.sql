-- Test: tg_revision, edit_segment, edit_automation - whoever saves over what somebody saved meanwhile is told; what is not named is not asked. SEG-01, AUT-01, DOC-01.
begin;
select plan(39);
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.toy_actions();
select tests.automation('welcome', 'patient.onboarded', '[{"action": "toy", "config": {"toy": "a"}}]', clinic => 'atlas');
select tests.act_as('adrian');
select tests.remember('group', (app_public.create_segment(tests.id('atlas'), 'Group', '{"all": []}')).id);
insert into app_public.pdf_templates (organization_id, key, kind, title, editor_state) values (tests.id('atlas'), 'mine', 'report', 'Sheet', '{"blocks": []}');
insert into app_public.pdf_template_components (organization_id, key, kind, title, editor_state) values (tests.id('atlas'), 'head', 'letterhead', 'Head', '{"blocks": []}');
select tests.act_as('the database');
select tests.remember('sheet', id) from app_public.pdf_templates where key = 'mine';
select tests.remember('head', id) from app_public.pdf_template_components where key = 'head';

create function pg_temp.edited(of text, says text, read int default null) returns text language sql as $$
  select case edited.of
    when 'group' then format('select (app_public.edit_segment(tests.id(''group''), name => %L, expected_revision => %L)).revision', says, read)
    when 'welcome' then format('select (app_public.edit_automation(tests.id(''welcome''), %L, ''[{"action": "toy", "config": {"toy": "a"}}]'', expected_revision => %L)).revision', says, read)
    else format('update app_public.%I set title = %L%s where id = tests.id(%L) returning revision',
      case edited.of when 'sheet' then 'pdf_templates' else 'pdf_template_components' end, says, coalesce(', revision = ' || read, ''), edited.of)
  end $$;
create function pg_temp.saves(of text) returns setof text language plpgsql as $$
begin
  return next results_eq(pg_temp.edited(of, 'First', 1), 'values (2)', of || ': a save counts one');
  return query select t.* from tests.refuses(pg_temp.edited(of, 'Second', 1), 'CONFLICT', 'changed_meanwhile', of || ': who read the one before is told') as t;
  return query select t.* from tests.refuses(pg_temp.edited(of, 'Second', 3), 'CONFLICT', 'changed_meanwhile', of || ': there is none to come') as t;
  return next results_eq(pg_temp.edited(of, 'First', 2), 'values (2)', of || ': what stays as it was is no new one');
  return next results_eq(pg_temp.edited(of, 'Third', 2), 'values (3)', of || ': who read the last saves');
  return next results_eq(pg_temp.edited(of, 'Fourth'), 'values (4)', of || ': who names none saves in any case');
end $$;
select tests.act_as('adrian');
select pg_temp.saves(of) from unnest('{group,welcome,sheet,head}'::text[]) as of;

-- What nobody edits is no save.
select app_public.publish_pdf_template(tests.id('sheet'));
select app_public.enable_automation(tests.id('welcome'));
select results_eq($$select revision from app_public.pdf_templates where id = tests.id('sheet')$$, 'values (4)', 'publishing is no save');
select results_eq($$select revision from app_public.automation_rules where id = tests.id('welcome')$$, 'values (4)', 'nor is switching on');
select results_eq($$select (app_public.edit_automation(tests.id('welcome'), 'Fourth', '[{"action": "toy", "config": {"toy": "b"}}]', expected_revision => 4)).revision$$, 'values (5)', 'other actions are');
select results_eq($$select (app_public.edit_segment(tests.id('group'), rule => '{"any": []}', expected_revision => 4)).revision$$, 'values (5)', 'so is another rule');
select tests.act_as('the database');
select app_private.refresh_segments(tests.id('atlas'));
select results_eq($$select revision, filled_version from app_public.segments where id = tests.id('group')$$, 'values (5, 2)', 'filling a segment is no save');
select * from tests.refuses($$update app_public.segments set revision = null where id = tests.id('group')$$, 'CONFLICT', 'changed_meanwhile', 'none is not one');
select * from finish();
rollback;
