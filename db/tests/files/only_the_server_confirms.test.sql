-- Test: attach_upload - the word of the server, in the name of the uploader. FND-13.
begin;
select plan(11);
select tests.clinic('atlas');
select tests.specialist('mihai', '{"mon": [["09:00", "12:00"]]}', account => true);
select tests.calendar('mondays', '{mihai}');
select tests.patient('ioana');
select tests.appointment('visit', 'ioana', 'mondays', 'mihai', '2027-03-08 09:00+02');
select tests.file('finding', 'appointment_files', tests.id('visit'), 'ioana', status => 'pending');

select tests.act_as('ioana');
select throws_ok($$select app_hidden.attach_upload(tests.id('finding'))$$, '42501', null, 'a member has no right to say so');
select throws_ok($$select app_hidden.reject_upload(tests.id('finding'), 'malformed')$$, '42501', null, 'nor to reject');
select throws_ok($$update app_public.files set status = 'confirmed'$$, '42501', null, 'nor to write the table');
select lives_ok($$select * from app_hidden.upload_to_check(tests.id('finding'))$$, 'the uploader asks what is awaited');
select tests.act_as('mihai');
select throws_ok($$select * from app_hidden.upload_to_check(tests.id('finding'))$$, 'RX404', 'file_not_found', 'nobody else does');

select tests.serve('mihai');
select throws_ok($$select app_hidden.attach_upload(tests.id('finding'))$$, 'RX404', 'file_not_found', 'not in somebody else''s name');
select tests.serve('ioana');
select lives_ok($$select app_hidden.attach_upload(tests.id('finding'))$$, 'in the uploader''s name');
select lives_ok($$select app_hidden.attach_upload(tests.id('finding'))$$, 'twice is once');
select lives_ok($$select app_hidden.reject_upload(tests.id('finding'), 'malformed')$$, 'a slower check that says no is too late');
select tests.act_as('the database');
select results_eq(
  $$select status, rejection, expires_at is null, confirmed_at is not null from app_public.files where id = tests.id('finding')$$,
  $$values ('confirmed', null::text, true, true)$$, 'the file is confirmed and stays so');
select throws_ok(
  $$update app_public.files set status = 'pending', confirmed_at = null, expires_at = now() where id = tests.id('finding')$$,
  'RX412', 'illegal_move', 'a confirmed file never waits again');
select * from finish();
rollback;
