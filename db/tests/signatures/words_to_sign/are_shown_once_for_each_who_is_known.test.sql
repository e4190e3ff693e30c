-- Test: signing_door, words_to_sign, save_at_link, record_signature_link_sent - what somebody does at a link is told by the chain once: opened by each link, shown for each time that somebody said who they are; what they fill in is kept where it fits. CNS-06, CNS-07.
begin;
select plan(23);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('alina', 'front_desk');
select tests.patient('ioana'), tests.patient('vlad');
select tests.form_template('consent', '[{"key": "pain", "type": "scale", "min": 0, "max": 10, "label": {"ro": "Durere"}}, {"key": "note", "type": "text", "required": true, "label": {"ro": "Notă"}}]', signature_mode => 'remote_link');
select tests.form('form', 'ioana', 'consent'), tests.form('other', 'vlad', 'consent');
select tests.signature_link('link', 'form'), tests.signature_link('other link', 'other'), tests.signature_link('tablet', 'form', 'kiosk');

select tests.act_as('the worker');
select lives_ok($$select app_private.record_signature_link_sent(tests.id('link'), 'email')$$, 'the link leaves by mail');
select tests.at_link('link');
select is(app_hidden.signing_door() - 'expiresAt', '{"kind": "link", "clinic": {"name": "Atlas", "slug": "atlas"}, "locale": "ro", "identify": {"by": "birth_date", "attemptsLeft": 5}}', 'its page is opened');
select lives_ok('select app_hidden.signing_door()', 'and opened again');
select tests.at_link('tablet');
select lives_ok('select app_hidden.signing_door()', 'the kiosk of the same form is opened');
select tests.identified('link');
select is(app_hidden.form_to_sign() ->> 'title', 'Formular', 'the form is shown');
select lives_ok('select app_hidden.form_to_sign()', 'and shown again');
select tests.act_as('the worker');
select lives_ok($$select app_private.record_signature_link_sent(tests.id('link'), 'sms')$$, 'meanwhile it leaves by SMS');
select tests.at_link('link', 'session');
select is(app_hidden.form_to_sign('en') ->> 'title', 'Form', 'shown once more, in English');
select tests.at_link('tablet');
select lives_ok('select app_hidden.form_to_sign()', 'at the kiosk, too');
select tests.at_link('link', 'session');
select lives_ok('select app_hidden.form_to_sign()', 'and at the link');
select tests.identified('link', 'another session');
select lives_ok('select app_hidden.form_to_sign()', 'somebody says again who they are, and sees it');
select tests.identified('other link');
select is(app_hidden.form_to_sign() ->> 'formId', tests.id('other')::text, 'another link shows its own form');
select tests.act_as('the database');
select results_eq($$select event, coalesce(body::jsonb ->> 'channel', body::jsonb ->> 'locale') from app_public.signature_events where link_id = tests.id('link') order by position$$,
  $$values ('link_sent', 'email'), ('opened', null), ('identified', null), ('viewed', 'ro'), ('link_sent', 'sms'), ('identified', null), ('viewed', 'ro')$$, 'the chain of the link');
select results_eq($$select event from app_public.signature_events where link_id = tests.id('tablet') order by position$$, $$values ('opened'), ('viewed')$$, 'of the kiosk');
select results_eq($$select event from app_public.signature_events where link_id = tests.id('other link') order by position$$, $$values ('identified'), ('viewed')$$, 'of the other link');

-- What is filled in.
select tests.at_link('link', 'another session');
select is(app_hidden.save_at_link('{"pain": 4}'), '{"answers": {"pain": 4}, "problems": [{"path": "note", "reason": "required", "details": {}}]}', 'what fits is kept, what is missing is told');
select is(app_hidden.save_at_link('{"pain": 11}') -> 'answers', '{"pain": 4}', 'what does not fit is not kept');
select is(app_hidden.save_at_link('{"pain": 11}') -> 'problems' -> 1 ->> 'path', 'pain', 'and is told');
select tests.at_link('other link', 'session');
select is(app_hidden.save_at_link('{"pain": 5}') -> 'answers', '{"pain": 5}', 'each link fills in its own form');
select tests.act_as('the database');
select results_eq($$select id, answers from app_public.forms order by created_at, id$$, $$values (tests.id('form'), '{"pain": 4}'::jsonb), (tests.id('other'), '{"pain": 5}')$$, 'as the rows say');

-- An ended link is not sent any more.
select tests.act_as('alina');
select lives_ok($$select app_public.revoke_signature_link(tests.id('other'))$$, 'staff take a link back');
select tests.act_as('the worker');
select lives_ok($$select app_private.record_signature_link_sent(tests.id('other link'), 'email')$$, 'its mail leaves too late');
select tests.act_as('the database');
select results_eq($$select event from app_public.signature_events where link_id = tests.id('other link') order by position desc limit 1$$, $$values ('revoked')$$, 'and is no event of a link');
select * from finish();
rollback;
