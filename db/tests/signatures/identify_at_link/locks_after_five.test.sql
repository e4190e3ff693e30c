-- Test: identify_at_link - the birth date is that of the form's patient, the code that of the link; five wrong answers lock it, and a kiosk asks nobody. CNS-06.
begin;
select plan(16);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('alina', 'front_desk');
select tests.patient('ioana', birth_date => '1980-05-17'), tests.patient('vlad', birth_date => '1975-01-02');
select tests.form_template('consent', '[{"key": "pain", "type": "text", "label": {"ro": "Durere"}}]', signature_mode => 'remote_link');
select tests.form('form', 'ioana', 'consent'), tests.form('other', 'vlad', 'consent'), tests.form('third', 'vlad', 'consent');
select tests.signature_link('link', 'form'), tests.signature_link('coded', 'third', identify_by => 'code'), tests.signature_link('other link', 'other'), tests.signature_link('tablet', 'form', 'kiosk');

select tests.at_link('link');
select results_eq($$select * from app_hidden.identify_at_link('1975-01-02', null, sha256('s'))$$, $$values (false, 4)$$, 'the birth date of another patient is wrong');
select results_eq($$select * from app_hidden.identify_at_link('1980-05-17', null, sha256('s'))$$, $$values (true, 4)$$, 'the right one opens a session');
select results_eq($$select * from app_hidden.identify_at_link('1980-05-18', null, sha256('s'))$$, format('values (false, %s)', n), 'wrong: ' || n || ' are left') from generate_series(3, 1, -1) n;
select lives_ok('select app_hidden.signing_door()', 'after four the link is there');
select results_eq($$select * from app_hidden.identify_at_link(null, null, sha256('s'))$$, $$values (false, 0)$$, 'the fifth is the last');
select * from tests.refuses($$select * from app_hidden.identify_at_link('1980-05-17', null, sha256('s'))$$, 'GONE', 'locked', 'the right one comes too late');
select tests.at_link('other link');
select results_eq($$select * from app_hidden.identify_at_link('1980-05-17', null, sha256('s'))$$, $$values (false, 4)$$, 'nor is the first one''s right for the other');
select tests.at_link('coded');
select results_eq($$select * from app_hidden.identify_at_link('1975-01-02', sha256('654321'), sha256('s'))$$, $$values (false, 4)$$, 'where a code is asked for, a birth date is none');
select results_eq($$select * from app_hidden.identify_at_link(null, sha256('123456'), sha256('s'))$$, $$values (true, 4)$$, 'the code is');
select tests.at_link('tablet');
select * from tests.refuses($$select * from app_hidden.identify_at_link('1980-05-17', null, sha256('s'))$$, 'STATE', 'staff_identify_here', 'at a kiosk staff know who it is');
select tests.act_as('the database');
select results_eq($$select status, ended_because, session_hash is null from app_public.signature_links where id = tests.id('link')$$, $$values ('locked', 'failures', true)$$, 'it is on record why');
select results_eq($$select event from app_public.signature_events where link_id = tests.id('link') order by position$$,
  $$values ('not_identified'), ('identified'), ('not_identified'), ('not_identified'), ('not_identified'), ('opened'), ('not_identified'), ('locked')$$, 'and the chain tells each answer');
select * from finish();
rollback;
