-- Test: record_message_status - reports in any order, twice, early, and what they end. FND-15, FND-25.
begin;
select plan(28);
select tests.freeze_time('2027-03-01 12:00+02');
select tests.clinic('atlas');
select tests.patient('ana');
create function pg_temp.sent(name text, vendor_id text, vendor text default 'twilio', channel text default 'sms') returns void language plpgsql as $$
declare v_ids uuid[];
begin
  v_ids := app_private.notify(tests.id('atlas'), 'appointment_cancelled',
    '{"serviceName": "K", "specialistName": "D", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z",
      "timezone": "Europe/Bucharest", "modality": "video", "reason": null}',
    patient_profile_id => tests.id('ana'), calendar_uid => uuidv7());
  perform tests.remember(sent.name, m.id) from app_public.messages as m where m.id = any (v_ids) and m.channel = sent.channel;
  perform app_private.claim_message(tests.id(sent.name));
  perform app_private.record_message_accepted(tests.id(sent.name), null, sent.vendor, sent.vendor_id);
end;
$$;
create function pg_temp.says(vendor_id text, status text, minute int default 1, reason text default null, dead boolean default false, vendor text default 'twilio')
returns text language plpgsql as $$
begin
  perform app_private.record_message_status(null, says.vendor, says.vendor_id, says.status, '2027-03-01 12:00+02'::timestamptz + make_interval(mins => says.minute), says.reason, says.dead);
  return (select m.status from app_public.messages m where m.vendor_id = says.vendor_id);
end;
$$;

select pg_temp.sent('one', 'one');
select is(pg_temp.says('one', 'sent'), 'sent', 'what we know already changes nothing');
select is(pg_temp.says('one', 'delivered', 2), 'delivered', 'delivered');
select is((select delivered_at from app_public.messages where id = tests.id('one')), '2027-03-01 12:02+02', 'at the vendor''s time');
select is(pg_temp.says('one', 'sent', 3), 'delivered', 'never back');
select is(pg_temp.says('one', 'delivered', 2), 'delivered', 'again is the same');
select is(pg_temp.says('one', 'failed', 4), 'delivered', 'what arrived did not fail');
select is(pg_temp.says('one', 'read', 5), 'read', 'read');
select is(pg_temp.says('one', 'delivered', 6), 'read', 'what was read is not delivered again');

select pg_temp.sent('two', 'two');
select is(pg_temp.says('two', 'read', 3), 'read', 'a reader whose delivery was not reported yet');
select is((select delivered_at from app_public.messages where id = tests.id('two')), '2027-03-01 12:03+02', 'had it by then');

select pg_temp.sent('three', 'three');
select is(pg_temp.says('three', 'failed', 3, 'twilio 30003'), 'failed', 'failed, with the vendor''s reason');
select is((select reason from app_public.messages where id = tests.id('three')), 'twilio 30003', 'which is kept');
select is(pg_temp.says('three', 'delivered', 2), 'failed', 'is the end');
select is_empty($$select * from app_private.suppressed_addresses$$, 'and says nothing about the number');

select is(pg_temp.says('four', 'delivered', 2), null, 'a report that overtakes our own record of the sending');
select pg_temp.sent('four', 'four');
select is((select status from app_public.messages where id = tests.id('four')), 'delivered', 'is applied when that is made');
select is(pg_temp.says('four', 'failed', 9, vendor => 'somebody else'), 'delivered', 'another vendor''s report about the same id is not about it');

select pg_temp.sent('mail', 'mail', 'ses', 'email');
select is(pg_temp.says('mail', 'bounced', 1, 'mailbox full', false, 'ses'), 'bounced', 'a mail that bounced for now');
select is_empty($$select * from app_private.suppressed_addresses$$, 'leaves the address good');
select pg_temp.sent('mail 2', 'mail 2', 'ses', 'email');
select is(pg_temp.says('mail 2', 'delivered', 1, vendor => 'ses'), 'delivered', 'one that arrived');
select is(pg_temp.says('mail 2', 'bounced', 2, 'no such user', true, 'ses'), 'bounced', 'and came back all the same');
select results_eq($$select channel, address, reason from app_private.suppressed_addresses$$, $$values ('email', 'ana@people.test', 'bounce')$$, 'ends writing to that address');
delete from app_private.suppressed_addresses;
select pg_temp.sent('mail 3', 'mail 3', 'ses', 'email');
select is(pg_temp.says('mail 3', 'complained', 2, vendor => 'ses'), 'sent', 'a complaint does not undo the mail');
select results_eq($$select channel, address, reason from app_private.suppressed_addresses$$, $$values ('email', 'ana@people.test', 'complaint')$$, 'and is the last one');

select pg_temp.sent('five', 'five');
select is(pg_temp.says('five', 'failed', 1, 'opted_out', true), 'failed', 'a vendor that knows of a STOP');
select results_eq($$select organization_id, channel, address from app_private.opt_outs$$, $$values (tests.id('atlas'), 'sms', '+40722000111')$$, 'ends the texts of this clinic');

select tests.act_as('the worker');
select throws_ok($$select app_private.record_message_status(null, 'twilio', 'x', 'lost', now())$$, 'RX400', 'message_status_unknown', 'a status that does not exist is refused');
select tests.act_as('a visitor');
select throws_ok($$select app_private.record_message_status(null, 'twilio', 'one', 'failed', now())$$, '42501', null, 'nobody but the worker reports');
select * from finish();
rollback;
