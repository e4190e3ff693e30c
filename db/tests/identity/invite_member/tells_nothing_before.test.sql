-- Test: invite_member - until somebody accepts, a clinic has what it typed itself, whether or not they have an account. FND-04, FND-02.
begin;
select plan(26);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.patient('ana');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.staff('flavia', 'front_desk');
update app_public.humans set display_name = 'Ana Popescu', locale = 'en' where email = 'ana@people.test';

create function pg_temp.unlike(i app_public.invitations) returns jsonb language sql as $$
  select to_jsonb(i) - '{id,email,name}'::text[];
$$;
select tests.act_as('olga');
select tests.remember('to ana', (app_public.invite_member(tests.id('atlas'), ' Ana@People.Test', 'A colleague', array[tests.role_id('billing'), tests.role_id('billing')])).id);
select tests.remember('to nobody', (app_public.invite_member(tests.id('atlas'), 'nobody@people.test', 'B colleague', array[tests.role_id('billing')])).id);
select is(
  (select pg_temp.unlike(i) from app_public.invitations i where id = tests.id('to ana')),
  (select pg_temp.unlike(i) from app_public.invitations i where id = tests.id('to nobody')),
  'who has an account is answered for like who has none');
select is((select (email, name)::text from app_public.invitations where id = tests.id('to ana')), '(ana@people.test,"A colleague")', 'with what was typed');
select is((select array_agg(display_name order by display_name) from app_public.humans), '{Flavia,Olga}', 'she sees nobody new');
select is((select count(*) from app_public.principals), 2::bigint, 'not even that there is somebody');
select tests.act_as('flavia');
select is((select count(*) from app_public.invitations) + (select count(*) from app_public.invitation_roles), 0::bigint, 'front desk sees no invitation of colleagues');
select tests.act_as('the database');
select is((select count(*) from app_public.humans), 3::bigint, 'nobody is made by being invited');
select is(
  (select array_agg(to_jsonb(m) - '{id,created_at,updated_at,recipient,recipient_email,recipient_name,address,mailbox,data}'::text[] order by m.id) from app_public.messages m where m.recipient_email = 'ana@people.test'),
  (select array_agg(to_jsonb(m) - '{id,created_at,updated_at,recipient,recipient_email,recipient_name,address,mailbox,data}'::text[] order by m.id) from app_public.messages m where m.recipient_email = 'nobody@people.test'),
  'one mail each, in the clinic''s language, to the bare address');
select is((select (template_key, status, locale, recipient_name, recipient_human_id, account_id)::text from app_public.messages where recipient_email = 'ana@people.test'),
  '(member_invited,queued,ro,"A colleague",,)', 'which names nobody but whom the clinic named');

select tests.act_as('ana');
select results_eq(
  $$select kind, clinic_name, role_names, status, expires_at from app_public.my_invitations()$$,
  $$values ('member', 'Atlas', '{Facturare}'::text[], 'open', '2027-03-15 08:00+02'::timestamptz)$$, 'she reads who asks, as what, until when');
select is((select count(*) from app_public.invitations), 0::bigint, 'and not what the clinic noted');

select tests.act_as('olga');
select * from tests.refuses($$select app_public.invite_member(tests.id('atlas'), 'ANA@people.test', 'Ana', array[tests.role_id('billing')])$$,
  'CONFLICT', 'already_invited', 'once is enough');
select * from tests.refuses($$select app_public.invite_member(tests.id('atlas'), 'flavia@people.test', 'F', array[tests.role_id('billing')])$$,
  'CONFLICT', 'already_a_member', 'a colleague is a member already');
select * from tests.refuses($$select app_public.invite_member(tests.id('atlas'), U&'\0130na@people.test', 'I', array[tests.role_id('billing')])$$,
  'VALIDATION', 'not_an_address', 'a look-alike of an address is none');
select refused.* from unnest(array['See https://evil.example', 'evil.example', 'Call 0900 123 456']) n, tests.refuses(
  format($$select app_public.invite_member(tests.id('atlas'), 'x@people.test', %L, array[tests.role_id('billing')])$$, n),
  'VALIDATION', 'link_in_text', 'a name carries no link and no number into the mail: ' || n) as refused;

select tests.freeze_time('2027-03-15 08:00+02');
select tests.act_as('ana');
select is((select count(*) from app_public.my_invitations()), 0::bigint, 'after 14 days it is over');
select tests.act_as('olga');
select isnt((app_public.invite_member(tests.id('atlas'), 'ana@people.test', 'Ana', array[tests.role_id('billing')])).id, tests.id('to ana'), 'and another one may follow');
select is((select status from app_public.invitations where id = tests.id('to ana')), 'expired', 'beside the one that expired');
select tests.act_as('the database');
select is((select count(*) from audit.entries where table_name = 'app_public.invitations' and row_key = tests.id('to ana')::text), 3::bigint, 'all of it is on record');
select * from finish();
rollback;
