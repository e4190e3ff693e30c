-- Test: signer_in_portal, signature_verification - a form is signed by its patient, or by whoever of those who care for the patient is signed in, as the one they are. CNS-04, CNS-07.
begin;
select plan(10);
select tests.clinic('atlas'), tests.patient('ela', account => false, birth_date => '2019-01-01'), tests.patient('tudor', account => false, birth_date => '2018-01-01'), tests.patient('ioana');
select tests.caregiver('corina', 'tudor'), tests.caregiver('corina', 'ela'), tests.caregiver('dora', 'tudor');
select tests.form_template('consent', '[{"key": "a", "type": "text", "label": {"ro": "A"}}]', signature_mode => 'click_typed');
select tests.form('of ela', 'ela', 'consent'), tests.form('of tudor', 'tudor', 'consent'), tests.form('second of tudor', 'tudor', 'consent'), tests.form('of ioana', 'ioana', 'consent');
create function tests.signs(person text, form text) returns text language plpgsql as $$
begin
  perform tests.act_as(person), app_public.sign_form(tests.id(form), tests.text_hash(form), 'ro', 'Numele', true, '{"a": "da"}');
  perform tests.act_as('the database');
  return (select p.name || coalesce(' as ' || n.name, '') from app_public.form_signatures s join tests.personas p on p.principal_id = s.signer_human_id left join tests.names n on n.id = s.caregiver_id where s.form_id = tests.id(form));
end $$;
select is(tests.signs('ioana', 'of ioana'), 'ioana', 'a patient signs for herself');
select is(tests.signs('corina', 'of tudor'), 'corina as corina for tudor', 'a mother of two signs for one of them');
select is(tests.signs('corina', 'of ela'), 'corina as corina for ela', 'and for the other, each time as who she is to that child');
select is(tests.signs('dora', 'second of tudor'), 'dora as dora for tudor', 'another who cares for the child signs as herself');
select tests.act_as('the database');
select tests.form('third of tudor', 'tudor', 'consent');
update app_public.caregivers set revoked_at = app_hidden.now() where id = tests.id('dora for tudor');
select * from tests.refuses($$select tests.signs('dora', 'third of tudor')$$, 'NOT_FOUND', 'form_not_found', 'and who cares for the child no more signs nothing');
select * from tests.refuses($$select tests.signs('ioana', 'third of tudor')$$, 'NOT_FOUND', 'form_not_found', 'nor does anybody else');
select is((select count(*) from app_public.form_signatures), 4::bigint, 'there are four signatures');
select tests.act_as('corina');
select is((app_public.signature_verification(tests.id('of tudor'))).is_whole, true, 'each of which is verified by itself');
select * from finish();
rollback;
