-- Test: request_booking - a contact that is wrong is named, nothing is written, and the time is still kept. APT-05, APT-09, FND-29.
begin;
select plan(71);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.specialist('stefan');
select tests.calendar('mondays', '{stefan}');
select tests.hold('kept', 'mondays', 'stefan', '2027-03-08 10:00+02');
select tests.hold('late', 'mondays', 'stefan', '2027-03-08 12:00+02');
update app_private.time_claims set expires_at = '2027-03-01 07:59+02' where id = tests.id('claim of late');
create function pg_temp.ask(given text default 'Gabriela', family text default 'Munteanu', email text default 'g@people.test', phone text default '0722123456', message text default null, locale text default null, token text default tests.token('kept'))
returns app_public.booking_receipt language sql as $$ select app_public.request_booking(token, given, family, email, phone, message, locale) $$;
create function pg_temp.outcome(given text default 'Gabriela', family text default 'Munteanu', token text default tests.token('kept')) returns text language plpgsql as $$
begin
  perform app_public.request_booking(token, given, family, 'g@people.test', '0722123456');
  return 'asked';
exception when others then
  return sqlerrm;
end;
$$;
select tests.act_as('a visitor');
select * from tests.breaks($$select pg_temp.ask(given => '')$$, 'booking_requests_given_name_is_not_blank', 'no given name');
select * from tests.breaks($$select pg_temp.ask(given => null)$$, 'given_name', 'null for a given name');
select * from tests.breaks($$select pg_temp.ask(family => '   ')$$, 'booking_requests_family_name_is_not_blank', 'a blank family name');
select * from tests.breaks($$select pg_temp.ask(given => repeat('x', 1000000))$$, 'booking_requests_given_name_is_at_most_100_characters_long', 'a name of a million letters');
select * from tests.breaks($$select pg_temp.ask(given => e'Gabriela\nBcc')$$, 'booking_requests_given_name_is_one_line', 'a line break in a name, which no mail can carry');
select * from tests.breaks($$select pg_temp.ask(family => e'\u200b\u00a0')$$, 'booking_requests_family_name_is_not_blank', 'a name of signs that nobody sees');
select * from tests.refuses($$select pg_temp.ask(email => '<victim@people.test>')$$, 'VALIDATION', 'not_an_address', 'an address that mail reads as another');
select * from tests.refuses($$select pg_temp.ask(email => 'gabriela')$$, 'VALIDATION', 'not_an_address', 'no address');
select * from tests.refuses($$select pg_temp.ask(email => 'a@b@c.test')$$, 'VALIDATION', 'not_an_address', 'two addresses');
select * from tests.refuses($$select pg_temp.ask(email => e'g@people.test\r\nBcc: x@y.test')$$, 'VALIDATION', 'not_an_address', 'a header behind the address');
select * from tests.refuses($$select pg_temp.ask(email => repeat('x', 250) || '@people.test')$$, 'VALIDATION', 'local_part_too_long', 'an address of 262 letters');
select * from tests.breaks($$select pg_temp.ask(email => null)$$, 'email', 'no email');
select * from tests.refuses($$select pg_temp.ask(phone => 'later')$$, 'VALIDATION', 'not_a_number', 'no number');
select * from tests.breaks($$select pg_temp.ask(phone => '  ')$$, 'phone', 'a blank one');
-- A name goes into a mail to whatever address stands beside it (FND-35).
select is(pg_temp.outcome(given => n), 'link_in_text', 'a link for a name: ' || n)
from unnest(array['http://evil.test', 'Click HTTPS://evil.test now', 'www.evil.test', 'evil.ro', 'Gabi evil.com/x', 'bit.ly', 'EVIL.COM', 'ｅｖｉｌ．ｃｏｍ',
  'evil。com', 'a@evil.test', 'mailto:x', '192.168.1.1', 'evil․com', 'javascript:x', 'x/y', 'x\y', 'www.9', 'http evil', 'Call 0900 123 456']) n;
select is(pg_temp.outcome(family => 'evil.ro'), 'link_in_text', 'in either of the two');
select * from tests.breaks($$select pg_temp.ask(message => repeat('x', 2001))$$, 'booking_requests_message_is_short', 'a novel');
select * from tests.breaks($$select pg_temp.ask(locale => 'fr')$$, 'booking_requests_locale_is_supported', 'a language we do not speak');
select * from tests.refuses($$select pg_temp.ask(token => 'guess')$$, 'NOT_FOUND', 'hold_not_found', 'a token that was never given');
select * from tests.refuses($$select pg_temp.ask(token => null)$$, 'NOT_FOUND', 'hold_not_found', 'no token');
select * from tests.refuses($$select pg_temp.ask(token => tests.token('late'))$$, 'GONE', 'hold_expired', 'a time that is not kept any more');
select is((pg_temp.ask()).status, 'requested', 'the time was kept through all of it');
select tests.act_as('the database');
select is((select count(*) from app_public.booking_requests), 1::bigint, 'one request in the end');
select lives_ok(format('select app_private.require_no_link(%L, %L)', 'givenName', n), n || ' passes') from unnest(array['Gabriela', 'J. R.', 'J.R.', 'Dr. Ion', 'Ana-Maria', 'D''Arc', 'Ștefan', '王', 'Jr.', 'Ion al II-lea', 'X 12']) n;
select * from finish();
rollback;
