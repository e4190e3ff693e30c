-- Test: set_specialist_signature - a confirmed picture of the specialist becomes the signature; the one before stays for the documents that carry it. SPC-04, SPC-05.
begin;
select plan(36);
select tests.clinic('boreal');
select tests.staff('otto', 'owner');
select tests.clinic('atlas');
select tests.staff('raluca', 'admin'), tests.staff('alina', 'front_desk');
select tests.specialist('mihai', account => true), tests.specialist('stefan', account => true);
select tests.patient('ioana');
select tests.file('first', 'specialist_signatures', tests.id('mihai'), 'raluca'), tests.file('second', 'specialist_signatures', tests.id('mihai'), 'raluca'),
  tests.file('pending', 'specialist_signatures', tests.id('mihai'), 'raluca', 'pending'), tests.file('of stefan', 'specialist_signatures', tests.id('stefan'), 'raluca'),
  tests.file('logo', 'organization_logo', tests.id('atlas'), 'raluca'), tests.file('unused', 'specialist_signatures', tests.id('mihai'), 'raluca');
select tests.act_as('alina');
select * from tests.refuses($$select app_public.set_specialist_signature(tests.id('mihai'), tests.id('first'))$$, 'FORBIDDEN', 'permission_missing', 'alina may not');
select tests.act_as('otto');
select * from tests.refuses($$select app_public.set_specialist_signature(tests.id('mihai'), tests.id('first'))$$, 'NOT_FOUND', 'not_found', 'otto may not');
select tests.act_as('ioana');
select * from tests.refuses($$select app_public.set_specialist_signature(tests.id('mihai'), tests.id('first'))$$, 'NOT_FOUND', 'not_found', 'ioana may not');
select tests.act_as('stefan');
select * from tests.refuses($$select app_public.set_specialist_signature(tests.id('mihai'), tests.id('first'))$$, 'FORBIDDEN', 'permission_missing', 'stefan may not');
select tests.act_as('mihai');
select results_eq($$select specialist_id, file_id, path, created_by from app_public.set_specialist_signature(tests.id('mihai'), tests.id('first'), 'M0 0L1 1')$$,
  $$values (tests.id('mihai'), tests.id('first'), 'M0 0L1 1', app_hidden.current_principal_id())$$, 'a specialist sets the own signature');
select tests.act_as('raluca');
select tests.refuses(format('select app_public.set_specialist_signature(tests.id(''mihai''), %L, %L)', f, p), 'VALIDATION', r, d) from (values
  (tests.id('pending'), null, 'no_signature_of_the_specialist', 'what was not checked is none'),
  (tests.id('of stefan'), null, 'no_signature_of_the_specialist', 'nor a colleague''s'),
  (tests.id('logo'), null, 'no_signature_of_the_specialist', 'nor a logo'),
  (null, 'M0 0', 'no_signature_of_the_specialist', 'strokes have a picture'),
  (tests.id('second'), 'M0 0<svg>', 'path_invalid', 'strokes are strokes')) as w (f, p, r, d);
select lives_ok($$select app_public.set_specialist_signature(tests.id('mihai'), tests.id('second'))$$, 'whoever manages specialists sets another');
select is((select status from app_public.files where id = tests.id('first')), 'confirmed', 'the one before is there, bytes and all');
select * from tests.refuses($$select app_public.delete_file(tests.id('first'))$$, 'STATE', 'signature_is_kept', 'and is not deleted');
select is((app_public.delete_file(tests.id('unused'))).status, 'deleted', 'what never was in use may go');
select results_eq($$select file_id from app_public.specialist_signatures where specialist_id = tests.id('mihai') order by created_at, id$$, $$values (tests.id('first')), (tests.id('second'))$$, 'both are told to staff, in order');
select tests.act_as('ioana');
select is((select count(*) from app_public.specialist_signatures), 0::bigint, 'patients see none');
select tests.act_as('the database');
select * from tests.refuses('update app_public.specialist_signatures set path = null', 'IMMUTABLE', 'never_changed', 'nobody changes one');
select * from tests.refuses('delete from app_public.specialist_signatures', 'IMMUTABLE', 'never_changed', 'nor deletes it');
select tests.act_as('mihai');
select is((app_public.set_specialist_signature(tests.id('mihai'))).file_id, null, 'a specialist takes the own signature away');
select * from tests.refuses('select app_public.set_specialist_signature(uuidv7())', 'NOT_FOUND', 'not_found', 'and nobody that of whom nobody knows');
select tests.act_as('raluca');
select is((app_public.set_specialist_signature(tests.id('stefan'), tests.id('of stefan'))).specialist_id, tests.id('stefan'), 'a signature is set for whom it is named');
select tests.act_as('the database');
set local session_replication_role = replica;
update app_public.specialists set deleted_at = app_hidden.now() where id = tests.id('stefan');
set local session_replication_role = origin;
select tests.act_as('raluca');
select * from tests.refuses($$select app_public.set_specialist_signature(tests.id('stefan'), tests.id('of stefan'))$$, 'NOT_FOUND', 'not_found', 'and not of one who was removed');
select * from finish();
rollback;
